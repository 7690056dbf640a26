public import Optimisation
import ResponseModel

/// What proves how good a plan is: a bound on the utility of every plan within the limits, and all that is needed to compute
/// it again. In money and in the utility's own unit.
public struct Certificate: Sendable, Equatable {
  /// How the bound is proved.
  public enum Proof: Sendable, Equatable {
    /// Responses are replaced by their tangents at a plan: money over the horizon by cell, and the price of the budget.
    case tangents(TangentBound)
    /// Responses are bounded between points of each cell's money, box by box.
    case boxes(GridProof)
    /// Each draw by its own best plan, between points of each cell's money: what a utility that never falls makes of these.
    case draws([[Double]])
  }

  public var proof: Proof
  /// No plan within the limits scores above it.
  public var upperBound: Double
  /// Of a utility that is a ratio: what is proved is that no plan exceeds this one, the upper bound.
  public var isRatio = false
  /// Of a plan with a target or limits of risk: what each of its conditions costs as much as it is missed by, in the order of the
  /// target and the limits. What is bounded is then the plan's utility less that, which plans that meet the conditions lose nothing of.
  public var penalties: [Double] = []

  public init(proof: Proof, upperBound: Double, isRatio: Bool = false, penalties: [Double] = []) {
    self.proof = proof
    self.upperBound = upperBound
    self.isRatio = isRatio
    self.penalties = penalties
  }

  /// Bounds on single draws are no certificate: there may be no plan near them.
  public var kind: Recommendation.BoundKind {
    switch proof {
    case .tangents, .boxes: .certified
    case .draws: .box
    }
  }
}

/// An objective that can be bounded, and what a bound on it says of the utility.
struct ProvableClaim {
  var objective: PlanObjective
  /// What nothing may be above for the claim to say anything, in the objective's own scale; nil where any bound does.
  var ceiling: Double?
  /// The bound on the utility, from one on the objective; nil where that says nothing.
  var conclude: @Sendable (_ value: Double) -> Double?
}

extension CompiledPlan {
  /// What the utility comes to where all plans spend the same, and the plan says that they do; nil otherwise.
  var fixedSpendScore: FixedSpendScore? {
    limits.spendsExactly ? (sought.utility as? any PlanUtility)?.atFixedSpend : nil
  }

  /// The claim that proves a bound on a concave utility, or on one that is concave where all plans spend the same; nil for others.
  var concaveClaim: ProvableClaim? {
    if let goal {
      let proved = goal.searchedScore.withConcaveConditions
      guard goal.utility.properties.isConcave, proved.properties.isConcave else { return nil }
      let objective = sought.rescored(proved)
      return ProvableClaim(objective: objective) { [scale = objective.scale, cost = goal.marginCost] in
        $0 * scale + cost
      }
    }
    if let penalised = sought.utility as? PenalisedScore {
      guard penalised.properties.isConcave else { return nil }
      return ProvableClaim(objective: sought) { [scale = sought.scale] in $0 * scale }
    }
    let objective = sought
    let fixed = fixedSpendScore
    let proved = fixed.map { objective.scoring($0.utility) } ?? objective
    guard proved.utility.properties.isConcave, !(proved.utility is any PlanUtility) else { return nil }
    return ProvableClaim(objective: proved) { [scale = proved.scale, money] value in
      fixed.map { $0.score(value * scale, money) } ?? value * scale
    }
  }

  /// Whether a bound on the utility can be proved that comes as near as is asked for.
  public var isCertifiable: Bool {
    calendar?.isCertifiable ?? (concaveClaim != nil || ratioClaim(0, margin: PlanProof.margin) != nil)
  }

