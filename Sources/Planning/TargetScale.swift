import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// A plan with a target, in a scale of about the money that it needs: within its budget, or without one within as much as can be
  /// of use, or within a cap that leaves it as much as it would like to spend, and more.
  static func aimed(_ plan: Plan, _ posterior: Posterior, utility: (any Utility)?) throws -> CompiledPlan {
    func compiled(cap: Double?, useful: Double = .infinity) throws -> CompiledPlan {
      try CompiledPlan(spread: plan, posterior, utility: utility, cap: cap, useful: useful)
    }
    func narrowed(_ own: CompiledPlan, cap: Double?) throws -> CompiledPlan {
      var own = own
      // What only pays at next to nothing pays nowhere.
      let least = Self.nothing * own.money / (plan.budget == nil ? max(cap ?? 1, 1) : 1)
      while let useful = own.usefulMoney(), useful < Self.worthwhile * own.money, useful > least {
        own = try compiled(cap: cap, useful: useful)
      }
      return own
    }
    guard plan.budget == nil else { return try narrowed(try compiled(cap: nil), cap: nil) }
    if plan.target?.value.kind.isOfReturn == true {
      let own = try narrowed(try compiled(cap: lastCap), cap: lastCap)
      // More than that no plan could spend that meets the target.
      if own.limits.useful.isFinite { return own }
    }
    var cap = firstCap
    var own = try compiled(cap: cap)
    while cap < lastCap, own.wantsMore {
      cap *= 4
      own = try compiled(cap: cap)
    }
    return try narrowed(own, cap: cap)
  }

  /// Of the money that was looked at before, so much less makes another look worth its time.
  private static let worthwhile = 0.7
  /// Of the budget, or of what is spent now, the least that is looked at.
  private static let nothing = 1e-6

  /// Times what is spent now, the money that a target is first sought with where no budget says how much there is.
  private static let firstCap = 4.0
  private static let lastCap = 1e6

  /// Money beyond which no plan is of use that meets the target, or more than one that meets it spends; nil where that cannot be told.
  ///
  /// Of a return, at least as much as is spent times what is asked has to come back, and no plan brings more than the one with all that
  /// may be spent in every cell; of an outcome, some plan that reaches it is tried.
  private func usefulMoney() -> Double? {
    guard let goal, let target = plan.target?.value, let asked = target.amount?.value else { return nil }
    let polytope = limits.polytope(money: money)
    guard polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let lower = polytope.lower.map { $0 * money }
    let upper = polytope.upper.map { $0 * money }
    switch target.kind {
    case .profit: return nil
    case .outcome:
      let even = upper.map { _ in money / Double(upper.count) }
      return [even, current].compactMap { $0.flatMap { leastScale($0, lower, upper) } }.min()
    case .roi, .costPerOutcome, .marginalROI:
      let utility: any Utility
      if goal.utility.properties.isNondecreasing {
        utility = goal.utility
      } else if goal.utility is MeanDeviation || goal.utility is MeanVariance || goal.utility is MeanSemideviation {
        // By Jensen's inequality none of these is above the mean.
        utility = Mean()
      } else {
        return nil
      }
      let (least, most) = (objective.reading(spend: lower), objective.reading(spend: upper))
      let isRising = upper.indices.allSatisfy { cell in
        zip(least.responses.column(cell), most.responses.column(cell)).allSatisfy { $0 <= $1 }
      }
      let score = utility.score(most.outcome.span)
      guard isRising, score > 0, score.isFinite else { return nil }
      let returned = goal.returnWorth * score
      if target.kind == .costPerOutcome { return asked * score * Self.margin }
      guard target.kind == .marginalROI else { return returned / asked * Self.margin }
      // Nothing is worse than the least that may be spent.
      guard let start = polytope.projection(of: polytope.lower)?.map({ $0 * money }) else { return nil }
      let gained = returned - goal.returnWorth * goal.utility.score(objective.reading(spend: start).outcome.span)
      return (gained / asked + start.reduce(0, +)) * Self.margin
    }
  }

  /// For rounding.
  private static let margin = 1 + 1e-6

  /// The least money, shared out as some plan is, that meets the target; nil where none does within the limits.
  private func leastScale(_ spend: [Double], _ lower: [Double], _ upper: [Double]) -> Double? {
    let total = spend.reduce(0, +)
    guard total > 0 else { return nil }
    func scaled(_ share: Double) -> [Double] {
      spend.indices.map { min(max(spend[$0] * share * money / total, lower[$0]), upper[$0]) }
    }
    func meets(_ share: Double) -> Bool {
      let spend = scaled(share)
      return limits.allow(spend, tolerance: tolerance) && missed(spend: spend).isEmpty
    }
    guard meets(1) else { return nil }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if meets(middle) { high = middle } else { low = middle }
    }
    return scaled(high).reduce(0, +) * Self.margin
  }

  /// Whether the best plan would spend more than the most that was thought of.
  private var wantsMore: Bool {
    let polytope = limits.polytope(money: money)
    let search = PlanSearch(self, polytope: polytope, until: PlanSearch.deadline(of: plan))
    guard let found = search.quickOutcome() else { return false }
    let spend = spend(found.solution.point, in: polytope)
    return spend.reduce(0, +) > 0.5 * money || !missed(spend: spend).isEmpty
  }
}
