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
