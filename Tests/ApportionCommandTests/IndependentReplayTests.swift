import Foundation
import Testing

/// The `python3` that comes first, or the system's own: whichever has what is needed.
private enum Python {
  private static let all = [["/usr/bin/env", "python3"], ["/usr/bin/python3"]]
  private static let withArrays = first(with: "numpy")
  private static let withFiles = first(with: "numpy, h5py")

  static var hasArrays: Bool { withArrays != nil }
  static var hasFiles: Bool { withFiles != nil }

  private static func first(with modules: String) -> [String]? {
    all.first { python in
      do { return try run(python, ["-c", "import \(modules)"]).status == 0 } catch { return false }
    }
  }

  private static func run(_ python: [String], _ arguments: [String]) throws -> CommandRun {
    try CommandRun(Array(python.dropFirst()) + arguments, program: URL(fileURLWithPath: python[0]))
  }

  static func run(_ arguments: [String]) throws -> CommandRun {
    try run(try #require(withFiles ?? withArrays), arguments)
  }
}

/// Certificates replayed by `Benchmarks/verify.py`, which has nothing of Apportion's: where there is a python3 with numpy.
@Suite(.enabled(if: Python.hasArrays))
struct IndependentReplayTests {
  private func replayed(_ arguments: [String], changing: (String) -> String = { $0 }) throws -> CommandRun {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["optimise"] + arguments + ["-q", "-o", folder.path("out")])
    #expect(run.status == 0 || run.status == 2, "\(run.errors)")
    try folder.write("certificate.json", changing(try folder.text("out/certificate.json")))
    return try Python.run(["Benchmarks/verify.py", folder.path("certificate.json")])
  }

  @Test(arguments: ["mean", "{expected_shortfall: {tail: 0.2}}"], ["exactly", "at_most"])
  func `boxes of steep curves prove what they state`(utility: String, spend: String) throws {
    let model = try SteepModel(utility: utility, lines: "solver: {gap: 1e-3}")
    let run = try replayed([model.plan, "--set", "budget.spend=\(spend)"])
    #expect(run.status == 0 && run.output.contains("they agree"), "\(run.output)\(run.errors)")
  }

  @Test func `a bound that is stated lower than its boxes prove is found out`() throws {
    let model = try SteepModel(utility: "mean", lines: "solver: {gap: 1e-3}")
    let run = try replayed([model.plan]) { text in
      text.replacing(#/"upper_bound": ([0-9.]+)/#) { "\"upper_bound\": \(Double($0.1)! * (1 - 1e-8))" }
    }
    #expect(run.status == 65 && run.output.contains("they DIFFER"), "\(run.output)\(run.errors)")
  }

  private func refuses(_ why: String, changing: (String) -> String) throws {
    let model = try SteepModel(utility: "{expected_shortfall: {tail: 0.2}}", lines: "solver: {gap: 1e-3}")
    let run = try replayed([model.plan], changing: changing)
    #expect(run.status == 65 && (run.output + run.errors).contains(why), "\(run.output)\(run.errors)")
  }

  @Test func `a box that ends at no point is refused`() throws {
    try refuses("a box that ends where there is no point") { text in
      text.replacing(#/"at": ([0-9.]+)/#) { "\"at\": \(Double($0.1)! + 1e-6)" }
    }
  }

  @Test func `points that leave out what is next to a bound are refused`() throws {
    try refuses("points that do not rise from bound to bound") { text in
      text.replacing(#/\[0.0, [0-9.]+, [0-9.]+, /#) { _ in "[" }
    }
  }

  @Test func `weights below zero are refused`() throws {
    try refuses("weights below zero") { text in text.replacing("\"weights\": [1.0]", with: "\"weights\": [-1.0]") }
  }

  @Test func `a tree that leads back to its root is refused`() throws {
    try refuses("a box that is met twice") { text in text.replacing(#/"below": [0-9]+/#) { _ in "\"below\": 0" } }
  }

  @Test func `a value that the allocation does not score is found out`() throws {
    try refuses("they DIFFER") { text in
      text.replacing(#/"value": ([0-9.]+)/#) { "\"value\": \(Double($0.1)! * (1 + 1e-6))" }
    }
  }

  @Test func `money that was moved between channels is found out`() throws {
    try refuses("they DIFFER") { text in
      text.replacing(#/"allocation": \[[^\]]+\]/#) { _ in "\"allocation\": [15, 15, 10]" }
    }
  }

  @Test(arguments: ["[-5, 15, 30]", "[5, 5, 31]", "[15, 15, 15]", "[5, 5, 5]"])
  func `an allocation that breaks a limit is refused`(allocation: String) throws {
    try refuses("an allocation that breaks the limits") { text in
      text.replacing(#/"allocation": \[[^\]]+\]/#) { _ in "\"allocation\": \(allocation)" }
    }
  }

  @Test func `half a certificate is refused in a sentence`() throws {
    try refuses("refused: not a certificate") { text in String(text.prefix(text.count / 2)) }
  }

  @Test(.enabled(if: Python.hasFiles)) func `supports of tangents with weights below zero are refused`() throws {
    let run = try replayed(["data/weekly/plan.yaml", "--set", "output.report=tables"]) { text in
      text.replacing(
        "\"supports\": [", with: "\"supports\": [{\"weight\": -0.5, \"step\": [0, 0, 0, 300000, 0, 0]}, ")
    }
    #expect(run.status == 65 && run.errors.contains("weights below zero"), "\(run.output)\(run.errors)")
  }

  @Test(
    .enabled(if: Python.hasFiles),
    arguments: ["mean", "{expected_shortfall: {tail: 0.1}}"], ["exactly", "at_most"])
  func `tangents of the weekly model prove what they state`(utility: String, spend: String) throws {
    let run = try replayed([
      "data/weekly/plan.yaml", "--set", "utility=\(utility)", "--set", "budget.spend=\(spend)", "--set",
      "output.report=tables",
    ])
    #expect(run.status == 0 && run.output.contains("they agree"), "\(run.output)\(run.errors)")
  }
}
