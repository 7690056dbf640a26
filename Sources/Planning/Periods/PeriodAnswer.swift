import NumericKernel
import Optimisation
import ResponseModel

// A plan by period found or given, and every number of it computed from the draws by the exact kernel.

extension CompiledPlan {
  func optimise(_ calendar: PeriodPlan, record: RunRecord) -> Recommendation {
    // A year is as good as no limit, and fits a Duration.
    let deadline = ContinuousClock.now + .seconds(min(plan.solver.timeLimit, 3.2e7))
    // The way that the plan's mode goes has its part of the time.
    let outcome = calendar.search(
      until: plan.mode.isPlain ? deadline : SearchClock.now + SearchClock.now.duration(to: deadline) * Self.bestShare)
    let searched = calendar.searched
    let best = calendar.spend(outcome.point)
    var (spend, mode) = (best, Recommendation.ModeResult?.none)
    if !plan.mode.isPlain {
      mode = Recommendation.ModeResult(mode: plan.mode, simultaneous: calendar.score(spend: best))
      spend = self.spend(calendar, best: outcome, until: deadline) ?? best
    }
    let exact = spend
    let rounded = plan.rounding.flatMap { RoundedCalendar(calendar, exact, unit: $0.value) }
    spend = rounded?.spend ?? exact
    let perMoney = searched.scale / money
    var prices: [Double?]?
    if let rows = outcome.rowMultipliers, let variables = outcome.boundMultipliers {
      prices = calendar.limits.prices(
        rows: rows.map { $0 * perMoney }, variables: variables.map { $0 * perMoney }, at: exact)
    }
    // Of a proxy at fixed spend, and of another plan, they are its own.
    if calendar.fixedSpendScore != nil || mode != nil { prices = prices?.map { _ in nil } }
    let certificate = calendar.certificate(outcome, searched)
    let solver = Recommendation.SolverResult(
      method: plan.solver.method, termination: outcome.termination, isInterrupted: SearchClock.isInterrupted,
      requestedGap: plan.solver.gap, residual: 0,
      evaluations: outcome.evaluations, starts: outcome.starts, bestStart: outcome.bestStart,
      proof: outcome.boxes == 0
        ? nil
        : Recommendation.ProofEffort(
          end: outcome.proofEnd,
          boxes: outcome.boxes, cuts: 0, points: 0, tableTime: 0))
    let gradient = calendar.objective.gradient(spend: spend, smoothing: outcome.smoothing)
    var answer = answer(
      calendar, spend: spend, status: .solved, gradient: gradient, prices: prices, solver: solver,
      upperBound: outcome.upperBound.map { calendar.concluded($0, searched) }, certificate: certificate, mode: mode,
      record: record)
    if let unit = plan.rounding?.value {
      if let rounded {
        answer.rounding = Recommendation.Rounding(
          unit: unit, oddCells: rounded.odd.map(calendar.limits.name),
          loss: max(0, calendar.score(spend: exact) - answer.utility.value))
      } else {
        answer.warnings.append(
          "no plan near by in multiples of \(SpendLimits.format(unit)) meets the limits: the plan is not rounded")
      }
    }
    return answer
  }

  /// Of the time, for the best plan of all periods at once where another one is asked for.
  private static let bestShare = 0.5

  func evaluate(_ calendar: PeriodPlan, record: RunRecord) -> Recommendation {
    guard let spend = calendar.allocated else {
      preconditionFailure("An allocation is scored that the plan was not compiled with.")
    }
    let answer = answer(
      calendar, spend: spend, status: .evaluated, gradient: calendar.objective.gradient(spend: spend, smoothing: 0),
      prices: nil, solver: nil, upperBound: nil, certificate: nil, record: record)
    guard answer.limits.contains(where: { $0.slack < 0 }) else { return answer }
    var broken = answer
    broken.status = .evaluatedOutsideLimits
    return broken
  }

