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
    // What is least money is no utility that a limit could cost.
    guard calendar == nil, goal?.worth != 0 else { return answer }
    if let goal, let certificate = answer.certificate, let proved = goal.with(penalties: certificate.penalties),
      proved.penalties != goal.penalties
    {
      return pursuing(proved).relaxing(answer)
    }
    let deadline = PlanSearch.deadline(of: plan)
    let spend = answer.cells.map(\.total)
    let own = answer.unroundedUtility
    var relaxed = answer
    let binding = limits.limits.indices.filter { isCostly(answer.limits[$0], limits.limits[$0]) }
    // What is without all limits is at least as good as what is without one.
    var freest: Relaxed? = (own, spend)
    for index in binding {
      let found = best(without: { $0 == index }, from: spend, until: deadline)
      relaxed.limits[index].relaxedUtility = found.map { max($0.utility, own) }
      if let found, found.utility > freest?.utility ?? own { freest = found }
    }
    relaxRisks(&relaxed, from: spend, until: deadline)
    if !binding.isEmpty {
      let others = limits.limits.indices.filter { limits.limits[$0].kind != .budget }
      let found = best(without: others.contains, from: spend, until: deadline)
      if let found { freest = found.utility > freest?.utility ?? own ? found : freest } else { freest = nil }
    }
    let known = relaxed.limits.compactMap(\.relaxedUtility).reduce(own, max)
    relaxed.relaxedUtility = freest.map { max($0.utility, known) }
    // Without a limit of risk there may be more to be had than by any of these plans.
    relaxed.relaxedSpend = freest.flatMap { $0.utility < known ? nil : $0.spend }
    relaxed.relaxedDepartures = relaxed.relaxedSpend.map { spend in
      zip(answer.cells.indices, spend).compactMap { index, money in
        let parts = pattern.shares[index]
        let perPeriod = parts[0].indices.map { period in parts.reduce(0) { $0 + $1[period] } * money }
        return answer.cells[index].observed?.departure(of: perPeriod).map {
          "\(answer.cells[index].name) \($0.inWords)"
        }
      }
    }
    return relaxed
  }

  /// A plan without some of the limits.
  private typealias Relaxed = (utility: Double, spend: [Double])

  /// What each limit of risk costs that binds.
  private func relaxRisks(
    _ relaxed: inout Recommendation, from spend: [Double], until deadline: ContinuousClock.Instant
  ) {
    guard let goal else { return }
    let risks = goal.conditions.indices.filter { goal.conditions[$0].riskLimit != nil }
    for (place, condition) in zip(limits.limits.count..., risks) where relaxed.limits[place].isBinding {
      relaxed.limits[place].relaxedUtility = pursuing(goal.without(condition)).best(
        without: { _ in false }, from: spend, until: deadline
      ).map { max($0.utility, relaxed.unroundedUtility) }
    }
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
  ) -> Relaxed? {
    let kept = SpendLimits(
      names: limits.names, limits: limits.limits.enumerated().filter { !isDropped($0.offset) }.map(\.element))
    let polytope = kept.polytope(money: money)
    guard deadline > SearchClock.now, polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let search = PlanSearch(self, polytope: polytope, limits: kept, until: deadline)
    return search.quick(from: spend.map { $0 / money }).flatMap { found in
      let spend = found.point.map { $0 * money }
      return missed(spend: spend).isEmpty ? (score(spend: spend), spend) : nil
    }
  }
}
