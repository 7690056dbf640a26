import NumericKernel

/// `|Q_c − mean| + |mean − Q_(1−c)|`, Q the interpolated quantiles, level c in [0, 1]: a distance that grows with risk, so
/// that maximising it seeks risk. PyMC-Marketing's `tail_distance(c)`.
///
/// Equal draws are at distance zero. Draws that tie at a quantile share its weight; where a quantile is at the mean, the
/// quantile counts as the higher of the two above it and as the lower below.
public struct TailDistance: Utility {
  /// The two levels, in order.
  let lowLevel: Double
  let highLevel: Double
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: false)

  /// `level` in [0, 1]; `level` and `1 − level` make the same distance.
  public init(level: Double) {
    precondition(level >= 0 && level <= 1, "The level of a quantile is in [0, 1].")
    lowLevel = min(level, 1 - level)
    highLevel = max(level, 1 - level)
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let centre = mean(outcome)
    let (low, lowWeights) = Quantile(level: lowLevel).weightedScore(outcome)
    let high = Quantile(level: highLevel).score(outcome, weights: &weights)
    let above = high >= centre ? 1.0 : -1
    let below = low <= centre ? 1.0 : -1
    let share = (below - above) / Double(outcome.count)
    for draw in 0..<outcome.count { weights[draw] = share + above * weights[draw] - below * lowWeights[draw] }
    return abs(high - centre) + abs(centre - low)
  }

  /// `|x|` is rounded into `sqrt(x² + (width · sd)²)`, and the quantiles as they are by themselves.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    guard width > 0, moments.deviation > 0,
      let low = Quantile(level: lowLevel).smoothed(outcome, width: width),
      let high = Quantile(level: highLevel).smoothed(outcome, width: width)
    else {
      let (value, weights) = weightedScore(outcome)
      return SmoothScore(value: value, weights: weights)
    }
    let parts = [low, high, SmoothScore.mean(moments, count: outcome.count), SmoothScore.deviation(outcome, moments)]
    let below = RoundedDistance(moments.mean - low.value, deviation: moments.deviation, width: width)
    let above = RoundedDistance(high.value - moments.mean, deviation: moments.deviation, width: width)
    return SmoothScore.combining(
      parts, value: below.value + above.value,
      slopes: [-below.slope, above.slope, below.slope - above.slope, below.spreadSlope + above.spreadSlope],
      curvatures: [
        [below.bend, 0, -below.bend, -below.mixed],
        [0, above.bend, -above.bend, above.mixed],
        [-below.bend, -above.bend, below.bend + above.bend, below.mixed - above.mixed],
        [-below.mixed, above.mixed, below.mixed - above.mixed, below.spreadBend + above.spreadBend],
      ])
  }

  /// Of the forms `±(Q_c − mean) ± (mean − Q_(1−c))`, of which the distance is the greatest, the one that is so here.
  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    TailDistanceBound.below(outcome, self)
  }
}

/// `sqrt(x² + (width · sd)²)`, with its derivatives in x and sd.
private struct RoundedDistance {
  let value, slope, spreadSlope, bend, mixed, spreadBend: Double

  init(_ x: Double, deviation: Double, width: Double) {
    let distance = width * deviation
    value = (x * x + distance * distance).squareRoot()
    // Sine and cosine: squares of small numbers do not appear below.
    let s = x / value
    let c = distance / value
    slope = s
    spreadSlope = width * c
    bend = c * c / value
    mixed = -width * s * c / value
    spreadBend = width * width * s * s / value
  }
}

extension TailDistance {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "tail_distance", summary: "|Q_c - mean| + |mean - Q_(1-c)|, c the level: grows with risk, a component",
    options: [.level("the level of the upper quantile; the lower is at 1 - level", defaultValue: 0.75), .compat],
    caution: "tail_distance is larger the wider the outcome spreads, so that maximising it seeks risk; it is a part of "
      + "mean_tightness, which does not"
  ) { TailDistance(level: $0.required("level")) }
}
