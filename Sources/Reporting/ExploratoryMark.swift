import Planning
import Tables

// An answer by a model whose checks are weak or absent says so wherever it stands.

extension Recommendation {
  /// Above everything else; none where nothing speaks against the model.
  func exploratoryLines(_ style: TextStyle) -> [String] {
    guard !explorations.isEmpty else { return [] }
    let width = style.width ?? 100
    let reasons = explorations.map { printable($0) }.joined(separator: "; ")
    return wrapped("EXPLORATORY, not to be acted on as it is: \(reasons).", to: width, indent: "  ").map(style.warning)
      + [""]
  }

  /// A table of the answer: where something speaks against the model with one more column, `exploratory`, of `true` in each row.
  func marked(_ table: TextTable) -> TextTable {
    guard !explorations.isEmpty else { return table }
    return TextTable(
      header: table.header + ["exploratory"], records: table.rows.map { $0.fields + ["true"] })
  }
}
