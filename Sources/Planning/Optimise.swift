import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// The best plan that climbing finds from where the plan's method begins: of itself from money spread evenly, the current plan,
  /// the least that may be spent where some may be left, and the optimum of the mean with each cell's curve replaced by its
  /// concave envelope; and for utilities that are not concave from two more and the best of many at random. Every answer is feasible, and where utility and responses are concave a bound proves how
  /// good it is.
  ///
  /// Of a plan compiled without an allocation to be scored.
  ///
  /// - Throws: `InfeasiblePlan` where the plan sets a target or limits risk, and no plan was found that meets what it asks for.
  public func optimise(record: RunRecord = RunRecord()) throws(InfeasiblePlan) -> Recommendation {
    guard allocated == nil else {
      preconditionFailure("A plan is optimised that was compiled to score an allocation.")
    }
    if let calendar { return marked(optimise(calendar, record: record)) }
    let pursuit = try Pursuit(self, over: limits.polytope(money: money))
    return marked(pursuit.plan.recommendation(pursuit.proof, pursuit.certificate, record: record))
  }

  /// With what was assumed, and what speaks against the model.
  func marked(_ answer: Recommendation) -> Recommendation {
    var answer = answer
    answer.asked = (settledPlan, sharedDims)
    answer.explorations = plan.explorations
    answer.lossLevels = [0] + plan.output.lossLevels.filter { $0 > 0 }
    answer.reweighting = posterior.reweighting
    return answer
  }

  private func recommendation(
    _ proof: PlanProof, _ certificate: Certificate?, record: RunRecord
  ) -> Recommendation {
    let polytope = limits.polytope(money: money)
    let solution = proof.outcome.solution
    let isFixed = zip(polytope.lower, polytope.upper).allSatisfy { $0 == $1 }
    // What is sought per unit of money, from value per unit of x in the solver's scale.
    let perMoney = sought.scale / money
    let exact = spend(solution.point, in: polytope)
    let nearest = plan.rounding.map { RoundedPlan(self, exact, unit: $0.value) }
    // What is asked for goes before round numbers.
    let rounded = nearest.flatMap { missed(spend: $0.spend).isEmpty ? $0 : nil }
    let spend = rounded?.spend ?? exact
    // At a kink it is the solver's supergradient that proves the plan; elsewhere there is only one.
    let atPlan =
      objective.isSmooth || rounded != nil || goal != nil
      ? objective.freshly().supergradient(at: tierEnds.above(spend).map { $0 / money }) : solution.gradient
    let gradient = zip(atPlan, solution.gradient).map { $0.isFinite ? $0 : $1 }
    var answer = answer(
      spend: spend, status: .solved, gradient: gradient.map { $0 * (objective.scale / money) },
      prices: limits.prices(
        rows: solution.rowMultipliers.map { $0 * perMoney }, cells: solution.boundMultipliers.map { $0 * perMoney },
        at: exact
      ).enumerated().map { index, price in
        // Where no cell can move, no price of several can be told from the others.
        let isOfOne = limits.limits[index].kind != .budget && limits.limits[index].onlyCell != nil
        return isFixed && !isOfOne ? nil : price
      },
      solver: Recommendation.SolverResult(
        method: plan.solver.method, termination: solution.termination, isInterrupted: SearchClock.isInterrupted,
        requestedGap: plan.solver.gap, residual: solution.residual, evaluations: solution.evaluations,
        starts: proof.starts.map(\.name).including(proof.outcome.start), bestStart: proof.outcome.start,
        proof: proof.effort),
      certificate: certificate, record: record)
    answer.target = targetResult(answer, certificate)
    if let unit = plan.rounding?.value, rounded == nil {
      answer.warnings.append(
        "no plan near by in multiples of \(SpendLimits.format(unit)) meets \(goalInWords): the plan is not rounded")
    }
    if let rounded, let unit = plan.rounding?.value {
      answer.rounding = Recommendation.Rounding(
        unit: unit, oddCells: rounded.odd.map { spendCells.names[$0] },
        loss: max(
          0,
          plan.target?.value.kind == .outcome
            ? answer.budget.spent - exact.reduce(0, +) : score(spend: exact) - answer.utility.value))
    }
    return answer
  }

  /// What became of the target; nil for a plan without one.
  func targetResult(_ answer: Recommendation, _ certificate: Certificate?) -> Recommendation.TargetResult? {
    guard let target = plan.target?.value else { return nil }
    let spent = answer.budget.spent
    let value = answer.utility.value
    let worth = goal?.returnWorth ?? 1
    let missed = missed(spend: answer.cells.map(\.total)).contains { goal?.conditions[$0].riskLimit == nil }
    var result = Recommendation.TargetResult(
      kind: target.kind, asked: target.amount?.value, reached: nil, isMet: !missed,
      cap: plan.budget != nil || hasOwnCap ? limits.mostSpend.finite : nil,
      isOwnCap: hasOwnCap, bound: .none, leastSpend: nil, gap: nil)
    switch target.kind {
    case .roi: result.reached = spent > 0 ? worth * value / spent : nil
    case .costPerOutcome: result.reached = value > 0 ? spent / value : nil
    case .outcome, .profit: result.reached = value
    case .marginalROI:
      // Of the next unit of money, where it brings most.
      result.reached = answer.cells.filter { $0.binding != .upper && $0.binding != .fixed }
        .map { worth * $0.marginalROI }.max()
    }
    if target.kind == .outcome, answer.status == .solved {
      let proved = certificate.map { -$0.upperBound }
      let least = proved ?? target.amount.flatMap { leastSpend(reaching: $0.value, below: spent) }
      result.leastSpend = least.map { max($0, limits.leastSpend) }
      result.bound = proved != nil ? .certified : least != nil ? .box : .none
      result.gap = result.leastSpend.map { spent > 0 ? max(0, spent - $0) / spent : 0 }
    }
    return result
  }

  /// What is no amount of money, in units of the whole: a few roundings.
  private static let dust = 4 * Double.ulpOfOne

  /// Back to money: exactly at the bounds where the solver is, or no more than rounding off them, and exactly the budget where that is spent.
  func spend(_ x: [Double], in polytope: Polytope) -> [Double] {
    let thresholds = limits.thresholds
    var spend = x.indices.map { j in
      if x[j] <= polytope.lower[j] + Self.dust { return limits.lower[j] }
      if x[j] == polytope.thresholds[j] { return thresholds[j] }
      // An upper end that the budget drew in is the budget's, not the cell's.
      let isOwn = polytope.upper[j] == limits.upper[j] / money
      if isOwn && x[j] >= polytope.upper[j] - Self.dust { return limits.upper[j] }
      return min(max(x[j] * money, limits.lower[j]), limits.upper[j])
    }
    let spent = spend.reduce(0, +)
    guard let end = limits.budgetEnds.first(where: { abs(spent - $0) <= tolerance }) else { return spend }
    // What rounding left over goes to the cell with the most room for it, one that stands on no bound if there is one with
    // enough. Twice: the first correction is itself rounded.
    for _ in 0..<2 {
      let missing = end - spend.reduce(0, +)
      guard missing != 0 else { break }
      let room = spend.indices.map { j in
        // What is off stays off, and what is on stays on.
        if thresholds[j] > limits.lower[j], spend[j] < thresholds[j] { return 0.0 }
        return missing > 0 ? limits.upper[j] - spend[j] : spend[j] - thresholds[j]
      }
      let able = room.indices.filter { room[$0] >= abs(missing) }
      let inside = able.filter {
        spend[$0] > thresholds[$0] && spend[$0] < limits.upper[$0] && tierEnds.end(of: $0, at: spend[$0]) == nil
      }
      guard let widest = (inside.isEmpty ? able : inside).max(by: { room[$0] < room[$1] }) else { break }
      spend[widest] += missing
    }
    return spend
  }
}

extension [String] {
  /// The same, and one more unless it is there: a scout that led highest is a start too.
  fileprivate func including(_ name: String) -> [String] { contains(name) ? self : self + [name] }
}

extension Double {
  /// Nil for what is not.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
