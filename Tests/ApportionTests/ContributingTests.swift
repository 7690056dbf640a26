import Foundation
import TestSupport
import Testing

/// What CONTRIBUTING shows stands in the files that it names.
@Suite struct ContributingTests {
  @Test func `every example of CONTRIBUTING is a part of the file that it names`() throws {
    let root = PeerResponseTests.root
    func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }
    let blocks = try text("CONTRIBUTING.md").components(separatedBy: "```swift\n// ").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count == 7)
    for block in blocks {
      let path = block.prefix { $0 != "\n" }
      let code = block.dropFirst(path.count)
      // Layout is of no account.
      let whole = try text(String(path)).filter { !$0.isWhitespace }
      #expect(whole.contains(code.filter { !$0.isWhitespace }), "\(path)")
    }
  }

  @Test func `every file that Architecture names in a folder is there`() throws {
    let root = PeerResponseTests.root
    for page in ["CONTRIBUTING.md", "Documentation/Architecture.md"] {
      let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
      let named = text.matches(of: /`([A-Za-z]+\/?[A-Za-z]+\.(swift|c|h))`/).map { String($0.1) }
      let files = try #require(FileManager.default.enumerator(atPath: root.appending(path: "Sources").path))
        .compactMap { $0 as? String }
      #expect(!named.isEmpty)
      for name in named where name != "Package.swift" {
        #expect(files.contains { "/\($0)".hasSuffix("/" + name) }, "\(page): \(name)")
      }
    }
  }
}
