public import ArgumentParser
public import CurveFitting
import Foundation
import Planning
import PosteriorFiles
import Reporting
import ResponseModel
import Tables

struct Fit: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit response curves to spend and contributions, with their uncertainty, for plans.",
    discussion: """
      Reads a CSV with a row for each channel and period: channel, date, spend and contribution (a model's, not sales). \
      Or contributions in one file and spend in another, joined by channel and date, which prepared.csv then has. Writes into the folder curves.csv \
      (the best curves), draws.csv (draws of what they may be, which plans read as a posterior), fit.json (everything), \
      pictures of the curves over the data and, where there is none yet, plan.yaml, which runs as it is.

      A file of contributions may also hold posterior draws, a row for each and a column for each number, \
      contribution[tv,2024-01-01]: then one curve is fitted for each draw.

      Examples:

        apportion fit history.csv --family hill --out fitted && apportion optimise fitted/plan.yaml
        apportion fit contributions.csv --media media.csv --family hill_bottom --bottom --out fitted
        apportion fit history.csv --group-column dma --family michaelis_menten --uncertainty bootstrap --out fitted
      """)

  @Argument(
    help: "The history (CSV): channel, spend and contribution, with or without a date.",
    completion: .file(extensions: ["csv"]))
  var history: String

  @Option(
    help: ArgumentHelp("Spend by channel and date (CSV), where the history has contributions only.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var media: String?

  @Option(
    help: ArgumentHelp(
      "The curves' family.",
      discussion: "sigmoid is AMMM's, which is logistic with columns alpha and lam.", valueName: "name"))
  var family: FitFamily

  @Option(
    name: .customLong("channel"), parsing: .singleValue,
    help: ArgumentHelp("A channel to be fitted; may be repeated (default: all).", valueName: "name"))
  var channels: [String] = []

  @Flag(help: "Fit the response at no spend, too; else it is 0.")
  var bottom = false

  @Option(
    help: ArgumentHelp(
      "How the uncertainty becomes draws, where the history has none (default: laplace).", valueName: "name"))
  var uncertainty: Uncertainty?

  @Option(help: ArgumentHelp("How many draws (default: 1000, or those of the history).", valueName: "number"))
  var draws: Int?

  @Option(help: ArgumentHelp("The seed of the draws.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The column of channels (default: channel).", valueName: "name"))
  var channelColumn: String?

  @Option(help: ArgumentHelp("The column of dates (default: date, week_monday, week or time).", valueName: "name"))
  var dateColumn: String?

  @Option(help: ArgumentHelp("The column of spend, or of other media (default: spend).", valueName: "name"))
  var spendColumn: String?

  @Option(
    help: ArgumentHelp("The column of impressions, kept in prepared.csv (default: impressions).", valueName: "name"))
  var impressionsColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column of contributions (default: contribution, predicted or channel_contribution).", valueName: "name"))
  var contributionColumn: String?

  @Option(
    help: ArgumentHelp(
      "The column of regions or other groups that have curves of their own: dma. Without it they are summed.",
      valueName: "name"))
  var groupColumn: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder that the files are written in; made where it is not there.", valueName: "folder"),
    completion: .directory)
  var out: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people (the default), json (fit.json) or csv (curves.csv).", valueName: "text|json|csv"
    ))
  var format: ReportFormat?

  @Option(
    help: ArgumentHelp(
      "Which pictures are drawn: of all curves in one, of each curve too, or none.", valueName: "all|each|none"))
  var pictures = FitPictures.all

  @OptionGroup var work: WorkOptions
  @OptionGroup var verbosity: VerbosityOptions

  func validate() throws {
    if let draws, draws < 1 { throw ValidationError("--draws: expected 1 or more, found \(draws)") }
    if out == "" { throw ValidationError("--out: expected a folder, found ''") }
  }

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let names = ["curves.csv", "draws.csv", "fit.json", "plan.yaml"] + (media == nil ? [] : ["prepared.csv"])
    let paths = names.map { joined(out, $0) }
    let overview = pictures == .none ? [] : Gnuplot.Drawing.paths([FittedCurves.overviewName]).map { joined(out, $0) }
    try OutputFiles.check(paths + overview)
    let keepsPlan = fileType(paths[3]) != nil
    let columns = HistoryColumns(
      date: dateColumn, channel: channelColumn, spend: spendColumn, contribution: contributionColumn,
      impressions: impressionsColumn, group: groupColumn
    )
    let data = try progress.stage("Reading \(history)") {
      try History.read(history, media: media, columns: columns, channels: channels)
    }
    for (option, isGiven) in [("--draws", draws != nil), ("--uncertainty", uncertainty != nil)] where isGiven {
      guard data.series.contains(where: { $0.responseDraws != nil }) else { continue }
      throw Failure(.wrongData, "error: \(option): expected a history without draws of its own, found one with them")
    }
    let options = FitOptions(
      family: family.family, hasBottom: bottom, uncertainty: uncertainty ?? .laplace, drawCount: draws ?? 1000,
      seed: seed)
    let fitted = try progress.stage("Fitting") { try FittedCurves(data, options) }
    let curvesTable = fitted.curvesTable(parameterNames: family.columns).csv
    let json = fitted.jsonReport
    var files = [
      OutputFile(paths[0], curvesTable), OutputFile(paths[1], fitted.drawsTable.csv), OutputFile(paths[2], json),
    ]
    if media != nil { files.append(OutputFile(paths[4], data.table.csv)) }
    if !keepsPlan { files.append(OutputFile(paths[3], plan(fitted))) }
    let drawing =
      pictures == .none
      ? Gnuplot.Drawing()
      : progress.stage("Drawing pictures") {
        Gnuplot.Drawing(
          [fitted.overviewFigure(data)] + (pictures == .each ? fitted.curveFigures(data) : []), in: out)
      }
    try progress.stage("Writing \(out)") { try OutputFiles.write(files + drawing.files) }
    if !verbosity.quiet {
      for warning in drawing.warnings { Terminal.log(warning) }
      if keepsPlan { Terminal.log("note: \(paths[3]) was there already, and is kept") }
    }
    switch format ?? (verbosity.quiet ? nil : .text) {
    case .json: try Terminal.show(json)
    case .csv: try Terminal.show(curvesTable)
    case .text:
      let report = fitted.textReport(
        style: Terminal.style, filesWritten: files.map(\.path) + drawing.names(in: out),
        next: next(fitted, keepsPlan: keepsPlan, plan: paths[3])
      )
      try Terminal.show(report)
    case nil: break
    }
  }

  private func plan(_ fitted: FittedCurves) -> String {
    let spend = fitted.curves.map {
      PlanTemplate.Spend(cell: $0.name, perPeriod: $0.totalMedia / Double($0.fit.observationCount))
    }
    return PlanTemplate.text(drawsPath: "draws.csv", model: fitted.mapping, spend: spend, source: fitted.source)
  }

  /// How plans use what was written.
  private func next(_ fitted: FittedCurves, keepsPlan: Bool, plan: String) -> [String] {
    var lines =
      keepsPlan
      ? ["\(plan) was there already, and is kept. What a plan says to use the draws:"]
      : ["Next: apportion optimise \(plan). What it says of the draws:"]
    lines += ["", "posterior:", "  file: draws.csv", "  format: csv"]
    lines += fitted.mapping.yaml(indentation: 2).split(separator: "\n").map(String.init)
    guard fitted.dims.count == 1 else { return lines }
    lines += [
      "", "The best curves alone, without their uncertainty:", "", "posterior:", "  file: curves.csv",
      "  format: curves",
    ]
    let channel = "channel_column: channel"
    if let kind = family.kind {
      lines.append("  curves: {kind: \(kind.rawValue), \(channel)}")
    } else {
      lines += fitted.mapping.yaml(indentation: 2).split(separator: "\n").map(String.init)
    }
    return lines
  }
}

