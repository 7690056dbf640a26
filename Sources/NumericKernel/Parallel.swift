import Dispatch
import Foundation
import Synchronization

/// Work that is cut into pieces the same way on any machine, its pieces done by as many threads as there are.
///
/// A piece writes only what is its own, and pieces are put together in their order: so the bits of an answer do not depend on
/// the number of threads. No lock is held while a piece is done.
public enum Parallel {
  private static let count = Atomic(max(1, ProcessInfo.processInfo.activeProcessorCount))

  /// Whether this thread is at a piece already.
  @TaskLocal private static var isInside = false

  /// How many threads a call may use, of the whole process: at first as many as there are active processors.
  public static var threadCount: Int { count.load(ordering: .relaxed) }

  /// Sets `threadCount`, at least 1, for all calls from now on.
  public static func use(threads: Int) {
    precondition(threads >= 1, "Work is done by at least one thread.")
    count.store(threads, ordering: .relaxed)
  }

  /// `body(i)` for every i in `0..<count`, each once, in any order; returns when all are done.
  ///
  /// The caller's thread is one of those that work. What is called from within a body runs on that body's thread alone, so
  /// that the outermost cut is the one that is spread; a single piece is no cut, and leaves the threads to the calls within.
  public static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = isInside ? 1 : min(count, threadCount)
    guard workers > 1 else {
      for index in 0..<max(0, count) { body(index) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      $isInside.withValue(true) {
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { break }
          body(index)
        }
      }
    }
  }

  /// `body(i)` for every i in `0..<count`, by `perform`; results in the order of i.
  public static func map<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    unsafe [T](unsafeUninitializedCapacity: max(0, count)) { places, filled in
      // Each place is written once, by the one thread that has its index.
      nonisolated(unsafe) let places = unsafe places
      perform(count) { index in unsafe places.initializeElement(at: index, to: body(index)) }
      filled = max(0, count)
    }
  }
}
