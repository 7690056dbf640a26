import Apportion
import Foundation
import NumericKernel
import Planning
import PosteriorFiles
import Reporting
import ResponseModel
import Tables

/// A plan and its posterior, read and ready to be compiled.
struct Job {
  let plan: Plan
  let posterior: Posterior
  let warnings: [PlanProblem]
  /// The files that were read, as messages name them.
  let inputs: [String]
  private let stamps: InputStamps

  /// Reads both. The posterior is the costly one: what can be known to fail before it is read is to be found in `beforehand`.
  ///
  /// - Parameters:
  ///   - settings: of the command's own options.
  ///   - further: files that the command reads itself, later on.
  init(
    _ options: PlanOptions, settings: [OptionSetting] = [], further: [String] = [],
    beforehand: (Plan) throws -> Void = { _ in }
  ) throws {
    let progress = options.verbosity.progress
    var stamps = InputStamps()
    stamps.take([options.plan] + further)
    var reading = try progress.stage("Reading \(options.plan)") {
      try options.read(settings)
    }
    // Which tables a plan has is known once it was read: it is read again when they, too, are stamped. A pipe can be read once.
    let tables = reading.inputs.filter { $0 != options.plan }
    if !tables.isEmpty, reading.inputs.allSatisfy({ fileType($0) == .typeRegular }) {
      stamps.take(tables)
      reading = try options.read(settings)
    }
    plan = reading.plan
    try beforehand(plan)
    let choice = plan.posterior
    stamps.take(try choice.paths)
    posterior = try progress.stage("Reading \(choice.source)") { try choice.read() }
    warnings = reading.warnings
    inputs = reading.inputs + (try choice.paths) + further
    self.stamps = stamps
  }

  /// What goes into the answer as it is. A pipe, once read, has no digest.
  func record() throws -> RunRecord {
    let digests = try inputs.filter { fileType($0) == .typeRegular }.map {
      Recommendation.Reproducibility.Input(path: $0, sha256: try sha256(ofFileAt: $0))
    }
    // Digests are of what was read, or of nothing.
    try stamps.check()
    return RunRecord(inputs: digests, warnings: warnings.map(\.description))
  }
}

extension Job {
  /// The best plan, and of a full report what its limits cost and what more knowledge would be worth.
  func best(_ compiled: CompiledPlan, _ record: RunRecord, _ progress: Progress) throws -> Recommendation {
    var recommendation = try progress.search("Solving", detail: effort) { _ in
      try compiled.optimise(record: record)
    }
    if plan.output.report == .full {
      recommendation = progress.stage("Leaving out limits") { compiled.relaxing(recommendation) }
      recommendation = progress.stage("Valuing information") { compiled.informing(recommendation) }
      recommendation = progress.stage("Planning by halves of the draws") { compiled.testing(recommendation) }
    }
    return recommendation
  }

  private func effort(_ answer: Recommendation) -> String {
    guard let solver = answer.solver else { return "" }
    return
      ", \(solver.evaluations) evaluations from \(solver.starts.count) \(solver.starts.count == 1 ? "start" : "starts"), threads: \(Parallel.threadCount)"
  }
}

extension PosteriorChoice {
  /// Reads these files in the place of those named: of a model of Meridian the draws, and after them its table.
  mutating func move(to paths: [String]) {
    var paths = paths
    if meridian != nil, paths.count == 2 { meridian?.data.file = paths.removeLast() }
    files = paths.map { Placed($0) }
  }

  /// As the user gave it.
  var source: String { files.map(\.value).joined(separator: ", ") }
}

func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// A path as a person would write it, without steps down and up again: `out/a.csv` for `plans/../out/a.csv`.
func simplified(_ path: String) -> String {
  var parts: [Substring] = []
  for part in path.split(separator: "/", omittingEmptySubsequences: false) {
    if part == "..", let last = parts.last, !["", ".", ".."].contains(last) {
      parts.removeLast()
    } else {
      parts.append(part)
    }
  }
  return parts.joined(separator: "/")
}
