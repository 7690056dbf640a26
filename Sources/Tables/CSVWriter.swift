extension TextTable {
  /// The table as comma-separated values (RFC 4180), its lines ending in LF: `TextTable(csv:)` reads the same table back.
  ///
  /// Quotes stand only where a field holds a comma, a quote or a line break, or would be an empty line on its own.
  public var csv: String {
    precondition(
      rows.allSatisfy { $0.fields.count == header.count }, "A row has a field for each name of the header.")
    var text = ""
    for fields in [header] + rows.map(\.fields) {
      text += fields.map { quoted($0) }.joined(separator: ",") + "\n"
    }
    return text
  }

  private func quoted(_ field: String) -> String {
    let isBlankLine = field.isEmpty && header.count == 1
    let needsQuotes = field.unicodeScalars.contains { "\",\n\r".unicodeScalars.contains($0) }
    guard needsQuotes || isBlankLine else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
