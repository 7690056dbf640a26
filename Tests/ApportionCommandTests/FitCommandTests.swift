import Foundation
import Testing

@testable import ApportionCommand

/// The command from a history to curves, draws, a plan and its answer.
@Suite struct FitCommandTests {
  /// 40 weeks of two channels in two regions, of Hill curves with a ripple for noise.
  private static let history: String = {
    var text = "date,channel,dma,spend,contribution\n"
    for week in 0..<40 {
      for (channel, top, half, slope) in [("tv", 900.0, 50.0, 1.5), ("radio", 300, 20, 1.2)] {
        for (region, share) in [("north", 0.6), ("south", 0.4)] {
          let spend = half * share * exp(1.2 * sin(Double(week * 7 + (channel == "tv" ? 0 : 3)) + share))
          let power = pow(spend / (half * share), slope)
          let noise = 1 + 0.03 * sin(Double(week * 13) + 5 * share)
          text += "2024-\(100 + week),\(channel),\(region),\(spend),\(top * share * power / (1 + power) * noise)\n"
        }
      }
    }
    return text
  }()

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("history.csv", FitCommandTests.history)
    return folder
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `a history becomes curves, draws and a plan that runs`() throws {
    let folder = try folder()
    let fit = try CommandRun(
      ["fit", "history.csv", "--family", "hill", "--out", "fitted", "--draws", "200", "--pictures", "none"],
      in: folder.url)
    #expect(fit.status == 0 && fit.errors == "", "\(fit.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("fitted/figures")))
    #expect(fit.output.contains("160 rows became 80 observations"))
    #expect(fit.output.contains("Next: apportion optimise fitted/plan.yaml"))
    #expect(fit.output.contains("saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}"))
    let record = try object(try folder.text("fitted/fit.json"))
    let curves = try #require(record["curves"] as? [[String: Any]])
    #expect(curves.map { $0["channel"] as? String } == ["tv", "radio"])
    let parameters = try #require(curves[0]["parameters"] as? [String: [String: Double]])
    let top = try #require(parameters["beta"])
    // 900 within its interval, and the estimate in the middle of it.
    let (low, high, best) = (try #require(top["q05"]), try #require(top["q95"]), try #require(top["estimate"]))
    #expect(low < 900 && high > 900 && abs(best - 900) < 60, "\(top)")

    let solved = try CommandRun(["optimise", "fitted/plan.yaml", "--out", "answer"], in: folder.url)
    #expect(solved.status == 0, "\(solved.errors)")
    #expect(solved.output.contains("all 200 draws") || solved.output.contains("of draws"), "\(solved.output)")
    let answer = try object(try folder.text("answer/recommendation.json"))
    #expect(try #require((answer["outcome"] as? [String: Double])?["sd"]) > 0)

    // The best curves alone, as the report says.
    try folder.write(
      "points.yaml",
      """
      posterior:
        file: fitted/curves.csv
        format: curves
        model: {saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}, carryover: none}
      horizon: {num_periods: 13}
      budget: {total: 1000}
      """)
    let points = try CommandRun(["optimise", "points.yaml", "--quiet"], in: folder.url)
    #expect(points.status == 0, "\(points.errors)")

    // A plan is never overwritten, and the same seed gives the same bytes on any number of threads.
    let draws = try folder.text("fitted/draws.csv")
    try folder.write("fitted/plan.yaml", "mine")
    let again = try CommandRun(
      ["fit", "history.csv", "--family", "hill", "--out", "fitted", "--draws", "200", "--threads", "1"], in: folder.url)
    #expect(again.status == 0 && again.output.contains("fitted/plan.yaml was there already, and is kept"))
    #expect(try folder.text("fitted/plan.yaml") == "mine" && folder.text("fitted/draws.csv") == draws)
  }

  @Test(arguments: [
    ("all", ["fitted_curves"]), ("each", ["fitted_curves", "fitted_curve_radio", "fitted_curve_t_v_"]),
  ])
  func `curves are drawn over their data, all in one or each too`(_ choice: String, _ names: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "history.csv",
      FitCommandTests.history.replacing(",tv,", with: ",t/v\",").replacing(",t/v\",", with: ",\"t/v\"\"\","))
    let fit = try CommandRun(
      ["fit", "history.csv", "--family", "hill", "--out", "fitted", "--draws", "50", "--pictures", choice],
      in: folder.url)
    #expect(fit.status == 0, "\(fit.errors)")
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path("fitted/figures"))
    #expect(Set(made) == Set(names.flatMap { ["\($0).gp", "\($0).csv"] }))
    // 80 weeks and regions of two channels, summed over regions.
    let rows = try folder.text("fitted/figures/fitted_curves.csv").split(separator: "\n")
    let columns = rows[0].split(separator: ",")
    let observed = try #require(columns.firstIndex(of: "observed"))
    let count = rows.dropFirst().filter {
      Double($0.split(separator: ",", omittingEmptySubsequences: false)[observed]) != nil
    }.count
    #expect(count == 80)
    if Gnuplot() != nil {
      let pictures = try FileManager.default.contentsOfDirectory(atPath: folder.path("fitted"))
      #expect(names.allSatisfy { pictures.contains("\($0).png") && pictures.contains("\($0).svg") }, "\(pictures)")
    }
  }

  @Test func `groups have curves of their own, planned by channel and group`() throws {
    let folder = try folder()
    let fit = try CommandRun(
      [
        "fit", "history.csv", "--family", "michaelis_menten", "--group-column", "dma", "--out", "fitted", "--draws",
        "50", "--uncertainty", "bootstrap", "--format", "csv",
      ], in: folder.url)
    #expect(fit.status == 0 && fit.output.hasPrefix("channel,dma,alpha,lam,r_squared"), "\(fit.errors)")
    #expect(fit.output.split(separator: "\n").count == 5)
    #expect(try folder.text("fitted/draws.csv").contains("\"alpha[tv,north]\""))
    let solved = try CommandRun(["optimise", "fitted/plan.yaml", "--out", "answer"], in: folder.url)
    #expect(solved.status == 0 && solved.output.contains("tv/north"), "\(solved.errors)")
  }

  @Test func `the history in the data folder has the curves that it was made of`() throws {
    let folder = try TemporaryFolder()
    let fit = try CommandRun([
      "fit", "data/history/history.csv", "--family", "hill", "--group-column", "region", "--out", folder.path("fitted"),
      "--format", "json", "--draws", "50", "--uncertainty", "bootstrap",
    ])
    #expect(fit.status == 0, "\(fit.errors)")
    let curves = try #require(try object(fit.output)["curves"] as? [[String: Any]])
    let truths = [[5e4, 3e4, 1.6], [8e4, 2e4, 1.1], [2e4, 8e3, 2.2], [9e4, 9e4, 1.3]]
    for (index, curve) in curves.enumerated() {
      let truth = truths[index / 2]
      let share = index % 2 == 0 ? 0.6 : 0.4
      let parameters = try #require(curve["parameters"] as? [String: [String: Double]])
      for (name, value) in zip(["beta", "kappa", "slope"], [truth[0] * share, truth[1] * share, truth[2]]) {
        // By the bootstrap's standard deviation: the noise is a share of the response, which standard errors do not know.
        let error = try #require(parameters[name]?["sd"])
        let estimate = try #require(parameters[name]?["estimate"])
        #expect(abs(estimate - value) < 4 * error, "\(index) \(name) \(estimate)")
      }
    }
    // Radio was never seen near its ceiling.
    #expect(try #require(curves[6]["warnings"] as? [String]).contains { $0.contains("beyond the largest seen") })
  }

  @Test func `AMMM's and DeepCausalMMM's tables are read back by their kinds`() throws {
    let folder = try folder()
    for (family, columns, further) in [
      ("sigmoid", "channel,alpha,lam,", []), ("hill_bottom", "channel,top,bottom,saturation,slope,", ["--bottom"]),
    ] {
      let fit = try CommandRun(
        ["fit", "history.csv", "--family", family, "--out", family, "--draws", "20", "--quiet"] + further,
        in: folder.url)
      #expect(fit.status == 0 && fit.output == "", "\(fit.errors)")
      #expect(try folder.text("\(family)/curves.csv").hasPrefix(columns))
      let inspect = try CommandRun(["inspect", "\(family)/curves.csv", "--curves", family], in: folder.url)
      #expect(inspect.status == 0, "\(inspect.errors)")
    }
  }

  @Test func `draws of contributions get a curve each`() throws {
    let folder = try TemporaryFolder()
    let weeks = 1...12
    try folder.write(
      "media.csv", "date,channel,spend\n" + weeks.map { "\($0),tv,\($0 * 10)\n" }.joined())
    let header = weeks.map { "\"contribution[tv,\($0)]\"" }.joined(separator: ",")
    let rows = (1...30).map { draw in
      "\((draw - 1) / 15 + 1),"
        + weeks.map { "\(Double(100 + draw) * Double($0) / (4 + Double($0)))" }.joined(separator: ",")
    }
    try folder.write("draws.csv", ".chain,\(header)\n" + rows.joined(separator: "\n") + "\n")
    let fit = try CommandRun(
      [
        "fit", "draws.csv", "--media", "media.csv", "--family", "michaelis_menten", "--out", "fitted", "--format",
        "json",
      ],
      in: folder.url)
    #expect(fit.status == 0, "\(fit.errors)")
    let lines = try folder.text("fitted/draws.csv").split(separator: "\n")
    #expect(lines.count == 31 && lines[0] == ".chain,.iteration,.draw,alpha[tv],lam[tv]")
    let last = lines[30].split(separator: ",").compactMap { Double($0) }
    #expect(last.prefix(3) == [2, 15, 30] && abs(last[3] - 130) < 1e-6 && abs(last[4] - 40) < 1e-6)
  }

  @Test(arguments: [
    (["nowhere.csv", "--family", "hill"], 66, "no such file"),
    (["history.csv", "--family", "hill", "--spend-column", "cost"], 65, "missing columns: expected cost"),
    (["history.csv", "--family", "hil"], 64, "hill_bottom"),
    (["history.csv", "--family", "hill", "--draws", "0"], 64, "--draws: expected 1 or more"),
    (["history.csv", "--family", "hill", "--media", "nowhere.csv"], 66, "nowhere.csv"),
    (["history.csv", "--family", "hill", "--channel", "tx"], 65, "expected channels of"),
    (["short.csv", "--family", "hill"], 65, "short.csv: error: tv: expected 4 observations or more"),
  ])
  func `a failure says why, has its status and leaves nothing`(arguments: [String], status: Int32, sentence: String)
    throws
  {
    let folder = try folder()
    try folder.write("short.csv", "channel,spend,contribution\ntv,1,2\n")
    let run = try CommandRun(["fit"] + arguments + ["--out", "fitted"], in: folder.url)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(sentence), "\(run.errors)")
    #expect(try folder.names == ["history.csv", "short.csv"])
  }
}
