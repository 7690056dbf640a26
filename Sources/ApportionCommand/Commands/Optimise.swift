import ArgumentParser
import Planning

struct Optimise: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the plan that maximises the utility.",
    discussion: """
      Writes recommendation.json (the whole answer), allocation.csv (one row a channel), calendar.csv (one row a \
      channel and period), limits.csv (each limit, its slack, and whether it holds) and certificate.json (what proves how \
      good the answer is), of a plan that decides periods also distribution.csv and multiperiod_optimization_results.csv; \
      unless the plan says report: tables also report.html (one page for those who decide) and pictures, where gnuplot is \
      installed. Prints the verdict: the plan against the current one, then channel by channel.

      Words: the budget is money over the whole horizon; spend is a channel's part of it; a channel's curve turns media, \
      after carryover, into response, once for each posterior draw; the incremental response is what the plan adds to \
      nothing planned; ROI is that per unit of money; marginal ROI is what the next unit of money would add to the \
      utility, the score that is maximised. The budget itself is given: whether to raise or cut it is for \
      the marginal value of money, which is printed, to say.

      Examples:

        apportion optimise plan.yaml
        apportion optimise plan.yaml --out results/july --draws results/july/draws.npy
        apportion optimise plan.yaml --set budget.total=2.5e6 --format json
      """,
    aliases: ["optimize"])

  @OptionGroup var plan: PlanOptions
  @OptionGroup var loss: LossOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let job = try Job(plan, settings: loss.settings) { try Delivery($0, answer, verbosity).check() }
    let compiled = try progress.stage("Compiling the plan") { try CompiledPlan(job.plan, job.posterior) }
    let record = try progress.stage("Taking digests") { try job.record() }
    let recommendation = try job.best(compiled, record, progress)
    try Delivery(job.plan, answer, verbosity).deliver(recommendation, of: compiled)
    if compiled.isCertifiable && !recommendation.reachesGap {
      throw ExitCode(ExitStatus.limitsMissed.rawValue)
    }
  }
}
