import NumericKernel

/// The mean of the draws that are at most `quantile(level)`: PyMC-Marketing's `conditional_value_at_risk(1 − level)`.
///
/// Of draws that differ these are the k + 1 lowest, k the whole part of `level · (D − 1)`, and the score is the expected
/// shortfall of that many whole draws. Draws that tie at the quantile count all, so that moving them apart lowers the score:
/// there it is neither concave nor nondecreasing, and has no surrogate.
public struct MeanBelowQuantile: Utility {
  /// The quantile's level, in [0, 1].
  public let level: Double
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: false)

  /// `level` in [0, 1].
  public init(level: Double) {
    precondition(level >= 0 && level <= 1, "The level of a quantile is in [0, 1].")
    self.level = level
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let boundary = quantile(outcome, level: level).value
    var below = 0
    for draw in 0..<outcome.count where outcome[draw] <= boundary { below += 1 }
    let share = 1 / Double(below)
    for draw in 0..<outcome.count { weights[draw] = outcome[draw] <= boundary ? share : 0 }
    return boundary
      + blockSum(count: outcome.count) { outcome[$0] <= boundary ? outcome[$0] - boundary : 0 } * share
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    guard width > 0 else {
      let (value, weights) = weightedScore(outcome)
      return SmoothScore(value: value, weights: weights)
    }
    return expectedShortfall(of: outcome).smoothed(outcome, width: width)
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    let boundary = quantile(outcome, level: level)
    var below = 0
    for draw in 0..<outcome.count where outcome[draw] <= boundary.value { below += 1 }
    return below == boundary.lowerRank + 1 ? expectedShortfall(of: outcome) : nil
  }

  private func expectedShortfall(of outcome: Span<Double>) -> ExpectedShortfall {
    ExpectedShortfall(tail: Double(quantile(outcome, level: level).lowerRank + 1) / Double(outcome.count))
  }
}
