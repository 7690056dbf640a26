import Foundation
import Testing

/// The commands on a table of point curves, from the table to a plan, an answer and its replay.
@Suite struct CurvesCommandTests {
  private let table =
    "slope,channel,top,saturation\n1.5,tv,1000000,50000\n2,search,800000,30000\n1.8,social,600000,20000\n"
  private let bounds = "bounds: {tv: [50000, 500000], search: [100000, 400000]}"

  private func folder(plan further: String = "") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", table)
    try folder.write(
      "plan.yaml",
      """
      posterior: {file: curves.csv, format: curves, curves: {kind: hill_bottom}}
      horizon: {num_periods: 52}
      budget: {total: 1000000}
      \(further)
      """)
    return folder
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `optimise finds the plan, evaluate scores it, and verify replays its proof`() throws {
    let folder = try folder(plan: bounds)
    let solved = try CommandRun(["optimise", "plan.yaml", "--set", "output.report=tables"], in: folder.url)
    #expect(solved.status == 0 && solved.errors == "", "\(solved.errors)")
    #expect(solved.output.contains("point estimate") && !solved.output.contains("interval "))
    let answer = try object(try folder.text("results/recommendation.json"))
    let value = try #require((answer["utility"] as? [String: Any])?["value"] as? Double)
    // tv and search at their lower ends, the rest in social; by hand, with x = 850000 / 52 a week in social and so on:
    // 52 (1e6 / (1 + (50000 / (50000 / 52))^1.5) + 8e5 / (1 + (30000 / (100000 / 52))^2) + 6e5 / (1 + (20000 / x)^1.8)).
    #expect(abs(value - 13_106_841.896_642_575) <= 1e-12 * value)
    let warnings = try #require(answer["warnings"] as? [String])
    #expect(warnings.count == 2)
    #expect(warnings.count { $0.hasPrefix("one draw is a point estimate: ") } == 1)
    #expect(answer["lift"] is NSNull && answer["probability_better"] is NSNull)
    let inputs = try #require((answer["reproducibility"] as? [String: Any])?["inputs"] as? [[String: String]])
    #expect(inputs.map { $0["path"] } == ["plan.yaml", "curves.csv"])
    #expect(inputs.allSatisfy { $0["sha256"]?.count == 64 })

    let scored = try CommandRun(
      ["evaluate", "plan.yaml", "-a", "results/allocation.csv", "--format", "json"], in: folder.url)
    #expect(scored.status == 0, "\(scored.errors)")
    #expect(try #require((try object(scored.output)["utility"] as? [String: Any])?["value"] as? Double) == value)
    let replayed = try CommandRun(["verify", "results/certificate.json"], in: folder.url)
    #expect(replayed.status == 0 && replayed.output.hasPrefix("Replayed over 1 draw: "), "\(replayed.errors)")
  }

  @Test func `init, check and inspect read a table once they are told its kind`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", table.replacing("channel", with: "medium"))
    let kind = ["curves.csv", "--curves", "hill_bottom", "--channel-column", "medium"]
    let inspect = try CommandRun(["inspect"] + kind, in: folder.url)
    #expect(inspect.status == 0 && inspect.output.contains("3: tv, search, social"), "\(inspect.errors)")
    #expect(inspect.output.contains("1: a point estimate") && !inspect.output.contains("R-hat"))
    let made = try CommandRun(["init"] + kind + ["--out", "plan.yaml"], in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    let check = try CommandRun(["check", "plan.yaml"], in: folder.url)
    #expect(check.status == 0 && check.output.contains("by the point curves of curves.csv."), "\(check.errors)")
    #expect(try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url).status == 0)
  }

  @Test func `a table with the columns of a kind is known by them`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", table)
    let inspect = try CommandRun(["inspect", "curves.csv"], in: folder.url)
    let block = "saturation: {hill_bottom: {top: top, bottom: 0, saturation: saturation, slope: slope}}"
    #expect(inspect.status == 0 && inspect.output.contains(block), "\(inspect.output)")
    #expect(try CommandRun(["init", "curves.csv", "--out", "plan.yaml"], in: folder.url).status == 0)
    let kind = ["init", "curves.csv", "--curves", "hill_bottom", "--out", "kind.yaml"]
    #expect(try CommandRun(kind, in: folder.url).status == 0)
    for plan in ["plan", "kind"] {
      #expect(try CommandRun(["optimise", "\(plan).yaml", "--quiet", "--out", plan], in: folder.url).status == 0)
    }
    #expect(try folder.text("plan/allocation.csv") == folder.text("kind/allocation.csv"))
    // Two families have alpha and lam.
    try folder.write("curves.csv", "channel,alpha,lam\ntv,1,2\n")
    let ambiguous = try CommandRun(["inspect", "curves.csv"], in: folder.url)
    #expect(
      ambiguous.output.contains("posterior.model.saturation     AMMM's sigmoid, {logistic: {beta: alpha, lam: lam}}"))
  }

  @Test(arguments: [
    (
      ["optimise", "plan.yaml", "--set", "bounds={tv: [0, 3e5], search: [0, 3e5], social: [0, 3e5]}"], 3,
      "to be spent exactly, exceeds tv at most 300,000.00"
    ),
    (
      ["check", "plan.yaml", "--set", "bounds={tv: [6e5, null], search: [5e5, null]}"], 3,
      "tv at least 600,000.00 and search at least 500,000.00 exceed budget"
    ),
    (["check", "plan.yaml", "--set", "posterior.curves.kind=sigmoid"], 65, "curves.csv:1:1: error: no column alpha"),
    (["check", "plan.yaml", "--set", "posterior.file=nowhere.csv"], 66, "nowhere.csv"),
    (["check", "plan.yaml", "--set", "posterior.draws=2"], 65, "cannot keep 2 draws: it holds 1"),
    (["check", "plan.yaml", "--set", "posterior={file: curves.csv}"], 65, "expected format: curves with curves:"),
    (["check", "plan.yaml", "--set", "utility=sharpe"], 65, "sharpe: expected at least 2 draws"),
    (
      ["check", "plan.yaml", "--set", "horizon.carry_in=true"], 65, "carry_in: expected a posterior with observed media"
    ),
    (["check", "plan.yaml", "--set", "bounds.default.relative=0.3"], 65, "error: "),
    (["inspect", "curves.csv", "--curves", "hill"], 64, "'hill' is invalid for '--curves <kind>'"),
    (["inspect", "curves.csv", "--channel-column", "medium"], 65, "curves.csv:1:1: error: no column medium"),
  ])
  func `a failure says why, and has its status`(arguments: [String], status: Int32, sentence: String) throws {
    let folder = try folder()
    let run = try CommandRun(arguments, in: folder.url)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(sentence), "\(run.errors)")
    #expect(try folder.names == ["curves.csv", "plan.yaml"])
  }

  @Test func `what a file has of control characters does not reach the terminal`() throws {
    let folder = try TemporaryFolder()
    try folder.write("curves.csv", "channel,top,saturation,slope\ntv,1,\u{1B}[2J5,1\n")
    let run = try CommandRun(["inspect", "curves.csv", "--curves", "hill_bottom"], in: folder.url)
    #expect(run.status == 65)
    #expect(
      run.errors == "curves.csv:2:6: error: wrong saturation of tv, expected a positive number, found '\u{FFFD}[2J5'\n")
  }
}
