import ResponseModel

// The plan's limits with its names looked up: the budget, bounds and holds, constraints.

extension CellNames {
  /// What the plan states, all of it in money.
  ///
  /// - Parameters:
  ///   - shares: what shares are of; nil without a budget of the plan's own.
  ///   - current: money by cell of the current plan; nil without one.
  ///   - observed: money by cell over as many observed periods as are planned; nil where too few were.
  ///   - ranges: what keeps cells within what was observed in one period.
  mutating func limits(
    _ plan: Plan, budget: Double?, shares: Double?, current: [Double]?, observed: [Double]?,
    keeping ranges: [SpendLimit] = []
  ) -> SpendLimits {
    let reference = LimitReference(budget: shares, current: current, observed: observed)
    var limits: [SpendLimit] = []
    // What a target or an increment leaves to be spent needs no budget of the plan's own.
    let spend = plan.budget?.spend ?? (plan.increment != nil ? .exactly : .atMost)
    if let budget, let ends = spend.ends(of: budget) {
      limits.append(
        SpendLimit(
          kind: .budget, name: "budget", subject: "budget", coefficients: spendCells.cells.map { _ in 1 },
          lower: ends.lower, upper: ends.upper))
    }
    limits += bounds(plan, reference, ceiling: limits.first?.upper ?? .infinity)
    if let increment = plan.increment, let current { limits += self.limits(of: increment, current) }
    limits += ranges
    var taken: [String: Int] = [:]
    checkNoPeriods(plan.constraints)
    for constraint in plan.constraints {
      for var limit in constraint.rule.limits(&self, ConstraintScope(name: constraint.name, reference: reference)) {
        taken[limit.name, default: 0] += 1
        if let count = taken[limit.name], count > 1 { limit.name += " (\(count))" }
        limits.append(limit)
      }
    }
    return SpendLimits(names: spendCells.names, limits: limits)
  }

  /// What was spent on each amount in as many observed periods as are planned: those planned for, or the last ones.
  func observedSpend(costs: [[Double]], over window: ObservedWindow) -> [Double]? {
    guard window.isCovered, modelCells.allSatisfy({ !$0.history.isEmpty || !$0.spendHistory.isEmpty }) else {
      return nil
    }
    let spent = zip(modelCells, costs).map { cell, costs in
      (0..<window.periodCount).reduce(0) { sum, period in
        let place = window.observed(period)
        return sum + (cell.spendHistory.isEmpty ? cell.history[place] * costs[period] : cell.spendHistory[place])
      }
    }
    let money = spendCells.cells.map { cell in cell.members.reduce(0) { $0 + spent[$1] } }
    return money.allSatisfy(\.isFinite) ? money : nil
  }

  // MARK: Increments and targets

  /// The money of a plan: as asked for; the current plan's and its increment; or so many times the current plan's.
  mutating func budget(of plan: Plan, asked: Double?, now: Double?, cap: Double?) -> Double? {
    if let increment = plan.increment {
      let position = increment.amount.position
      guard let now else {
        lacks(
          "increment: expected a current plan to change, in the posterior or in current: {file: …}, found none",
          at: position)
        return nil
      }
      if let asked, plan.current != .history, abs(asked - now) > 1e-9 * now {
        lacks(
          "increment: the current plan spends \(SpendLimits.format(now)), expected that as the budget, or none, found "
            + SpendLimits.format(asked), at: plan.budget?.amount.position ?? position)
      }
      let money = now + increment.money(of: now)
      guard money >= Budget.least else {
        lacks(
          "increment: expected less than the \(SpendLimits.format(now)) of the current plan to be taken from it, found "
            + SpendLimits.format(now - money), at: position)
        return nil
      }
      return money
    }
    guard let cap else { return asked }
    guard let now, now > 0 else {
      lacks(
        "the target has no budget beside it, expected budget: {total: MONEY}, the most that may be spent, or a current plan to begin from",
        at: plan.target?.position)
      return nil
    }
    return cap * now
  }

  /// Cells that may change in one direction, and those that may not.
  private mutating func limits(of increment: Increment, _ current: [Double]) -> [SpendLimit] {
    let moving = increment.only.isEmpty ? Set(current.indices) : Set(increment.only.flatMap { indices(of: $0) })
    let isMore = increment.money(of: 1) >= 0
    return current.indices.map { index in
      let name = spendCells.cells[index].name
      let isFixed = !moving.contains(index)
      return SpendLimit(
        kind: .sum, name: "\(name) current", subject: name, coefficients: coefficients([index]),
        lower: isFixed || isMore ? current[index] : -.infinity, upper: isFixed || !isMore ? current[index] : .infinity)
    }
  }

