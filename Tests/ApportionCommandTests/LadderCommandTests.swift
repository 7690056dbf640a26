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
}
