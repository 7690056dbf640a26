import ResponseModel
import Tables

/// The plan's names looked up in the posterior, every mistake kept.
struct CellNames {
  let posterior: Posterior
  var problems: [PlanProblem] = []
  private let indices: [String: Int]

  init(_ posterior: Posterior) {
    self.posterior = posterior
    indices = Dictionary(
      posterior.cells.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var cells: [Cell] { posterior.cells }

  mutating func index(of cell: Placed<String>) -> Int? {
    if let index = indices[cell.value] { return index }
    let known = cells.map(\.name)
    let guess = nearest(to: cell.value, in: known).map { ", did you mean \($0)?" } ?? ""
    problems.append(
      PlanProblem(
        "unknown channel, expected one of \(known.joined(separator: ", ")), found \(cell.value)\(guess)",
        at: cell.position))
    return nil
  }

  private mutating func repeated(_ cell: Placed<String>) {
    problems.append(PlanProblem("\(cell.value) is named twice, expected once", at: cell.position))
  }

  /// One row of numbers per cell: those given, `otherwise` for the rest.
  mutating func series(_ given: [CellSeries], periodCount: Int, otherwise: [Double]) -> [[Double]] {
    var rows = [[Double]](repeating: otherwise, count: cells.count)
    var named: Set<Int> = []
    for series in given {
      guard let index = index(of: series.cell) else { continue }
      let values = series.values.map(\.value)
      if named.contains(index) { repeated(series.cell) }
      named.insert(index)
      if values.count == periodCount {
        rows[index] = values
      } else {
        problems.append(
          PlanProblem(
            "\(series.cell.value): expected \(periodCount) values, one a period, found \(values.count)",
            at: series.cell.position))
      }
    }
    return rows
  }

  mutating func costs(_ costs: CostPerUnit, periodCount: Int) -> [[Double]] {
    let ones = [Double](repeating: 1, count: periodCount)
    switch costs {
    case .one: return [[Double]](repeating: ones, count: cells.count)
    case .costs(let given):
      // One number holds for every period.
      let spread = given.map { given in
        given.values.count == 1
          ? CellSeries(cell: given.cell, values: [Placed<Double>](repeating: given.values[0], count: periodCount))
          : given
      }
      return series(spread, periodCount: periodCount, otherwise: ones)
    }
  }

  mutating func distribution(
    _ distribution: Distribution, costs: [[Double]], periodCount: Int, hasHistory: Bool
  ) -> [[Double]] {
    let uniform = [Double](repeating: 1 / Double(periodCount), count: periodCount)
    switch distribution {
    case .uniform: return [[Double]](repeating: uniform, count: cells.count)
    case .shares(let given): return series(given, periodCount: periodCount, otherwise: uniform)
    case .history(let position):
      return cells.map { cell in
        let observed = Array(cell.history.suffix(periodCount))
        let total = observed.reduce(0, +)
        guard observed.count == periodCount, total > 0 else {
          problems.append(
            PlanProblem(
              "distribution: history needs \(periodCount) observed periods with some spend in \(cell.name), found "
                + "\(observed.count) that sum to \(SpendLimits.format(total))", at: position))
          return uniform
        }
        return observed.map { $0 / total }
      }
    }
  }

  /// Money by cell; cells not named spend nothing.
  mutating func amounts(_ given: [CellAmount]) -> [Double] {
    var money = [Double](repeating: 0, count: cells.count)
    var named: Set<Int> = []
    for amount in given {
      guard let index = index(of: amount.cell) else { continue }
      if named.contains(index) { repeated(amount.cell) }
      named.insert(index)
      money[index] = amount.money.value
    }
    return money
  }

  /// The plan to beat. History's shares are those of everything observed, each cell's media at the plan's mean cost per
  /// unit.
  mutating func current(_ current: CurrentPlan, costs: [[Double]], money: Double) -> [Double]? {
    switch current {
    case .amounts(let given, _): return amounts(given)
    case .history:
      let observed = zip(cells, costs).map { cell, costs in
        cell.history.reduce(0, +) * costs.reduce(0, +) / Double(costs.count)
      }
      let total = observed.reduce(0, +)
      return total > 0 && total.isFinite ? observed.map { $0 / total * money } : nil
    }
  }

  /// The utility that the plan names, with every default filled in.
  mutating func utility(_ choice: UtilityChoice, periodCount: Int) -> any Utility {
    guard let entry = UtilityCatalogue.entry(named: choice.name.value) else {
      problems.append(PlanProblem("unknown utility \(choice.name.value)", at: choice.name.position))
      return Mean()
    }
    if posterior.drawCount < entry.minimumDraws {
      problems.append(
        PlanProblem(
          "\(entry.name): expected at least \(entry.minimumDraws) draws, which have a spread, found "
            + "\(posterior.drawCount)", at: choice.name.position))
    }
    var values: [String: UtilityEntry.Value] = [:]
    for option in entry.options { values[option.name] = option.defaultValue }
    for option in choice.options { values[option.name.value] = option.value.value }
    return entry.make(UtilityOptions(values, periodCount: periodCount))
  }
}
