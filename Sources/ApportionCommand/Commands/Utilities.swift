import ArgumentParser
import Planning
import Reporting
import Tables

struct Utilities: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the best plan by each of several utilities, and score every plan by all of them.",
    discussion: """
      Says what caution costs: how far the plan for the mean is below the best by the worst tenth of draws, and the other way round. Without \
      --by the plan's own utility is compared with the mean, expected shortfall and quantile at a tenth, mean less deviation and \
      semideviation, entropic, shortfall, target probability and Sharpe ratio; the target is then the current plan's mean (without one, that of the plan \
      for the mean), the unit of aversion its standard deviation.

      Writes utilities.csv (a row for each plan and utility), utility_plans.csv (a row a plan), utilities.json (everything) and \
      the picture utilities into the output folder.

      Examples:

        apportion utilities plan.yaml
        apportion utilities plan.yaml --by mean --by "{expected_shortfall: {tail: 0.05}}" --by "{quantile: {level: 0.2}}"
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A utility as a plan has it, in YAML; to be repeated.", valueName: "utility"))
  var by: [String] = []

  @OptionGroup var folder: FolderOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let files = ["utilities.csv", "utility_plans.csv", "utilities.json"]

  func validate() throws {
    if by.count == 1 { throw ValidationError("--by: expected at least two utilities, found 1") }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, folder, verbosity) }
    let asked = try by.map { try plan.utility($0, of: "--by \($0)") }
    var seen: Set<String> = []
    for utility in asked where !seen.insert(utility.description).inserted {
      throw ValidationError("--by: expected each utility once, found \(utility.description) twice")
    }
    let job = try Job(plan) { try delivery($0).check(only: Self.files, figures: UtilityMatrix.figureNames) }
    let record = try progress.stage("Taking digests") { try job.record() }
    let compared = try progress.stage("Compiling the plan") {
      try asked.isEmpty
        ? UtilityMatrix.customary(job.plan, outcome: reference(job)) : asked.map { ComparedUtility($0) }
    }
    let matrix = try progress.search("Solving") { said in
      try UtilityMatrix(job.plan, job.posterior, utilities: compared, record: record, progress: said)
    }
    let texts = [matrix.table.csv, matrix.planTable.csv, matrix.jsonReport]
    try delivery(job.plan).deliver(
      [], zip(Self.files, texts).map { ($0, $1) }, figures: matrix.figures,
      owned: Self.files + Gnuplot.Drawing.paths(UtilityMatrix.figureNames)
    ) {
      format, written in
      switch format {
      case .json: matrix.jsonReport
      case .csv: matrix.table.csv
      case .text: matrix.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !matrix.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }

  /// Draws that amounts of outcome are taken from.
  private func reference(_ job: Job) throws -> [Double] {
    var plan = job.plan
    plan.utility = UtilityChoice(name: Placed("mean"))
    let best = try CompiledPlan(plan, job.posterior).optimise()
    return best.currentDraws ?? best.draws
  }
}
