import Foundation

/// The time in which `work`, done as often as it takes to come to `atLeast` things, does one of its `count` things: in
/// picoseconds, as clocks have nanoseconds and curves take less.
public func picoseconds(of count: Int, atLeast: Int = 200_000, _ work: () -> Void) -> Int {
  let repeats = max(1, atLeast / count)
  let start = ContinuousClock.now
  for _ in 0..<repeats { work() }
  let elapsed = ContinuousClock.now - start
  return Int((elapsed / .seconds(1)) * 1e12 / Double(count * repeats))
}

/// Seconds that a piece of work took: by the clock on the wall, and of the processor over all threads.
public struct Seconds: Encodable {
  public var wall: Double
  public var cpu: Double
}

/// Does the work once, and times it.
public func timed<Result>(_ work: () throws -> Result) rethrows -> (Result, Seconds) {
  let cpu = clock()
  let start = ContinuousClock.now
  let result = try work()
  let wall = ContinuousClock.now - start
  return (result, Seconds(wall: wall / .seconds(1), cpu: Double(clock() - cpu) / Double(CLOCKS_PER_SEC)))
}
