import Foundation

/// What this process has cost since the system began it.
package struct ProcessCost {
  /// Time of all its threads, in the program and in the system for it.
  package var processorTime: Duration
  /// The most memory that it has held at once, in bytes.
  package var peakMemory: Int

  /// Until now.
  package init() {
    var usage = rusage()
    // Darwin and the C library of Linux give RUSAGE_SELF different types; it is 0 in both.
    let status = unsafe getrusage(0, &usage)
    precondition(status == 0, "A process can ask for its own usage.")
    processorTime = [usage.ru_utime, usage.ru_stime].reduce(.zero) {
      $0 + .seconds($1.tv_sec) + .microseconds($1.tv_usec)
    }
    #if canImport(Darwin)
      peakMemory = usage.ru_maxrss
    #else
      peakMemory = usage.ru_maxrss * 1024
    #endif
  }
}
