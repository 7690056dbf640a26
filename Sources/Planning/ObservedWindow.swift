import ResponseModel

/// Where the plan's periods stand on the posterior's axis of observed periods.
struct ObservedWindow: Sendable {
  /// Observed periods.
  let count: Int
  /// The plan's first period, counted from the first observed one: `count` for a plan that follows what was observed, less for one
  /// over observed periods.
  let first: Int
  /// Periods planned for.
  let periodCount: Int

  /// The observed period whose flighting, prices and worths a planned one takes, counted from 0: itself where it was observed,
  /// else the one at its place among as many as are planned at the end of what was. Periods after the plan go round once more.
  func observed(_ period: Int) -> Int {
    let own = first + period
    if own < count { return own }
    let cycle = min(periodCount, count)
    return count - cycle + (own - count) % max(cycle, 1)
  }

  /// Whether enough was observed for every planned period to have one of its own.
  var isCovered: Bool { count > 0 && periodCount <= count }

  /// A cell's media before the plan that are still felt in it.
  func carriedIn(_ cell: Cell) -> [Double] { Array(cell.history.prefix(first).suffix(cell.window)) }
}
