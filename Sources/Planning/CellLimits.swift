import ResponseModel

// The plan's bounds and holds, cell by cell, in money.

extension CellNames {
  /// What each cell may spend: its bound, else the bound of every cell, else anything up to the budget; held cells one amount.
  mutating func limits(_ plan: Plan, budget: Double?, current: [Double]?) -> SpendLimits {
    let ceiling = budget ?? .infinity
    var limits = SpendLimits(
      lower: [Double](repeating: 0, count: spendCells.cells.count),
      upper: [Double](repeating: ceiling, count: spendCells.cells.count),
      isStated: [Bool](repeating: false, count: spendCells.cells.count), budget: budget,
      spend: plan.budget?.spend ?? .exactly)
    if let fallback = plan.bounds.fallback {
      for index in spendCells.cells.indices { apply(fallback, to: index, &limits, ceiling: ceiling, current: current) }
    }
    var bounded: Set<Int> = []
    // What is said of one amount goes before what is said of several.
    let several = plan.bounds.cells.filter { if case .cells? = known($0.cell) { true } else { false } }
    let single = plan.bounds.cells.filter { if case .cells? = known($0.cell) { false } else { true } }
    for (cell, limit) in several + single {
      for index in indices(of: cell) {
        apply(limit, to: index, &limits, ceiling: ceiling, current: current)
        bounded.insert(index)
      }
    }
    for (cell, index) in plan.decision.except.flatMap({ cell in indices(of: cell).map { (cell, $0) } }) {
      guard let money = held(at: plan.decision.hold, index, cell.position, current) else { continue }
      if bounded.contains(index) && (money < limits.lower[index] || money > limits.upper[index]) {
        problems.append(
          PlanProblem(
            "\(spendCells.cells[index].name) is held at \(SpendLimits.format(money)), expected an amount within its bounds, "
              + "\(SpendLimits.format(limits.lower[index])) to \(SpendLimits.format(limits.upper[index]))",
            at: cell.position))
      }
      limits.lower[index] = money
      limits.upper[index] = money
      limits.isStated[index] = true
    }
    return limits
  }

  private mutating func apply(
    _ limit: Placed<Bounds.Limit>, to index: Int, _ limits: inout SpendLimits, ceiling: Double, current: [Double]?
  ) {
    limits.isStated[index] = true
    switch limit.value {
    case .money(let lower, let upper):
      limits.lower[index] = lower?.value ?? 0
      limits.upper[index] = upper?.value ?? max(ceiling, limits.lower[index])
    case .relative(let share):
      guard let current else {
        let problem = PlanProblem(
          "relative bounds need a current plan, expected a history in the posterior or current: {file: …}, found neither",
          at: limit.position)
        if !problems.contains(problem) { problems.append(problem) }
        return
      }
      limits.lower[index] = current[index] * max(0, 1 - share.value)
      limits.upper[index] = current[index] * (1 + share.value)
    }
  }

  private mutating func held(
    at hold: Decision.Hold, _ index: Int, _ position: TextPosition?, _ current: [Double]?
  ) -> Double? {
    switch hold {
    case .zero: return 0
    case .current:
      if let current { return current[index] }
      problems.append(
        PlanProblem(
          "hold: current needs a current plan, expected a history in the posterior or current: {file: …}, found neither",
          at: position))
      return nil
    }
  }
}
