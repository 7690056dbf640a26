import Foundation
import Testing

@testable import ApportionCommand

/// `Documentation/Requirements.md` says only what is so.
@Suite struct LedgerTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOf: packageRoot.appendingPathComponent(path), encoding: .utf8)
  }

  private func ledger() throws -> Ledger { try Ledger(text("Documentation/Requirements.md")) }

  @Test func `every row of the acceptance table is there once, and says what shows it`() throws {
    let rows = try ledger().rows
    #expect(rows.map(\.number) == Array(1...155))
    for row in rows {
      #expect(!row.commands.isEmpty || !row.tests.isEmpty || !row.pages.isEmpty || row.isNotYet, "row \(row.number)")
      for command in row.commands {
        #expect(
          command.status != 0 || !command.prints.isEmpty || !command.writes.isEmpty,
          "row \(row.number): \(command.line) shows nothing")
      }
    }
  }

  @Test func `every test that the ledger names is in its file`() throws {
    for row in try ledger().rows {
      for (name, file) in row.tests {
        let source = try text("Tests/\(file)")
        #expect(source.contains("func `\(name)`("), "row \(row.number): \(name)")
      }
    }
  }

  @Test func `every page that the ledger names has its heading`() throws {
    for row in try ledger().rows {
      for (path, anchor) in row.pages {
        let headings = try text(path).split(separator: "\n").filter { $0.hasPrefix("#") }.map(slug)
        #expect(anchor.map(headings.contains) ?? true, "row \(row.number): \(path)#\(anchor ?? "")")
      }
    }
  }

  @Test func `every command of the ledger runs, prints and writes what is said`() throws {
    var commands: [Ledger.Command] = []
    for command in try ledger().rows.flatMap(\.commands) {
      if let known = commands.firstIndex(where: { $0.line == command.line && $0.status == command.status }) {
        commands[known].prints += command.prints
        commands[known].writes += command.writes
      } else {
        commands.append(command)
      }
    }
    let sandbox = try PageSandbox()
    for command in commands {
      for (file, _) in command.writes { try sandbox.remove(file) }
      let run = try sandbox.run(command.line)
      #expect(run.status == command.status, "\(command.line): \(run.errors.prefix(500))")
      let printed = plain(run.output + " " + run.errors)
      for text in command.prints { #expect(printed.contains(plain(text)), "\(command.line) does not print \(text)") }
      // Pictures are left out where nothing draws them.
      for (file, texts) in command.writes where Gnuplot() != nil || !file.hasSuffix(".png") {
        #expect(sandbox.has(file), "\(command.line) does not write \(file)")
        for text in texts where sandbox.has(file) {
          #expect(try sandbox.text(file).contains(text), "\(file) of \(command.line) does not have \(text)")
        }
      }
    }
  }

  /// Spaces and line ends are of no account.
  private func plain(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// A heading's anchor, as GitHub makes it.
  private func slug(_ heading: Substring) -> String {
    String(
      heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
        .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }.map { $0 == " " ? "-" : $0 })
  }
}
