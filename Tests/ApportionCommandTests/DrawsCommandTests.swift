import Foundation
import Testing

/// The commands on files of draws, from the files to a plan, an answer and its replay.
@Suite struct DrawsCommandTests {
  private static let draws = packageRoot.appendingPathComponent("Tests/Fixtures/draws")

  private func folder(_ names: String...) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in names {
      try FileManager.default.copyItem(
        at: DrawsCommandTests.draws.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
    }
    return folder
  }

  @Test func `inspect shows the variables, and the block that init puts into a plan that runs`() throws {
    let folder = try folder("fit_1.csv", "fit_2.csv")
    let files = ["fit_1.csv", "fit_2.csv"]
    let inspect = try CommandRun(["inspect"] + files, in: folder.url)
    #expect(inspect.status == 0, "\(inspect.errors)")
    let block = "    saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}\n"
    #expect(inspect.output.contains("40 (2 chains of 20)") && inspect.output.contains(block), "\(inspect.output)")
    #expect(inspect.output.contains("posterior.model.channels          the names of its 3, in the file's order\n"))
    #expect(inspect.output.contains("Largest R-hat") && inspect.output.contains("channel_1  geometric  alpha"))
    let table = try CommandRun(["inspect", "fit_*.csv", "--format", "csv"], in: folder.url)
    #expect(table.output == "variable,dims,elements\nalpha,3,3\nbeta,3,3\nkappa,3,3\nslope,,1\n", "\(table.output)")
    let made = try CommandRun(["init"] + files + ["--out", "plan.yaml"], in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try folder.text("plan.yaml").contains(block))
    let solved = try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url)
    #expect(solved.status == 0, "\(solved.errors)")
    #expect(try folder.text("results/recommendation.json").contains("\"fit_2.csv\""))
    let replayed = try CommandRun(["verify", "results/certificate.json"], in: folder.url)
    #expect(replayed.status == 0 && replayed.output.hasPrefix("Replayed over 40 draws: "), "\(replayed.errors)")
  }

  @Test func `a pattern stands for its files, whose digests are kept, and check says what the plan means`() throws {
    let folder = try folder("fit_1.csv", "fit_2.csv")
    try folder.write(
      "plan.yaml",
      """
      posterior:
        file: fit_*.csv
        model: {channels: [tv, search, radio], saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}}
      horizon: {num_periods: 4}
      budget: {total: 10}
      """)
    let check = try CommandRun(["check", "plan.yaml"], in: folder.url)
    #expect(check.status == 0 && check.output.contains("all draws of fit_*.csv"), "\(check.errors)")
    #expect(check.output.contains("saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}"))
    #expect(try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url).status == 0)
    let answer = try folder.text("results/recommendation.json")
    #expect(answer.contains("\"fit_1.csv\"") && answer.contains("\"fit_2.csv\""))
  }

  @Test func `what no name tells is asked for by its key`() throws {
    let folder = try folder("slope.npy")
    let inspect = try CommandRun(["inspect", "slope.npy"], in: folder.url)
    #expect(inspect.status == 0, "\(inspect.errors)")
    #expect(inspect.output.contains("saturation: {hill: {beta: NAME, kappa: NAME, slope: slope}}"), "\(inspect.output)")
    #expect(inspect.output.contains("posterior.model.saturation.hill.beta   a variable's name, or a number\n"))
    #expect(!inspect.output.contains("By this block"))
  }

  @Test func `a block by which the file is refused is shown with the refusal`() throws {
    let folder = try TemporaryFolder()
    try folder.write("draws.csv", ".chain,.draw,beta[tv],beta[tv2],lam\n1,1,0.5,1,0.25\n1,2,0.5,1,-0.25\n")
    let inspect = try CommandRun(["inspect", "draws.csv"], in: folder.url)
    #expect(
      inspect.status == 0 && inspect.output.contains("By this block the file is refused: draws.csv:3:1: error: lam"))
  }

  @Test func `init marks what no name tells, and check names it`() throws {
    let folder = try folder("slope.npy")
    let made = try CommandRun(["init", "slope.npy", "--out", "plan.yaml"], in: folder.url)
    let keys = "posterior.model.saturation.hill.beta, posterior.model.saturation.hill.kappa"
    #expect(made.status == 0 && made.errors.contains("To be filled in: \(keys). Next: "), "\(made.errors)")
    let plan = try folder.text("plan.yaml")
    #expect(
      plan.contains("# FILL IN: \(keys); the rest is GUESSED")
        && plan.contains("{beta: NAME, kappa: NAME, slope: slope}"))
    let check = try CommandRun(["check", "plan.yaml"], in: folder.url)
    #expect(check.status == 65 && check.errors.contains("hill.beta: no variable NAME, expected one of slope"))
    let shown = try CommandRun(["init", "slope.npy"], in: folder.url)
    #expect(shown.status == 0 && shown.output == plan && shown.errors == "To be filled in: \(keys).\n")
  }

  @Test func `keys may be set where there is no plan`() throws {
    let folder = try folder("wide.csv", "fit_1.csv")
    let thinned = try CommandRun(["inspect", "wide.csv", "--set", "posterior.draws=10"], in: folder.url)
    #expect(thinned.status == 0 && thinned.output.contains("10 of 40 (2 chains of 20)"), "\(thinned.output)")
    let linear = "posterior.model.saturation={linear: {beta: beta}}"
    let mapped = try CommandRun(["inspect", "wide.csv", "--set", linear], in: folder.url)
    #expect(mapped.output.contains("search   linear  beta") && !mapped.output.contains("What the names suggest"))
    let draws = ["--set", "posterior.draws=1"]
    let converted = try CommandRun(["convert", "wide.csv", "--out", "a.nc", "--set", linear] + draws, in: folder.url)
    #expect(converted.status == 0 && converted.errors == "Written: a.nc, the draw of wide.csv\n", "\(converted.errors)")
    try folder.write("plan.yaml", "posterior: {file: wide.csv}\nhorizon: {num_periods: 2}\n")
    let planned = try CommandRun(["inspect", "plan.yaml", "--set", linear] + draws, in: folder.url)
    #expect(planned.output.contains("linear  beta") && planned.output.contains("a point estimate"), "\(planned.errors)")
    // A format may be forced on a file that is looked at.
    let forced = try CommandRun(["inspect", "fit_1.csv", "--set", "posterior.format=npz"], in: folder.url)
    #expect(forced.status == 65 && forced.errors.contains("expected numpy's array (npy)"), "\(forced.errors)")
  }

  @Test func `a table of curves shows its columns, and how they map`() throws {
    let folder = try folder("curves.csv")
    // The only column of texts has the channels.
    let inspect = try CommandRun(["inspect", "curves.csv"], in: folder.url)
    #expect(inspect.status == 0, "\(inspect.errors)")
    for part in [
      "  format: curves\n  curves: {channel_column: medium}\n  model:\n",
      "saturation: {hill: {beta: top, kappa: half, slope: \"n\"}}", "tv       geometric  alpha",
    ] {
      #expect(inspect.output.contains(part), "\(inspect.output)")
    }
    let made = try CommandRun(
      ["init", "curves.csv", "--channel-column", "medium", "--out", "plan.yaml"], in: folder.url)
    #expect(made.status == 0, "\(made.errors)")
    let solved = try CommandRun(["optimise", "plan.yaml", "--quiet"], in: folder.url)
    #expect(solved.status == 0, "\(solved.errors)")
  }

  @Test(arguments: [
    (["check", "plan.yaml"], 65, "wide.csv: error: holds draws (csv) and does not say what its variables mean"),
    (
      ["check", "plan.yaml", "--set", "posterior.model.saturation={linear: {beta: btea}}"], 65,
      "wide.csv: error: posterior.model.saturation.linear.beta: no variable btea"
    ),
    (
      ["check", "plan.yaml", "--set", "posterior.model.saturation={linaer: {beta: beta}}"], 65,
      "--set posterior.model.saturation:1:2: error: unknown name in posterior.model.saturation"
    ),
    (["check", "plan.yaml", "--set", "posterior.file=wild_*.csv"], 66, "wild_*.csv: error: no such file"),
    (["check", "plan.yaml", "--set", "posterior.format=cmdstan"], 65, "posterior lacks model"),
    (
      ["inspect", "texts.csv"], 65,
      "texts.csv:1:1: error: no column channel with the channels' names, found medium, owner, top: name it by channel_column"
    ),
    (["init", "texts.csv"], 65, "name it by channel_column"),
    (["inspect", "missing.npz"], 66, "missing.npz: error: cannot be opened: no such file or directory"),
    (["inspect"], 64, "Missing expected argument"),
    (
      ["inspect", "wide.csv", "--set", "budget.total=5"], 64,
      "--set: expected a key of the posterior, such as posterior.draws=100"
    ),
    (
      ["convert", "wide.csv", "--out", "a.nc", "--set", "posterior.format=cdv"], 64,
      "expected one of auto, pymc-marketing, meridian"
    ),
    (["inspect", "wide.csv", "--set", "posterior.drwas=5"], 65, "--set posterior.drwas:1:1: error: unknown key"),
  ])
  func `a failure says why, and has its status`(arguments: [String], status: Int32, sentence: String) throws {
    let folder = try folder("wide.csv", "slope.npy", "curves.csv")
    try folder.write("plan.yaml", "posterior: {file: wide.csv}\nhorizon: {num_periods: 2}\n")
    try folder.write("texts.csv", "medium,owner,top\ntv,a,1\n")
    let run = try CommandRun(arguments, in: folder.url)
    #expect(run.status == status && run.errors.contains(sentence), "\(run.status) \(run.errors)")
  }
}
