import Apportion
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
      Reads certificate.json, the plan in it and the posterior that it names, and computes the bound anew from every draw. \
      Exit status 0 where it holds; 65 where the certificate does not prove what it states, or the posterior has changed \
      since. The plan's own files are not read again: all that they said is in the certificate.

      Examples:

        apportion verify results/certificate.json
        apportion verify certificate.json --posterior model.nc
      """)

  @Argument(help: "The certificate that optimise wrote.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Where the posterior's files are now, of a model of Meridian its draws and its table (default: where the certificate says, from the current folder).",
      valueName: "file"),
    completion: .file())
  var posterior: [String] = []

  @OptionGroup var work: WorkOptions
  @OptionGroup var verbosity: VerbosityOptions

  func run() throws {
    work.apply()
    let progress = verbosity.progress
    let stated = try progress.stage("Reading \(file)") { try read() }
    guard let certificate = stated.certificate else {
      throw Failure(
        .wrongData,
        stated.searchedBound.map {
          "error: \(file): nothing in it can be replayed: the bound of \($0) was found by a search of boxes or choices, which are not written"
        } ?? "error: \(file): it states no bound: nothing was proved of that answer")
    }
    var plan = try PlanFile.parse(stated.plan, source: file, folder: "").plan
    guard plan.utility.description == stated.utility else {
      throw Failure(
        .wrongData,
        "error: \(file): expected the utility of its plan, \(plan.utility.description), found \(stated.utility)")
    }
    if !posterior.isEmpty { plan.posterior.move(to: posterior) }
    try progress.stage("Taking digests") { try checkPosterior(of: plan, stated) }
    let posterior = try progress.stage("Reading \(plan.posterior.source)") { try plan.posterior.read() }
    let compiled = try progress.stage("Compiling the plan") { try CompiledPlan(plan, posterior) }
    guard compiled.cellNames == stated.channels else {
      throw Failure(
        .wrongData,
        "error: \(file): expected the cells of \(plan.posterior.source), \(compiled.cellNames.joined(separator: ", ")), "
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
    let rounding = 1e-12 * max(abs(certificate.upperBound), compiled.scoreSize(spend: stated.allocation))
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
    guard let sought = compiled.sought(at: stated.allocation, by: certificate) else {
      throw Failure(
        .wrongData,
        "error: \(file): expected an allocation that meets the target and the limits of risk of its plan, found one that does not"
      )
    }
    guard max(sought, sought - value + stated.value) <= min(bound, certificate.upperBound) + rounding else {
      throw Failure(
        .wrongData, "error: \(file): it states a value above its bound, \(min(bound, certificate.upperBound))")
    }
    guard !verbosity.quiet else { return }
    if compiled.plan.target?.value.kind == .outcome {
      try Terminal.show(
        """
        Replayed over \(posterior.drawCount) \(posterior.drawCount == 1 ? "draw" : "draws"): no plan within the limits reaches the target that spends less than \(-bound).
        The plan found spends \(-sought).

        """)
      return
    }
    let charged =
      compiled.plan.target?.value.kind == .marginalROI ? ", what its money is charged taken off," : ""
    try Terminal.show(
      """
      Replayed over \(posterior.drawCount) \(posterior.drawCount == 1 ? "draw" : "draws"): no plan within the limits scores\(charged) above \(bound) by \(plan.utility.description)\(certificate.kind == .box ? ", bounding each draw by its own best plan" : "").
      The plan found scores \(sought).

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
      guard fileType(path) != nil else {
        throw Failure(
          .missingInput,
          "error: \(path): no such file, expected the posterior that \(file) is about; --posterior says where it is")
      }
      // A file that has moved is known by its digest.
      let candidates = stated.inputs.filter { !posterior.isEmpty || $0.path == path }.map(\.sha256)
      let found = try sha256(ofFileAt: path)
      guard let expected = candidates.last else {
        throw Failure(.wrongData, "error: \(file): expected the SHA-256 of \(path) in inputs, found none")
      }
      guard candidates.contains(found) else {
        throw Failure(
          .wrongData,
          "error: \(path) is another file, or has changed since: expected SHA-256 \(expected), found \(found)")
      }
    }
  }
}
