/// The time in which `work`, done as often as it takes to come to `atLeast` things, does one of its `count` things: in
/// picoseconds, as clocks have nanoseconds and curves take less.
public func picoseconds(of count: Int, atLeast: Int = 200_000, _ work: () -> Void) -> Int {
  let repeats = max(1, atLeast / count)
  let start = ContinuousClock.now
  for _ in 0..<repeats { work() }
  let elapsed = ContinuousClock.now - start
  return Int((elapsed / .seconds(1)) * 1e12 / Double(count * repeats))
}
