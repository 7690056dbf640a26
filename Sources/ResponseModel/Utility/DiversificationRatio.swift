import NumericKernel

/// `Σ w sd / sqrt(wᵀ Σ w)`, w the cells' shares of spend, sd and Σ the standard deviations and the covariance (ddof 1) of
/// their responses: 1 where the cells move as one, more where they offset each other (Choueifaty and Coignard, J. Portf.
/// Manag. 2008). PyMC-Marketing's `diversification_ratio`.
///
/// Where there is no spread to offset (one draw, equal draws, nothing spent) it is 1 with zero derivatives. Where the
/// cells offset each other to rounding, what is left counts as the rounding error.
public struct DiversificationRatio: PlanUtility {
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: true)

  public init() {}

  public func score(_ plan: ScoredPlan) -> PlanScore {
    let drawCount = plan.responses.drawCount
    let cells = plan.spend.indices
    let total = plan.spend.reduce(0, +)
    var score = PlanScore(
      value: 1, outcomeWeights: [Double](repeating: 0, count: plan.outcome.count),
      spendGradient: [Double](repeating: 0, count: plan.spend.count))
    guard total > 0 else { return score }
    let shares = plan.spend.map { $0 / total }
    let moments = cells.map { plan.responses.withColumn($0) { Moments($0) } }
    let separate = zip(shares, moments).reduce(0) { $0 + $1.0 * $1.1.deviation }
    guard separate > 0 else { return score }

    // The portfolio `p = Σ w r`, and each draw's place in it.
    let portfolio = plan.responses.times(shares)
    let whole = Moments(portfolio.span)
    guard whole.deviation > separate * .ulpOfOne else {
      score.value = 1 / .ulpOfOne
      return score
    }
    score.value = separate / whole.deviation
    let places = portfolio.map { whole.standardized($0) }
    let freedom = Double(drawCount - 1)
    var responseWeights = DrawMatrix(drawCount: drawCount, columnCount: plan.responses.columnCount)
    for cell in cells {
      let own = plan.responses.withColumn(cell) { column in
        (0..<drawCount).map { moments[cell].standardized(column[$0]) }
      }
      // Of the portfolio's spread the cell's share is responsible for cov(r, p) / sd(p) = sd(r) · correlation.
      let correlation = dot(own.span, places.span) / freedom
      score.spendGradient[cell] =
        moments[cell].deviation * (1 - score.value * correlation) / whole.deviation / total
      let factor = shares[cell] / (freedom * whole.deviation)
      responseWeights.setColumn(cell, to: zip(own, places).map { factor * ($0 - score.value * $1) })
    }
    score.responseWeights = responseWeights
    return score
  }
}

extension DiversificationRatio {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "diversification_ratio", summary: "sum of w sd / sd of sum of w r, w the shares of spend",
    options: [.compat], minimumDraws: 2
  ) { _ in DiversificationRatio() }
}
