import ArgumentParser
import CurveFitting
import Planning
import PosteriorFiles

/// How a run ended, for scripts: `sysexits.h` where it has a word for it.
enum ExitStatus: Int32 {
  /// Solved, but an evaluated plan breaks a limit, or the gap that was asked for was not reached: the answer is written, and
  /// says so.
  case limitsMissed = 2
  /// The plan's limits cannot all be met.
  case infeasible = 3
  case wrongData = 65
  case missingInput = 66
  case internalError = 70
  case cannotWrite = 73
  /// Input or output failed part-way.
  case inputOutput = 74
}

/// Why a command gave up, in a sentence, and its exit status.
struct Failure: Error, Equatable {
  var status: ExitStatus
  var message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// Nil for what the argument parser throws: help, wrong arguments, an exit status of a command's choice.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as PlanFileError: self.init(error)
    case let error as PosteriorFileError: self.init(error)
    case let error as HistoryError: self.init(error.isMissingInput ? .missingInput : .wrongData, error.description)
    case let problems as PlanProblems: self.init(problems)
    case let infeasible as InfeasiblePlan: self.init(.infeasible, "error: \(infeasible.message)")
    case is ExitCode, is CleanExit, is ValidationError: return nil
    default:
      // The parser's own error is not public; whatever else comes here was foreseen by nobody.
      guard Root.exitCode(for: error) == .failure else { return nil }
      self.init(.internalError, "error: internal: \(error)")
    }
  }

  private init(_ error: PlanFileError) {
    switch error {
    case .missing: self.init(.missingInput, "error: \(error)")
    case .unreadable: self.init(.wrongData, "error: \(error)")
    case .invalid(let problems): self.init(problems)
    }
  }

  private init(_ problems: PlanProblems) {
    let isMissing = problems.problems.allSatisfy(\.isMissingInput)
    self.init(isMissing ? .missingInput : .wrongData, problems.problems.map(\.description).joined(separator: "\n"))
  }

  private init(_ error: PosteriorFileError) {
    self.init(error.kind == .missing ? .missingInput : .wrongData, error.description)
  }
}
