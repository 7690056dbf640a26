import Foundation
import Testing

/// A run that is stopped before its end: what is done is kept, and nothing is half-written.
@Suite struct InterruptionTests {
  private static let plan = [
    "data/weekly/plan.yaml", "--verbose", "--set", "output.report=tables", "--set", "solver.time_limit=600",
  ]
  /// A search that takes minutes.
  private static let hard = ["--set", "utility={quantile: {level: 0.1}}", "--set", "solver.gap=1e-9"]

  /// Sends a signal when the search has begun.
  private func run(_ arguments: [String], sending signals: [Int32]) throws -> CommandRun {
    let run = try RunningCommand(arguments)
    // The last stage before the search.
    try run.waitUntilItSays("Taking digests")
    Thread.sleep(forTimeInterval: 0.5)
    for signal in signals {
      run.send(signal)
      try run.waitUntilItSays("interrupted: writing")
    }
    return try run.end()
  }

  @Test func `an interrupted search writes and prints the best plan that it has, and says that it was interrupted`()
    throws
  {
    let folder = try TemporaryFolder()
    let run = try run(["optimise"] + Self.plan + Self.hard + ["--out", folder.path("out")], sending: [SIGINT])
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.errors.contains("interrupted: writing what was found so far"))
    #expect(run.output.contains("The search was interrupted"), "\(run.output)")
    let text = try folder.text("out/recommendation.json")
    let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(json?["termination"] as? String == "interrupted")
    // A plan, not nothing: all of the budget is spent.
    let budget = json?["budget"] as? [String: Any]
    #expect((budget?["spent"] as? Double ?? 0) > 2e6, "\(text.prefix(400))")
    #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path("out")).contains { $0.hasPrefix(".") })
  }

  @Test func `an interrupted frontier has the points that were found`() throws {
    let folder = try TemporaryFolder()
    let run = try run(
      ["frontier"] + Self.plan + ["--points", "1000", "--out", folder.path("out")], sending: [SIGTERM])
    #expect(run.status == 143, "\(run.errors)")
    let rows = try folder.text("out/frontier.csv").split(separator: "\n").count
    #expect(rows > 1 && rows < 900, "\(rows) rows")
    #expect(run.output.hasPrefix("Interrupted: "), "\(run.output.prefix(200))")
  }

  @Test func `a second interruption ends the run with nothing written`() throws {
    let folder = try TemporaryFolder()
    let run = try run(
      ["utilities"] + Self.plan + ["--out", folder.path("out")], sending: [SIGINT, SIGINT])
    #expect(run.status == 130, "\(run.errors)")
    // Unless the answer was whole before the second came.
    #expect(try folder.names.isEmpty || folder.text("out/utilities.json").hasSuffix("}\n"))
  }

  @Test func `what a killed run left beside its files is gone after the next`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: true)
    // No process has that number.
    try folder.write("out/.recommendation.json.99999999.partial", "{")
    let run = try CommandRun(
      ["optimise"] + Self.plan + ["--set", "posterior.draws=100", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path("out")).contains { $0.hasPrefix(".") })
  }
}
