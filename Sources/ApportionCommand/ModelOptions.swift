public import ArgumentParser
import Planning
import PosteriorFiles
public import ResponseModel

/// What every command that reads a posterior without a plan understands.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The posterior file: NetCDF of PyMC-Marketing, ArviZ or apportion convert, draws of CmdStan, R or numpy, Robyn's export, or with --curves a CSV of point estimates.",
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

  /// The plan, where the only file is one in YAML.
  func plan() throws -> Plan? {
    guard files.count == 1, [".yaml", ".yml"].contains(where: files[0].lowercased().hasSuffix) else { return nil }
    return try PlanFile.read(path: files[0]).plan
  }

  /// What the variables of files of draws are, and the columns of a table of curves; nil for a file that says itself what is in
  /// it, or is said to be curves of a kind.
  func variables() throws -> DrawVariables? {
    guard curves == nil else { return nil }
    return try PosteriorFile.variables(paths: files, channelColumn: channelColumn)
  }

  /// How the file is read as point curves: by a kind, or, for a table found to be one, by a mapping; nil for any other.
  func pointCurves(_ variables: DrawVariables?) -> PointCurves? {
    guard curves != nil || variables?.isTableOfCurves ?? false else { return nil }
    return PointCurves(kind: curves, channelColumn: channelColumn ?? PointCurves.defaultChannelColumn)
  }

  /// The posterior, by what is suggested for variables that do not say what they mean.
  func read(_ variables: DrawVariables?) throws(PosteriorFileError) -> Posterior {
    let curves = pointCurves(variables)
    return try PosteriorFile.read(
      paths: files, format: curves == nil ? "auto" : "curves", curves: curves, model: variables?.suggestion.model)
  }
}

extension PointCurves.Kind: ExpressibleByArgument {}
