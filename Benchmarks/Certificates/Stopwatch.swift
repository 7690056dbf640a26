import Foundation

/// Seconds that a piece of work took: by the clock on the wall, and of the processor over all threads.
struct Seconds {
  var wall: Double
  var cpu: Double
}

/// Does the work once, and times it.
func timed<Result>(_ work: () throws -> Result) rethrows -> (Result, Seconds) {
  let cpu = clock()
  let start = ContinuousClock.now
  let result = try work()
  let wall = ContinuousClock.now - start
  return (result, Seconds(wall: wall / .seconds(1), cpu: Double(clock() - cpu) / Double(CLOCKS_PER_SEC)))
}
