import NumericKernel

/// `1 − alpha · tail_distance(level) / mean r`, alpha ≥ 0: PyMC-Marketing's `mean_tightness_score(alpha, c)`.
///
/// Meant for outcomes with a positive mean. Equal draws score 1. A mean that is zero to rounding counts as the rounding
/// error of the greatest draw, so that the score stays a number; where the mean is negative the formula scores above 1.
public struct MeanTightness: Utility {
  /// The score given up per tail distance of one mean; not negative.
  public let alpha: Double
  /// The tail distance that is set against the mean.
  public let distance: TailDistance
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: false)

  /// `alpha ≥ 0`, and the tail distance's `level` in [0, 1].
  public init(alpha: Double, level: Double) {
    precondition(alpha >= 0, "An aversion is not negative.")
    self.alpha = alpha
    distance = TailDistance(level: level)
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let length = distance.score(outcome, weights: &weights)
    let centre = divisor(outcome)
    guard length > 0 else {
      for draw in 0..<outcome.count { weights[draw] = 0 }
      return 1
    }
    let share = alpha * length / centre / centre / Double(outcome.count)
    for draw in 0..<outcome.count { weights[draw] = share - alpha * weights[draw] / centre }
    return 1 - alpha * length / centre
  }

  /// The mean, or what it counts as.
  private func divisor(_ outcome: Span<Double>) -> Double {
    let moments = Moments(outcome)
    return abs(moments.mean) > moments.rounding ? moments.mean : max(moments.rounding, .leastNormalMagnitude)
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    guard let length = distance.smoothed(outcome, width: width), width > 0, length.value > 0 else {
      let (value, weights) = weightedScore(outcome)
      return SmoothScore(value: value, weights: weights)
    }
    let average = SmoothScore.mean(Moments(outcome), count: outcome.count)
    let centre = divisor(outcome)
    let ratio = alpha * length.value / centre
    return SmoothScore.combining(
      [average, length], value: 1 - ratio, slopes: [ratio / centre, -alpha / centre],
      curvatures: [
        [-2 * ratio / (centre * centre), alpha / (centre * centre)], [alpha / (centre * centre), 0],
      ])
  }

  /// `U₀ + ((1 − U₀) mean r − alpha · T(r)) / mean₀`, T the convex bound of the distance from above, U₀ and mean₀ the score
  /// and the mean at the outcome: above U₀ only where `alpha · distance < (1 − U₀) mean`, so only where the score is (Dinkelbach,
  /// Manag. Sci. 1967). Nil where the mean is not positive.
  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    let moments = Moments(outcome)
    guard moments.mean > moments.rounding else { return nil }
    return Surrogate(
      alpha: alpha, value: score(outcome), centre: moments.mean, distance: TailDistanceBound.above(outcome, distance))
  }

  private struct Surrogate: Utility {
    let alpha, value, centre: Double
    let distance: TailDistanceBound
    let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: false)

    func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
      let share = (1 - value) / centre / Double(outcome.count)
      for draw in 0..<outcome.count { weights[draw] = share }
      let average = mean(outcome)
      let length = distance.add(to: &weights, times: -alpha / centre, outcome, centre: average)
      return value + ((1 - value) * average - alpha * length) / centre
    }
  }
}

extension MeanTightness {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "mean_tightness", summary: "1 - alpha tail_distance(level) / mean",
    options: [
      .aversion("alpha", "what the tail distance costs, relative to the mean", defaultValue: 0.5),
      .level("the level of the upper quantile; the lower is at 1 - level", defaultValue: 0.75), .compat,
    ], minimumDraws: 2
  ) { MeanTightness(alpha: $0.required("alpha"), level: $0.required("level")) }
}
