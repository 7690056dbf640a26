import Foundation
import Testing

/// What changes the plan most, as a command; and how likely a plan is to be worse than the current one.
@Suite struct SensitivityCommandTests {
  private static let plan = ["data/weekly/plan.yaml", "--set", "posterior.draws=400"]

  @Test func `each channel worse and each piece of evidence has a row`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["sensitivity"] + Self.plan + [
        "--worse", "20", "--evidence", "tv: {roi: 1.5, sd: 0.4}", "--out", folder.path("out"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try folder.text("out/sensitivity.csv").split(separator: "\n")
    #expect(rows.count == 1 + 1 + 6 + 1 && rows[0].hasPrefix("case,moved_share,value,bound,gap,kept_value,regret"))
    #expect(rows[1].hasPrefix("present,,"))
    #expect(rows.contains { $0.hasPrefix("social 20 % worse,") })
    #expect(rows.contains { $0.contains("evidence on tv, 1.5") })
    let json =
      try JSONSerialization.jsonObject(with: Data(try folder.text("out/sensitivity.json").utf8)) as? [String: Any]
    #expect((json?["cases"] as? [Any])?.count == 7)
    #expect(run.output.hasPrefix("The plan changes most with ") && run.output.contains("Warning: draws are weighted"))
    #expect(FileManager.default.fileExists(atPath: folder.path("out/figures/sensitivity.gp")))
  }

  @Test func `wrong cases are told, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let out = ["--out", folder.path("out")]
    let form = try CommandRun(["sensitivity"] + Self.plan + out + ["--evidence", "tv 1.8"])
    #expect(form.status == 64 && form.errors.contains("channel: {roi: number, sd: number}"))
    let number = try CommandRun(["sensitivity"] + Self.plan + out + ["--evidence", "tv: {roi: x, sd: 1}"])
    #expect(number.status == 65 && number.errors.contains("wrong value of reweight[1].roi.mean"))
    let unknown = try CommandRun(["sensitivity"] + Self.plan + out + ["--evidence", "tvv: {roi: 1, sd: 1}"])
    #expect(unknown.status == 65 && unknown.errors.contains("expected a channel of the posterior"))
    let far = try CommandRun(["sensitivity"] + Self.plan + out + ["--evidence", "tv: {roi: 40, sd: 0.1}"])
    #expect(far.status == 65 && far.errors.contains("reweight leaves the worth of"))
    let none = try CommandRun(["sensitivity"] + Self.plan + out + ["--worse", "0"])
    #expect(none.status == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func `a certificate of weighted draws is replayed`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["optimise"] + Self.plan + [
        "--set", "reweight=[{channel: tv, roi: {mean: 1.5, sd: 0.4}}]", "--set", "output.report=tables", "--out",
        folder.path("out"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    let replayed = try CommandRun(["verify", folder.path("out/certificate.json")])
    #expect(replayed.status == 0, "\(replayed.errors)")
  }

  @Test func `how likely a plan is to be worse by so much is said where it is asked for`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["compare"] + Self.plan + ["--loss-worse-than", "100000", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try folder.text("out/compare.csv").contains(
        ",lift_expected_shortfall_05,probability_worse,probability_worse_than_100000,tv,"))
    #expect(run.output.contains("Worse by"))
    let best = try CommandRun(
      ["optimise"] + Self.plan + [
        "--loss-worse-than", "1e5", "--set", "output.report=tables", "--out", folder.path("best"),
      ])
    #expect(best.output.contains("Worse than the current plan in 0 % of draws, by more than 100,000 in 0 %"))
    let wrong = try CommandRun(["optimise"] + Self.plan + ["--loss-worse-than=-1"])
    #expect(wrong.status == 64)
  }
}
