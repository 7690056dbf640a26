import Apportion
public import ArgumentParser
import Foundation
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

  @OptionGroup var table: CurveOptions

  private var channelColumn: String? { table.channelColumn }

  /// The files as messages name them.
  var source: String { files.joined(separator: ", ") }

  /// Whether the only file is a plan: YAML, or JSON with a posterior in it.
  private var isPlan: Bool {
    guard files.count == 1 else { return false }
    let name = files[0].lowercased()
    guard name.hasSuffix(".json") else { return name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
    do {
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: files[0])))
      return (object as? [String: Any])?["posterior"] != nil
    } catch {
      return false
    }
  }

  /// What is read: the posterior of a plan, where the only file is one, else these files.
  ///
  /// - Parameter settings: `key=value`; without a plan, keys of `posterior`.
  func choice(settings: [String] = []) throws -> PosteriorChoice {
    if isPlan {
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
    if let curves = table.kind {
      choice.format = .curves
      choice.curves = PointCurves(kind: curves, channelColumn: channelColumn ?? PointCurves.defaultChannelColumn)
    }
    return choice
  }

  /// What the files of a choice hold: what they say themselves, where the choice does not say the rest.
  func contents(of choice: PosteriorChoice) throws(PosteriorFileError) -> PosteriorContents {
    guard choice.model == nil, choice.meridian == nil, choice.curves?.kind == nil else {
      return .posterior(try choice.read())
    }
    return try PosteriorFile.contents(
      paths: choice.files.map(\.value), format: choice.format.rawValue, draws: choice.draws?.value,
      channelColumn: channelColumn ?? choice.curves?.channelColumn)
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

extension PointCurves.Kind: ExpressibleByArgument {
  /// AMMM writes `michaelis-menten`.
  public init?(argument: String) { self.init(rawValue: argument.replacing("-", with: "_")) }
}
