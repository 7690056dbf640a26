import ArgumentParser
import Planning
import ResponseModel

struct Evaluate: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a given allocation under a plan, without solving.",
    discussion: """
      The allocation is a CSV file: channel,spend over the horizon, spread over the periods as the plan says; or \
      period,channel,spend. A model of more dims has a column for each; columns stand in any order. Cells and periods \
      without a row spend nothing. allocation.csv and calendar.csv of an earlier run are read as they are. The plan needs \
      no budget. Limits that the allocation breaks are reported, and the exit status is then 2.

      Writes the same files as optimise; without --out, in the folder 'evaluation' of the plan's output folder.

      Examples:

        apportion evaluate plan.yaml --allocation proposal.csv
        apportion evaluate plan.yaml --allocation results/calendar.csv --format json
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The allocation to be scored (CSV).", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var allocation: String

  @OptionGroup var loss: LossOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func delivery(_ given: Plan) -> Delivery { Delivery(given, answer, verbosity, subfolder: "evaluation") }
    let job = try Job(plan, settings: loss.settings, further: [allocation]) { try delivery($0).check() }
    let given = try progress.stage("Reading \(allocation)") {
      try Allocation.read(path: allocation, over: job.plan.horizon, dims: job.posterior.dims.map(\.name))
    }
    let compiled = try progress.stage("Compiling the plan") {
      try CompiledPlan(job.plan, job.posterior, scoring: given)
    }
    let record = try progress.stage("Taking digests") { try job.record() }
    let recommendation = progress.stage("Scoring") { compiled.evaluate(record: record) }
    try delivery(job.plan).deliver(recommendation, of: compiled)
    if recommendation.status == .evaluatedOutsideLimits { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
