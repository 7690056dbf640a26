import Foundation
import Testing

/// The commands on Robyn's files, from an export to a plan, an answer and its replay.
@Suite struct RobynCommandTests {
  private static let files = packageRoot.appendingPathComponent("Tests/Fixtures/robyn")

  private func folder(_ names: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in names {
      try FileManager.default.copyItem(
        at: RobynCommandTests.files.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
    }
    return folder
  }

  @Test func `an export and its data make a plan that runs, with history's shares to beat`() throws {
    let files = ["RobynModel-1_2_3.json", "raw_data.csv"]
    let folder = try folder(files)
    let inspect = try CommandRun(["inspect"] + files, in: folder.url)
    #expect(inspect.status == 0 && inspect.output.contains("1: a point estimate"), "\(inspect.errors)")
    #expect(inspect.output.contains("responses over that time are Robyn's own"))
    #expect(try CommandRun(["init"] + files + ["--out", "plan.yaml"], in: folder.url).status == 0)
    #expect(try folder.text("plan.yaml").contains("start: 2023-02-27"))
    let solved = try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url)
    #expect(solved.status == 0, "\(solved.errors)")
    #expect(try CommandRun(["verify", "results/certificate.json"], in: folder.url).status == 0)
  }

  @Test func `a Pareto set's answer warns that it is of scenarios`() throws {
    let folder = try folder([
      "RobynModel-inputs.json", "raw_data.csv", "pareto_hyperparameters.csv", "pareto_aggregated.csv",
    ])
    try folder.write(
      "plan.yaml",
      "posterior: {file: [RobynModel-inputs.json, '*.csv'], format: robyn}\nhorizon: {num_periods: 13}\nbudget: {total: 5e5}\n"
    )
    let solved = try CommandRun(["optimise", "plan.yaml"], in: folder.url)
    #expect(solved.status == 0 && solved.output.contains("scenarios, not a posterior"), "\(solved.errors)")
    let check = try CommandRun(
      ["check", "plan.yaml", "--set", "posterior.model={saturation: {linear: {beta: 1}}}"], in: folder.url)
    #expect(check.status == 65 && check.errors.contains("expected no model beside format: robyn"), "\(check.errors)")
  }

  @Test func `without its data an export is refused, whose columns are said`() throws {
    let folder = try folder(["RobynModel-1_2_3.json"])
    let inspect = try CommandRun(["inspect", "RobynModel-1_2_3.json"], in: folder.url)
    #expect(inspect.status == 65 && inspect.errors.contains("with the columns DATE, tv_S, search_S, radio_S"))
  }
}
