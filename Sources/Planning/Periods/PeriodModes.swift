import NumericKernel
import Optimisation
import ResponseModel

// Plans by period that are not the best of all periods at once: one period after the other, or without knowing of carryover.

/// An objective that sees no money after some period.
private struct EarlyObjective: Objective {
  let base: PeriodObjective
  /// Periods that count, from the first.
  let count: Int
  /// Taken from the value for each unit of a variable.
  let price: Double

  var dimension: Int { base.dimension }
  var isSmooth: Bool { base.isSmooth }

  private func isSeen(_ variable: Int) -> Bool { variable % base.surface.periodCount < count }
  private func seen(_ x: [Double]) -> [Double] { x.indices.map { isSeen($0) ? x[$0] : 0 } }
  private func cost(_ x: [Double]) -> Double { price * seen(x).reduce(0, +) }

  func value(at x: [Double]) -> Double { base.value(at: seen(x)) - cost(x) }
  func value(at x: [Double], smoothing: Double) -> Double { base.value(at: seen(x), smoothing: smoothing) - cost(x) }
  func localModel(at x: [Double]) -> (any LocalModel)? { nil }

  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    var expansion = base.expansion(at: seen(x), smoothing: smoothing)
    expansion.value -= cost(x)
    for j in x.indices {
      if isSeen(j) {
        expansion.gradient[j] -= price
      } else {
        expansion.gradient[j] = 0
        for i in x.indices { (expansion.hessian[i, j], expansion.hessian[j, i]) = (0, 0) }
      }
    }
    return expansion
  }
}

extension PeriodPlan {
  /// One period after the other, each with its part of the budget and as if nothing came after it; later periods are left a plan within
  /// the limits.
  ///
  /// - Parameters:
  ///   - best: of all periods at once: its price of the budget is what `prices` splits by.
  ///   - seasons: by the model's cells, the multipliers of periods.
  func sequential(
    _ split: PlanningMode.Split, best: PeriodOutcome, seasons: [Int: [Double]], until deadline: ContinuousClock.Instant
  ) -> [Double]? {
    guard let polytope else { return nil }
    let objective = searched
    let shares = self.shares(split, seasons)
    var choices = PeriodChoices(self, polytope)
    var part = choices.whole(near: inside)
    // A plan that has all that is settled: where the best of a period leaves none, the period has this one's.
    var known = inside
    var price = 0.0
    if split == .prices, let row = polytope.rows.firstIndex(where: { $0.label == "budget" }) {
      price = max(best.rowMultipliers?[row] ?? 0, 0)
    }
    for period in 0..<periodCount {
      let places = cells.cells.indices.map { variable($0, period) }
      let early = EarlyObjective(base: objective, count: period + 1, price: price)
      func due(_ step: SparsePolytope) -> SparsePolytope {
        guard split != .prices, let ends = range(of: places, in: step) else { return step }
        let spent = (0..<variableCount).filter { $0 % periodCount < period }.reduce(0) { $0 + known[$1] }
        let left = shares[period...].reduce(0, +)
        let due = left > 0 ? (limitsBudget - spent) * shares[period] / left : 0
        let money = min(max(due, ends.lower), ends.upper)
        var step = step
        step.rows.append(
          SparsePolytope.Row(
            label: "period", places: places, coefficients: places.map { _ in 1 }, lower: money, upper: money))
        return step
      }
      func best(of part: inout PeriodChoices.Part) -> [Double]? {
        guard let own = choices.polytope(of: &part) else { return nil }
        let step = due(own)
        let interior = InteriorPoint()
        return
          (interior.maximum(of: early, over: step, from: known, until: deadline)
          ?? interior.maximum(of: early, over: step.widened(by: PeriodLimits.widening), from: known, until: deadline))?
          .point
      }
      choices.settleFloors(of: &part)
      if limits.hasChoices, let relaxed = best(of: &part) {
        part = choices.decided(places, of: part, at: relaxed)
      }
      if let point = best(of: &part) {
        let amounts = places.map { min(max(point[$0], polytope.lower[$0]), polytope.upper[$0]) }
        var (trial, whole) = (choices, part)
        trial.settle(places, at: amounts, of: &whole)
        whole.start = point
        if let plan = trial.somePlan(of: whole, triedAtMost: PeriodChoices.stepParts).plan {
          (choices, part, known) = (trial, whole, plan)
          continue
        }
      }
      choices.settle(places, at: places.map { known[$0] }, of: &part)
    }
    return known
  }

  /// The most of the budget, in shares.
  private var limitsBudget: Double { (limits.budgetEnds.first ?? money) / money }

  private func shares(_ split: PlanningMode.Split, _ seasons: [Int: [Double]]) -> [Double] {
    guard split == .season, !seasons.isEmpty else { return [Double](repeating: 1, count: periodCount) }
    let members = cells.cells.flatMap(\.members)
    return (0..<periodCount).map { period in
      members.reduce(0) { $0 + (seasons[$1]?[period] ?? 1) } / Double(members.count)
    }
  }

  /// The least and the most that some variables may sum to; nil where a linear program does not say.
  private func range(of places: [Int], in polytope: SparsePolytope) -> (lower: Double, upper: Double)? {
    let among = Set(places)
    func end(_ sign: Double) -> Double? {
      let program = LinearProgram(tolerance: 1e-11)
      program.add(
        polytope.lower.indices.map {
          LinearProgram.Variable(
            objective: among.contains($0) ? sign : 0, lower: polytope.lower[$0], upper: polytope.upper[$0])
        })
      for row in polytope.rows {
        program.addRow(LinearProgram.Entries(row.places, row.coefficients), lower: row.lower, upper: row.upper)
      }
      return program.maximum().map { point in places.reduce(0) { $0 + point.point[$1] } }
    }
    guard let lower = end(-1), let upper = end(1), lower <= upper else { return nil }
    // A little inside, where there is room.
    let margin = 1e-7 * (upper - lower)
    return (lower + margin, upper - margin)
  }
}

extension Posterior {
  /// The same model, in which media are felt in their own period alone.
  var withoutCarryover: Posterior {
    var own = self
    own.cells = cells.map { cell in
      var cell = cell
      cell.carryover = NoCarryover.self
      cell.carryoverParameters = DrawMatrix(columns: [], drawCount: cell.drawCount)
      cell.window = 1
      return cell
    }
    return own
  }
}

extension CompiledPlan {
  /// The plan of a mode that is not the best of all periods at once; nil where its way leads to no plan.
  func spend(
    _ calendar: PeriodPlan, best: PeriodOutcome, until deadline: ContinuousClock.Instant
  ) -> [Double]? {
    let mode = plan.mode
    var (searched, outcome) = (calendar, best)
    if !mode.isAdstockAware {
      do {
        let blind = try CompiledPlan(plan, posterior.withoutCarryover, utility: calendar.objective.utility)
        guard let other = blind.calendar else { return nil }
        (searched, outcome) = (other, other.search(until: deadline))
      } catch {
        return nil
      }
    }
    guard mode.order.value == .sequential else { return searched.spend(outcome.point) }
    return searched.sequential(mode.split, best: outcome, seasons: surfaces.seasons, until: deadline).map(
      searched.spend)
  }
}
