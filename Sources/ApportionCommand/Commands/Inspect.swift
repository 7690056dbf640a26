import ArgumentParser
import PosteriorFiles
import Reporting
import ResponseModel
import Tables

struct Inspect: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a posterior file, and how well it was sampled.",
    discussion: """
      Examples:

        apportion inspect model.nc
        apportion inspect model.nc --format csv > parameters.csv
      """)

  @Argument(help: "The posterior file: NetCDF as PyMC-Marketing saves it.", completion: .file(extensions: ["nc"]))
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people, json (everything) or csv (the parameters).", valueName: "text|json|csv"))
  var format = ReportFormat.text

  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    let posterior = try verbosity.progress.stage("Reading \(file)") { try PosteriorFile.read(path: file) }
    switch format {
    case .text: try Terminal.show(posterior.textReport(style: Terminal.style))
    case .json: try Terminal.show(posterior.jsonReport)
    case .csv: try Terminal.show(posterior.parameterTable.csv)
    }
  }
}
