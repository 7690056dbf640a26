import Foundation
import Testing

/// The `python3` of the machine, if it has one.
private enum Python {
  static func has(_ module: String) -> Bool {
    do { return try run(["-c", "import \(module)"]).status == 0 } catch { return false }
  }

  static func run(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(["python3"] + arguments, program: URL(fileURLWithPath: "/usr/bin/env"))
  }
}

/// Certificates replayed by `Benchmarks/verify.py`, which has nothing of Apportion's: where there is a python3 with numpy.
@Suite(.enabled(if: Python.has("numpy")))
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
    .enabled(if: Python.has("h5py")),
    arguments: ["mean", "{expected_shortfall: {tail: 0.1}}"], ["exactly", "at_most"])
  func `tangents of the weekly model prove what they state`(utility: String, spend: String) throws {
    let run = try replayed([
      "data/weekly/plan.yaml", "--set", "utility=\(utility)", "--set", "budget.spend=\(spend)", "--set",
      "output.report=tables",
    ])
    #expect(run.status == 0 && run.output.contains("they agree"), "\(run.output)\(run.errors)")
  }
}