  /// - Parameters:
  ///   - gradient: d utility / d money by cell and period.
  ///   - prices: of each limit, nil where it is not known; none where no solver found them.
  private func answer(
    _ calendar: PeriodPlan, spend: [Double], status: Recommendation.Status, gradient: [Double], prices: [Double?]?,
    solver: Recommendation.SolverResult?, upperBound: Double?, certificate: Certificate?,
    mode: Recommendation.ModeResult? = nil,
    record: RunRecord
  ) -> Recommendation {
    let count = calendar.periodCount
    let totals = calendar.cells.cells.indices.map { spend[$0 * count..<($0 + 1) * count].reduce(0, +) }
    let draws = calendar.objective.outcome(spend: spend)
    let value = calendar.score(spend: spend)
    let currentReading = current.map { currentObjective.reading(spend: $0) }
    let currentDraws = currentReading?.outcome
    let lift = currentDraws.map { zip(draws, $0).map { $0 - $1 } }
    let spent = totals.reduce(0, +)
    let measuresOutcome = plan.measure != .profit && plan.measure != .roi
    func incremental(_ surface: PeriodSurface) -> DrawMatrix { surface.responses(at: spend).minus(surface.atRest) }
    let outcome = incremental(
      measuresOutcome ? calendar.objective.surface : surfaces.byPeriod(calendar.split, in: .outcome))
    let worth = surfaces.hasValue ? incremental(surfaces.byPeriod(calendar.split, in: .value)) : outcome
    let parts = PeriodParts(self, calendar, spend: spend)
    let ramps = calendar.limits.ramps(at: spend)
    let broken = calendar.limits.brokenPast(at: spend, tolerance: tolerance)
    let risks = RiskContribution.all(outcome)
    let lifts = liftContributions(calendar.objective.surface.responses(at: spend), current: currentReading)
    let currentMargins = currentMarginalROI()
    let currentReturns = currentReturns()
    let cells = calendar.cells.cells.indices.map { index in
      let own = index * count..<(index + 1) * count
      return Recommendation.CellResult(
        labels: calendar.cells.cells[index].labels, total: totals[index], parts: parts.parts(of: index),
        current: current?[index], lower: calendar.limits.lower[own].reduce(0, +),
        upper: calendar.limits.upper[own].reduce(0, +),
        binding: zip(calendar.limits.lower[own], calendar.limits.upper[own]).allSatisfy { $0 == $1 } ? .fixed : nil,
        marginalROI: marginal(Array(gradient[own]), Array(spend[own])),
        roi: totals[index] > 0 ? Recommendation.Summary(worth.column(index).map { $0 / totals[index] }) : nil,
        response: Recommendation.Summary(outcome.column(index)),
        periods: own.map { place in
          Recommendation.CellPeriod(
            spend: spend[place], current: calendar.current?[place], lower: calendar.limits.lower[place],
            upper: calendar.limits.upper[place],
            binding: binding(calendar, place, spend[place]), marginalROI: gradient[place],
            rampLower: ramps[place].lower, rampUpper: ramps[place].upper)
        }, observed: observedRanges?[index], risk: risks[index], lift: lifts?[index],
        currentMarginalROI: currentMargins?[index], currentNextUnit: currentReturns?.next[index],
        currentROI: currentReturns?.cells[index])
    }
    var answer = Recommendation(
      status: status, measure: plan.measure, dims: spendCells.dims, periodCount: count,
      periodStarts: plan.horizon.periodStarts.map(\.description),
      utility: Recommendation.Score(
        name: utilityName, description: utilityDescription, value: value, current: currentReading?.score,
        bound: upperBound == nil ? .none : .certified, upperBound: upperBound,
        gap: upperBound.flatMap { value == 0 ? nil : ($0 - value) / abs(value) }),
      budget: Recommendation.BudgetResult(
        requested: budget, perPeriod: budget.map { $0 / Double(count) }, spent: spent,
        shadowPrice: zip(calendar.limits.limits, prices ?? []).first { $0.0.kind == .budget }?.1),
      cells: cells,
      sums: sums(spend: totals, outcome, worth: worth),
      roi: spent > 0 ? Recommendation.Summary(worth.rowSums().map { $0 / spent }) : nil, labels: plan.labels,
      modelDims: posterior.dims.map(\.name), periods: parts.periods, mode: mode, draws: draws,
      currentDraws: currentDraws,
      outcome: Recommendation.Summary(draws), currentOutcome: currentDraws.map(Recommendation.Summary.init),
      lift: lift.map(Recommendation.Summary.init),
      probabilityBetter: lift.map { lift in Double(lift.count { $0 > 0 }) / Double(lift.count) },
      limits: limitResults(calendar, spend: spend, prices: prices), relaxedUtility: nil, rounding: nil,
      certificate: certificate, solver: solver, diagnostics: posterior.diagnostics, chainCount: posterior.chainCount,
      drawCount: posterior.drawCount,
      warnings: record.warnings + warnings + cells.departures
        + (broken.isEmpty
          ? []
          : [
            "what is locked broke limits that are no longer asked of it: \(broken.prefix(6).joined(separator: ", "))"
              + (broken.count > 6 ? " and \(broken.count - 6) more" : "")
          ]),
      reproducibility: Recommendation.Reproducibility(
        version: record.version, seed: plan.solver.seed, inputs: record.inputs, plan: plan.yaml))
    answer.outcomeValue = plan.valueInOutcome
    answer.currentROI = currentReturns?.total
    return answer
  }

