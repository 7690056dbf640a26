import ResponseModel

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

  private var cells: [Cell] { posterior.cells }

  private mutating func index(of cell: Placed<String>) -> Int? {
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

  /// Whether history is carried in, as the plan says or else where it can be.
  mutating func carryIn(_ horizon: Horizon, hasHistory: Bool, warnings: inout [String]) -> Bool {
    if horizon.carryIn?.value == true {
      for cell in cells where !cell.history.suffix(cell.window).allSatisfy(\.isFinite) {
        problems.append(
          PlanProblem(
            "carry_in: expected the last \(cell.window) observed periods of \(cell.name) whole, found one without media",
            at: horizon.carryIn?.position))
      }
    }
    guard let wanted = horizon.carryIn else {
      if hasHistory && !posterior.isContiguous {
        warnings.append(
          "history has holes, so that nothing is carried in from it; carry_in: true would do so all the same")
      }
      if horizon.includeHistory.value && !(hasHistory && posterior.isContiguous) {
        problems.append(
          PlanProblem(
            "include_history: expected a posterior with a contiguous history, found none",
            at: horizon.includeHistory.position))
      }
      return hasHistory && posterior.isContiguous
    }
    if wanted.value && !hasHistory {
      problems.append(
        PlanProblem("carry_in: expected a posterior with observed media, found none", at: wanted.position))
    }
    if !wanted.value && horizon.includeHistory.value {
      problems.append(
        PlanProblem(
          "include_history: expected carry_in: true beside it, found false", at: horizon.includeHistory.position))
    }
    if wanted.value && !posterior.isContiguous {
      warnings.append("history has holes: the last observed periods are carried in as if they followed each other")
    }
    return wanted.value
  }

  /// The plan's periods must be the model's: as long, and following what was observed.
  mutating func checkTimeAxis(_ horizon: Horizon, carriesIn: Bool, warnings: inout [String]) {
    let last = posterior.dates.suffix(2).compactMap { CalendarDate($0) }
    guard last.count == 2 else { return }
    let days = last[1].days(since: last[0])
    let step: Horizon.Step? = days == 1 ? .day : days == 7 ? .week : (28...31).contains(days) ? .month : nil
    if let step, step != horizon.step {
      problems.append(
        PlanProblem(
          "horizon.step: expected \(step.rawValue), as the posterior's periods are \(days) "
            + "\(days == 1 ? "day" : "days") apart, found \(horizon.step.rawValue)"))
    }
    guard carriesIn, step == horizon.step, let start = horizon.start else { return }
    let next = step == .month ? last[1].adding(months: 1) : last[1].adding(days: days)
    if start != next {
      warnings.append(
        "the plan starts on \(start), but what is carried in from history ends before \(next): it is felt as if the one "
          + "followed the other (carry_in: false leaves it out)")
    }
  }

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

  mutating func limits(_ plan: Plan, budget: Double?, current: [Double]?) -> SpendLimits {
    let ceiling = budget ?? .infinity
    var limits = SpendLimits(
      lower: [Double](repeating: 0, count: cells.count), upper: [Double](repeating: ceiling, count: cells.count),
      isStated: [Bool](repeating: false, count: cells.count), budget: budget, spend: plan.budget?.spend ?? .exactly)
    if let fallback = plan.bounds.fallback {
      for index in cells.indices { apply(fallback, to: index, &limits, ceiling: ceiling, current: current) }
    }
    var bounded: Set<Int> = []
    for (cell, limit) in plan.bounds.cells {
      guard let index = index(of: cell) else { continue }
      apply(limit, to: index, &limits, ceiling: ceiling, current: current)
      bounded.insert(index)
    }
    for cell in plan.decision.except {
      guard let index = index(of: cell), let money = held(at: plan.decision.hold, index, cell.position, current) else {
        continue
      }
      if bounded.contains(index) && (money < limits.lower[index] || money > limits.upper[index]) {
        problems.append(
          PlanProblem(
            "\(cell.value) is held at \(SpendLimits.format(money)), expected an amount within its bounds, "
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

extension PosteriorDiagnostics {
  /// The limits are those of Vehtari et al. (Bayesian Analysis 2021): R-hat above 1.01, or fewer than 100 effective draws a
  /// chain, taken as 400 in all.
  func warnings(drawCount: Int) -> [String] {
    var warnings: [String] = []
    if let worst = parameters.filter({ ($0.rHat ?? 0) > 1.01 }).max(by: { ($0.rHat ?? 0) < ($1.rHat ?? 0) }),
      let rHat = worst.rHat
    {
      warnings.append(
        "the sampler's chains disagree: R-hat is \((rHat * 1000).rounded() / 1000) for \(worst.name), above 1.01")
    }
    if let worst = parameters.filter({ ($0.effectiveSampleSize ?? .infinity) < 400 }).min(by: {
      ($0.effectiveSampleSize ?? 0) < ($1.effectiveSampleSize ?? 0)
    }), let size = worst.effectiveSampleSize {
      warnings.append("few effective draws: \(Int(size)) for \(worst.name), below 400")
    }
    if let divergences, divergences > 0 {
      warnings.append("\(divergences) divergent transitions: the posterior may be biased")
    }
    if drawCount == 1 { warnings.append("one draw is a point estimate: nothing here says how sure it is") }
    return warnings
  }
}
