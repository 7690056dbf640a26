/// A plan that somebody gives to be scored: each cell's money over the horizon, and how it is spread where they say.
public struct Allocation: Sendable, Equatable {
  /// Cells not named spend nothing.
  public var amounts: [CellAmount]
  /// Shares by period of the named cells; nil for the plan's own distribution.
  public var distribution: [CellSeries]?

  /// Without a distribution, the plan's own.
  public init(amounts: [CellAmount], distribution: [CellSeries]? = nil) {
    self.amounts = amounts
    self.distribution = distribution
  }

  /// Money of each period by cell.
  init(byPeriod series: [CellSeries]) {
    self.init(amounts: [], distribution: [])
    for cell in series {
      let total = cell.values.reduce(0) { $0 + $1.value }
      amounts.append(CellAmount(cell: cell.cell, labels: cell.labels, money: Placed(total, at: cell.cell.position)))
      // Where a cell spends nothing, how it is spread does not matter.
      guard total > 0 else { continue }
      distribution?.append(
        CellSeries(
          cell: cell.cell, labels: cell.labels,
          values: cell.values.map { Placed($0.value / total, at: cell.cell.position) }))
    }
  }

  /// Reads a CSV file: a column for each dim, in any order, and `spend` or `total`, money over the horizon; with a column `period`,
  /// money of that period, none where there is no row. The other columns of `allocation.csv` and `calendar.csv` are passed over.
  ///
  /// - Parameter dims: the model's, for messages.
  /// - Throws: everything that is wrong with the file. Whether its columns and labels are the model's is seen when it is compiled.
  public static func read(path: String, over horizon: Horizon, dims: [String]) throws(PlanProblems) -> Allocation {
    var table = try CellTable(path, dims: dims)
    let allocation = table.allocation(over: horizon)
    guard table.problems.isEmpty else { throw PlanProblems(table.problems) }
    return allocation
  }

  /// What must hold of every allocation.
  func brokenConditions(periodCount: Int) -> [PlanProblem] {
    let total = amounts.reduce(0) { $0 + $1.money.value }
    let negative = amounts.filter { !($0.money.value >= 0) }.map {
      PlanProblem(
        "spend of \($0.cell.value): expected an amount of money, found \($0.money.value)", at: $0.money.position)
    }
    let endless =
      total.isFinite || !negative.isEmpty
      ? [] : [PlanProblem("the allocation: expected a finite sum of money, found \(total)")]
    return negative + endless
      + (distribution ?? []).flatMap { $0.brokenShares(periodCount: periodCount, areWhole: true) }
  }
}
