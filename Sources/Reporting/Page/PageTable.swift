/// A table of a page: names on the left, numbers in columns that stand under each other.
struct PageTable {
  struct Column {
    enum Kind: String { case name, number, words }
    var heading: String
    var kind: Kind

    init(_ heading: String, _ kind: Kind = .number) { (self.heading, self.kind) = (heading, kind) }
  }

  var columns: [Column]
  /// As many cells as columns in each.
  var rows: [[HTML]] = []
  /// A last row under a rule.
  var totals: [HTML]?

  /// No more rows than that are kept on one sheet.
  private static let fewRows = 14

  /// In a box of its own that moves sideways where it is wider than a screen.
  var html: HTML {
    let head = HTML.element(
      "tr", columns.map { .element("th", [("scope", "col"), ("class", $0.kind.rawValue)], [.text($0.heading)]) })
    let table: [HTML] =
      [.element("thead", [head]), .element("tbody", rows.map { row($0) })]
      + (totals.map { [.element("tfoot", [row($0)])] } ?? [])
    return .element(
      "div",
      [
        ("class", rows.count <= Self.fewRows ? "table short" : "table"), ("tabindex", "0"), ("role", "region"),
        ("aria-label", columns[0].heading),
      ],
      [.element("table", table)])
  }

  private func row(_ cells: [HTML]) -> HTML {
    .element(
      "tr",
      zip(columns, cells).enumerated().map { place, cell in
        place == 0
          ? .element("th", [("scope", "row"), ("class", cell.0.kind.rawValue)], [cell.1])
          : .element("td", class: cell.0.kind.rawValue, [cell.1])
      })
  }

  /// A number: a minus as wide as a plus.
  static func number(_ digits: String) -> HTML { .text(signed(digits)) }

  /// A number, and under it in small what is to be known of it.
  static func number(_ digits: String, _ rest: String) -> HTML {
    .all([.text(signed(digits)), .element("small", [.text(signed(rest))])])
  }

  private static func signed(_ digits: String) -> String {
    digits.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("-") && $0.count > 1 ? "−" + $0.dropFirst() : String($0) }.joined(separator: " ")
  }
}
