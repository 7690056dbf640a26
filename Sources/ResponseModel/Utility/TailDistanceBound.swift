import NumericKernel

/// Bounds of a tail distance that are exact at one outcome.
///
/// With H the upper and L the lower quantile, the distance is the greatest of `H − L`, `H + L − 2 mean` and
/// `2 mean − H − L` (the fourth, `L − H`, is never above the first). Bounding H and L as `QuantileBound` does makes the
/// greatest of all three a convex bound from above, and any one of them, taken from below, a concave bound from below.
struct TailDistanceBound: Utility {
  private struct Form {
    let low, high: QuantileBound
    let lowSign, highSign: Double

    func add(to weights: inout MutableSpan<Double>, times factor: Double, _ outcome: Span<Double>) -> Double {
      // The distances are from the mean.
      let share = -factor * (lowSign + highSign) / Double(outcome.count)
      for draw in 0..<outcome.count { weights[draw] += share }
      let centre = mean(outcome)
      return highSign * (high.add(to: &weights, times: factor * highSign, outcome) - centre)
        + lowSign * (low.add(to: &weights, times: factor * lowSign, outcome) - centre)
    }
  }

  private let forms: [Form]

  /// Those of the bound from below, a utility; the bound from above is a part of others.
  let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: false)

  private init(_ outcome: Span<Double>, _ distance: TailDistance, signs: [(low: Double, high: Double)], isAbove: Bool) {
    let low = distance.lowLevel
    let high = distance.highLevel
    forms = signs.map { sign in
      Form(
        low: (sign.low > 0) == isAbove
          ? QuantileBound.above(outcome, level: low) : QuantileBound.below(outcome, level: low),
        high: (sign.high > 0) == isAbove
          ? QuantileBound.above(outcome, level: high) : QuantileBound.below(outcome, level: high),
        lowSign: sign.low, highSign: sign.high)
    }
  }

  static func above(_ outcome: Span<Double>, _ distance: TailDistance) -> TailDistanceBound {
    TailDistanceBound(outcome, distance, signs: [(-1, 1), (1, 1), (-1, -1)], isAbove: true)
  }

  static func below(_ outcome: Span<Double>, _ distance: TailDistance) -> TailDistanceBound {
    let centre = mean(outcome)
    let low = quantile(outcome, level: distance.lowLevel).value
    let high = quantile(outcome, level: distance.highLevel).value
    let sign = (low: low <= centre ? -1.0 : 1, high: high >= centre ? 1.0 : -1)
    return TailDistanceBound(outcome, distance, signs: [sign], isAbove: false)
  }

  /// The bound, and its weights added to `weights` times `factor`.
  func add(to weights: inout MutableSpan<Double>, times factor: Double, _ outcome: Span<Double>) -> Double {
    // With a factor of zero the weights stay as they are.
    let values = forms.map { $0.add(to: &weights, times: 0, outcome) }
    var best = 0
    for form in forms.indices where values[form] > values[best] { best = form }
    return forms[best].add(to: &weights, times: factor, outcome)
  }

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    for draw in 0..<outcome.count { weights[draw] = 0 }
    return add(to: &weights, times: 1, outcome)
  }
}