  /// Targets and limits of risk are of utilities of the outcome alone.
  mutating func checkGoal(_ plan: Plan, _ utility: any Utility, _ risks: [any Utility]) {
    let name = plan.utility.name.value
    if let target = plan.target, target.value.kind != .profit {
      let isUnitless =
        target.value.kind != .outcome && (utility is any RatioUtility || utility is TargetProbability)
      if utility is any PlanUtility || isUnitless {
        problems.append(
          PlanProblem(
            "target.\(target.value.kind.rawValue) is of a utility in the outcome's own unit, such as mean, quantile or expected_shortfall, found \(name)",
            at: target.position))
      }
    }
    if !risks.isEmpty, utility is any PlanUtility {
      problems.append(
        PlanProblem(
          "risk_limits go with a utility of the outcome alone, such as mean or expected_shortfall, found \(name)",
          at: plan.utility.name.position))
    }
    for (limit, utility) in zip(plan.riskLimits, risks) where utility is any PlanUtility {
      problems.append(
        PlanProblem(
          "risk_limits: expected a utility of the outcome alone, such as expected_shortfall or quantile, found "
            + limit.utility.name.value, at: limit.utility.name.position))
    }
  }

  // MARK: Bounds

  /// Each cell's bound, else the bound of every cell, else none; held cells one amount.
  mutating func bounds(_ plan: Plan, _ reference: LimitReference, ceiling: Double) -> [SpendLimit] {
    var ends = [(lower: Double, upper: Double)?](repeating: nil, count: spendCells.cells.count)
    if let fallback = plan.bounds.fallback {
      for index in spendCells.cells.indices { ends[index] = money(of: fallback, index, reference, ceiling: ceiling) }
    }
    var bounded: Set<Int> = []
    // What is said of one amount goes before what is said of several.
    let several = plan.bounds.cells.filter { if case .cells? = known($0.cell) { true } else { false } }
    let single = plan.bounds.cells.filter { if case .cells? = known($0.cell) { false } else { true } }
    for (cell, limit) in several + single {
      for index in indices(of: cell) {
        ends[index] = money(of: limit, index, reference, ceiling: ceiling)
        bounded.insert(index)
      }
    }
    for (cell, index) in plan.decision.except.flatMap({ cell in indices(of: cell).map { (cell, $0) } }) {
      guard let money = held(at: plan.decision.hold, index, cell.position, reference.current) else { continue }
      if bounded.contains(index), let bound = ends[index], money < bound.lower || money > bound.upper {
        problems.append(
          PlanProblem(
            "\(spendCells.cells[index].name) is held at \(SpendLimits.format(money)), expected an amount within its bounds, "
              + "\(SpendLimits.format(bound.lower)) to \(SpendLimits.format(bound.upper))",
            at: cell.position))
      }
      ends[index] = (money, money)
      bounded.insert(index)
    }
    let named = bounded
    return ends.indices.compactMap { index in
      ends[index].map { bound in
        SpendLimit(
          kind: .bounds(index), name: spendCells.cells[index].name, subject: spendCells.cells[index].name,
          coefficients: coefficients([index]), lower: bound.lower, upper: bound.upper,
          isCommon: !named.contains(index))
      }
    }
  }

  /// Nil where it cannot be told, which is among the problems then.
  private mutating func money(
    of limit: Placed<Bounds.Limit>, _ index: Int, _ reference: LimitReference, ceiling: Double
  ) -> (lower: Double, upper: Double)? {
    func ends(_ lower: Placed<Double>?, _ upper: Placed<Double>?, of unit: Double) -> (Double, Double) {
      let lower = (lower?.value ?? 0) * unit
      return (lower, upper.map { $0.value * unit } ?? max(ceiling, lower))
    }
    switch limit.value {
    case .money(let lower, let upper): return ends(lower, upper, of: 1)
    case .share(let lower, let upper):
      if let budget = reference.budget { return ends(lower, upper, of: budget) }
      lacks("bounds by share are shares of the budget, expected a budget, found none", at: limit.position)
    case .relative(let share):
      if let money = reference.current?[index] { return (money * max(0, 1 - share.value), money * (1 + share.value)) }
      lacks(
        "relative bounds need a current plan, expected a history in the posterior or current: {file: …}, found neither",
        at: limit.position)
    case .history(let lower, let upper):
      if let money = reference.observed?[index] { return ends(lower, upper, of: money) }
      lacks(
        "bounds by history need what was spent, expected a posterior with as many observed periods as are planned, found "
          + "fewer, or holes in them",
        at: limit.position)
    }
    return nil
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

  mutating func lacks(_ sentence: String, at position: TextPosition?) {
    let problem = PlanProblem(sentence, at: position)
    if !problems.contains(problem) { problems.append(problem) }
  }
}

/// What limits may be relative to.
struct LimitReference {
  /// Money over the horizon; nil without a budget.
  var budget: Double?
  var current: [Double]?
  var observed: [Double]?
}
