import Foundation
import Tables

/// A table of a history: its columns by name, its numbers with their places.
struct HistoryTable {
  let path: String
  let table: TextTable
  private(set) var problems: [String] = []

  /// Mistakes of rows that are listed, before the rest is counted.
  private static let listedProblems = 10
  private var unlisted = 0

  init(path: String, text: String) throws(HistoryError) {
    self.path = path
    do {
      table = try TextTable(csv: text)
    } catch {
      throw HistoryError([
        "\(path):\(error.place.line):\(error.place.column): error: not a table, expected \(error.expected), found \(error.found)"
      ])
    }
  }

  /// All mistakes; none where there are none.
  var complaints: [String] {
    unlisted == 0 ? problems : problems + ["\(path): error: \(unlisted) more rows are wrong"]
  }

  static func text(of path: String) throws(HistoryError) -> String {
    do {
      return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw HistoryError(["\(path): error: no such file, expected a history (CSV)"], isMissingInput: true)
    } catch {
      throw HistoryError(["\(path): error: cannot be read as text (UTF-8)"])
    }
  }

  private var header: [String] { table.header.map { $0.trimmingCharacters(in: .whitespaces) } }

  /// What a column is called.
  func name(_ column: Int) -> String { header[column] }

  /// Where a column stands: the one named, else the first of those that are looked for.
  func column(_ name: String?, among usual: [String]) -> Int? {
    if let name { return header.firstIndex(of: name) }
    return usual.compactMap { header.firstIndex(of: $0) }.first
  }

  /// All columns of these that must be there, or one sentence with those that are not.
  func columns(_ wanted: [(name: String?, usual: [String])]) throws(HistoryError) -> [Int] {
    let found = wanted.map { column($0.name, among: $0.usual) }
    let missing = zip(wanted, found).filter { $1 == nil }.map(\.0)
    guard !missing.isEmpty else { return found.compactMap { $0 } }
    let names = missing.map { $0.name ?? $0.usual.joined(separator: " or ") }
    let near = missing.compactMap { wanted in
      (wanted.name ?? wanted.usual.first).flatMap { word in
        nearest(to: word, in: header).map { "; did you mean '\($0)' for \(word)?" }
      }
    }
    throw HistoryError([
      "\(path):1:1: error: missing columns: expected \(names.joined(separator: ", ")), found \(header.joined(separator: ", "))"
        + near.joined()
    ])
  }

  func field(_ row: TextTable.Row, _ column: Int) -> String {
    row.fields[column].trimmingCharacters(in: .whitespaces)
  }

  mutating func label(_ row: TextTable.Row, _ column: Int) -> String {
    let label = field(row, column)
    if label.isEmpty { complain(row, column, "expected a name, found nothing") }
    return label
  }

  /// A number, or a complaint; 0 then.
  mutating func number(_ row: TextTable.Row, _ column: Int, isSpend: Bool) -> Double {
    let text = Array(field(row, column).utf8)
    var position = 0
    if let value = decimalNumber(in: text.span, at: &position), position == text.count, value.isFinite,
      !isSpend || value >= 0
    {
      return value
    }
    let expected = isSpend ? "a number that is finite and not negative" : "a finite number"
    complain(row, column, "expected \(expected), found '\(field(row, column))'")
    return 0
  }

  private mutating func complain(_ row: TextTable.Row, _ column: Int, _ message: String) {
    guard problems.count < HistoryTable.listedProblems else {
      unlisted += 1
      return
    }
    let place = row.places[column]
    problems.append("\(path):\(place.line):\(place.column): error: wrong \(header[column]), \(message)")
  }
}
