public import ArgumentParser
import PosteriorFiles
public import ResponseModel

/// What every command that reads a posterior without a plan understands.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "The posterior file: NetCDF as PyMC-Marketing saves it, or with --curves a CSV of point estimates.",
    completion: .file(extensions: ["nc", "csv"]))
  var file: String

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
    if curves == nil && file.lowercased().hasSuffix(".csv") {
      let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("a CSV file does not say what is in it: expected --curves, one of \(kinds), found none")
    }
  }

  /// How the file is read as point curves; nil for a file that says itself what it is.
  var pointCurves: PointCurves? {
    curves.map { PointCurves(kind: $0, channelColumn: channelColumn ?? PointCurves.defaultChannelColumn) }
  }

  func read() throws -> Posterior {
    try PosteriorFile.read(path: file, format: pointCurves == nil ? "auto" : "curves", curves: pointCurves)
  }
}

extension PointCurves.Kind: ExpressibleByArgument {}
