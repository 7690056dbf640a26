import NumericKernel

/// `−sd r` (ddof 1): the standard deviation of the draws as a score, larger being better.
///
/// Equal draws, and a single one, have no spread: the score is zero and so are the weights, a supergradient there. By itself it asks for
/// nothing but sameness, so that plan files do not name it: it is one side of a frontier.
public struct Steadiness: Utility {
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: true)

  public init() {}

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let moments = Moments(outcome)
    let slope = moments.deviation > 0 ? 1 / Double(outcome.count - 1) : 0
    for draw in 0..<outcome.count { weights[draw] = slope > 0 ? -slope * moments.standardized(outcome[draw]) : 0 }
    return -moments.deviation
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    guard moments.deviation > 0 else { return unsmoothed(outcome) }
    return SmoothScore.combining(
      [SmoothScore.deviation(outcome, moments)], value: -moments.deviation, slopes: [-1])
  }
}
