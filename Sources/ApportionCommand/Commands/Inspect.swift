import Apportion
import ArgumentParser
import Planning
import PosteriorFiles
import Reporting
import ResponseModel
import Tables

struct Inspect: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a posterior file, and how well it was sampled.",
    discussion: """
      Of files of draws, and of tables of curves, which do not say what their variables mean, it shows the variables, the \
      model: block of a plan that their names suggest, and what no name tells.

      Examples:

        apportion inspect model.nc
        apportion inspect fit_*.csv
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
    if let plan = try model.plan() {
      let posterior = try verbosity.progress.stage("Reading \(plan.posterior.source)") { try plan.posterior.read() }
      return try show(posterior)
    }
    if let variables = try verbosity.progress.stage("Reading \(model.source)", { try model.variables() }) {
      switch format {
      case .text:
        let posterior =
          variables.suggestion.isComplete
          ? Result { () throws(PosteriorFileError) in try model.read(variables) } : nil
        try Terminal.show(
          variables.textReport(posterior: posterior, curves: model.pointCurves(variables), style: Terminal.style))
      case .json: try Terminal.show(variables.jsonReport)
      case .csv: try Terminal.show(variables.variableTable.csv)
      }
      return
    }
    let posterior = try verbosity.progress.stage("Reading \(model.source)") { try model.read(nil) }
    try show(posterior)
  }

  private func show(_ posterior: Posterior) throws {
    switch format {
    case .text: try Terminal.show(posterior.textReport(style: Terminal.style))
    case .json: try Terminal.show(posterior.jsonReport)
    case .csv: try Terminal.show(posterior.parameterTable.csv)
    }
  }
}
