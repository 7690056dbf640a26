public import ArgumentParser
import PosteriorFiles
public import ResponseModel

/// What every command that reads a posterior without a plan understands.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The posterior file: NetCDF of PyMC-Marketing or ArviZ, draws of CmdStan, R or numpy, or with --curves a CSV of point estimates.",
      discussion: "Several files are the chains of CmdStan, or arrays of numpy.", valueName: "file"),
    completion: .file(extensions: ["nc", "csv", "npz", "npy"]))
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

  func validate() throws {
    if curves == nil && channelColumn != nil {
      throw ValidationError("--channel-column: expected --curves beside it, found none")
    }
  }

  /// How the file is read as point curves; nil for a file that says itself what it is.
  var pointCurves: PointCurves? {
    curves.map { PointCurves(kind: $0, channelColumn: channelColumn ?? PointCurves.defaultChannelColumn) }
  }

  /// The files as messages name them.
  var source: String { files.joined(separator: ", ") }

  /// What the variables of files of draws are; nil for a file that says itself what is in it.
  ///
  /// - Throws: for a table that is neither draws nor said to be curves.
  func variables() throws -> DrawVariables? {
    guard curves == nil else { return nil }
    if try PosteriorFile.isPlainTable(files) {
      let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(
        "\(source): a CSV file does not say what is in it: expected --curves, one of \(kinds), found none")
    }
    return try PosteriorFile.variables(paths: files)
  }

  func read(model: ModelMapping? = nil) throws -> Posterior {
    try PosteriorFile.read(
      paths: files, format: pointCurves == nil ? "auto" : "curves", curves: pointCurves, model: model)
  }
}

extension PointCurves.Kind: ExpressibleByArgument {}
