import Foundation
import Testing

/// Each utility's plan scored by all, as a command.
@Suite struct UtilitiesCommandTests {
  private static let plan = ["data/weekly/plan.yaml", "--set", "posterior.draws=200"]

  @Test func `every pair of a plan and a utility has a row`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["utilities"] + Self.plan + [
        "--by", "mean", "--by", "{expected_shortfall: {tail: 0.2}}", "--out", folder.path("out"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try folder.text("out/utilities.csv").split(separator: "\n")
    #expect(rows[0] == "plan,scored_by,score,best,regret,regret_share")
    #expect(
      rows.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: " by ") } == [
        "mean by mean", "mean by expected_shortfall {tail: 0.2}", "expected_shortfall {tail: 0.2} by mean",
        "expected_shortfall {tail: 0.2} by expected_shortfall {tail: 0.2}", "current by mean",
        "current by expected_shortfall {tail: 0.2}",
      ])
    let plans = try folder.text("out/utility_plans.csv").split(separator: "\n")
    #expect(plans.count == 3 && plans[0].hasSuffix(",tv,search,social,display,radio,print"))
    // Three plans by two utilities, and the outcome of each.
    let figure = try folder.text("out/figures/utilities.csv").split(separator: "\n")
    #expect(figure.count == 1 + 6 + 3)
    let json =
      try JSONSerialization.jsonObject(with: Data(try folder.text("out/utilities.json").utf8)) as? [String: Any]
    #expect((json?["scores"] as? [[Double]])?.count == 2)
    #expect(run.output.contains("Best by") && run.output.contains("current plan"))
  }

  @Test func `weak checks mark tables and picture`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["utilities"] + Self.plan + [
        "--by", "mean", "--by", "sharpe", "--out", folder.path("out"), "--set",
        "diagnostics={folder: \(folder.path("no_checks"))}",
      ])
    #expect(run.status == 0 && run.output.contains("EXPLORATORY"), "\(run.errors)")
    for name in ["utilities.csv", "utility_plans.csv"] {
      let rows = try folder.text("out/\(name)").split(separator: "\n")
      #expect(rows[0].hasSuffix(",exploratory") && rows.dropFirst().allSatisfy { $0.hasSuffix(",true") }, "\(name)")
    }
    #expect(try folder.text("out/figures/utilities.gp").contains("EXPLORATORY"))
  }

  @Test func `nine utilities are compared where none is named, with numbers in short`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["utilities"] + Self.plan + ["--out", folder.path("out"), "--format", "csv"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.split(separator: "\n").count == 1 + 9 * 9 + 9)
    #expect(run.output.firstMatch(of: /shortfall \{target: [0-9]{3}0000\.0, lambda: 2\.0\}/) != nil)
  }

  @Test func `wrong utilities are told as the plan's would be, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let out = ["--out", folder.path("out")]
    let wrong = try CommandRun(["utilities"] + Self.plan + out + ["--by", "mean", "--by", "men"])
    #expect(wrong.status == 65 && wrong.errors.contains("did you mean 'mean'?"))
    #expect(wrong.errors.contains("'--by men':1:6: error"), "\(wrong.errors)")
    let twice = try CommandRun(["utilities"] + Self.plan + out + ["--by", "mean", "--by", "mean"])
    #expect(twice.status == 64 && twice.errors.contains("found mean twice"))
    let one = try CommandRun(["utilities"] + Self.plan + out + ["--by", "mean"])
    #expect(one.status == 64 && one.errors.contains("at least two utilities"))
    let infeasible = try CommandRun(["utilities"] + Self.plan + out + ["--set", "bounds={default: [0, 10]}"])
    #expect(infeasible.status == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }
}
