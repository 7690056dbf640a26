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
      Each plan is 'current', 'optimum', or a CSV file as evaluate reads it, and may have a name: 'Heavy TV=heavy_tv.csv'. Without \
      any, the current plan and the best. Each counts with its own money; limits that a plan breaks are counted, and nothing is refused.

      Writes compare.csv, a row a plan, in the output folder.

      Examples:

        apportion compare plan.yaml
        apportion compare plan.yaml current optimum "Heavy TV=heavy_tv.csv"
        apportion compare curves.csv --budget 1e6 current.csv heavy_tv.csv optimum --format json
      """)

  @OptionGroup var plan: PlanOptions

  @Argument(
    help: ArgumentHelp("current, optimum or a CSV file, or name= before one of them.", valueName: "plans"),
    completion: .file(extensions: ["csv"]))
  var plans: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder that compare.csv is written in; made where it is not there.",
      discussion: "Without it: output.folder of the plan, else 'results' in the current folder.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people (the default), json (everything) or csv (compare.csv).",
      valueName: "text|json|csv"))
  var format: ReportFormat?

  @OptionGroup var loss: LossOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  /// A plan as it was asked for.
  private struct Request {
    var name: String
    /// `current`, `optimum`, or a path.
    var plan: String

    /// Nil for those that the plan itself has.
    var path: String? { ["current", "optimum"].contains(plan) ? nil : plan }

    init(_ text: String) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      (name, plan) = (parts[0], parts[parts.count - 1])
      if parts.count == 1, let path {
        name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      }
    }
  }

  private var requests: [Request] { (plans.isEmpty ? ["current", "optimum"] : plans).map { Request($0) } }

  func validate() throws {
    var seen: Set<String> = []
    for request in requests where !seen.insert(request.name).inserted {
      throw ValidationError("expected a name for each plan, such as name=file, found '\(request.name)' twice")
    }
    if requests.contains(where: { $0.name.isEmpty || $0.plan.isEmpty }) {
      throw ValidationError(
        "expected current, optimum, a CSV file, or name=file, found '\(plans.joined(separator: "', '"))'")
    }
    if out == "" { throw ValidationError("--out: expected a folder, found ''") }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func path(_ plan: Plan) -> String {
      let folder = out ?? plan.output.folder ?? "results"
      return folder.hasSuffix("/") ? folder + "compare.csv" : folder + "/compare.csv"
    }
    let job = try Job(plan, settings: loss.settings) { try OutputFiles.check([path($0)]) }
    let sources = try requests.map { request -> (name: String, source: PlanComparison.Source) in
      guard let path = request.path else { return (request.name, request.plan == "current" ? .current : .optimum) }
      let given = try progress.stage("Reading \(path)") {
        try Allocation.read(path: path, over: job.plan.horizon, dims: job.posterior.dims.map(\.name))
      }
      return (request.name, .given(given))
    }
    let record = try progress.stage("Taking digests") {
      try job.record(furtherInputs: requests.compactMap(\.path))
    }
    let comparison = try progress.stage("Comparing") {
      try PlanComparison(job.plan, job.posterior, of: sources, record: record)
    }
    let file = OutputFile(path(job.plan), comparison.table.csv)
    try progress.stage("Writing \(file.path)") { try OutputFiles.write([file]) }
    switch format ?? (verbosity.quiet ? nil : .text) {
    case .json: try Terminal.show(comparison.jsonReport)
    case .csv: try Terminal.show(comparison.table.csv)
    case .text: try Terminal.show(comparison.textReport(style: Terminal.style, filesWritten: [file.path]))
    case nil: break
    }
    if !comparison.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
