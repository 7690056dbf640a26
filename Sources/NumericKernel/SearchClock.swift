import Synchronization

/// The time that searches look at to see whether they are over: the system's, until somebody interrupts them. From then on it is after
/// every deadline, so that each search of the process ends as it would at its time limit, with the best that it has.
///
/// Deadlines are set by the system's clock, and compared with this one: those set after an interruption are over too.
public enum SearchClock {
  private static let interrupted = Atomic<Bool>(false)
  /// Longer than any time limit.
  private static let leap = Duration.seconds(1e9)

  /// What deadlines are compared with.
  public static var now: ContinuousClock.Instant { isInterrupted ? .now + leap : .now }

  /// Whether searches are to end.
  public static var isInterrupted: Bool { interrupted.load(ordering: .relaxed) }

  /// Ends all searches of the process, those that begin later too. To be called from any thread.
  public static func interrupt() { interrupted.store(true, ordering: .relaxed) }

  /// Lets searches go on that begin from now on.
  public static func resume() { interrupted.store(false, ordering: .relaxed) }
}
