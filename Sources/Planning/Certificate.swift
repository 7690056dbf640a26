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
  }

  public var proof: Proof
  /// No plan within the limits scores above it.
  public var upperBound: Double

  public init(proof: Proof, upperBound: Double) {
    self.proof = proof
    self.upperBound = upperBound
  }
}

extension CompiledPlan {
  /// What the utility comes to where all plans spend the same, and the plan says that they do; nil otherwise.
  var fixedSpendScore: FixedSpendScore? {
    limits.spend == .exactly ? (objective.utility as? any PlanUtility)?.atFixedSpend : nil
  }

  /// The objective that a bound is proved for.
  var provedObjective: PlanObjective { fixedSpendScore.map { objective.scoring($0.utility) } ?? objective }

  /// What a bound on that objective says of the utility.
  private func score(proved value: Double, of objective: PlanObjective) -> Double {
    let proved = value * objective.scale
    return fixedSpendScore.map { $0.score(proved, money) } ?? proved
  }

  /// Utility per unit of money, from value per unit of x in the solver's scale.
  private func perMoney(_ objective: PlanObjective) -> Double { objective.scale / money }

  /// A proof by tangents at a plan that a solver found; nil where that proves nothing: a utility that is not concave, responses
  /// that may not be, or both such that some draw would count against the plan.
  func certificate(of solution: Solution, over polytope: Polytope) -> Certificate? {
    let objective = provedObjective
    let best = TangentBound.best(
      for: objective, at: solution.point, supports: solution.supports, over: polytope)
    guard let (bound, value) = best else { return nil }
    let total = bound.supports.reduce(0) { $0 + $1.weight }
    let proof = TangentBound(
      point: bound.point.map { $0 * money },
      supports: bound.supports.map {
        TangentBound.Support(step: $0.step.map { $0 * money }, weight: $0.weight / total)
      }, rowMultipliers: bound.rowMultipliers.map { $0 * perMoney(objective) })
    return Certificate(proof: .tangents(proof), upperBound: score(proved: value, of: objective))
  }

  /// A proof by branch and bound.
  func certificate(of outcome: BranchAndBound.Outcome) -> Certificate {
    let objective = provedObjective
    return Certificate(
      proof: .boxes(outcome.proof.scaled(points: money, prices: perMoney(objective))),
      upperBound: score(proved: outcome.upperBound, of: objective))
  }

  /// The utility of some money by cell, in the posterior's order, in its own unit.
  public func score(spend: [Double]) -> Double {
    precondition(spend.count == objective.dimension, "A spend for each cell.")
    return objective.score(spend: spend)
  }

  /// The bound that a certificate proves for this plan, computed anew from the draws; nil where it proves none.
  public func upperBound(by certificate: Certificate) -> Double? {
    guard let budget, allocated == nil else { return nil }
    let polytope = limits.polytope(names: posterior.cells.map(\.name), budget: budget, money: money)
    let objective = provedObjective
    let value: Double?
    switch certificate.proof {
    case .tangents(let bound):
      guard let point = shares(of: bound.point, in: polytope),
        bound.supports.allSatisfy({ $0.step.count == objective.dimension })
      else { return nil }
      value = TangentBound(
        point: point,
        supports: bound.supports.map { TangentBound.Support(step: $0.step.map { $0 / money }, weight: $0.weight) },
        rowMultipliers: bound.rowMultipliers.map { $0 / perMoney(objective) }
      ).value(of: objective, over: polytope)
    case .boxes(let proof):
      var own = proof.scaled(points: 1 / money, prices: 1 / perMoney(objective))
      guard own.settle(in: polytope) else { return nil }
      value = own.value(of: objective, over: polytope)
    }
    return value.map { score(proved: $0, of: objective) }
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
