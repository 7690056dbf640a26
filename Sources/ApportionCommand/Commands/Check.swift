import ArgumentParser
import Planning
import Reporting

struct Check: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a plan, and say what it means, without solving.",
    discussion: """
      Reads the plan and its posterior, finds everything that is wrong, and prints the plan in words, its limits in \
      money, and every default; limits that the others imply, and bounds far beyond what was observed, are warned of. Exit status 0 where the plan can be solved, 3 where its limits cannot all be met, 65 where it is wrong.

      Examples:

        apportion check plan.yaml
        apportion check plan.yaml --set budget.total=1e6 --format json
      """)

  @OptionGroup var plan: PlanOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("What is printed: text for people, or json.", valueName: "text|json"))
  var format = ReportFormat.text

  func validate() throws {
    if format == .csv { throw ValidationError("--format: a check is text or json, found csv") }
  }

  var verbosity: VerbosityOptions { plan.verbosity }

  func run() throws {
    let job = try Job(plan)
    // A plan without a budget can still be scored: with nothing allocated, its names and limits are looked at all the same.
    let compiled = try verbosity.progress.stage("Compiling the plan") {
      try CompiledPlan(job.plan, job.posterior, scoring: !job.plan.saysHowMuch ? Allocation(amounts: []) : nil)
    }
    let report = CheckReport(
      plan: compiled.settledPlan, yaml: compiled.settledPlan.yaml,
      warnings: job.warnings + (compiled.warnings + compiled.findings()).map { PlanProblem($0, severity: .warning) },
      limitsInMoney: compiled.limitsInWords, sharedDims: compiled.sharedDims, hasCurrentPlan: compiled.hasCurrentPlan)
    switch format {
    case .text, .csv: if !verbosity.quiet { try Terminal.show(report.text(style: Terminal.style)) }
    case .json: try Terminal.show(report.json)
    }
  }
}
