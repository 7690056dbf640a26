import ArgumentParser
import Planning
import Reporting
import Tables

struct Ladder: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the best plan at budgets from half to twice the plan's own, and where more money stops paying.",
    discussion: """
      Solves the plan for each rung, by default from 50 % less to 100 % more in steps of 10 %, and between the two rungs where the next unit of \
      money comes to bring less than --level (1: it no longer pays for itself) for the budget where it does. What it brings is counted \
      in money where the plan has an outcome_value.

      Writes ladder.csv (a row a rung), ladder.json (everything), the picture ladder, and the files of optimise for the \
      plan's own budget.

      Examples:

        apportion ladder plan.yaml
        apportion ladder plan.yaml --rungs "-50,0,50,100,200" --level 1.5
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Changes of the budget in per cent, separated by commas.", valueName: "list"))
  var rungs: String?

  @Option(help: ArgumentHelp("What the next unit of money is to bring.", valueName: "number"))
  var level: Double = 1

  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let files = ["ladder.csv", "ladder.json"]

  func validate() throws {
    try checkNumbers(rungs, of: "--rungs")
    if !(level > 0 && level.isFinite) { throw ValidationError("--level: expected a number above 0, found \(level)") }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, answer, verbosity) }
    let job = try Job(
      plan, settings: rungs.map { [OptionSetting(option: "--rungs", key: "scenarios.budgets", value: "[\($0)]")] } ?? []
    ) {
      try delivery($0).check(Self.files, figures: BudgetLadder.figureNames)
    }
    let record = try progress.stage("Taking digests") { try job.record() }
    let ladder = try progress.search("Solving") { said in
      try BudgetLadder(
        job.plan, job.posterior, rungs: rungs == nil ? nil : job.plan.scenarios, level: level, record: record,
        progress: said)
    }
    var own: [(recommendation: Recommendation, plan: CompiledPlan)] = []
    if let best = ladder.sweep.own, let compiled = ladder.sweep.plan { own = [(best, compiled)] }
    try delivery(job.plan).deliver(
      own, [(Self.files[0], ladder.table.csv), (Self.files[1], ladder.jsonReport)], figures: ladder.figures
    ) { format, written in
      switch format {
      case .json: ladder.jsonReport
      case .csv: ladder.table.csv
      case .text: ladder.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !ladder.sweep.isWhole { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
