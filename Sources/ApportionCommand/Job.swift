import Apportion
import Foundation
import Planning
import PosteriorFiles
import Reporting
import ResponseModel
import Tables

/// A plan and its posterior, read and ready to be compiled.
struct Job {
  let plan: Plan
  let posterior: Posterior
  let warnings: [PlanProblem]
  /// The files that were read, as messages name them.
  let inputs: [String]

  /// Reads both. The posterior is the costly one: what can be known to fail before it is read is to be found in `beforehand`.
  ///
  /// - Parameter settings: of the command's own options.
  init(_ options: PlanOptions, settings: [String] = [], beforehand: (Plan) throws -> Void = { _ in }) throws {
    let progress = options.verbosity.progress
    let reading = try progress.stage("Reading \(options.plan)") {
      try options.read(settings)
    }
    plan = reading.plan
    try beforehand(plan)
    let choice = plan.posterior
    posterior = try progress.stage("Reading \(choice.source)") { try choice.read() }
    warnings = reading.warnings
    inputs = reading.inputs + (try choice.paths)
  }

  /// What goes into the answer as it is. A pipe, once read, has no digest.
  func record(furtherInputs: [String] = []) throws -> RunRecord {
    RunRecord(
      inputs: try (inputs + furtherInputs).filter { fileType($0) == .typeRegular }.map {
        Recommendation.Reproducibility.Input(path: $0, sha256: try sha256(ofFileAt: $0))
      },
      warnings: warnings.map(\.description))
  }
}

extension PosteriorChoice {
  /// Reads these files in the place of those named: of a model of Meridian the draws, and after them its table.
  mutating func move(to paths: [String]) {
    var paths = paths
    if meridian != nil, paths.count == 2 { meridian?.data.file = paths.removeLast() }
    files = paths.map { Placed($0) }
  }

  /// As the user gave it.
  var source: String { files.map(\.value).joined(separator: ", ") }
}

/// The files and the report that an answer becomes.
struct Delivery {
  private static let names = [
    "recommendation.json", "allocation.csv", "calendar.csv", "limits.csv", "distribution.csv",
    "multiperiod_optimization_results.csv", "by_channel.csv", "certificate.json",
  ]

  let folder: String
  let options: AnswerOptions
  let verbosity: VerbosityOptions

  /// The folder is `--out`; else the plan's, or `results`, with `subfolder` in it; in either of them `innerFolder`.
  init(
    _ plan: Plan, _ options: AnswerOptions, _ verbosity: VerbosityOptions, subfolder: String? = nil,
    innerFolder: String? = nil
  ) {
    let planned = plan.output.folder ?? "results"
    let outer = options.out ?? subfolder.map { joined(planned, $0) } ?? planned
    folder = innerFolder.map { joined(outer, $0) } ?? outer
    self.options = options
    self.verbosity = verbosity
  }

  /// Sees that the files can be written, before any work is done.
  ///
  /// - Parameter further: names of files beside those of every answer.
  func check(_ further: [String] = []) throws(Failure) {
    try OutputFiles.check((Delivery.names + further).map { joined(folder, $0) })
    if let draws = options.draws { try OutputFiles.check([draws]) }
  }

  /// Writes the files, those of a command's own by their names too, then prints the report.
  func deliver(_ recommendation: Recommendation, _ further: [(name: String, text: String)] = []) throws {
    try deliver([recommendation], further) { format, paths in
      switch format {
      case .json: recommendation.jsonReport
      case .csv: recommendation.allocationTable.csv
      case .text: recommendation.textReport(style: Terminal.style, filesWritten: paths)
      }
    }
  }

  /// Writes the files of an answer, if there is one, and a command's own, then prints what `report` makes of the format and the paths.
  func deliver(
    _ recommendations: [Recommendation], _ further: [(name: String, text: String)],
    report: (ReportFormat, [String]) -> String
  ) throws {
    let files = verbosity.progress.stage("Making the reports") {
      var all = recommendations.flatMap { self.files(of: $0) }
      all += further.map { OutputFile(joined(folder, $0.name), $0.text) }
      return all
    }
    try verbosity.progress.stage("Writing \(folder)") { try OutputFiles.write(files) }
    guard let format = options.format ?? (verbosity.quiet ? nil : .text) else { return }
    try Terminal.show(report(format, files.map(\.path)))
  }

  private func files(of recommendation: Recommendation) -> [OutputFile] {
    var files = [
      OutputFile(joined(folder, "recommendation.json"), recommendation.jsonReport),
      OutputFile(joined(folder, "allocation.csv"), recommendation.allocationTable.csv),
      OutputFile(joined(folder, "calendar.csv"), recommendation.calendarTable.csv),
    ]
    if recommendation.hasCalendar {
      files.append(OutputFile(joined(folder, "limits.csv"), recommendation.limitsTable.csv))
      files.append(OutputFile(joined(folder, "distribution.csv"), recommendation.distributionTable.csv))
      files.append(
        OutputFile(joined(folder, "multiperiod_optimization_results.csv"), recommendation.multiperiodTable.csv))
    }
    if recommendation.hasPointCurves {
      files.append(OutputFile(joined(folder, "by_channel.csv"), recommendation.byChannelTable.csv))
    }
    if recommendation.solver != nil {
      files.append(OutputFile(joined(folder, "certificate.json"), CertificateFile(recommendation).json))
    }
    if let draws = options.draws {
      files.append(
        draws.hasSuffix(".npy")
          ? OutputFile(draws, Data(DrawsFile.npy(recommendation.draws)))
          : OutputFile(draws, DrawsFile.csv(recommendation.draws)))
    }
    return files
  }
}

private func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
