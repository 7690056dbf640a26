import Foundation
import Testing

/// Posteriors as files of another kind, and plans that read them.
@Suite struct ConvertCommandTests {
  private let weekly = packageRoot.appendingPathComponent("data/weekly")

  @Test func `a converted model gets the same answer`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: weekly.appendingPathComponent("model.nc"), to: folder.url.appendingPathComponent("model.nc"))
    let plan = try String(contentsOf: weekly.appendingPathComponent("plan.yaml"), encoding: .utf8)
    try folder.write("plan.yaml", plan)
    let run = try CommandRun(["convert", "plan.yaml", "--out", "compact.nc"], in: folder.url)
    #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors == "Written: compact.nc, the 2,000 draws of model.nc\n")
    let original = try CommandRun(["optimise", "plan.yaml", "--out", "a", "--quiet"], in: folder.url)
    let converted = try CommandRun(
      [
        "optimise", "plan.yaml", "--set", "posterior.file=compact.nc", "--set", "posterior.format=apportion", "--out",
        "b",
      ]
        + ["--quiet"], in: folder.url)
    #expect(original.status == 0 && converted.status == 0, "\(converted.errors)")
    for name in ["allocation.csv", "calendar.csv"] {
      #expect(try folder.text("b/\(name)") == folder.text("a/\(name)"))
    }
    let answers = try ["a", "b"].map { name in
      try #require(
        JSONSerialization.jsonObject(with: Data(folder.text("\(name)/recommendation.json").utf8)) as? NSDictionary)
    }
    let names = try #require(answers[0].allKeys as? [String])
    #expect(Set(names).isSuperset(of: ["utility", "outcome", "diagnostics", "warnings", "allocation"]))
    // That of the inputs' digests, of the plan, and of how long it took.
    for name in names where !["reproducibility", "solver"].contains(name) {
      #expect(answers[0][name] as? NSObject == answers[1][name] as? NSObject, "\(name)")
    }
    let inspect = try CommandRun(["inspect", "compact.nc"], in: folder.url)
    #expect(inspect.output.contains("compact.nc (apportion)") && inspect.output.contains("model.nc (pymc-marketing)"))
  }

  @Test(arguments: ["csv", "npz"]) func `draws and the block that reads them get the same answer`(ending: String) throws
  {
    let folder = try TemporaryFolder()
    for name in ["fit_1.csv", "fit_2.csv"] {
      try FileManager.default.copyItem(
        at: packageRoot.appendingPathComponent("Tests/Fixtures/draws/\(name)"),
        to: folder.url.appendingPathComponent(name))
    }
    let rest = "horizon: {num_periods: 4}\nbudget: {total: 10}\ncurrent: {tv: 3, search: 3, radio: 4}\n"
    try folder.write(
      "plan.yaml",
      """
      posterior:
        file: fit_*.csv
        model:
          channels: [tv, search, radio]
          saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}
          carryover: {geometric: {alpha: alpha}, window: 4}
          channel_scale: {tv: 1000, search: 500, radio: 250}
          outcome_scale: 12.5
      \(rest)
      """)
    let run = try CommandRun(["convert", "plan.yaml", "--out", "draws.\(ending)"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output.hasPrefix("posterior:\n  file: draws.\(ending)\n  format: \(ending)\n  model:\n"), "\(run.output)")
    try folder.write("again.yaml", run.output + rest)
    for (plan, out) in [("plan.yaml", "a"), ("again.yaml", "b")] {
      let solved = try CommandRun(["optimise", plan, "--out", out, "--quiet"], in: folder.url)
      #expect(solved.status == 0, "\(solved.errors)")
    }
    #expect(try folder.text("b/allocation.csv") == folder.text("a/allocation.csv"))
  }

  @Test func `an output that is there is replaced whole, and nothing is left beside it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("model.nc", "old")
    let curves = packageRoot.appendingPathComponent("Tests/Fixtures/draws/curves.csv").path
    try folder.write(
      "curves.csv",
      String(contentsOfFile: curves, encoding: .utf8).replacing(
        "medium,top,half,n", with: "channel,top,saturation,slope"))
    let arguments = ["convert", "curves.csv", "--curves", "hill_bottom", "--out", "model.nc", "--quiet"]
    let run = try CommandRun(arguments, in: folder.url)
    #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.errors)")
    #expect(try folder.names == ["curves.csv", "model.nc"])
    let first = try Data(contentsOf: folder.url.appendingPathComponent("model.nc"))
    #expect(first.count > 1000)
    let again = try CommandRun(arguments.dropLast(), in: folder.url)
    #expect(again.status == 0 && again.errors == "Written: model.nc, the draw of curves.csv\n")
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("model.nc")) == first)
    // What cannot be converted leaves what was there.
    #expect(try CommandRun(["convert", "missing.nc", "--out", "model.nc"], in: folder.url).status == 66)
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("model.nc")) == first)
  }

  @Test(arguments: [
    (
      ["convert", "model.nc", "--out", "model.rds"], 64,
      "--out: expected a file whose name ends in one of .nc, .csv, .npz, found 'model.rds'"
    ),
    (["convert", "model.nc", "--out", "model"], 64, "found 'model'"), (["convert", "model.nc"], 64, "--out"),
    (["convert", "--out", "model.nc"], 64, "Missing expected argument"),
    (
      ["convert", "missing.nc", "--out", "out.nc"], 66, "missing.nc: error: cannot be opened: no such file or directory"
    ),
    (["convert", "missing.yaml", "--out", "out.nc"], 66, "missing.yaml"),
    (["convert", "wide.csv", "--out", "./wide.csv"], 73, "wide.csv is what is read: expected another file for --out"),
    (["convert", "wide.csv", "--out", "wide.csv/out.nc"], 73, "is not a folder"),
    (["convert", "wide.csv", "--out", "out.nc"], 65, "holds draws (csv) and does not say what its variables mean"),
    (["convert", "varying.nc", "--out", "out.csv"], 65, "varies in time; a NetCDF file (.nc) has a place for it"),
  ]) func `a failure says why, and has its status`(arguments: [String], status: Int32, sentence: String) throws {
    let folder = try TemporaryFolder()
    for (from, to) in [("Tests/Fixtures/draws/wide.csv", "wide.csv"), ("data/pymc/time_varying_1.nc", "varying.nc")] {
      try FileManager.default.copyItem(
        at: packageRoot.appendingPathComponent(from), to: folder.url.appendingPathComponent(to))
    }
    let run = try CommandRun(arguments, in: folder.url)
    #expect(run.status == status && run.errors.contains(sentence), "\(run.status) \(run.errors)")
    #expect(try folder.names == ["varying.nc", "wide.csv"])
  }
}
