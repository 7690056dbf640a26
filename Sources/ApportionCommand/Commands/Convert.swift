import Apportion
import ArgumentParser
import Foundation
import NumericKernel
import Planning
import PosteriorFiles
import Reporting
import ResponseModel

struct Convert: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a posterior as one compact NetCDF file, or its draws as a table or arrays.",
    discussion: """
      The ending of --out says what is written. A NetCDF file (.nc) holds all that plans read of a posterior, every number \
      bit for bit, whatever it was read from; ArviZ opens it, and plans read it without further keys. A wide table (.csv), \
      as R's posterior::as_draws_df is written, and arrays of numpy (.npz) hold the draws alone: the posterior: block of a \
      plan that reads them is printed.

      Of a plan it is the posterior that is converted, as the plan reads it: with the data of a model of Meridian, or the \
      model of a file of draws, and with draws: N thinned. Keys may be set without a plan too: --set posterior.draws=100

      Examples:

        apportion convert plan.yaml --out model.nc
        apportion convert RobynModel-1_2_3.json raw_data.csv --out model.nc
        apportion convert model.nc --out draws.csv
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var overrides: SettingOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file to be written, in the place of one that is there: .nc, .csv or .npz.", valueName: "file"),
    completion: .file(extensions: Kind.allCases.map(\.rawValue)))
  var out: String

  @OptionGroup var verbosity: VerbosityOptions

  /// What is written, by the file's ending.
  private enum Kind: String, CaseIterable {
    case nc, csv, npz

    init?(path: String) { self.init(rawValue: URL(fileURLWithPath: path).pathExtension.lowercased()) }
  }

  func validate() throws {
    guard Kind(path: out) == nil else { return }
    let endings = Kind.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    throw ValidationError("--out: expected a file whose name ends in one of \(endings), found '\(out)'")
  }

  func run() throws {
    guard let kind = Kind(path: out) else { return }
    try OutputFiles.check([out])
    let progress = verbosity.progress
    let choice = try model.choice(settings: overrides.settings)
    guard !(try choice.paths + model.files).contains(where: { isSameFile($0, out) }) else {
      throw Failure(.cannotWrite, "error: \(out) is what is read: expected another file for --out")
    }
    let posterior = try progress.stage("Reading \(choice.source)") { try choice.read() }
    let (bytes, draws) = try progress.stage("Converting") { () throws -> ([UInt8], ConvertedDraws?) in
      switch kind {
      case .nc: return (try PosteriorFile.netCDF(of: posterior), nil)
      case .csv, .npz:
        let draws = try kind == .csv ? PosteriorFile.csv(of: posterior) : PosteriorFile.npz(of: posterior)
        return (draws.bytes, draws)
      }
    }
    try progress.stage("Writing \(out)") { try OutputFiles.write([OutputFile(out, Data(bytes))]) }
    guard !verbosity.quiet else { return }
    let count = posterior.drawCount
    Terminal.log("Written: \(out), the \(count == 1 ? "draw" : countText(count, "draw")) of \(posterior.source)")
    guard let draws else { return }
    if !draws.leftOut.isEmpty {
      Terminal.log("Not in it: \(draws.leftOut.joined(separator: "; ")). A NetCDF file (.nc) has a place for all.")
    }
    try Terminal.show(
      "posterior:\n  file: \(out.inYAML)\n  format: \(kind.rawValue)\n" + draws.model.yaml(indentation: 2))
  }
}

/// Whether both paths lead to one file, links followed.
private func isSameFile(_ path: String, _ other: String) -> Bool {
  func place(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path }
  return place(path) == place(other)
}
