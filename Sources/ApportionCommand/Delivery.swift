import Foundation
import Planning
import Reporting
import Tables

/// The files and the report that an answer becomes.
struct Delivery {
  private static let names = [
    "recommendation.json", "allocation.csv", "calendar.csv", "limits.csv", "distribution.csv",
    "multiperiod_optimization_results.csv", "by_channel.csv", "certificate.json",
  ]

  private static let page = "report.html"

  /// All that an answer may write.
  static let ofAnswer = names + [page] + Gnuplot.Drawing.paths(Figure.names)

  let folder: String
  private let format: ReportFormat?
  /// Where the outcome draws go; nil for nowhere.
  private let draws: String?
  private let verbosity: VerbosityOptions
  private let drawsFigures: Bool

  init(
    _ plan: Plan, _ options: AnswerOptions, _ verbosity: VerbosityOptions, subfolder: String? = nil,
    innerFolder: String? = nil
  ) {
    self.init(
      plan, options.folder, draws: options.draws, verbosity, subfolder: subfolder, innerFolder: innerFolder)
  }

  /// The folder is `--out`; else the plan's, or `results`, with `subfolder` in it; in either of them `innerFolder`.
  init(
    _ plan: Plan, _ options: FolderOptions, draws: String? = nil, _ verbosity: VerbosityOptions,
    subfolder: String? = nil, innerFolder: String? = nil
  ) {
    let planned = plan.output.folder ?? "results"
    let outer = options.out ?? subfolder.map { joined(planned, $0) } ?? planned
    folder = innerFolder.map { joined(outer, $0) } ?? outer
    format = options.format ?? (verbosity.quiet ? nil : .text)
    self.draws = draws
    self.verbosity = verbosity
    drawsFigures = plan.output.report != .tables
  }

  /// Sees that the files of an answer can be written, before any work is done.
  ///
  /// - Parameters:
  ///   - further: names of files beside those of every answer.
  ///   - figures: names of pictures beside those.
  func check(_ further: [String] = [], figures: [String] = []) throws(Failure) {
    try check(only: Delivery.names + (drawsFigures ? [Delivery.page] : []) + further, figures: Figure.names + figures)
  }

  /// The same of a command's own files alone.
  func check(only names: [String], figures: [String] = []) throws(Failure) {
    try OutputFiles.check((names + (drawsFigures ? Gnuplot.Drawing.paths(figures) : [])).map { joined(folder, $0) })
    if let draws { try OutputFiles.check([draws]) }
  }

  /// Writes the files, then prints the report. Pictures that cannot be drawn are no reason to stop.
  ///
  /// - Parameters:
  ///   - further: a command's own files, by their names.
  ///   - figures: a command's own pictures.
  ///   - owned: names of files that an earlier run of the command may have left, none of which is to stand beside this answer.
  func deliver(
    _ recommendation: Recommendation, of plan: CompiledPlan, _ further: [(name: String, text: String)] = [],
    figures: @autoclosure () -> [Figure] = [], owned: [String] = []
  ) throws {
    try deliver([(recommendation, plan)], further, figures: figures(), owned: owned) { format, written in
      switch format {
      case .json: recommendation.jsonReport
      case .csv: recommendation.allocationTable.csv
      case .text: recommendation.textReport(style: Terminal.style, filesWritten: written)
      }
    }
  }

  /// Writes the files of an answer, if there is one, and a command's own, then prints what `report` makes of the format and of what was written.
  func deliver(
    _ answers: [(recommendation: Recommendation, plan: CompiledPlan)], _ further: [(name: String, text: String)],
    figures: @autoclosure () -> [Figure], owned: [String] = [], report: (ReportFormat, [String]) -> String
  ) throws {
    let curves =
      drawsFigures
      ? verbosity.progress.stage("Reading off curves") { answers.map { $0.plan.responseCurves(of: $0.recommendation) } }
      : []
    var drawing = Gnuplot.Drawing()
    var pages: [OutputFile] = []
    if drawsFigures {
      verbosity.progress.stage("Drawing pictures") {
        let own = zip(answers, curves).flatMap { $0.recommendation.figures(curves: $1) }
        drawing = Gnuplot.Drawing(own + figures(), in: folder)
        for (answer, curves) in zip(answers, curves) {
          let cards = Gnuplot()?.draw(cards: answer.recommendation.pageFigures(curves: curves))
          drawing.warnings += cards?.warnings ?? []
          let page = answer.recommendation.page(curves: curves, pictures: cards?.pictures ?? [:])
          pages.append(OutputFile(joined(folder, Delivery.page), page))
        }
      }
    }
    let files = verbosity.progress.stage("Making the reports") {
      var all = answers.flatMap { self.files(of: $0.recommendation) } + pages
      all += further.map { OutputFile(joined(folder, $0.name), $0.text) }
      return all
    }
    let inputs = answers.flatMap { $0.recommendation.reproducibility.inputs.map(\.path) }
    try verbosity.progress.stage("Writing \(folder)") {
      let names = (answers.isEmpty ? [] : Delivery.ofAnswer) + owned
      let all = files + drawing.files
      try OutputFiles.write(all) { earlierFiles(names, but: all.map(\.path) + inputs) }
    }
    if let format {
      try Terminal.show(report(format, (files.map(\.path) + drawing.names(in: folder)).map(simplified)))
    }
    if !verbosity.quiet { for warning in drawing.warnings { Terminal.log(warning) } }
  }

  /// Files of an earlier answer in the folder that this one has not: nothing of another plan is to stand beside it. Only where there was one.
  private func earlierFiles(_ names: [String], but kept: [String]) -> [String] {
    guard names.contains(where: { $0.hasSuffix(".json") && fileType(joined(folder, $0)) == .typeRegular }) else {
      return []
    }
    func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    let kept = Set(kept.map(place))
    return names.map { joined(folder, $0) }.filter {
      fileType($0) == .typeRegular && !kept.contains(place($0))
    }
  }

  private func files(of recommendation: Recommendation) -> [OutputFile] {
    var files = [
      OutputFile(joined(folder, "recommendation.json"), recommendation.jsonReport),
      OutputFile(joined(folder, "allocation.csv"), recommendation.allocationTable.csv),
      OutputFile(joined(folder, "calendar.csv"), recommendation.calendarTable.csv),
    ]
    files.append(OutputFile(joined(folder, "limits.csv"), recommendation.limitsTable.csv))
    if recommendation.hasCalendar {
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
    if let draws {
      files.append(
        draws.hasSuffix(".npy")
          ? OutputFile(draws, Data(DrawsFile.npy(recommendation.draws)))
          : OutputFile(draws, DrawsFile.csv(recommendation.draws)))
    }
    return files
  }
}