  /// The claim that no plan exceeds a ratio; nil where the utility is none, or where a ratio per spend grows beyond all bounds as
  /// spend goes to nothing. A plan that spends nothing has a ratio of nothing, which is below none but the negative ones.
  /// With a margin, of the outcome's size, it holds for whoever rounds otherwise.
  func ratioClaim(_ ratio: Double, margin: Double = 0) -> ProvableClaim? {
    guard let utility = objective.utility as? any RatioUtility, let test = utility.test(of: ratio) else { return nil }
    let spendsSomething = limits.leastSpend > 0
    let proved = objective.scoring(test.utility, charge: test.charge)
    let even = limits.lower.map { _ in money / Double(limits.lower.count) }
    let play = margin > 0 ? margin * outcomeSize(spend: even) : 0
    let ceiling = (test.threshold - play) / proved.scale
    let idle = limits.lower.map { _ in 0.0 }
    guard !utility.isPerSpend || spendsSomething || ratio >= 0 && proved.value(at: idle) < ceiling else { return nil }
    return ProvableClaim(objective: proved, ceiling: ceiling) { $0 <= ceiling ? ratio : nil }
  }

  /// The claim that a certificate is of.
  private func claim(of certificate: Certificate) -> ProvableClaim? {
    certificate.isRatio ? ratioClaim(certificate.upperBound) : concaveClaim
  }

  /// Utility per unit of money, from value per unit of x in the solver's scale.
  private func perMoney(_ objective: PlanObjective) -> Double { objective.scale / money }

  /// A proof by tangents at a plan that a solver found; nil where that proves nothing: responses that may not be concave, or such
  /// that some draw would count against the plan.
  func certificate(_ claim: ProvableClaim, by solution: Solution, over polytope: Polytope) -> Certificate? {
    let best = TangentBound.best(
      for: claim.objective, at: solution.point, supports: solution.supports, over: polytope)
    guard let (bound, value) = best, let upperBound = claim.conclude(value) else { return nil }
    let total = bound.supports.reduce(0) { $0 + $1.weight }
    let proof = TangentBound(
      point: bound.point.map { $0 * money },
      supports: bound.supports.map {
        TangentBound.Support(step: $0.step.map { $0 * money }, weight: $0.weight / total)
      }, rowMultipliers: bound.rowMultipliers.map { $0 * perMoney(claim.objective) })
    return Certificate(
      proof: .tangents(proof), upperBound: upperBound, isRatio: claim.ceiling != nil, penalties: goal?.penalties ?? [])
  }

  /// A proof by boxes, and the bound on the objective that it proves; nil where that says nothing.
  func certificate(_ claim: ProvableClaim, by proof: GridProof, value: Double) -> Certificate? {
    claim.conclude(value).map { upperBound in
      Certificate(
        proof: .boxes(proof.scaled(points: money, prices: perMoney(claim.objective))), upperBound: upperBound,
        isRatio: claim.ceiling != nil, penalties: goal?.penalties ?? [])
    }
  }

  /// What each draw's own best plan comes to, for a utility that never falls; nil for others. Points are shares of the money, by
  /// cell, from its least to its most.
  func bestDraws(over polytope: Polytope, points: [[Double]]) -> Certificate? {
    let objective = goal == nil ? sought : self.objective
    guard objective.utility.properties.isNondecreasing, !(objective.utility is any PlanUtility) else { return nil }
    let score = objective.utility.score(objective.innerBounds(over: polytope, points: points).span)
    guard score.isFinite else { return nil }
    return Certificate(
      proof: .draws(points.map { $0.map { $0 * money } }), upperBound: score, penalties: goal?.penalties ?? [])
  }

  /// The names of the amounts that are decided, in the order of all that is given by cell: where periods are decided, of each cell in each.
  public var cellNames: [String] { calendar?.amountNames ?? spendCells.names }

  /// The utility of some money by cell, in the order of `cellNames`, in its own unit.
  public func score(spend: [Double]) -> Double {
    if let calendar { return calendar.score(spend: spend) }
    precondition(spend.count == objective.dimension, "A spend for each cell.")
    return objective.score(spend: spend)
  }

  /// What a certificate bounds at some money by cell: the score, or with a target or limits of risk what is sought under their
  /// conditions; nil where the money misses one of these, or the certificate is of other conditions.
  public func sought(at spend: [Double], by certificate: Certificate) -> Double? {
    guard let goal else { return score(spend: spend) }
    guard missed(spend: spend).isEmpty, let own = goal.with(penalties: certificate.penalties) else { return nil }
    // A bound on single draws is on the utility, whatever is sought.
    return certificate.kind == .box ? score(spend: spend) : pursuing(own).worth(spend: spend)
  }

