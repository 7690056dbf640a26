public import Optimisation
import ResponseModel

/// What proves how good a plan is: a bound on the utility of every plan within the limits, and all that is needed to compute
/// it again. In money and in the utility's own unit.
public struct Certificate: Sendable, Equatable {
  /// The plan at which responses are replaced by their tangents: money over the horizon by cell.
  public var spend: [Double]
  /// Where the utility is replaced by its supergradients: at the outcome that the tangents give a step of money from that plan.
  /// Their weights sum to one.
  public var supports: [TangentBound.Support]
  /// What the budget's last unit of money is taken to be worth.
  public var budgetPrice: Double
  /// No plan within the limits scores above it.
  public var upperBound: Double

  public init(spend: [Double], supports: [TangentBound.Support], budgetPrice: Double, upperBound: Double) {
    self.spend = spend
    self.supports = supports
    self.budgetPrice = budgetPrice
    self.upperBound = upperBound
  }
}

extension CompiledPlan {
  /// What the utility comes to where all plans spend the same, and the plan says that they do; nil otherwise.
  var fixedSpendScore: FixedSpendScore? {
    limits.spend == .exactly ? (objective.utility as? any PlanUtility)?.atFixedSpend : nil
  }

  /// The objective that a bound is proved for.
  private var provedObjective: PlanObjective { fixedSpendScore.map { objective.scoring($0.utility) } ?? objective }

  /// A proof for a plan that a solver found; nil where none is known: a utility that is not concave, responses that may not
  /// be, or both such that some draw would count against the plan.
  func certificate(of solution: Solution, over polytope: Polytope) -> Certificate? {
    let objective = provedObjective
    let proof = TangentBound.best(
      for: objective, at: solution.point, supports: solution.supports, over: polytope)
    guard let (bound, value) = proof else { return nil }
    let total = bound.supports.reduce(0) { $0 + $1.weight }
    return Certificate(
      spend: bound.point.map { $0 * money },
      supports: bound.supports.map {
        TangentBound.Support(step: $0.step.map { $0 * money }, weight: $0.weight / total)
      }, budgetPrice: (bound.rowMultipliers.first ?? 0) * objective.scale / money,
      upperBound: score(proved: value * objective.scale))
  }

  /// What a bound on the objective that it was proved for says of the utility.
  private func score(proved value: Double) -> Double { fixedSpendScore.map { $0.score(value, money) } ?? value }

  /// The utility of some money by cell, in the posterior's order, in its own unit.
  public func score(spend: [Double]) -> Double {
    precondition(spend.count == objective.dimension, "A spend for each cell.")
    return objective.score(spend: spend)
  }

  /// The bound that a certificate proves for this plan, computed anew from the draws; nil where it proves none.
  public func upperBound(by certificate: Certificate) -> Double? {
    guard let budget, allocated == nil, certificate.spend.count == objective.dimension,
      certificate.supports.allSatisfy({ $0.step.count == objective.dimension })
    else { return nil }
    let polytope = limits.polytope(names: posterior.cells.map(\.name), budget: budget, money: money)
    return upperBound(by: certificate, provedObjective, polytope)
  }

  private func upperBound(
    by certificate: Certificate, _ objective: PlanObjective, _ polytope: Polytope
  ) -> Double? {
    // From money to shares and back a bound may be missed by a rounding, and by no more.
    let shares = certificate.spend.map { $0 / money }
    let isNear = zip(shares, zip(polytope.lower, polytope.upper)).allSatisfy { share, ends in
      share >= ends.0 - 1e-12 && share <= ends.1 + 1e-12
    }
    guard isNear else { return nil }
    let bound = TangentBound(
      point: zip(shares, zip(polytope.lower, polytope.upper)).map { min(max($0, $1.0), $1.1) },
      supports: certificate.supports.map {
        TangentBound.Support(step: $0.step.map { $0 / money }, weight: $0.weight)
      }, rowMultipliers: [certificate.budgetPrice * money / objective.scale])
    return bound.value(of: objective, over: polytope).map { score(proved: $0 * objective.scale) }
  }
}
