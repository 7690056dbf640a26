import NumericKernel

/// A concave score under which a draw that rises beyond some outcome, the others as they are, counts against it.
///
/// Where draws are known to be between two ends the best that the score could come to has those draws at their upper ends that are below that
/// outcome, those at their lower ends that are above it, and the others at it.
public protocol TurningUtility: Utility {
  /// The outcome above which a draw that rises lowers the score; infinite where none does.
  func turn(_ outcome: Span<Double>) -> Double
}

extension TurningUtility {
  /// The draws of the best score between two ends of each, to rounding.
  public func best(from lower: [Double], to upper: [Double]) -> [Double] {
    guard var low = lower.min(), var high = upper.max(), turn(upper.span) < high else { return upper }
    func clipped(at turn: Double) -> [Double] { zip(lower, upper).map { min($1, max($0, turn)) } }
    for _ in 0..<60 where high - low > 1e-14 * max(abs(low), abs(high)) {
      let middle = 0.5 * (low + high)
      let there = clipped(at: middle)
      if turn(there.span) >= middle { low = middle } else { high = middle }
    }
    return clipped(at: low)
  }
}

extension MeanDeviation: TurningUtility {
  /// `mean + sd (D − 1) / (lambda D)`.
  public func turn(_ outcome: Span<Double>) -> Double {
    let moments = Moments(outcome)
    guard lambda > 0, moments.deviation > 0 else { return .infinity }
    return moments.mean + moments.deviation * Double(outcome.count - 1) / (lambda * Double(outcome.count))
  }
}

extension MeanVariance: TurningUtility {
  /// `mean + (D − 1) / (2 lambda D)`.
  public func turn(_ outcome: Span<Double>) -> Double {
    guard lambda > 0, outcome.count > 1 else { return .infinity }
    return Moments(outcome).mean + Double(outcome.count - 1) / (2 * lambda * Double(outcome.count))
  }
}
