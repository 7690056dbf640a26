import ArgumentParser
import Planning
import Reporting
import Tables

struct Frontier: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find what more safety costs: the best mean at each level of risk.",
    discussion: """
      From the plan with the best mean to the one that is best by a measure of risk, the best mean among all plans that are as safe, each point \
      with its proof where the measure permits one; and how far below that frontier the plan's own optimum and the current plan are. \
      Limits of the plan hold on all of it.

      Writes frontier.csv (a row a point), frontier.json (everything) and the picture frontier into the output folder.

      Examples:

        apportion frontier plan.yaml
        apportion frontier plan.yaml --risk "{expected_shortfall: {tail: 0.1}}" --points 21
        apportion frontier plan.yaml --risk standard_deviation
        apportion frontier plan.yaml --risk "{quantile: {level: 0.05}}"
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    help: ArgumentHelp(
      "What the mean is set against (default: the mean of the worst twentieth of draws).",
      discussion: "standard_deviation, of which less is better, or a utility as a plan has it, in YAML.",
      valueName: "measure"))
  var risk: String?

  @Option(help: ArgumentHelp("How many points, both ends among them: 2 or more.", valueName: "number"))
  var points: Int = EfficientFrontier.usualCount

  @OptionGroup var folder: FolderOptions

  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let files = ["frontier.csv", "frontier.json"]

  func validate() throws {
    if points < 2 || points > 1000 {
      throw ValidationError("--points: expected a number from 2 to 1000, found \(points)")
    }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let measure = try risk.map { try read($0) } ?? .usual
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, folder, verbosity) }
    let job = try Job(plan) { try delivery($0).check(only: Self.files, figures: EfficientFrontier.figureNames) }
    let record = try progress.stage("Taking digests") { try job.record() }
    let frontier = try progress.search("Solving") { said in
      try EfficientFrontier(job.plan, job.posterior, risk: measure, points: points, record: record, progress: said)
    }
    try delivery(job.plan).deliver(
      [], [(Self.files[0], frontier.table.csv), (Self.files[1], frontier.jsonReport)], figures: frontier.figures
    ) { format, written in
      switch format {
      case .json: frontier.jsonReport
      case .csv: frontier.table.csv
      case .text: frontier.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !frontier.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }

  private func read(_ text: String) throws -> FrontierRisk {
    if ["standard_deviation", "sd"].contains(text) { return .standardDeviation }
    let measure = try plan.utility(text, of: "--risk \(text)")
    guard measure.name.value != "mean" else {
      throw ValidationError(
        "--risk: expected a measure of risk, such as expected_shortfall, quantile or sd, found mean")
    }
    return FrontierRisk(measure)
  }
}
