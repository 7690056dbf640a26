import Foundation

/// `−Σ w log w`, w the cells' shares of spend: how evenly the money is spread, at most `log C`. PyMC-Marketing's
/// `portfolio_entropy`, which is not a number where a share is zero.
///
/// A share of zero adds nothing, and so does a plan that spends nothing. At a share of zero the slope is infinite; it is
/// given as that at the smallest share a double can tell from zero.
public struct EntropyOfShares: PlanUtility {
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: true)

  public init() {}

  public func score(_ plan: ScoredPlan) -> PlanScore {
    let total = plan.spend.reduce(0, +)
    let outcomeWeights = [Double](repeating: 0, count: plan.outcome.count)
    guard total > 0 else {
      return PlanScore(
        value: 0, outcomeWeights: outcomeWeights, spendGradient: [Double](repeating: 0, count: plan.spend.count))
    }
    let shares = plan.spend.map { max($0 / total, 0) }
    let logarithms = shares.map { log(max($0, .leastNormalMagnitude)) }
    let entropy = -zip(shares, logarithms).reduce(0) { $0 + $1.0 * $1.1 }
    return PlanScore(
      value: entropy, outcomeWeights: outcomeWeights, spendGradient: logarithms.map { -($0 + entropy) / total })
  }
}

extension EntropyOfShares {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "entropy_of_shares", summary: "-sum w log w, w the shares of spend", options: [.compat]
  ) { _ in EntropyOfShares() }
}
