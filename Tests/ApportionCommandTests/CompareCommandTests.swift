import Foundation
import Testing

@testable import ApportionCommand

/// Plans side by side, as a command.
@Suite struct CompareCommandTests {
  private static let plan = ["data/weekly/careful.yaml", "--set", "posterior.draws=200"]

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `best plans by other utilities are found, and every plan is scored by all`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["compare"] + Self.plan + [
        "current", "optimum", "optimum:mean", "Shy=optimum:{expected_shortfall: {tail: 0.05}}", "--out",
        folder.path("out"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    let json = try json(folder.text("out/compare.json"))
    let plans = try #require(json["plans"] as? [[String: Any]])
    #expect(plans.compactMap { $0["plan"] as? String } == ["current", "optimum", "optimum:mean", "Shy"])
    let names = try #require(json["utilities"] as? [String])
    #expect(names.dropFirst() == ["mean", "expected_shortfall {tail: 0.05}"])
    let scores = plans.compactMap { $0["scores"] as? [Double] }
    // Each is the best by its own, but for the gap that is asked for.
    for (utility, own) in [(0, 1), (1, 2), (2, 3)] {
      let best = scores.map { $0[utility] }.max() ?? .nan
      #expect(scores[own][utility] >= best - 1e-3 * abs(best), "\(names[utility])")
    }
    #expect(scores[2][1] >= scores[3][1] - 1e-3 * scores[3][1])
    let header = try folder.text("out/compare.csv").prefix { $0 != "\n" }
    #expect(header.contains(",regret_at_most,") && header.contains(",lift_q05,") && header.contains(",score: mean,"))
    #expect(run.output.contains("Scored by") && run.output.contains("Standard"))
    #expect(run.output.split(separator: "\n").filter { !$0.hasPrefix("Written") }.allSatisfy { $0.count <= 100 })
    #expect(try folder.text("out/figures/compare.gp").contains("[4] Shy"))
  }

  @Test func `a plan outside of the limits is not crowned, however high its score`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "w.csv",
      "channel,total\ntv,0\nsearch,1200000\nsocial,628278\ndisplay,300000\nradio,300000\nprint,60000\n")
    let run = try CommandRun(
      ["compare"] + Self.plan + ["optimum", "W=\(folder.path("w.csv"))", "--out", folder.path("out")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("Of 2 plans optimum has the highest"), "\(run.output.prefix(300))")
    #expect(run.output.prefix(300).contains("outside of"))
    #expect(try json(folder.text("out/compare.json"))["best"] as? String == "optimum")
  }

  @Test func `without a current plan the optimum is scored alone, and a warning says why`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", "channel,alpha,lam\nTV,1000,50\nSearch,800,30\n")
    let run = try CommandRun(
      ["compare", "curves.csv", "--curves", "michaelis_menten", "--budget", "100"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("Of 1 plan optimum"))
    #expect(run.output.contains("no current plan to compare with"))
  }

  @Test func `wrong utilities are told as the plan's would be, and tables alone draw nothing`() throws {
    let folder = try TemporaryFolder()
    let out = ["--out", folder.path("out")]
    let wrong = try CommandRun(["compare"] + Self.plan + ["optimum", "optimum:men"] + out)
    #expect(wrong.status == 65 && wrong.errors.contains("did you mean 'mean'?"))
    #expect(wrong.errors.contains("'optimum:men':1:9: error"), "\(wrong.errors)")
    #expect(try CommandRun(["compare"] + Self.plan + ["optimum:"] + out).status == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    let drawn = try CommandRun(["compare"] + Self.plan + out)
    #expect(drawn.status == 0 && FileManager.default.fileExists(atPath: folder.path("out/figures/compare.gp")))
    let tables = try CommandRun(["compare"] + Self.plan + ["--set", "output.report=tables"] + out)
    #expect(tables.status == 0 && !FileManager.default.fileExists(atPath: folder.path("out/figures/compare.gp")))
  }

  @Test func `paths are shown without steps down and up again`() {
    #expect(simplified("plans/../out/a.csv") == "out/a.csv")
    #expect(simplified("../../out/a.csv") == "../../out/a.csv")
    #expect(simplified("/a/b/../../c/./d") == "/c/./d")
  }
}
