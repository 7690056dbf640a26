import NumericKernel
import ResponseModel

/// What one cell adds to the risk of the whole plan's incremental response: Euler's allocation, by which what cells add comes to
/// the whole (D. Tasche, "Risk contributions and performance measurement", 1999).
///
/// A cell that does badly where the others do well takes risk away: it adds less than nothing.
public struct RiskContribution: Sendable, Equatable {
  /// The covariance of the cell's response with the whole, by the standard deviation of the whole (ddof 1), in units of response.
  public var sd: Double
  /// Of the standard deviation of the whole, as a share; nil where that is zero.
  public var sdShare: Double?
  /// How far the cell's mean over the draws in which the whole is worst, 5 % of them, is below its mean over all, in units of response.
  public var shortfall05: Double
  /// Of how far the whole is, as a share; nil where that is zero.
  public var shortfall05Share: Double?
}

extension RiskContribution {
  /// By column, of draws whose columns add up to the whole.
  static func all(_ responses: DrawMatrix) -> [RiskContribution] {
    let whole = responses.rowSums()
    let count = whole.count
    let average = mean(whole.span)
    let sd = variance(whole.span).squareRoot()
    var tail = [Double](repeating: 0, count: count)
    var tailSpan = tail.mutableSpan
    let depth = average - worstTail(whole.span, tail: 0.05, weights: &tailSpan)
    // What is no more than the rounding of sums is nothing: it has no shares.
    let isSure = sd <= 1e-12 * abs(average)
    return (0..<responses.columnCount).map { column in
      let own = responses.column(column)
      let middle = mean(own.span)
      let products = blockSum(count: count) { (own[$0] - middle) * (whole[$0] - average) }
      let covariance = count > 1 ? products / Double(count - 1) : 0
      let below = -blockSum(count: count) { tail[$0] * (own[$0] - middle) }
      return isSure
        ? RiskContribution(sd: 0, sdShare: nil, shortfall05: 0, shortfall05Share: nil)
        : RiskContribution(
          sd: covariance / sd, sdShare: covariance / sd / sd, shortfall05: below,
          shortfall05Share: depth > 0 ? below / depth : nil)
    }
  }
}
