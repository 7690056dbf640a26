import ResponseModel

// The limits of a plan by period with its names looked up: the budget, bounds and holds of each period, constraints.

extension CellNames {
  /// Limits on single periods of a plan that decides none of them are problems.
  mutating func checkNoPeriods(_ constraints: [Constraint]) {
    for constraint in constraints {
      let rule = type(of: constraint.rule)
      let kind = rule.isOfSinglePeriods ? rule.key : constraint.periods == nil ? nil : rule.periodsKey
      guard let kind else { continue }
      problems.append(
        PlanProblem(
          "constraint: \(kind) is about single periods, expected decide: {by: [\((spendCells.dims + [Decision.period]).joined(separator: ", "))]}, "
            + "found periods that distribution has shares for",
          at: constraint.position))
    }
  }

  /// What the plan states, all of it in money.
  ///
  /// - Parameters:
  ///   - current: money by cell, then by period, of the current plan; nil without one.
  ///   - costs: by the model's cells, then by period.
  mutating func periodLimits(
    _ plan: Plan, budget: Double?, current: [[Double]]?, costs: [[Double]], over window: ObservedWindow
  ) -> PeriodLimits {
    let count = window.periodCount
    var limits: [PeriodLimit] = []
    let all = Array(0..<spendCells.cells.count * count)
    if let budget, let spend = plan.budget?.spend, let ends = spend.ends(of: budget) {
      limits.append(
        PeriodLimit(
          kind: .budget, name: "budget", subject: "budget", places: all, coefficients: all.map { _ in 1 },
          lower: ends.lower, upper: ends.upper))
    }
    let ceiling = limits.first?.upper ?? .infinity
    let references = (0..<count).map { period in
      LimitReference(
        budget: budget, current: current.map { $0.map { $0[period] } },
        observed: observedSpend(at: window.isCovered ? window.observed(period) : nil, costs: costs, period: period))
    }
    let byPeriod = references.map { bounds(plan, $0, ceiling: ceiling) }
    // Cell after cell, as results have them.
    for cell in spendCells.cells.indices {
      for (period, bounds) in byPeriod.enumerated() {
        for bound in bounds where bound.kind == .bounds(cell) {
          let name = PeriodLimits.name(bound.name, period)
          limits.append(
            PeriodLimit(
              kind: .bounds, name: name, subject: name, places: [cell * count + period], coefficients: [1],
              lower: bound.lower, upper: bound.upper, isCommon: bound.isCommon))
        }
      }
    }
    limits += locked(plan.mode, current: current, costs: costs, over: window)
    for (cell, range) in keptRanges(plan, costs: costs) {
      for period in 0..<count {
        let subject = PeriodLimits.name(spendCells.cells[cell].name, period)
        limits.append(
          PeriodLimit(
            kind: .sum, name: "\(subject) observed range", subject: subject, places: [cell * count + period],
            coefficients: [1], lower: range.least, upper: range.most))
      }
    }
    var flights: [(constraint: Constraint, flight: PeriodFlight)] = []
    var taken: [String: Int] = [:]
    for constraint in plan.constraints {
      let scope = PeriodScope(
        name: constraint.name, reference: LimitReference(budget: budget), named: periods(constraint, plan.horizon),
        costs: costs, window: window)
      var made = constraint.rule.limits(&self, by: scope)
      flights += constraint.rule.flights(&self, by: scope).map { (constraint, $0) }
      for place in made.indices {
        taken[made[place].name, default: 0] += 1
        if let count = taken[made[place].name], count > 1 { made[place].name += " (\(count))" }
      }
      limits += made
    }
    let least = Set(limits.filter { $0.kind == .offOrAtLeast }.map { $0.places[0] })
    for (constraint, flight) in flights where !flight.variables.allSatisfy(least.contains) {
      problems.append(
        PlanProblem(
          "constraint: flight of \(spendCells.cells[flight.variables[0] / count].name): expected spend, the least in a period that is on, or off_or_at_least beside it, found neither",
          at: constraint.position))
    }
    let whole = PeriodLimits(
      names: spendCells.names, periodCount: count, limits: limits, flights: flights.map(\.flight))
    return plan.mode.order.value == .rolling ? whole.rolling(after: plan.mode.locked?.value ?? 0) : whole
  }

  /// What was spent on each amount in an observed period; nil where that is not known.
  func observedSpend(at place: Int?, costs: [[Double]], period: Int) -> [Double]? {
    guard let place, place >= 0 else { return nil }
    let spent = zip(modelCells, costs).map { cell, costs -> Double in
      if cell.spendHistory.indices.contains(place) { return cell.spendHistory[place] }
      return cell.history.indices.contains(place) ? cell.history[place] * costs[period] : .nan
    }
    let money = spendCells.cells.map { cell in cell.members.reduce(0) { $0 + spent[$1] } }
    return money.allSatisfy(\.isFinite) ? money : nil
  }

  /// Of a rolling plan, what the first periods spend: what was observed in them, or else the current plan's money.
  private mutating func locked(
    _ mode: PlanningMode, current: [[Double]]?, costs: [[Double]], over window: ObservedWindow
  ) -> [PeriodLimit] {
    guard mode.order.value == .rolling, let locked = mode.locked else { return [] }
    return (0..<min(locked.value, window.periodCount)).flatMap { period -> [PeriodLimit] in
      let place = window.first + period
      let observed =
        place < window.count ? observedSpend(at: place, costs: costs, period: period) : nil
      guard let money = observed ?? current?.map({ $0[period] }) else {
        problems.append(
          PlanProblem(
            "locked_periods: expected period \(period + 1) among the observed ones, or a current plan, found neither",
            at: locked.position))
        return []
      }
      return spendCells.cells.indices.map { cell in
        let subject = PeriodLimits.name(spendCells.cells[cell].name, period)
        return PeriodLimit(
          kind: .locked, name: "\(subject) locked", subject: subject, places: [cell * window.periodCount + period],
          coefficients: [1], lower: money[cell], upper: money[cell])
      }
    }
  }

  /// Places of named periods, from 0; nil where none are named. Each once.
  private mutating func periods(_ constraint: Constraint, _ horizon: Horizon) -> [Int]? {
    guard case .named(let names)? = constraint.periods?.value else { return nil }
    var found: [Int] = []
    for name in names {
      guard let period = horizon.period(named: name) else {
        problems.append(
          PlanProblem(
            "constraint: expected periods of the plan's \(horizon.periodCount.value), found \(name.inWords)"
              + (horizon.start == nil && name.isDay ? ", and no horizon.start" : ""),
            at: constraint.periods?.position))
        continue
      }
      if found.contains(period) {
        problems.append(
          PlanProblem(
            "constraint: expected each period once, found \(name.inWords) again", at: constraint.periods?.position))
      } else {
        found.append(period)
      }
    }
    return found
  }
}

extension OutcomeTerms.PeriodName {
  fileprivate var isDay: Bool { if case .day = self { true } else { false } }
}

extension Horizon {
  /// A planned period, counted from 0, by its number or by a day in it; nil where the plan has none such.
  func period(named name: OutcomeTerms.PeriodName) -> Int? {
    let count = periodCount.value
    switch name {
    case .number(let number): return number >= 1 && number <= count ? number - 1 : nil
    case .day(let day):
      guard let end = firstDay(of: count), day < end else { return nil }
      return periodStarts.lastIndex { $0 <= day }
    }
  }
}