  /// What is sought at some money by cell: the score, or with a target or limits of risk that less what is missed.
  func worth(spend: [Double]) -> Double { sought.score(spend: spend) }

  /// Whether money by cell, in the order of `cellNames`, breaks no limit by more than 1e-9 of the budget.
  public func isWithinLimits(_ spend: [Double]) -> Bool {
    calendar?.limits.allow(spend, tolerance: tolerance) ?? limits.allow(spend, tolerance: tolerance)
  }

  /// The mean size of the outcome at some spend: what rounding may take its share of.
  public func outcomeSize(spend: [Double]) -> Double {
    if let calendar { return calendar.outcomeSize(spend: spend) }
    let outcome = objective.reading(spend: spend).outcome
    return outcome.reduce(0) { $0 + abs($1) } / Double(max(outcome.count, 1))
  }

  /// What the score at some spend is summed from, in the utility's own unit, without signs: what rounding takes its share of.
  public func scoreSize(spend: [Double]) -> Double {
    calendar?.outcomeSize(spend: spend) ?? objective.scoreSize(spend: spend)
  }

  /// The bound that a certificate proves for this plan, computed anew from the draws; nil where it proves none.
  public func upperBound(by certificate: Certificate) -> Double? {
    guard allocated == nil else { return nil }
    if let calendar { return calendar.upperBound(by: certificate) }
    if let goal {
      guard let own = goal.with(penalties: certificate.penalties) else { return nil }
      return pursuing(own).ownUpperBound(by: certificate)
    }
    return certificate.penalties.isEmpty ? ownUpperBound(by: certificate) : nil
  }

  /// The same with the bound that its own numbers prove: next to a condition's kink their rounding may choose another side of it.
  func replayable(_ certificate: Certificate) -> Certificate {
    guard goal != nil, case .tangents = certificate.proof, let replayed = upperBound(by: certificate),
      replayed > certificate.upperBound
    else { return certificate }
    var own = certificate
    own.upperBound = replayed
    return own
  }

  private func ownUpperBound(by certificate: Certificate) -> Double? {
    let polytope = limits.polytope(money: money)
    if case .draws(let points) = certificate.proof {
      return grid(of: points, in: polytope).flatMap { bestDraws(over: polytope, points: $0) }?.upperBound
    }
    guard let claim = claim(of: certificate) else { return nil }
    let value: Double?
    switch certificate.proof {
    case .tangents(let bound):
      guard let point = shares(of: bound.point, in: polytope),
        bound.supports.allSatisfy({ $0.step.count == objective.dimension })
      else { return nil }
      value = TangentBound(
        point: point,
        supports: bound.supports.map { TangentBound.Support(step: $0.step.map { $0 / money }, weight: $0.weight) },
        rowMultipliers: bound.rowMultipliers.map { $0 / perMoney(claim.objective) }
      ).value(of: claim.objective, over: polytope)
    case .boxes(let proof):
      var own = proof.scaled(points: 1 / money, prices: 1 / perMoney(claim.objective))
      guard own.settle(in: polytope) else { return nil }
      value = own.value(of: claim.objective, over: polytope)
    case .draws: value = nil
    }
    return value.flatMap(claim.conclude)
  }

  /// Points of money as shares, from the least to the most of each cell; nil where they are not.
  private func grid(of points: [[Double]], in polytope: Polytope) -> [[Double]]? {
    let proof = GridProof(points: points, cuts: [], tree: [])
    var shares = proof.scaled(points: 1 / money, prices: 1)
    guard shares.settle(in: polytope),
      shares.points.allSatisfy({ zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } })
    else { return nil }
    return shares.points
  }

  /// Money as shares of the budget; nil where it is not within the bounds, but for what rounding may have moved it.
  private func shares(of money: [Double], in polytope: Polytope) -> [Double]? {
    guard money.count == polytope.dimension else { return nil }
    let shares = money.map { $0 / self.money }
    let ends = zip(polytope.lower, polytope.upper)
    guard zip(shares, ends).allSatisfy({ $0 >= $1.0 - 1e-12 && $0 <= $1.1 + 1e-12 }) else { return nil }
    return zip(shares, ends).map { min(max($0, $1.0), $1.1) }
  }
}
