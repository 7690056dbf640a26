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
      a file of draws. Of a file of Meridian's draws alone it shows what the file holds, and the keys of a plan that give the \
      rest. Keys may be set without a plan too: --set posterior.draws=100
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var overrides: SettingOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is printed: text for people, json (everything) or csv (the parameters).", valueName: "text|json|csv"))
  var format = ReportFormat.text

  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    let choice = try model.choice(settings: overrides.settings)
    switch try verbosity.progress.stage("Reading \(choice.source)", { try model.contents(of: choice) }) {
    case .posterior(let posterior):
      try show(posterior.textReport(style: Terminal.style), posterior.jsonReport, posterior.parameterTable.csv)
    case .meridian(let contents):
      try show(contents.textReport(style: Terminal.style), contents.jsonReport, contents.parameterTable.csv)
    case .variables(let variables):
      let posterior =
        variables.suggestion.isComplete && format == .text
        ? Result { () throws(PosteriorFileError) in try model.posterior(of: variables, in: choice) } : nil
      try show(
        variables.textReport(posterior: posterior, style: Terminal.style),
        variables.jsonReport, variables.variableTable.csv)
    }
  }

  private func show(
    _ text: @autoclosure () -> String, _ json: @autoclosure () -> String, _ csv: @autoclosure () -> String
  ) throws {
    switch format {
    case .text: try Terminal.show(text())
    case .json: try Terminal.show(json())
    case .csv: try Terminal.show(csv())
    }
  }
}
