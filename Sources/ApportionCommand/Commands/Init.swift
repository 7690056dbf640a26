import ArgumentParser
import Foundation
import Planning
import PosteriorFiles
import ResponseModel

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented plan for a model file, that runs as it is where the file says all of its model.",
    discussion: """
      The plan goes to standard output, or with --out to a file, which is never overwritten. What the variables of files of draws \
      mean is guessed from their names. What a file does not say, as Meridian's and some files of draws, is marked FILL IN in \
      its place.

      Examples:

        apportion init model.nc
        apportion init model.nc --out plan.yaml
        apportion init fit_*.csv --out plan.yaml
        apportion init curves.csv --curves hill_bottom --out plan.yaml
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The plan file to be written.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var out: String?

  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    if let out {
      if fileType(out) != nil {
        throw Failure(.cannotWrite, "error: \(out) is there already, and is not overwritten")
      }
      try OutputFiles.check([out])
    }
    let choice = try model.choice()
    let progress = verbosity.progress
    var written = choice.inPlan(at: out)
    let text: String
    var missing: [String] = []
    switch try progress.stage("Reading \(choice.source)", { try model.contents(of: choice) }) {
    case .posterior(let posterior):
      text = PlanTemplate.text(for: posterior, read: written)
    case .meridian(let contents):
      text = PlanTemplate.text(for: contents, posteriorPath: written.file.value)
      missing = ["posterior.data", "posterior.meridian"]
    case .variables(let variables):
      if let curves = model.pointCurves(variables) { (written.format, written.curves) = (.curves, curves) }
      let suggestion = variables.suggestion
      missing = suggestion.missing.map { "posterior.model.\($0)" }
      if suggestion.isComplete {
        let posterior = try progress.stage("Reading \(choice.source)") {
          try model.posterior(of: variables, in: choice)
        }
        written.model = suggestion.model
        text = PlanTemplate.text(for: posterior, read: written, isGuessed: true)
      } else {
        text = PlanTemplate.text(for: variables, read: written)
      }
    }
    let next = missing.isEmpty ? "" : "To be filled in: \(missing.joined(separator: ", "))."
    guard let out else {
      try Terminal.show(text)
      if !missing.isEmpty, !verbosity.quiet { Terminal.log(next) }
      return
    }
    try OutputFiles.write([OutputFile(out, text)])
    if !verbosity.quiet {
      Terminal.log("Written: \(out). \(missing.isEmpty ? "" : next + " ")Next: apportion optimise \(out)")
    }
  }
}

extension PosteriorChoice {
  /// The same with the paths that a plan at `plan` has to name; nil is a plan in the current folder.
  fileprivate func inPlan(at plan: String?) -> PosteriorChoice {
    guard let plan else { return self }
    var choice = self
    for index in files.indices { choice.files[index].value = relativePath(of: files[index].value, fromFolderOf: plan) }
    if let data = meridian?.data.file { choice.meridian?.data.file = relativePath(of: data, fromFolderOf: plan) }
    return choice
  }
}

/// A path as a file in another folder has to name it. An absolute path stays as it is.
func relativePath(of path: String, fromFolderOf file: String) -> String {
  guard !path.hasPrefix("/") else { return path }
  let target = URL(fileURLWithPath: path).standardizedFileURL.pathComponents
  let folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent().pathComponents
  let common = zip(target, folder).prefix { $0 == $1 }.count
  return (folder.dropFirst(common).map { _ in ".." } + target.dropFirst(common)).joined(separator: "/")
}
