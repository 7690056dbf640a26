import Foundation
import Testing

/// The commands on a file of Meridian's draws, which holds neither the data nor the settings of its model.
@Suite struct MeridianCommandTests {
  private static let data = packageRoot.appendingPathComponent("data/meridian")

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, copy) in [("geo_geometric_1.nc", "posterior.nc"), ("geo_geometric_1.csv", "data.csv")] {
      try FileManager.default.copyItem(
        at: Self.data.appendingPathComponent(name), to: folder.url.appendingPathComponent(copy))
    }
    return folder
  }

  @Test func `inspect shows what the file holds, and the keys of a plan for the rest`() throws {
    let folder = try folder()
    let run = try CommandRun(["inspect", "posterior.nc"], in: folder.url)
    #expect(run.status == 0 && run.errors == "", "\(run.errors)")
    for part in [
      "posterior.nc (meridian)\n", "  Channel  3: tv, search, social\n", "  Geo      3: ", "40 (2 chains of 20)\n",
      "Largest R-hat",
      "  alpha_m[tv]", "\n  format: meridian\n",
      "\n  data: {file: data.csv, geo: geo, time: time, population: population, kpi:",
      "\n  meridian: {max_lag: 8, adstock: geometric, saturation: hill, hill_before_adstock: false}\n",
    ] {
      #expect(run.output.contains(part), "\(part)")
    }
    let json = try CommandRun(["inspect", "posterior.nc", "--format", "json"], in: folder.url)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["missing"] as? [String] == ["posterior.data", "posterior.meridian"])
    let mean = ((object["parameters"] as? [String: Any])?["alpha_m[tv]"] as? [String: Double])?["mean"] ?? 2
    let csv = try CommandRun(["inspect", "posterior.nc", "--format", "csv"], in: folder.url)
    #expect(csv.output.hasPrefix("parameter,mean,sd,q05,q50,q95\nalpha_m[tv],\("\(mean)".prefix(12))"), "\(mean)")
  }

  @Test func `init marks the keys in their place, and with them the plan runs`() throws {
    let folder = try folder()
    let made = try CommandRun(["init", "posterior.nc", "--out", "plan.yaml"], in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    #expect(
      made.errors.contains("To be filled in: posterior.data, posterior.meridian. Next: apportion optimise plan.yaml"))
    let check = try CommandRun(["check", "plan.yaml"], in: folder.url)
    #expect(check.status == 65 && check.errors.contains("posterior lacks data, expected data: {file: …, kpi: …}"))
    let plan = try folder.text("plan.yaml")
    #expect(plan.split(separator: "\n").count { $0.hasPrefix("  # FILL IN: The ") } == 2)
    try folder.write(
      "plan.yaml", plan.replacing("  # data: {", with: "  data: {").replacing("  # meridian: {", with: "  meridian: {"))
    let solved = try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url)
    #expect(solved.status == 0 || solved.status == 2, "\(solved.errors)")
    // By keys alone, too.
    let settings = [
      "posterior.data={file: data.csv, geo: geo, population: population, kpi: conversions, media: \"{channel}_impression\"}",
      "posterior.meridian.max_lag=5",
    ]
    let inspect = try CommandRun(["inspect", "posterior.nc"] + settings.flatMap { ["--set", $0] }, in: folder.url)
    #expect(
      inspect.status == 0 && inspect.output.contains("Adstock     geometric, 6 periods, normalised"),
      "\(inspect.errors)")
  }

  @Test func `init of a plan keeps what the plan says of its posterior, from another folder too`() throws {
    let folder = try folder()
    try folder.write(
      "plan.yaml",
      """
      posterior:
        file: posterior.nc
        format: meridian
        data: {file: data.csv, geo: geo, population: population, kpi: conversions, media: "{channel}_impression", spend: "{channel}_spend"}
        meridian: {max_lag: 5}
      horizon: {num_periods: 4}
      """)
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("plans"), withIntermediateDirectories: false)
    let made = try CommandRun(["init", "plan.yaml", "--out", "plans/next.yaml"], in: folder.url)
    #expect(made.status == 0 && !made.errors.contains("filled in"), "\(made.errors)")
    let check = try CommandRun(["check", "plans/next.yaml"], in: folder.url)
    #expect(check.status == 0, "\(check.errors)")
    for part in ["max_lag: 5", "file: plans/../data.csv"] { #expect(check.output.contains(part), "\(part)") }
    // What the plan left to the posterior is settled, and what an amount is shared over is said.
    for part in [
      "Money is spread over the periods, and over geo as it was", "Observed media carry over into the plan;",
      "carry_in: true",
    ] {
      #expect(check.output.replacing("\n    ", with: " ").contains(part), "\(part)")
    }
  }
}