  /// d utility / d money over the horizon, spread as it is; of a cell without money where it brings most.
  private func marginal(_ gradient: [Double], _ spend: [Double]) -> Double {
    let total = spend.reduce(0, +)
    return total > 0 ? zip(gradient, spend).reduce(0) { $0 + $1.0 * $1.1 } / total : gradient.max() ?? 0
  }

  private func binding(_ calendar: PeriodPlan, _ place: Int, _ money: Double) -> Recommendation.Binding? {
    let (lower, upper) = (calendar.limits.lower[place], calendar.limits.upper[place])
    if lower == upper { return .fixed }
    if money == lower { return .lower }
    return money == upper && calendar.limits.isStated[place] ? .upper : nil
  }

  private func limitResults(
    _ calendar: PeriodPlan, spend: [Double], prices: [Double?]?
  ) -> [Recommendation.LimitResult] {
    let amounts = calendar.limits.limits.enumerated().map { index, limit in
      let (value, lower, upper) = limit.shown(at: spend)
      let slack = limit.kind == .offOrAtLeast ? limit.slack(at: spend) : min(value - lower, upper - value)
      let isBinding = abs(slack) <= tolerance * limit.size
      return Recommendation.LimitResult(
        name: limit.name, value: value, lower: lower.isFinite ? lower : nil, upper: upper.isFinite ? upper : nil,
        slack: isBinding ? 0 : slack, isBinding: isBinding, shadowPrice: prices.flatMap { $0[index] },
        relaxedUtility: nil)
    }
    return amounts + calendar.limits.flights.flatMap { flight in flight.results(at: spend, tolerance: tolerance) }
  }
}

extension PeriodLimit {
  /// What it limits and its ends: of a ramp the period's own spend, and what the period before leaves it.
  fileprivate func shown(at spend: [Double]) -> (value: Double, lower: Double, upper: Double) {
    guard kind == .ramp, places.count == 2 else { return (value(at: spend), lower, upper) }
    let before = coefficients[1] * spend[places[1]]
    return (spend[places[0]], lower - before, max(upper - before, floor ?? -.infinity))
  }
}

