import ResponseModel

// The limits of a plan by period with its names looked up: the budget, bounds and holds of each period, constraints.

extension CellNames {
  /// Limits on single periods of a plan that decides none of them are problems.
  mutating func checkNoPeriods(_ constraints: [Constraint]) {
    for constraint in constraints {
      let kind: String? =
        switch constraint.rule {
        case .period: "period"
        case .ramp: "ramp"
        case .dark: "dark"
        case .flight: "flight"
        case .group, .linear, .fixed, .offOrAtLeast: constraint.periods == nil ? nil : "periods"
        }
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
    var flights: [PeriodFlight] = []
    var taken: [String: Int] = [:]
    for constraint in plan.constraints {
      var made = self.limits(of: constraint, LimitReference(budget: budget), plan.horizon, costs: costs, over: window)
      if case .flight(let cell, let flight) = constraint.rule {
        for index in indices(of: cell) {
          flights.append(
            PeriodFlight(
              name: constraint.name ?? "\(spendCells.cells[index].name) flight",
              variables: (0..<count).map { index * count + $0 }, onAtLeast: flight.onAtLeast.value,
              offAtLeast: flight.offAtLeast.value))
        }
      }
      for place in made.indices {
        taken[made[place].name, default: 0] += 1
        if let count = taken[made[place].name], count > 1 { made[place].name += " (\(count))" }
      }
      limits += made
    }
    let least = Set(limits.filter { $0.kind == .offOrAtLeast }.map { $0.places[0] })
    for case (let constraint, .flight(let cell, _)) in plan.constraints.map({ ($0, $0.rule) }) {
      for index in indices(of: cell) where !(0..<count).allSatisfy({ least.contains(index * count + $0) }) {
        problems.append(
          PlanProblem(
            "constraint: flight of \(spendCells.cells[index].name): expected spend, the least in a period that is on, or off_or_at_least beside it, found neither",
            at: constraint.position))
      }
    }
    let whole = PeriodLimits(names: spendCells.names, periodCount: count, limits: limits, flights: flights)
    return plan.mode.order.value == .rolling ? whole.rolling(after: plan.mode.locked?.value ?? 0) : whole
  }

  /// What was spent on each amount in an observed period; nil where that is not known.
  private func observedSpend(at place: Int?, costs: [[Double]], period: Int) -> [Double]? {
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

  // MARK: Constraints

  private mutating func limits(
    of constraint: Constraint, _ reference: LimitReference, _ horizon: Horizon, costs: [[Double]],
    over window: ObservedWindow
  ) -> [PeriodLimit] {
    let count = window.periodCount
    let named = periods(constraint, horizon)
    let periods = named ?? Array(0..<count)
    let span =
      named.map {
        $0.count == 1 ? " in period \($0[0] + 1)" : " in periods \($0.map { "\($0 + 1)" }.joined(separator: ", "))"
      }
      ?? ""
    func sum(
      _ terms: [(cell: Int, coefficient: Double)], in periods: [Int], _ subject: String, _ lower: Double?,
      _ upper: Double?
    ) -> PeriodLimit {
      let entries = terms.filter { $0.coefficient != 0 }.flatMap { term in
        periods.map { (term.cell * count + $0, term.coefficient) }
      }
      return PeriodLimit(
        kind: .sum, name: constraint.name ?? subject, subject: subject, places: entries.map(\.0),
        coefficients: entries.map(\.1), lower: lower ?? -.infinity, upper: upper ?? .infinity)
    }
    /// One for each of some periods: a name of the plan's own stands for all of them.
    func each(_ subject: String, _ make: (Int, String) -> PeriodLimit) -> [PeriodLimit] {
      periods.map { period in
        var limit = make(period, PeriodLimits.name(subject, period))
        if let name = constraint.name { limit.name = PeriodLimits.name(name, period) }
        return limit
      }
    }
    switch constraint.rule {
    case .group(let names, let ends):
      let cells = names.flatMap { members(of: $0, in: names) }
      return kept([
        sum(
          cells.map { ($0, 1) }, in: periods, names.map(\.value).joined(separator: " + ") + span,
          money(ends.atLeast, reference), money(ends.atMost, reference))
      ])
    case .linear(let terms, let ends):
      let row = terms.flatMap { term in
        members(of: term.cell, in: terms.map(\.cell)).map { ($0, term.coefficient.value) }
      }
      return kept([
        sum(row, in: periods, terms.inWords + span, money(ends.atLeast, reference), money(ends.atMost, reference))
      ])
    case .fixed(let cell, let spend):
      let (money, cells) = (money(spend, reference), indices(of: cell).map { ($0, 1.0) })
      guard named != nil else {
        var limit = sum(cells, in: periods, cell.value, money, money)
        limit.name = constraint.name ?? "\(cell.value) fixed"
        return kept([limit])
      }
      return kept(each(cell.value) { sum(cells, in: [$0], $1, money, money) })
    case .period(let ends):
      let (least, most) = (money(ends.atLeast, reference), money(ends.atMost, reference))
      let cells = spendCells.cells.indices.map { ($0, 1.0) }
      return each("all") { period, subject in
        var limit = sum(cells, in: [period], subject, least, most)
        limit.name = constraint.name.map { PeriodLimits.name($0, period) } ?? "period \(period + 1)"
        return limit
      }
    case .dark(let cell):
      let cells = indices(of: cell).map { ($0, 1.0) }
      return kept(
        each(cell.value) { period, subject in
          var limit = sum(cells, in: [period], subject, nil, 0)
          limit.name =
            constraint.name.map { PeriodLimits.name($0, period) } ?? "\(cell.value) dark in period \(period + 1)"
          return limit
        })
    case .offOrAtLeast(let cell, let spend):
      return least(cell, money(spend, reference) ?? 0, constraint, periods, of: count)
    case .flight(let cell, let flight):
      guard let spend = flight.spend else { return [] }
      return least(cell, money(spend, reference) ?? 0, constraint, periods, of: count)
    case .ramp(let names, let ramp):
      return names.flatMap { members(of: $0, in: names) }.flatMap {
        self.ramp(ramp, of: $0, constraint, costs: costs, over: window)
      }
    }
  }

  /// Without those of no cell, whose names are problems.
  private func kept(_ limits: [PeriodLimit]) -> [PeriodLimit] { limits.filter { !$0.places.isEmpty } }

  private mutating func least(
    _ cell: Placed<String>, _ money: Double, _ constraint: Constraint, _ periods: [Int], of count: Int
  ) -> [PeriodLimit] {
    indices(of: cell).flatMap { index in
      periods.map { period in
        let subject = PeriodLimits.name(spendCells.cells[index].name, period)
        return PeriodLimit(
          kind: .offOrAtLeast,
          name: constraint.name.map { PeriodLimits.name($0, period) } ?? "\(subject) off or at least",
          subject: subject, places: [index * count + period], coefficients: [1], lower: money)
      }
    }
  }

  /// From period to period; ends of the same difference are one limit.
  private mutating func ramp(
    _ ramp: Constraint.Ramp, of cell: Int, _ constraint: Constraint, costs: [[Double]], over window: ObservedWindow
  ) -> [PeriodLimit] {
    let (count, name) = (window.periodCount, spendCells.cells[cell].name)
    let observed = observedSpend(
      at: min(window.first, window.count) - 1, costs: costs, period: 0)?[cell]
    if ramp.start?.value == .history, observed == nil {
      problems.append(
        PlanProblem(
          "constraint: ramp of \(name) from history: expected what was spent in the observed period before the plan, found none",
          at: ramp.start?.position))
      return []
    }
    let start = ramp.start?.value == .free ? nil : observed
    func change(_ money: Constraint.Money) -> (factor: Double, amount: Double) {
      switch money {
      case .amount(let amount): (0, amount)
      case .share(let share): (share, 0)
      }
    }
    var limits: [PeriodLimit] = []
    for period in (start == nil ? 1 : 0)..<max(count, 1) {
      func limit(_ way: String, _ factor: Double, _ lower: Double, _ upper: Double, floor: Double? = nil) {
        let place = cell * count + period
        let before = period == 0 ? "the last observed one" : "period \(period)"
        let times = factor == 1 ? "" : "\(factor.inYAML) times "
        var limit = PeriodLimit(
          kind: .ramp, name: "\(constraint.name ?? name) ramp \(way)in period \(period + 1)",
          subject: "\(PeriodLimits.name(name, period)) less \(times)\(before)", places: [place], coefficients: [1],
          lower: lower, upper: upper, floor: floor)
        if period > 0, factor != 0 {
          (limit.places, limit.coefficients) = ([place, place - 1], [1, -factor])
        } else if let start {
          let base = factor * start
          (limit.lower, limit.upper) = (lower + base, upper + base)
          limit.subject = PeriodLimits.name(name, period)
          if let floor = limit.floor { limit.upper = max(limit.upper, floor) }
          limit.floor = nil
        }
        limits.append(limit)
      }
      let up = ramp.up.map { change($0.value) }
      let down = ramp.down.map { change($0.value) }
      // A floor that the ramp allows from nothing changes nothing.
      let floor = ramp.fromZero.map(\.value)
      if let up, let down, up.factor == 0, down.factor == 0, (floor ?? 0) <= up.amount {
        limit("", 1, -down.amount, up.amount)
        continue
      }
      if let up {
        limit("up ", 1 + up.factor, -.infinity, up.amount, floor: floor.flatMap { $0 > up.amount ? $0 : nil })
      }
      if let down, down.factor < 1 { limit("down ", 1 - down.factor, -down.amount, .infinity) }
    }
    return limits
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
