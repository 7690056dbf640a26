import ArgumentParser
import Foundation
import Planning
import Reporting
import ResponseModel
import Tables

struct Compare: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score several plans side by side: the current one, the best one, and others.",
    discussion: """
      Each plan is 'current', 'optimum', 'optimum:' with another utility as a plan has it, in YAML, or a CSV file as evaluate reads it, \
      and may have a name: 'Heavy TV=heavy_tv.csv'. Without any, the current plan, where there is one, and the best. Each counts with \
      its own money; limits that a plan breaks are counted, and nothing is refused, but the best is one within them.

      Writes compare.csv (a row a plan), compare.json (everything) and the picture compare into the output folder.

      Examples:

        apportion compare plan.yaml
        apportion compare plan.yaml current optimum "Heavy TV=heavy_tv.csv"
        apportion compare plan.yaml optimum optimum:mean "Careful=optimum:{expected_shortfall: {tail: 0.05}}"
        apportion compare curves.csv --budget 1e6 current.csv heavy_tv.csv optimum --format json
      """)

  @OptionGroup var plan: PlanOptions

  @Argument(
    help: ArgumentHelp(
      "current, optimum, optimum:utility or a CSV file, or name= before one of them.", valueName: "plans"),
    completion: .file(extensions: ["csv"]))
  var plans: [String] = []

  @OptionGroup var loss: LossOptions
  @OptionGroup var folder: FolderOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let files = ["compare.csv", "compare.json"]

  /// A plan as it was asked for.
  private struct Request {
    var name: String
    /// `current`, `optimum`, `optimum:` and a utility, or a path.
    var plan: String

    /// What a best plan is to be best by; nil for all others, and for the plan's own.
    var utility: String? { plan.hasPrefix(Self.mark) ? String(plan.dropFirst(Self.mark.count)) : nil }

    /// Nil for those that the plan itself has.
    var path: String? { ["current", "optimum"].contains(plan) || utility != nil ? nil : plan }

    private static let mark = "optimum:"

    init(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      // Within a utility an equals sign names nothing.
      let isNamed = parts.count == 2 && !text.hasPrefix(Self.mark)
      (name, plan) = isNamed ? (parts[0], parts[1]) : (text, text)
      if !isNamed, let path { name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }
    }
  }

  private var requests: [Request] { plans.map { Request($0) } }

  func validate() throws {
    var seen: Set<String> = []
    for request in requests where !seen.insert(request.name).inserted {
      throw ValidationError("expected a name for each plan, such as name=file, found '\(request.name)' twice")
    }
    if requests.contains(where: { $0.name.isEmpty || $0.plan.isEmpty || $0.utility == "" }) {
      throw ValidationError(
        "expected current, optimum, optimum:utility, a CSV file, or name=file, found '\(plans.joined(separator: "', '"))'"
      )
    }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, folder, verbosity) }
    let choices = try zip(requests, plans).map { request, argument in
      try request.utility.map { try plan.utility($0, of: argument) }
    }
    let job = try Job(plan, settings: loss.settings, further: requests.compactMap(\.path)) {
      try delivery($0).check(only: Self.files, figures: PlanComparison.figureNames)
    }
    var sources = try zip(requests, choices).map { request, choice -> (name: String, source: PlanComparison.Source) in
      if let choice { return (request.name, .optimumBy(choice)) }
      guard let path = request.path else { return (request.name, request.plan == "current" ? .current : .optimum) }
      let given = try progress.stage("Reading \(path)") {
        try Allocation.read(path: path, over: job.plan.horizon, dims: job.posterior.dims.map(\.name))
      }
      return (request.name, .given(given))
    }
    if sources.isEmpty { sources = try PlanComparison.usual(job.plan, job.posterior) }
    let record = try progress.stage("Taking digests") { try job.record() }
    let comparison = try progress.search("Comparing") { said in
      try PlanComparison(job.plan, job.posterior, of: sources, record: record, progress: said)
    }
    let texts = [comparison.table.csv, comparison.jsonReport]
    try delivery(job.plan).deliver(
      [], zip(Self.files, texts).map { ($0, $1) }, figures: comparison.figures,
      owned: Self.files + Gnuplot.Drawing.paths(PlanComparison.figureNames)
    ) { format, written in
      switch format {
      case .json: comparison.jsonReport
      case .csv: comparison.table.csv
      case .text: comparison.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !comparison.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