extension PeriodFlight {
  /// Its shortest runs with and without spend, of those that begin and end within the plan.
  fileprivate func results(at spend: [Double], tolerance: Double) -> [Recommendation.LimitResult] {
    let isOn = variables.map { spend[$0] > tolerance }
    var shortest = (on: Int?.none, off: Int?.none)
    var start = 0
    for period in isOn.indices where period + 1 == isOn.count || isOn[period + 1] != isOn[period] {
      let length = period + 1 - start
      if start > 0, period + 1 < isOn.count {
        if isOn[period] {
          shortest.on = min(shortest.on ?? length, length)
        } else {
          shortest.off = min(shortest.off ?? length, length)
        }
      }
      start = period + 1
    }
    func result(_ words: String, _ shortest: Int?, _ least: Int) -> Recommendation.LimitResult {
      let value = shortest.map(Double.init) ?? .infinity
      return Recommendation.LimitResult(
        name: "\(name) \(words)", value: value, lower: Double(least), upper: nil, slack: value - Double(least),
        isBinding: value == Double(least), shadowPrice: nil, relaxedUtility: nil, isInPeriods: true)
    }
    return (onAtLeast > 1 ? [result("shortest run on", shortest.on, onAtLeast)] : [])
      + (offAtLeast > 1 ? [result("shortest run off", shortest.off, offAtLeast)] : [])
  }
}

extension PeriodOutcome {
  /// Why boxes and choices were no longer split.
  fileprivate var proofEnd: BranchAndBound.End {
    switch termination {
    case .timeLimit: .timeLimit
    case .iterationLimit: .boxLimit
    case .stalled: .stalled
    case .converged: .closed
    }
  }
}

/// What each of the model's cells spends, buys and brings, period by period.
private struct PeriodParts {
  let calendar: PeriodPlan
  let posterior: Posterior
  let prices: [[MediaPrice]]
  let spend: [Double]
  /// By cell, then by part.
  private let responses: [[PeriodResponses]]
  let periods: [Recommendation.PeriodResult]

  init(_ plan: CompiledPlan, _ calendar: PeriodPlan, spend: [Double]) {
    (self.calendar, self.spend, posterior, prices) = (calendar, spend, plan.posterior, plan.prices)
    let count = calendar.periodCount
    let horizon = plan.plan.horizon
    let places = calendar.cells.cells.indices.flatMap { cell in
      calendar.cells.cells[cell].members.indices.map { (cell: cell, member: $0) }
    }
    let made = Parallel.map(places.count) { index -> PeriodResponses in
      let (cell, member) = places[index]
      let planned = plan.surfaces.planned(
        calendar.cells.cells[cell].members[member], shares: calendar.split.shares[cell][member], in: .outcome)
      let own = Array(spend[cell * count..<(cell + 1) * count])
      let all = planned.map { $0.responsesByPeriod(to: own, carryOver: horizon.carryOver) }
      return all.dropFirst().reduce(all[0]) { $0.adding($1) }
    }
    var responses: [[PeriodResponses]] = calendar.cells.cells.map { _ in [] }
    for (place, response) in zip(places, made) { responses[place.cell].append(response) }
    self.responses = responses
    let felt = made.map(\.total.columnCount).max() ?? count
    periods = (0..<felt).map { period in
      let own = made.filter { $0.total.columnCount > period }
      func sums(_ part: (PeriodResponses) -> DrawMatrix) -> [Double] {
        own.map { part($0).column(period) }.reduce([Double](repeating: 0, count: plan.posterior.drawCount)) {
          zip($0, $1).map { $0 + $1 }
        }
      }
      let money = period < count ? calendar.cells.cells.indices.reduce(0) { $0 + spend[$1 * count + period] } : 0
      var result = Recommendation.PeriodResult(
        period: period + 1, start: horizon.firstDay(of: period)?.description, spend: money, sums(\.total),
        carriedOver: sums(\.carriedOver))
      (result.lower, result.upper) = calendar.limits.ends(of: period)
      return result
    }
  }

  func parts(of cell: Int) -> [Recommendation.Part] {
    let count = calendar.periodCount
    return calendar.cells.cells[cell].members.enumerated().map { index, member in
      let money = (0..<count).map { calendar.split.shares[cell][index][$0] * spend[cell * count + $0] }
      let own = responses[cell][index]
      return Recommendation.Part(
        labels: posterior.cells[member].labels, perPeriod: money,
        units: zip(money, prices[member]).map { $1.units(at: $0).value },
        periods: (0..<count).map { period in
          Recommendation.PeriodResult(
            period: period + 1, start: nil, spend: money[period], own.total.column(period),
            carriedOver: own.carriedOver.column(period))
        })
    }
  }
}
