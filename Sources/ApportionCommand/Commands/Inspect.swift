import ArgumentParser
import Planning
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
        apportion inspect curves.csv --curves hill_bottom
        apportion inspect plan.yaml

      Of a plan it is the posterior that is shown, read as the plan says: with the data of a model of Meridian, or the model of \
      a file of draws.
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people, json (everything) or csv (the parameters).", valueName: "text|json|csv"))
  var format = ReportFormat.text

  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    let posterior = try verbosity.progress.stage("Reading \(model.file)") { try read() }
    switch format {
    case .text: try Terminal.show(posterior.textReport(style: Terminal.style))
    case .json: try Terminal.show(posterior.jsonReport)
    case .csv: try Terminal.show(posterior.parameterTable.csv)
    }
  }

  private func read() throws -> Posterior {
    let isPlan = [".yaml", ".yml", ".json"].contains { model.file.lowercased().hasSuffix($0) }
    return isPlan ? try PlanFile.read(path: model.file).plan.posterior.read() : try model.read()
  }
}
