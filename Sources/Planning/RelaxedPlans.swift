import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// The answer with what its limits cost: for each that binds, and for all but the budget together, the utility of the best plan
  /// found without it, never below the answer's own before it was rounded.
  ///
  /// Nothing is proved of those plans: a limit may cost more than this. All of them together take no more than the plan's time
  /// limit; what is not begun before it is nil.
  ///
  /// Of a plan by period the prices of its limits say what they can: the answer as it is.
  public func relaxing(_ answer: Recommendation) -> Recommendation {
    guard calendar == nil else { return answer }
    let deadline = ContinuousClock.now + .seconds(min(plan.solver.timeLimit, 3.2e7))
    let spend = answer.cells.map(\.total)
    let own = answer.unroundedUtility
    var relaxed = answer
    let binding = limits.limits.indices.filter { isCostly(answer.limits[$0], limits.limits[$0]) }
    for index in binding {
      relaxed.limits[index].relaxedUtility = best(without: { $0 == index }, from: spend, until: deadline)
        .map { max($0, own) }
    }
    if binding.isEmpty {
      relaxed.relaxedUtility = own
    } else {
      let others = limits.limits.indices.filter { limits.limits[$0].kind != .budget }
      let known = relaxed.limits.compactMap(\.relaxedUtility).reduce(own, max)
      relaxed.relaxedUtility = best(without: others.contains, from: spend, until: deadline).map { max($0, known) }
    }
    return relaxed
  }

  /// Whether a limit, the budget aside, keeps the plan from moving, as far as is known.
  private func isCostly(_ result: Recommendation.LimitResult, _ limit: SpendLimit) -> Bool {
    // Less than nothing no limit forbids.
    let isNothing = result.value == 0 && limit.lower == 0 && limit.upper > 0
    // A rounded plan may stand off a limit that held it before.
    let holds = result.isBinding ? result.shadowPrice != 0 : (result.shadowPrice ?? 0) != 0
    return limit.kind != .budget && holds && !isNothing
  }

  /// Nil where some cell would have no upper end, and where time is over.
  private func best(
    without isDropped: (Int) -> Bool, from spend: [Double], until deadline: ContinuousClock.Instant
  ) -> Double? {
    let kept = SpendLimits(
      names: limits.names, limits: limits.limits.enumerated().filter { !isDropped($0.offset) }.map(\.element))
    let polytope = kept.polytope(money: money)
    let left = deadline - ContinuousClock.now
    guard left > .zero, polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let search = PlanSearch(self, polytope: polytope, limits: kept, timeLimit: left / .seconds(1))
    return search.quick(from: spend.map { $0 / money }).map { $0.value * objective.scale }
  }
}
