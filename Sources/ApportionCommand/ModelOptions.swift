import Apportion
public import ArgumentParser
import Planning
import PosteriorFiles
public import ResponseModel

/// What every command that reads a posterior without a plan understands.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The posterior file: NetCDF of PyMC-Marketing, Meridian, ArviZ or apportion convert, draws of CmdStan, R or numpy, Robyn's export, or with --curves a CSV of point estimates.",
      discussion: "Several files are the chains of CmdStan, arrays of numpy, or Robyn's export and its data.",
      valueName: "file"),
    completion: .file(extensions: ["nc", "csv", "npz", "npy", "json"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The file is a CSV of curves, one row a channel: what its columns are.",
      discussion: "hill_bottom has top, bottom, saturation and slope; sigmoid and michaelis_menten have alpha and lam.",
      valueName: "kind"))
  var curves: PointCurves.Kind?

  @Option(
    help: ArgumentHelp(
      "The column of that CSV with the channels' names (default: \(PointCurves.defaultChannelColumn)).",
      valueName: "name"))
  var channelColumn: String?

  /// The files as messages name them.
  var source: String { files.joined(separator: ", ") }

  /// What is read: the posterior of a plan, where the only file is one in YAML, else these files.
  ///
  /// - Parameter settings: `key=value`; without a plan, keys of `posterior`.
  func choice(settings: [String] = []) throws -> PosteriorChoice {
    if files.count == 1, [".yaml", ".yml"].contains(where: files[0].lowercased().hasSuffix) {
      return try PlanFile.read(path: files[0], settings: settings).plan.posterior
    }
    let prefix = "posterior."
    if let other = settings.first(where: { !$0.hasPrefix(prefix) }) {
      throw ValidationError(
        "--set: expected a key of the posterior, such as posterior.draws=100, for there is no plan, found '\(other)'")
    }
    // A format that needs a model is looked at without one too.
    let formatKey = "posterior.format="
    let isWhole = settings.contains { setting in
      ["model", "curves", "data", "meridian"].contains { setting.dropFirst(prefix.count).hasPrefix($0) }
    }
    let read = settings.filter { isWhole || !$0.hasPrefix(formatKey) }
    var choice = try PlanFile.parse(
      "posterior: {file: [\(files.map(\.inYAML).joined(separator: ", "))]}\nhorizon: {num_periods: 1}", source: source,
      folder: "", settings: read
    ).plan.posterior
    if !isWhole, let written = settings.last(where: { $0.hasPrefix(formatKey) })?.dropFirst(formatKey.count) {
      guard let format = PosteriorChoice.Format(rawValue: String(written)) else {
        let formats = PosteriorChoice.Format.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--set posterior.format: expected one of \(formats), found '\(written)'")
      }
      choice.format = format
    }
    if let curves {
      choice.format = .curves
      choice.curves = PointCurves(kind: curves, channelColumn: channelColumn ?? PointCurves.defaultChannelColumn)
    }
    return choice
  }

  /// What the files of a choice hold, and how much of it they say themselves.
  func contents(of choice: PosteriorChoice) throws(PosteriorFileError) -> PosteriorContents {
    if choice.model == nil, choice.meridian == nil, choice.curves?.kind == nil {
      let (paths, format) = (choice.files.map(\.value), choice.format.rawValue)
      if let variables = try PosteriorFile.variables(
        paths: paths, format: format, channelColumn: channelColumn ?? choice.curves?.channelColumn)
      {
        return .variables(variables)
      }
      if let contents = try PosteriorFile.meridianContents(paths: paths, format: format) { return .meridian(contents) }
    }
    return .posterior(try choice.read())
  }

  /// How the columns of a table are read; nil for draws.
  func pointCurves(_ variables: DrawVariables) -> PointCurves? {
    variables.channelColumn.map { PointCurves(kind: nil, channelColumn: $0) }
  }

  /// The posterior that a choice is by what is suggested for its variables.
  func posterior(of variables: DrawVariables, in choice: PosteriorChoice) throws(PosteriorFileError) -> Posterior {
    var choice = choice
    choice.model = variables.suggestion.model
    if let curves = pointCurves(variables) { (choice.format, choice.curves) = (.curves, curves) }
    return try choice.read()
  }
}

/// What a file holds, by how much of its model it says.
enum PosteriorContents {
  /// All of it.
  case posterior(Posterior)
  /// Names and numbers.
  case variables(DrawVariables)
  /// The draws of Meridian, without its data and settings.
  case meridian(MeridianContents)
}

extension PointCurves.Kind: ExpressibleByArgument {}
