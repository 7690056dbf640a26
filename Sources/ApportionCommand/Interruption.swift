import Dispatch
import Foundation
import NumericKernel
import Synchronization

/// Ctrl-C, and the signal that ends a job: searches end with the best that they have, which is written and said; a second one ends the
/// process at once, but never between the files of one answer.
enum Interruption {
  /// What the process has been told, and the status that says so; 0 before.
  private static let status = Atomic<Int32>(0)
  private static let writing = Mutex<Void>(())
  /// Empty until somebody listens.
  private static let sources = Mutex<[any DispatchSourceSignal]>([])

  /// From now on there is something to keep. Before, the system's way is right: the process ends.
  static func listen() {
    sources.withLock { sources in
      guard sources.isEmpty else { return }
      for number in [SIGINT, SIGTERM] {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
        source.setEventHandler { take(number) }
        source.activate()
        sources.append(source)
      }
    }
  }

  /// The exit status of a run that was interrupted: 128 and the signal's number, as shells have it; nil of one that was not.
  static var exitStatus: Int32? {
    let status = status.load(ordering: .relaxed)
    return status == 0 ? nil : status
  }

  /// Does what is to be done wholly.
  static func wholly<Result, Problem: Error>(_ body: () throws(Problem) -> Result) throws(Problem) -> Result {
    try writing.withLock { _ throws(Problem) in try body() }
  }

  private static func take(_ signal: Int32) {
    let own = 128 + signal
    if status.compareExchange(expected: 0, desired: own, ordering: .relaxed).exchanged {
      SearchClock.interrupt()
      if Terminal.errorIsTerminal { Terminal.write("\r\u{1B}[K") }
      Terminal.log("interrupted: writing what was found so far; once more to end at once")
    } else {
      writing.withLock { _ in _exit(own) }
    }
  }
}
