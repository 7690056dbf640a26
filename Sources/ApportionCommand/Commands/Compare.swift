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

  @OptionGroup var loss: LossOptions
  @OptionGroup var folder: FolderOptions
  @OptionGroup var work: WorkOptions

  var verbosity: VerbosityOptions { plan.verbosity }

  private static let file = "compare.csv"

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
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    func delivery(_ plan: Plan) -> Delivery { Delivery(plan, folder, verbosity) }
    let job = try Job(plan, settings: loss.settings) { try delivery($0).check(only: [Self.file]) }
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
    let comparison = try progress.search("Comparing") { _ in
      try PlanComparison(job.plan, job.posterior, of: sources, record: record)
    }
    try delivery(job.plan).deliver([], [(Self.file, comparison.table.csv)], figures: []) { format, written in
      switch format {
      case .json: comparison.jsonReport
      case .csv: comparison.table.csv
      case .text: comparison.textReport(style: Terminal.style, filesWritten: written)
      }
    }
    if !comparison.reachesGap { throw ExitCode(ExitStatus.limitsMissed.rawValue) }
  }
}
