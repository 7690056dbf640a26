import ArgumentParser
import Foundation
import Planning

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a commented plan for a model file, that runs as it is.",
    discussion: """
      The plan goes to standard output, or with --out to a file, which is never overwritten.

      Examples:

        apportion init model.nc
        apportion init model.nc --out plan.yaml
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
    let file = model.file
    let posterior = try verbosity.progress.stage("Reading \(file)") { try model.read() }
    let path = out.map { relativePath(of: file, fromFolderOf: $0) } ?? file
    let text = PlanTemplate.text(for: posterior, posteriorPath: path, curves: model.pointCurves)
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