extension Uncertainty: ExpressibleByArgument {}

/// Pictures of a fit.
enum FitPictures: String, CaseIterable, ExpressibleByArgument {
  case all, each, none
}

/// A family by the name that the user gives it, and what its parameters are called in `curves.csv`.
struct FitFamily: ExpressibleByArgument {
  let family: any FittableSaturation.Type
  /// Nil for the family's own names.
  let columns: [String]?
  /// As plans read such a table; nil where they need to be told its columns.
  let kind: PointCurves.Kind?

  static let names = FittableCatalogue.families.map { $0.name } + [PointCurves.Kind.sigmoid.rawValue]
  static var allValueStrings: [String] { names }

  init?(argument: String) {
    if argument == PointCurves.Kind.sigmoid.rawValue {
      self.init(family: Logistic.self, columns: ["alpha", "lam"], kind: .sigmoid)
    } else if let family = FittableCatalogue.family(named: argument.replacing("-", with: "_")) {
      self.init(family: family, columns: nil, kind: PointCurves.Kind(rawValue: family.name))
    } else {
      return nil
    }
  }

  private init(family: any FittableSaturation.Type, columns: [String]?, kind: PointCurves.Kind?) {
    self.family = family
    self.columns = columns
    self.kind = kind
  }

  var defaultValueDescription: String { family.name }
}
