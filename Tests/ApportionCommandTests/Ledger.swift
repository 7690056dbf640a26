import Foundation

/// `Documentation/Requirements.md`, read: what each row says that it is shown by.
struct Ledger {
  /// A command, its exit status, and what it is said to print and to leave.
  struct Command {
    var line: String
    var status: Int32 = 0
    var prints: [String] = []
    var writes: [(file: String, texts: [String])] = []
  }

  struct Row {
    var number: Int
    var commands: [Command] = []
    /// Sentences, and the files below `Tests` that they stand in.
    var tests: [(name: String, file: String)] = []
    /// Paths from the root, with the anchor of a heading or none.
    var pages: [(path: String, anchor: String?)] = []
    /// Says what is missing.
    var isNotYet = false
  }

  /// What cannot be read as the page says that it is written.
  struct Mistake: Error, CustomStringConvertible {
    var description: String
  }

  var rows: [Row]

  /// Reads the rows of all tables, `| number | needed | shown by |`.
  init(_ text: String) throws {
    rows = []
    for line in text.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let number = cells.first.flatMap({ Int($0) }) else { continue }
      guard cells.count == 3 else { throw Mistake(description: "row \(number): expected three cells") }
      rows.append(try Ledger.row(number, cells[2]))
    }
  }

  /// Words and code take turns; the last word before a piece of code says what it is.
  private static func row(_ number: Int, _ cell: String) throws -> Row {
    var row = Row(number: number)
    row.isNotYet = cell.contains("not yet:")
    row.pages = pages(of: cell)
    var role = ""
    let parts = cell.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
    for (place, part) in parts.enumerated() {
      guard place % 2 == 1 else {
        if let found = part.firstMatch(of: /exit status (\d+)/), let status = Int32(found.1), !row.commands.isEmpty {
          row.commands[row.commands.count - 1].status = status
        }
        let words = part.split { !$0.isLetter }
        if let last = words.last { role = part.hasSuffix("; ") ? "" : String(last) }
        if part.hasSuffix("; ") || part.isEmpty { role = "" }
        continue
      }
      let isCommand = ["apportion ", "APPORTION_", "sed "].contains { part.hasPrefix($0) }
      let last = row.commands.count - 1
      switch isCommand ? "" : role {
      case "" where isCommand: row.commands.append(Command(line: part))
      case "prints" where last >= 0: row.commands[last].prints.append(part)
      case "writes" where last >= 0: row.commands[last].writes.append((part, []))
      case "with" where last >= 0 && !row.commands[last].writes.isEmpty:
        row.commands[last].writes[row.commands[last].writes.count - 1].texts.append(part)
      case "test": row.tests.append((part, ""))
      case "in" where !row.tests.isEmpty: row.tests[row.tests.count - 1].file = part
      default: throw Mistake(description: "row \(number): what is `\(part)`, after '\(role)'?")
      }
    }
    return row
  }

  /// The links of a text, from the root: those of the page begin in `Documentation`.
  private static func pages(of text: String) -> [(path: String, anchor: String?)] {
    text.matches(of: /\]\(\.\.\/([^)#]+)(?:#([^)]+))?\)/).map { (String($0.1), $0.2.map(String.init)) }
  }
}
