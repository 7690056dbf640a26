import NumericKernel

/// `mean r − lambda · variance r` (ddof 1), lambda ≥ 0 per unit of outcome.
///
/// Equal draws, and a single one, have no variance.
public struct MeanVariance: Utility {
  /// The outcome given up per unit of variance, per unit of outcome; not negative.
  public let lambda: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: true)

  /// `lambda ≥ 0`.
  public init(lambda: Double) {
    precondition(lambda >= 0, "An aversion is not negative.")
    self.lambda = lambda
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let moments = Moments(outcome)
    let share = 1 / Double(outcome.count)
    let slope = moments.deviation > 0 ? 2 * lambda * moments.deviation / Double(outcome.count - 1) : 0
    for draw in 0..<outcome.count { weights[draw] = share - slope * moments.standardized(outcome[draw]) }
    return moments.mean - lambda * moments.deviation * moments.deviation
  }

  /// The Hessian is that of the variance, `2 (I − 1 1ᵀ/D) / (D − 1)`, times −lambda.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let (value, weights) = weightedScore(outcome)
    let count = outcome.count
    let bend = count > 1 ? -2 * lambda / Double(count - 1) : 0
    return SmoothScore(
      value: value, weights: weights, diagonal: [Double](repeating: bend, count: count),
      rankOnes: [
        SmoothScore.RankOne(factor: -bend / Double(count), vector: [Double](repeating: 1, count: count))
      ])
  }
}

extension MeanVariance {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "mean_variance", summary: "mean - lambda variance",
    options: [.aversion("lambda", "what a unit of variance costs, per unit of outcome")]
  ) { MeanVariance(lambda: $0.required("lambda")) }
}
