import ArgumentParser
import Foundation
import NumericKernel
import Planning
import PosteriorFiles
import ResponseModel

/// What a report looks like on standard output.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

/// What every command that reads a plan understands.
struct PlanOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The plan file (YAML or JSON), or a table of curves (CSV), one row a channel, which with --budget is a plan too.",
      valueName: "plan"),
    completion: .file(extensions: ["yaml", "yml", "json", "csv"]))
  var plan: String

  @Option(
    help: ArgumentHelp("The budget, money over the horizon: --set budget.total.", valueName: "money"))
  var budget: Double?

  @Option(
    help: ArgumentHelp(
      "Periods planned for: --set horizon.num_periods.",
      discussion:
        "Of a table with top, saturation and slope by default 52, as in DeepCausalMMM; of one with alpha and lam 1.",
      valueName: "number"))
  var periods: Int?

  @OptionGroup var curves: CurveOptions

  @OptionGroup var overrides: SettingOptions

  @OptionGroup var verbosity: VerbosityOptions

  func validate() throws {
    if !isTable, curves.kind != nil || curves.channelColumn != nil {
      throw ValidationError("--curves and --channel-column are of a table of curves, found the plan '\(plan)'")
    }
    if let twice = own.first(where: { overrides.keys.contains(Substring($0.key)) }) {
      throw ValidationError("expected \(twice.option) or --set \(twice.key), found both")
    }
  }

  /// Options that stand for keys of any plan.
  private var own: [OptionSetting] {
    (budget.map { [OptionSetting(option: "--budget", key: "budget.total", value: "\($0)")] } ?? [])
      + (periods.map { [OptionSetting(option: "--periods", key: "horizon.num_periods", value: "\($0)")] } ?? [])
  }

  /// Whether the file is a table of curves, and no plan.
  private var isTable: Bool { plan.lowercased().hasSuffix(".csv") }

  /// The plan: of a table of curves one that says no more than how it is read, and over how many periods.
  ///
  /// - Parameter further: a command's own options.
  func read(_ further: [OptionSetting]) throws -> PlanFile.Reading {
    do {
      return try read(settings: own.map(\.text) + overrides.settings + further.map(\.text))
    } catch PlanFileError.invalid(let found) {
      throw PlanFileError.invalid(found.naming(own + further))
    }
  }

  private func read(settings: [String]) throws -> PlanFile.Reading {
    guard isTable else { return try PlanFile.read(path: plan, settings: settings) }
    let kind = try curves.kind(of: plan)
    let column = curves.channelColumn ?? PointCurves.defaultChannelColumn
    let text = """
      posterior: {file: \(plan.inYAML), format: curves, curves: {kind: \(kind.rawValue), channel_column: \(column.inYAML)}}
      horizon: {num_periods: \(kind == .hillBottom ? 52 : 1)}
      """
    var reading = try PlanFile.parse(text, source: "the plan for \(plan)", folder: "", settings: settings)
    reading.inputs.removeFirst()
    return reading
  }
}

extension PlanOptions {
  /// A utility, read as the plan would read its own; what is wrong with it is said of the argument that it is the end of.
  func utility(_ text: String, of argument: String) throws -> UtilityChoice {
    do {
      return try read([OptionSetting(option: "--set utility", key: "utility", value: text)]).plan.utility
    } catch PlanFileError.invalid(var found) {
      for index in found.problems.indices {
        guard var position = found.problems[index].position, position.source == "--set utility" else { continue }
        position.source = "'\(argument)'"
        if position.line == 1 { position.column += argument.count - text.count }
        found.problems[index].position = position
      }
      throw PlanFileError.invalid(found)
    }
  }
}

/// How a table of curves is read.
struct CurveOptions: ParsableArguments {
  @Option(
    name: .customLong("curves"),
    help: ArgumentHelp(
      "The file is a CSV of curves, one row a channel: what its columns are.",
      discussion: "hill_bottom has top, bottom, saturation and slope; sigmoid and michaelis_menten have alpha and lam.",
      valueName: "kind"))
  var kind: PointCurves.Kind?

