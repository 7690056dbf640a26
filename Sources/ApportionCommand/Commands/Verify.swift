import ArgumentParser
import Foundation
import Planning
import PosteriorFiles
import Reporting
import ResponseModel

struct Verify: TimedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replay a certificate: prove its bound again, without the solver.",
    discussion: """
      Reads certificate.json, the plan in it and the posterior that it names (as seen from the current folder, and \
      unchanged since), and computes the bound anew from every draw. Exit status 0 where it holds; 65 where the certificate \
      does not prove what it states, or a file has changed.

      Example:

        apportion verify results/certificate.json
      """)

  @Argument(help: "The certificate that optimise wrote.", completion: .file(extensions: ["json"]))
  var file: String

  @OptionGroup var work: WorkOptions
  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let stated = try progress.stage("Reading \(file)") { try read() }
    guard let certificate = stated.certificate else {
      throw Failure(.wrongData, "error: \(file): it states no bound: nothing was proved of that answer")
    }
    let plan = try PlanFile.parse(stated.plan, source: file, folder: "").plan
    guard plan.utility.description == stated.utility else {
      throw Failure(
        .wrongData,
        "error: \(file): expected the utility of its plan, \(plan.utility.description), found \(stated.utility)")
    }
    try progress.stage("Taking digests") { try checkPosterior(of: plan, stated) }
    let posterior = try progress.stage("Reading \(plan.posterior.source)") { try plan.posterior.read() }
    let compiled = try progress.stage("Compiling the plan") { try CompiledPlan(plan, posterior) }
    guard posterior.cells.map(\.name) == stated.channels else {
      throw Failure(
        .wrongData,
        "error: \(file): expected the channels of \(plan.posterior.source), \(posterior.cells.map(\.name).joined(separator: ", ")), "
          + "found \(stated.channels.joined(separator: ", "))")
    }
    guard let bound = progress.stage("Replaying", { compiled.upperBound(by: certificate) }) else {
      throw Failure(.wrongData, "error: \(file): it proves no bound for its plan")
    }
    guard compiled.isWithinLimits(stated.allocation) else {
      throw Failure(
        .wrongData, "error: \(file): expected an allocation within the limits of its plan, found one that breaks them")
    }
    // Another processor may round the last digits otherwise.
    let rounding = 1e-12 * max(abs(certificate.upperBound), compiled.outcomeSize(spend: stated.allocation))
    guard bound <= certificate.upperBound + rounding else {
      throw Failure(
        .wrongData, "error: \(file): it states a bound of \(certificate.upperBound), but proves only \(bound)")
    }
    let value = compiled.score(spend: stated.allocation)
    // As far as an evaluation on another processor may be off.
    guard abs(value - stated.value) <= 1e-9 * abs(value) else {
      throw Failure(
        .wrongData, "error: \(file): it states a value of \(stated.value), but its allocation scores \(value)")
    }
    guard max(value, stated.value) <= bound + rounding else {
      throw Failure(.wrongData, "error: \(file): it states a value above the bound that it proves, \(bound)")
    }
    guard !verbosity.quiet else { return }
    try Terminal.show(
      """
      Replayed over \(posterior.drawCount) \(posterior.drawCount == 1 ? "draw" : "draws"): no plan within the limits scores above \(bound) by \(plan.utility.description)\(certificate.kind == .box ? ", bounding each draw by its own best plan" : "").
      The plan found scores \(value).

      """)
  }

  private func read() throws -> CertificateFile {
    guard let type = fileType(file) else {
      throw Failure(.missingInput, "error: \(file): no such file, expected a certificate")
    }
    guard type != .typeDirectory, let data = FileManager.default.contents(atPath: file) else {
      throw Failure(.wrongData, "error: \(file): cannot be read as a certificate")
    }
    do {
      return try CertificateFile(json: data)
    } catch {
      throw Failure(.wrongData, "error: \(file): not a certificate: \(error.message)")
    }
  }

  /// The plan stands in the certificate whole: of the files only the posterior is read again.
  private func checkPosterior(of plan: Plan, _ stated: CertificateFile) throws {
    for path in try plan.posterior.paths {
      guard let input = stated.inputs.first(where: { $0.path == path }) else {
        throw Failure(.wrongData, "error: \(file): expected the SHA-256 of \(path) in inputs, found none")
      }
      let found = try sha256(ofFileAt: path)
      guard found == input.sha256 else {
        throw Failure(.wrongData, "error: \(path) has changed since: expected SHA-256 \(input.sha256), found \(found)")
      }
    }
  }
}
