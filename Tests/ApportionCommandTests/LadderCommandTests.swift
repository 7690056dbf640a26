import Foundation
import Testing

/// A ladder of budgets, as a command.
@Suite struct LadderCommandTests {
  private static let plan = ["data/weekly/plan.yaml", "--set", "posterior.draws=200", "--set", "output.report=tables"]

  @Test func `rungs are as asked for, and the budget is told beyond which money no longer pays`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["ladder"] + Self.plan + ["--rungs", "-20,0,20,40", "--level", "1.5", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("The next unit of money brings 1.5"), "\(run.output.prefix(80))")
    let rows = try folder.text("out/ladder.csv").split(separator: "\n")
    #expect(rows.count == 5 && rows[0].hasPrefix("budget_change_pct,budget,status,spent"))
    let json = try JSONSerialization.jsonObject(with: Data(try folder.text("out/ladder.json").utf8)) as? [String: Any]
    #expect(json?["level"] as? Double == 1.5 && (json?["rungs"] as? [Any])?.count == 4)
    #expect(json?["crossing"] is [String: Any])
    #expect(FileManager.default.fileExists(atPath: folder.path("out/recommendation.json")))
  }

  @Test func `a level of nothing is refused, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["ladder"] + Self.plan + ["--level", "0", "--out", folder.path("out")])
    #expect(run.status == 64 && run.errors.contains("--level: expected a number above 0"))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func `mistakes in options are told of the options, and no option is overruled in silence`() throws {
    let rungs = try CommandRun(["ladder"] + Self.plan + ["--rungs", "-100,0"])
    #expect(rungs.status == 65 && rungs.errors.contains("--rungs:1:2: error: "), "\(rungs.errors)")
    let budget = try CommandRun(["ladder"] + Self.plan + ["--budget", "0"])
    #expect(budget.status == 65 && budget.errors.contains("--budget:1:1: error: "), "\(budget.errors)")
    let set = try CommandRun(["ladder"] + Self.plan + ["--set", "budget.total=0"])
    #expect(set.errors.contains("--set budget.total:1:1: error: "), "\(set.errors)")
    let both = try CommandRun(["optimise"] + Self.plan + ["--budget", "5", "--set", "budget.total=6"])
    #expect(both.status == 64 && both.errors.contains("expected --budget or --set budget.total, found both"))
  }
}