  @Option(
    help: ArgumentHelp(
      "The column of that CSV with the channels' names (default: \(PointCurves.defaultChannelColumn)).",
      valueName: "name"))
  var channelColumn: String?

  /// As said; else by the columns, where these tell.
  func kind(of path: String) throws -> PointCurves.Kind {
    if let kind { return kind }
    if let kind = try PosteriorFile.kindOfCurves(path) { return kind }
    throw ValidationError(
      "--curves: expected sigmoid or michaelis_menten for the columns alpha and lam of \(path), found neither")
  }
}

/// Keys of a plan on the command line.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Set a key of the plan, in place of what the file says; may be repeated.",
      discussion:
        "The key as a path, the value as YAML: --set budget.total=5e6 --set utility.expected_shortfall.tail=0.05",
      valueName: "key=value"))
  var settings: [String] = []

  /// The keys that are set.
  var keys: [Substring] { settings.map { $0.prefix { $0 != "=" } } }
}

/// How likely a plan is to be worse than the current one.
struct LossOptions: ParsableArguments {
  @Option(
    name: .customLong("loss-worse-than"), parsing: .singleValue,
    help: ArgumentHelp(
      "Also say how likely the plan is to be worse than the current one by more than this; may be repeated.",
      discussion: "In units of the measure: --set output.loss_worse_than=[…].", valueName: "number"))
  var levels: [Double] = []

  func validate() throws {
    if let wrong = levels.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw ValidationError("--loss-worse-than: expected a number of at least 0, found \(wrong)")
    }
  }

  var settings: [OptionSetting] {
    guard !levels.isEmpty else { return [] }
    let list = levels.map { "\($0)" }.joined(separator: ", ")
    return [OptionSetting(option: "--loss-worse-than", key: "output.loss_worse_than", value: "[\(list)]")]
  }
}

/// What every command that computes understands.
struct WorkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many threads may work at once (default: one for each active processor). The answer is the same.",
      valueName: "number"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads: expected 1 or more, found \(threads)") }
  }

  /// For the rest of the process.
  func apply() {
    if let threads { Parallel.use(threads: threads) }
  }
}

/// How much is said beside the report.
struct VerbosityOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Print nothing but errors, and what --format asks for.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print how long each stage took.")
  var verbose = false

  var progress: Progress { Progress(isVerbose: verbose, isQuiet: quiet) }
}

/// Sees that an option is a list of numbers with commas between, where it was given.
func checkNumbers(_ list: String?, of option: String) throws {
  guard let list else { return }
  let parts = list.split(separator: ",", omittingEmptySubsequences: false)
  guard parts.allSatisfy({ Double($0.trimmingCharacters(in: .whitespaces)) != nil }) else {
    throw ValidationError("\(option): expected numbers with commas between them, found '\(list)'")
  }
}

/// Where files go, and what is printed.
struct FolderOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder that the files are written in; made where it is not there.",
      discussion: "Without it: output.folder of the plan, else 'results' in the current folder.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people (the default), json (the JSON file, with everything) or csv (the first table).",
      valueName: "text|json|csv"))
  var format: ReportFormat?

  func validate() throws {
    if out == "" { throw ValidationError("--out: expected a folder, found ''") }
  }
}

/// Where the answer goes.
struct AnswerOptions: ParsableArguments {
  @OptionGroup var folder: FolderOptions

  @Option(
    help: ArgumentHelp(
      "Also write the outcome draws, chain after chain: FILE.npy (64-bit floats) or FILE.csv (one column).",
      valueName: "file"),
    completion: .file(extensions: ["npy", "csv"]))
  var draws: String?

  func validate() throws {
    if let draws, !["npy", "csv"].contains(URL(fileURLWithPath: draws).pathExtension) {
      throw ValidationError("--draws: expected a file named .npy or .csv, found '\(draws)'")
    }
  }
}
