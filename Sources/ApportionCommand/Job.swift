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
  init(_ options: PlanOptions, beforehand: (Plan) throws -> Void = { _ in }) throws {
    let progress = options.verbosity.progress
    let reading = try progress.stage("Reading \(options.plan)") {
      try PlanFile.read(path: options.plan, settings: options.settings)
    }
    try beforehand(reading.plan)
    let choice = reading.plan.posterior
    posterior = try progress.stage("Reading \(choice.source)") { try choice.read() }
    plan = reading.plan
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
    "multiperiod_optimization_results.csv", "certificate.json",
  ]

  let folder: String
  let options: AnswerOptions
  let verbosity: VerbosityOptions
  private let drawsFigures: Bool

  /// The folder is `--out`; else the plan's, or `results`, with `subfolder` in it.
  init(_ plan: Plan, _ options: AnswerOptions, _ verbosity: VerbosityOptions, subfolder: String? = nil) {
    let planned = plan.output.folder ?? "results"
    folder = options.out ?? subfolder.map { joined(planned, $0) } ?? planned
    self.options = options
    self.verbosity = verbosity
    drawsFigures = plan.output.report != .tables
  }

  /// Sees that the files can be written, before any work is done.
  func check() throws(Failure) {
    let figures = Figure.names.flatMap { ["figures/\($0).gp", "figures/\($0).csv", "\($0).svg", "\($0).png"] }
    try OutputFiles.check((Delivery.names + (drawsFigures ? figures : [])).map { joined(folder, $0) })
    if let draws = options.draws { try OutputFiles.check([draws]) }
  }

  /// Writes the files, then prints the report. Pictures that cannot be drawn are no reason to stop.
  func deliver(_ recommendation: Recommendation, of plan: CompiledPlan) throws {
    let drawing =
      drawsFigures
      ? verbosity.progress.stage("Drawing pictures") { self.drawing(of: recommendation, plan) } : Gnuplot.Drawing()
    let (files, report) = verbosity.progress.stage("Making the reports") { made(of: recommendation, drawing) }
    try verbosity.progress.stage("Writing \(folder)") { try OutputFiles.write(files) }
    if let report { try Terminal.show(report) }
    if !verbosity.quiet { for warning in drawing.warnings { Terminal.log(warning) } }
  }

  /// The pictures, and what they are drawn from.
  private func drawing(of recommendation: Recommendation, _ plan: CompiledPlan) -> Gnuplot.Drawing {
    let figures = recommendation.figures(curves: plan.responseCurves(of: recommendation))
    var drawing =
      Gnuplot()?.draw(figures, in: folder)
      ?? Gnuplot.Drawing(warnings: [
        "warning: pictures are not drawn: gnuplot is not installed (Debian: apt-get install gnuplot-nox); all else is written, "
          + "and \(joined(folder, "figures")) has the scripts to draw them with"
      ])
    drawing.files += figures.flatMap { figure in
      [("gp", figure.script), ("csv", figure.data)].map {
        OutputFile(joined(folder, "figures/\(figure.name).\($0)"), $1)
      }
    }
    return drawing
  }

  /// The files' contents, and what is printed; nil for nothing.
  private func made(
    of recommendation: Recommendation, _ drawing: Gnuplot.Drawing
  ) -> (files: [OutputFile], report: String?) {
    let json = recommendation.jsonReport
    let allocation = recommendation.allocationTable.csv
    var files = [
      OutputFile(joined(folder, "recommendation.json"), json),
      OutputFile(joined(folder, "allocation.csv"), allocation),
      OutputFile(joined(folder, "calendar.csv"), recommendation.calendarTable.csv),
    ]
    if recommendation.hasCalendar {
      files.append(OutputFile(joined(folder, "limits.csv"), recommendation.limitsTable.csv))
      files.append(OutputFile(joined(folder, "distribution.csv"), recommendation.distributionTable.csv))
      files.append(
        OutputFile(joined(folder, "multiperiod_optimization_results.csv"), recommendation.multiperiodTable.csv))
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
    let pictures = drawing.files.map(\.path).filter { $0.hasSuffix(".svg") }.map { "\($0) and .png" }
    let scripts = drawing.files.isEmpty ? [] : ["\(joined(folder, "figures")) (what pictures are drawn from)"]
    let written = files.map(\.path) + pictures + scripts
    files += drawing.files
    switch options.format ?? (verbosity.quiet ? nil : .text) {
    case .json: return (files, json)
    case .csv: return (files, allocation)
    case .text: return (files, recommendation.textReport(style: Terminal.style, filesWritten: written))
    case nil: return (files, nil)
    }
  }
}

func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
