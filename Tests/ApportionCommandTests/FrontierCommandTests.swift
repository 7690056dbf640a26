import Foundation
import Testing

/// The mean against risk, as a command.
@Suite struct FrontierCommandTests {
  private static let plan = ["data/weekly/plan.yaml", "--set", "posterior.draws=200"]

  @Test func `every point has a row, its proof and a picture`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["frontier"] + Self.plan + ["--points", "4", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try folder.text("out/frontier.csv").split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    #expect(rows.map { $0[0] } == ["asked", "best_mean", "floor", "floor", "best_risk", "plan", "current"])
    #expect(rows[0].suffix(6) == ["tv", "search", "social", "display", "radio", "print"])
    let json =
      try JSONSerialization.jsonObject(with: Data(try folder.text("out/frontier.json").utf8)) as? [String: Any]
    let points = json?["points"] as? [[String: Any]]
    #expect(points?.count == 4 && points?.allSatisfy { $0["dominated"] as? Bool == false } == true)
    #expect((json?["current"] as? [String: Any])?["below"] as? Double ?? 0 > 1e6)
    #expect(run.output.hasPrefix("From the best mean to the safest plan") && run.output.contains("Worst 5 %"))
    #expect(FileManager.default.fileExists(atPath: folder.path("out/figures/frontier.gp")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/recommendation.json")))
  }

  @Test func `wrong measures and numbers are told, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let out = ["--out", folder.path("out")]
    let name = try CommandRun(["frontier"] + Self.plan + out + ["--risk", "expected_shortfal"])
    #expect(name.status == 65 && name.errors.contains("did you mean 'expected_shortfall'?"))
    let ratio = try CommandRun(["frontier"] + Self.plan + out + ["--risk", "raroc"])
    #expect(ratio.status == 65 && ratio.errors.contains("standard_deviation, found raroc"))
    let one = try CommandRun(["frontier"] + Self.plan + out + ["--points", "1"])
    #expect(one.status == 64 && one.errors.contains("--points: expected a number from 2"))
    let infeasible = try CommandRun(["frontier"] + Self.plan + out + ["--set", "bounds={default: [0, 10]}"])
    #expect(infeasible.status == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func `where the frontier is not concave it is drawn in steps, which promise no more than the points`() throws {
    let folder = try TemporaryFolder()
    // By the standard deviation the mean rises by more from the third point to the second than from the second to the first.
    let run = try CommandRun([
      "frontier", "data/weekly/plan.yaml", "--set", "posterior.draws=100", "--points", "6", "--risk", "sd", "--out",
      folder.path("out"),
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.text("out/figures/frontier.csv").contains("step_risk,step_mean"))
  }
}
