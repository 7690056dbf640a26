import Apportion
import Foundation
import Testing

/// The Swift of the pages is compiled, run, and prints what is said beside it.
@Suite struct PageSnippetsTests {
  private let root = PeerResponseTests.root

  /// Swift that is no program, with the reason: it stands on its page, and nowhere here.
  private static let fragments = ["Examples/README.md": "a part of a manifest; Examples/Package.swift is a whole one"]

  private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The pages' Swift by their paths, the blocks of a page one after the other.
  private func blocks() throws -> [String: String] {
    let articles = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: "Sources/Apportion/Apportion.docc").path
    ).filter { $0.hasSuffix(".md") }.map { "Sources/Apportion/Apportion.docc/\($0)" }
    var blocks: [String: String] = [:]
    for path in ["README.md", "Examples/README.md"] + articles {
      let parts = try text(path).components(separatedBy: "```swift\n").dropFirst()
      if parts.isEmpty { continue }
      blocks[path] = parts.map { $0.components(separatedBy: "```")[0] }.joined()
    }
    return blocks
  }

  /// Layout is of no account, nor is what every file begins with.
  private func plain(_ code: String) -> String {
    code.replacing("import Apportion", with: "").filter { !$0.isWhitespace }
  }

  /// The comments beside `print(…)`.
  private func shown(_ code: String) -> [String] {
    code.split(separator: "\n").compactMap { line in
      line.drop { $0 == " " }.hasPrefix("print(") ? line.components(separatedBy: "// ").dropFirst().last : nil
    }
  }

  @Test func `every Swift block of a page is compiled here, word for word`() throws {
    let source = try text("Tests/ApportionTests/PageSnippets.swift")
    let blocks = try blocks()
    #expect(blocks.count == 4)
    for (path, code) in blocks where Self.fragments[path] == nil {
      let copy = source.components(separatedBy: "// \(path)\n").last?.components(separatedBy: "// end\n")[0]
      #expect(copy.map(plain) == plain(code), "\(path)")
    }
    for path in Self.fragments.keys { #expect(blocks[path] != nil, "\(path)") }
  }

  @Test func `what a page says that its Swift prints is printed`() throws {
    // Paths are from the root, as the pages' readers have them.
    #expect(FileManager.default.changeCurrentDirectoryPath(root.path))
    let pages: [(path: String, run: (inout PageSnippets) throws -> Void)] = [
      ("README.md", { try $0.readme() }),
      ("Sources/Apportion/Apportion.docc/Apportion.md", { try $0.article() }),
      ("Sources/Apportion/Apportion.docc/FittingCurves.md", { try $0.fittingCurves() }),
    ]
    let blocks = try blocks()
    for (path, run) in pages {
      var page = PageSnippets()
      try run(&page)
      let shown = shown(try #require(blocks[path]))
      #expect(shown.count == page.printed.count && !shown.isEmpty, "\(path)")
      for (one, other) in zip(shown, page.printed) { #expect(isSame(one, other), "\(path): \(other) for \(one)") }
    }
  }

  @Test func `every plan that the front page shows, or part of one, is read`() throws {
    let parts = try text("README.md").components(separatedBy: "```yaml\n").dropFirst()
    #expect(parts.count >= 10)
    for part in parts {
      let shown = part.components(separatedBy: "```")[0]
      var plan = shown
      for key in ["posterior: {file: model.nc}", "horizon: {num_periods: 13}", "budget: {total: 500000}"]
      where !("\n" + shown).contains("\n" + key.prefix { $0 != " " }) { plan = key + "\n" + plan }
      do {
        _ = try PlanFile.parse(plan, source: "README.md", folder: root.path)
      } catch {
        Issue.record("\(error):\n\(plan)")
      }
    }
  }

  /// Numbers to a millionth, which is more than instruction sets differ by; words as they are.
  private func isSame(_ shown: String, _ printed: String) -> Bool {
    let (one, other) = (words(shown), words(printed))
    return one.count == other.count
      && zip(one, other).allSatisfy { left, right in
        guard let first = Double(left), let second = Double(right) else { return left == right }
        return abs(first - second) <= 1e-6 * max(abs(first), 1)
      }
  }

  private func words(_ text: String) -> [Substring] { text.split { " ,[]".contains($0) } }
}
