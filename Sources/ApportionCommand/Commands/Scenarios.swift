import ArgumentParser
import Planning
import Reporting
import Tables

struct Scenarios: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the best plan at each of several budgets.",
    discussion: """
      Takes a plan, or a table of curves and --budget. Solves it for its own budget and for each of its scenarios, by default 20 and 10 \
      per cent less, the budget itself, 10 and 20 per cent more, in one sweep. Bounds in money stay what they are, unless the plan says \
      scenarios: {scale_bounds: true}. A budget at which the limits cannot be met is reported as such, and the others stand: the exit \
      status is then 2, or 3 where none has a plan.

      Writes into the folder 70_optimisation of the output folder optimization_results.csv (the plan's own budget, a row a channel), \
      budget_scenario_results.csv (a row a budget), scenarios.json (everything), and the files of optimise for the plan's own \
      budget; where periods are decided these have multiperiod_optimization_results.csv. Where gnuplot is installed, and the plan does not say report: tables, \
      also the pictures of optimise, budget_optimisation, scenario_budget_allocation, scenario_total_contribution and scenario_roi_comparison.

      Examples:

        apportion scenarios plan.yaml
        apportion scenarios plan.yaml --scenarios "-50,-25,0,25,50"
        apportion scenarios curves.csv --curves sigmoid --budget 100000
        apportion scenarios plan.yaml --no-scenarios
      """)

  @OptionGroup var plan: PlanOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Changes of the budget in per cent, separated by commas (default: the plan's scenarios, else -20,-10,0,10,20).",
      valueName: "list"))
  var scenarios: String?

  @Option(
    help: ArgumentHelp(
      "Budgets in money over the horizon, separated by commas, in place of changes.", valueName: "list"))
  var budgets: String?

  @Flag(help: "The plan's own budget alone, as optimise has it, in the same folder.")
  var noScenarios = false

  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let ownTable = "optimization_results.csv"
  private static let table = "budget_scenario_results.csv"
  private static let everything = "scenarios.json"
  private static let ownFigure = "budget_optimisation"
  private static let owned =
    [ownTable, table, everything] + Gnuplot.Drawing.paths([ownFigure] + ScenarioSweep.figureNames)

  func validate() throws {
    try checkNumbers(scenarios, of: "--scenarios")
    try checkNumbers(budgets, of: "--budgets")
    if [scenarios != nil, budgets != nil, noScenarios].count(where: \.self) > 1 {
      throw ValidationError("expected only one of --scenarios, --budgets and --no-scenarios, found several")
    }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let settings =
      (scenarios.map { [OptionSetting(option: "--scenarios", key: "scenarios.budgets", value: "[\($0)]")] } ?? [])
      + (budgets.map { [OptionSetting(option: "--budgets", key: "scenarios.amounts", value: "[\($0)]")] } ?? [])
    let names = noScenarios ? [Self.ownTable] : [Self.ownTable, Self.table, Self.everything]
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, answer, verbosity, innerFolder: "70_optimisation") }
    let job = try Job(plan, settings: settings) {
      try delivery($0).check(
        names, figures: [Self.ownFigure] + (noScenarios ? [] : ScenarioSweep.figureNames))
    }
    let record = try progress.stage("Taking digests") { try job.record() }
    if noScenarios {
      let compiled = try progress.stage("Compiling the plan") { try CompiledPlan(job.plan, job.posterior) }
      let best = try job.best(compiled, record, progress)
      let current = try compiled.evaluateCurrent()
      try delivery(job.plan).deliver(
        best, of: compiled, [(Self.ownTable, best.optimizationTable.csv)],
        figures: [best.budgetFigure(current: current)], owned: Self.owned)
      if compiled.isCertifiable, !best.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
      return
    }
    let sweep = try progress.search("Solving") { said in
      try ScenarioSweep(job.plan, job.posterior, record: record, progress: said)
    }
    let tables = sweep.own.map { [(Self.ownTable, $0.optimizationTable.csv)] } ?? []
    let answers = sweep.own.flatMap { own in sweep.plan.map { [(recommendation: own, plan: $0)] } } ?? []
    try delivery(job.plan).deliver(
      answers, tables + [(Self.table, sweep.table.csv), (Self.everything, sweep.jsonReport)],
      figures: answers.map { $0.recommendation.budgetFigure(current: sweep.current) } + sweep.figures,
      owned: Delivery.ofAnswer + Self.owned
    ) { format, paths in
      switch format {
      case .json: sweep.jsonReport
      case .csv: sweep.table.csv
      case .text: sweep.textReport(style: Terminal.style, filesWritten: paths)
      }
    }
    if !sweep.isWhole { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
