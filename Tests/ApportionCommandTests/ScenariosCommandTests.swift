import Foundation
import Testing

/// AMMM's and DeepCausalMMM's workflows as commands.
@Suite struct ScenariosCommandTests {
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      "curves.csv", "channel,alpha,lam,r_2\ntv,50000,1e-5,0.9\nsearch,60000,8e-6,0.8\nsocial,40000,1.2e-5,\n")
    try folder.write("weekly.csv", "channel,top,bottom,saturation,slope\nTV,1000,10,50,1.5\nSearch,800,0,30,2\n")
    try folder.write("mine.csv", "channel,spend\nTV,900\nSearch,140\n")
    return folder
  }

  private static let ammm = ["curves.csv", "--curves", "sigmoid", "--budget", "100000"]

  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  @Test func `scenarios are the default, on a table of curves too`() throws {
    let folder = try folder()
    let run = try CommandRun(["scenarios"] + Self.ammm, in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("results/70_optimisation"))
      .filter { $0.hasSuffix(".csv") || $0.hasSuffix(".json") }.sorted()
    #expect(
      names == [
        "allocation.csv", "budget_scenario_results.csv", "by_channel.csv", "calendar.csv", "certificate.json",
        "limits.csv", "optimization_results.csv", "recommendation.json", "scenarios.json",
      ])
    let table = rows(try folder.text("results/70_optimisation/budget_scenario_results.csv"))
    #expect(
      table[0].prefix(5) == ["budget_change_pct", "budget", "status", "spent", "total_contribution"]
        && table[0].suffix(3) == [
          "estimated_contribution[tv]", "estimated_contribution[search]", "estimated_contribution[social]",
        ])
    #expect(table.dropFirst().map { $0[0] } == ["-20.0", "-10.0", "0.0", "10.0", "20.0"])
    let own = rows(try folder.text("results/70_optimisation/optimization_results.csv"))
    #expect(own[0] == ["channel", "estimated_contribution", "optimal_budget", "current", "shift", "shift_pct"])
    #expect(own.map { $0[0] } == ["channel", "tv", "search", "social", "total"])
    #expect(own[4][2] == "100000.0" && table[3][4] == own[4][1])
    #expect(run.output.contains("5 budgets") && run.output.contains("+20.0 %"))
  }

  @Test func `a budget without a plan, and a single period, leave no earlier answer beside what they write`() throws {
    let folder = try folder()
    func names(_ further: [String], status: Int32) throws -> Set<String> {
      let run = try CommandRun(["scenarios"] + Self.ammm + further + ["--out", "out"], in: folder.url)
      #expect(run.status == status, "\(run.errors)")
      return Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("out/70_optimisation")))
    }
    let capped = ["--set", "bounds={default: [0, 35000]}"]
    #expect(try names(capped, status: 2).isSuperset(of: ["report.html", "budget_scenario_results.csv"]))
    // All three channels together may spend 105,000, and the own budget is 110,000.
    let without = try names(capped + ["--budget", "110000"], status: 2)
    #expect(without.isDisjoint(with: ["report.html", "allocation.csv", "optimization_results.csv", "allocation.svg"]))
    let single = try names(["--no-scenarios"], status: 0)
    #expect(single.contains("report.html") && !single.contains { $0.contains("scenario") })
  }

  @Test func `a list that begins with a minus, amounts, and the single period`() throws {
    let folder = try folder()
    let listed = try CommandRun(
      ["scenarios"] + Self.ammm + ["--scenarios", "-50, 0", "--format", "csv"], in: folder.url)
    #expect(
      listed.status == 0 && rows(listed.output).map { $0[1] } == ["budget", "50000.0", "100000.0"], "\(listed.errors)")
    let amounts = try CommandRun(
      ["scenarios", "curves.csv", "--curves", "sigmoid", "--budgets", "70000,80000", "--format", "csv"], in: folder.url)
    #expect(amounts.status == 0 && rows(amounts.output).map { $0[1] } == ["budget", "70000.0", "80000.0"])
    let single = try CommandRun(["scenarios"] + Self.ammm + ["--no-scenarios", "--out", "single"], in: folder.url)
    #expect(single.status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("single/70_optimisation"))
    #expect(names.contains("optimization_results.csv") && !names.contains { $0.contains("scenario") })
    #expect(
      try CommandRun(["scenarios"] + Self.ammm + ["--no-scenarios", "--budgets", "5"], in: folder.url).status == 64)
    let wrong = try CommandRun(["scenarios"] + Self.ammm + ["--scenarios", "-100"], in: folder.url)
    #expect(wrong.status == 65 && wrong.errors.contains("--scenarios:1:2: error: "), "\(wrong.errors)")
    #expect(wrong.errors.contains("a change above -100 per cent"))
    let nothing = try CommandRun(["scenarios"] + Self.ammm + ["--budgets", "0"], in: folder.url)
    #expect(nothing.status == 65 && nothing.errors.contains("--budgets:1:2: error: "), "\(nothing.errors)")
  }

  @Test func `where some budgets have no plan the others are written, and the status says so`() throws {
    let folder = try folder()
    let capped = Self.ammm + ["--set", "bounds.default=[0, 35000]"]
    let some = try CommandRun(["scenarios"] + capped, in: folder.url)
    #expect(some.status == 2 && some.output.contains("No plan at 110,000: "), "\(some.output)")
    let table = rows(try folder.text("results/70_optimisation/budget_scenario_results.csv"))
    #expect(table.dropFirst().map { $0[2] } == ["solved", "solved", "solved", "infeasible", "infeasible"])
    let rich = capped.map { $0 == "100000" ? "1000000" : $0 }
    let none = try CommandRun(["scenarios"] + rich + ["--out", "none"], in: folder.url)
    #expect(none.status == 3 && none.output == "")
    #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
  }

  @Test func `a table's kind is asked for where its columns do not tell it`() throws {
    let folder = try folder()
    let unsaid = try CommandRun(["optimise", "curves.csv", "--budget", "5"], in: folder.url)
    #expect(unsaid.status == 64 && unsaid.errors.contains("expected sigmoid or michaelis_menten"))
    let told = try CommandRun(["optimise", "weekly.csv", "--budget", "2600", "--format", "json"], in: folder.url)
    #expect(told.status == 0 && told.output.contains("\"periods\": 52"), "\(told.errors)")
    try folder.write("plan.yaml", "posterior: {file: weekly.csv}\nhorizon: {num_periods: 1}\n")
    #expect(try CommandRun(["check", "plan.yaml", "--curves", "sigmoid"], in: folder.url).status == 64)
  }

  @Test func `plans are compared side by side, each with its own money`() throws {
    let folder = try folder()
    let run = try CommandRun(
      [
        "compare", "weekly.csv", "--budget", "1040", "--periods", "13", "--set", "current={TV: 520, Search: 520}",
        "current",
        "optimum", "My plan=mine.csv", "--set", "bounds.TV=[0, 800]", "--set", "measure=response",
      ], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    let table = rows(try folder.text("results/compare.csv"))
    #expect(table.map { $0[0] } == ["plan", "current", "optimum", "My plan"])
    #expect(table[0].suffix(2) == ["TV", "Search"] && table[3].suffix(5) == ["1", "", "", "900.0", "140.0"])
    // TV at 40 a week and Search at 40, by hand: 13 (10 + 990 / (1 + 1.25^1.5) + 800 / (1 + 0.75^2)).
    let value = try #require(Double(table[1][2]))
    #expect(abs(value - 13 * (10 + 990 / (1 + 1.25 * 1.25.squareRoot()) + 800 / 1.5625)) <= 1e-9 * value)
    let missing = try CommandRun(["compare", "weekly.csv", "--budget", "1040", "current"], in: folder.url)
    #expect(missing.status == 65 && missing.errors.contains("expected a current plan"))
    #expect(try CommandRun(["compare", "weekly.csv", "mine.csv", "mine.csv"], in: folder.url).status == 64)
  }

  @Test func `results by channel are DeepCausalMMM's`() throws {
    let folder = try folder()
    #expect(
      try CommandRun(["optimise", "weekly.csv", "--budget", "1040", "--periods", "13"], in: folder.url).status == 0)
    let table = rows(try folder.text("results/by_channel.csv"))
    #expect(
      table[0] == [
        "channel", "total_spend", "weekly_spend", "weekly_response", "total_response", "roi", "spend_pct",
        "response_pct",
        "saturation_point", "saturation_pct", "slope",
      ])
    let numbers = table.dropFirst().map { $0.dropFirst().compactMap(Double.init) }
    #expect(numbers.map { $0[0] } == numbers.map { $0[0] }.sorted(by: >))
    for (row, own) in zip(table.dropFirst(), numbers) {
      let (top, bottom, half, slope) = row[0] == "TV" ? (1000.0, 10.0, 50.0, 1.5) : (800, 0, 30, 2)
      let weekly = bottom + (top - bottom) / (1 + pow(half / own[1], slope))
      #expect(abs(own[2] - weekly) <= 1e-9 * weekly && abs(own[3] - 13 * weekly) <= 1e-8 * weekly)
      #expect(abs(own[4] - own[3] / own[0]) <= 1e-9 * own[4] && own[7] == half && own[9] == slope)
    }
    #expect(abs(numbers.reduce(0) { $0 + $1[5] } - 100) <= 1e-9 && abs(numbers.reduce(0) { $0 + $1[6] } - 100) <= 1e-9)
    let fitted = try CommandRun(["optimise"] + Self.ammm, in: folder.url)
    #expect(fitted.output.contains("R²") && fitted.output.contains("0.900"))
  }

  @Test func `an exploratory answer says so in every table and report`() throws {
    let folder = try folder()
    try folder.write(
      "plan.yaml",
      "posterior: {file: curves.csv, format: curves, curves: {kind: sigmoid}}\nhorizon: {num_periods: 1}\nbudget: {total: 100000}\ndiagnostics: {folder: 50_diagnostics}\n"
    )
    for arguments in [["optimise"], ["scenarios"]] {
      let run = try CommandRun(arguments + ["plan.yaml", "--out", "out"], in: folder.url)
      #expect(run.status == 0 && run.output.hasPrefix("EXPLORATORY"), "\(run.errors)")
    }
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder.path("out"))
    let tables = all.filter { $0.hasSuffix(".csv") && !$0.contains("figures/") }
    #expect(tables.count == 10, "\(tables)")
    for name in tables {
      let table = rows(try folder.text("out/\(name)"))
      #expect(table[0].last == "exploratory" && table.dropFirst().allSatisfy { $0.last == "true" }, "\(name)")
    }
    let scripts = all.filter { $0.hasSuffix(".gp") }
    #expect(scripts.contains { $0.hasSuffix("scenario_roi_comparison.gp") })
    for name in scripts { #expect(try folder.text("out/\(name)").contains("EXPLORATORY"), "\(name)") }
    for name in all where name.hasSuffix("recommendation.json") || name.hasSuffix("scenarios.json") {
      #expect(try folder.text("out/\(name)").contains("convergence_report.json is not there"))
    }
    let scored = try CommandRun(["evaluate", "plan.yaml", "-a", "out/allocation.csv"], in: folder.url)
    #expect(scored.status == 0, "\(scored.errors)")
    let strict = try CommandRun(["optimise", "plan.yaml", "--set", "diagnostics.gate=strict"], in: folder.url)
    #expect(strict.status == 65 && strict.errors.contains("expected checks that pass"))
  }

  @Test func `a curve is fitted for the channels that are asked for, from contributions and media`() throws {
    let folder = try TemporaryFolder()
    let examples = packageRoot.appendingPathComponent("data/examples").path
    let fit = try CommandRun(
      [
        "fit", "\(examples)/contributions.csv", "--media", "\(examples)/media.csv", "--family", "hill_bottom",
        "--channel", "Social", "--channel", "TV", "--out", "fitted",
      ], in: folder.url)
    #expect(fit.status == 0 && fit.output.contains("2 observations dropped"), "\(fit.errors)")
    let curves = rows(try folder.text("fitted/curves.csv"))
    #expect(curves[0].prefix(5) == ["channel", "top", "bottom", "saturation", "slope"])
    #expect(curves.map { $0[0] } == ["channel", "TV", "Social"])
    #expect(
      rows(try folder.text("fitted/prepared.csv"))[0] == [
        "week_monday", "channel", "spend", "impressions", "predicted",
      ])
    let best = try CommandRun(["optimise", "fitted/curves.csv", "--budget", "1e6"], in: folder.url)
    #expect(best.status == 0 && best.output.contains("R²"), "\(best.errors)")
  }
}
