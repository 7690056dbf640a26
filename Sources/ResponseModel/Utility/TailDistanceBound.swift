import NumericKernel

/// Bounds of a tail distance that are exact at one outcome.
///
/// With H the upper and L the lower quantile, the distance is the greatest of `H − L`, `H + L − 2 mean` and
/// `2 mean − H − L` (the fourth, `L − H`, is never above the first). Bounding H and L as `QuantileBound` does makes the
/// greatest of all three a convex bound from above, and any one of them, taken from below, a concave bound from below.
struct TailDistanceBound: Utility {
  private struct Form {
    /// Places among the bounds.
    let low, high: Int
    let lowSign, highSign: Double
  }

  /// Of both quantiles, those that some form needs.
  private let bounds: [QuantileBound]
  private let forms: [Form]

  /// Those of the bound from below, a utility; the bound from above is a part of others.
  let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: false)

  private init(_ outcome: Span<Double>, _ distance: TailDistance, signs: [(low: Double, high: Double)], isAbove: Bool) {
    var bounds: [QuantileBound] = []
    var places: [Bool: [Double: Int]] = [:]
    func place(_ level: Double, _ sign: Double) -> Int {
      let bindsAbove = (sign > 0) == isAbove
      if let place = places[bindsAbove]?[level] { return place }
      places[bindsAbove, default: [:]][level] = bounds.count
      bounds.append(
        bindsAbove ? QuantileBound.above(outcome, level: level) : QuantileBound.below(outcome, level: level))
      return bounds.count - 1
    }
    forms = signs.map { sign in
      Form(
        low: place(distance.lowLevel, sign.low), high: place(distance.highLevel, sign.high), lowSign: sign.low,
        highSign: sign.high)
    }
    self.bounds = bounds
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

  /// The bound, and its weights added to `weights` times `factor`; `centre` is the outcome's mean.
  func add(
    to weights: inout MutableSpan<Double>, times factor: Double, _ outcome: Span<Double>, centre: Double
  ) -> Double {
    let levels = bounds.map { $0.level(of: outcome) }
    let values = forms.map { form in
      form.highSign * (levels[form.high].value - centre) + form.lowSign * (levels[form.low].value - centre)
    }
    var best = 0
    for form in forms.indices where values[form] > values[best] { best = form }
    let form = forms[best]
    // The distances are from the mean.
    let share = -factor * (form.lowSign + form.highSign) / Double(outcome.count)
    if share != 0 { for draw in 0..<outcome.count { weights[draw] += share } }
    bounds[form.high].add(to: &weights, times: factor * form.highSign, outcome, at: levels[form.high])
    bounds[form.low].add(to: &weights, times: factor * form.lowSign, outcome, at: levels[form.low])
    return values[best]
  }

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    for draw in 0..<outcome.count { weights[draw] = 0 }
    return add(to: &weights, times: 1, outcome, centre: mean(outcome))
  }
}
