import ArgumentParser
import Foundation
import Planning
import ResponseModel

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented plan for a model file, that runs as it is.",
    discussion: """
      The plan goes to standard output, or with --out to a file, which is never overwritten. What the variables of files of draws \
      mean is guessed from their names.

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
    let variables = try verbosity.progress.stage("Reading \(model.source)") { try model.variables() }
    if let variables, !variables.suggestion.isComplete {
      let names = variables.variables.prefix(20).map(\.name).joined(separator: ", ")
      let missing = variables.suggestion.missing.map { "posterior.model.\($0)" }.joined(separator: ", ")
      let kinds = PointCurves.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .wrongData,
        "error: \(model.source): the names \(names) do not tell \(missing): expected "
          + (variables.isTableOfCurves ? "--curves, one of \(kinds), or " : "")
          + "a plan with posterior.model written by hand, which apportion inspect begins")
    }
    let posterior = try verbosity.progress.stage("Reading \(model.source)") {
      try model.read(variables)
    }
    let paths = model.files.map { file in out.map { relativePath(of: file, fromFolderOf: $0) } ?? file }
    let text = PlanTemplate.text(
      for: posterior, posteriorPaths: paths, curves: model.pointCurves(variables),
      model: variables?.suggestion.model)
    guard let out else { return try Terminal.show(text) }
    try OutputFiles.write([OutputFile(out, text)])
    if !verbosity.quiet { Terminal.log("Written: \(out). Next: apportion optimise \(out)") }
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
