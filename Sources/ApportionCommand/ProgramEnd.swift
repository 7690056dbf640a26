import Foundation

/// How another program ended.
enum ProgramEnd: Equatable {
  case status(Int32)
  case signal(Int32)
  /// It had not ended by the deadline, and was ended.
  case deadline
}

extension Process {
  /// Runs to its end, or until a deadline: then it is ended, and what it began with it.
  func runs(until deadline: ContinuousClock.Instant) throws -> ProgramEnd {
    let end = DispatchSemaphore(value: 0)
    terminationHandler = { _ in end.signal() }
    try run()
    guard end.wait(timeout: .now() + max(0, (deadline - .now) / .seconds(1))) == .timedOut else {
      return terminationReason == .exit ? .status(terminationStatus) : .signal(terminationStatus)
    }
    // It leads a group of processes. Foundation waits for all of them, and some may have left the group: not so we.
    kill(-processIdentifier, SIGKILL)
    kill(processIdentifier, SIGKILL)
    _ = end.wait(timeout: .now() + .seconds(1))
    return .deadline
  }
}
