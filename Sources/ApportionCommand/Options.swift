import ArgumentParser
import Foundation
import NumericKernel

/// What a report looks like on standard output.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, csv
}

/// What every command that reads a plan understands.
struct PlanOptions: ParsableArguments {
  @Argument(help: "The plan file (YAML or JSON).", completion: .file(extensions: ["yaml", "yml", "json"]))
  var plan: String

  @OptionGroup var overrides: SettingOptions

  @OptionGroup var verbosity: VerbosityOptions

  var settings: [String] { overrides.settings }
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

/// Where the answer goes.
struct AnswerOptions: ParsableArguments {
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
      "What is printed: text for people (the default), json (recommendation.json) or csv (allocation.csv).",
      valueName: "text|json|csv"))
  var format: ReportFormat?

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
    if out == "" { throw ValidationError("--out: expected a folder, found ''") }
  }
}
