import NumericKernel

/// A bound of a quantile that is exact at one outcome, holds for every other, and is concave from below, convex from above.
///
/// From below, with k the rank and g the fraction of the quantile `(1 − g) r₍ₖ₎ + g r₍ₖ₊₁₎`, S the k lowest draws at the
/// outcome, d the next and O all others: `φ(r) = (1 − g) min(r_d, m) + g m`, `m = min over O`. Of any k draws, at least one
/// of the k + 1 lowest is left out, so `r₍ₖ₎ ≥ min over the rest of S = min(r_d, m)`; likewise `r₍ₖ₊₁₎ ≥ m`. So φ never
/// exceeds the quantile; where the draws stand in the outcome's order it equals it; and minima are concave. From above the
/// same holds of the draws with their signs changed.
struct QuantileBound: Utility {
  /// 1 from below, −1 from above.
  private let sign: Double
  private let fraction: Double
  /// The draw d, and whether a draw is in O.
  private let next: Int
  private let isOther: [Bool]

  /// As the sign says: the negative of a bound from above is concave, and so is a utility.
  let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: false)

  static func below(_ outcome: Span<Double>, level: Double) -> QuantileBound {
    let point = quantile(outcome, level: level)
    return QuantileBound(sign: 1, outcome, rank: point.lowerRank, at: point.lower, fraction: point.fraction)
  }

  static func above(_ outcome: Span<Double>, level: Double) -> QuantileBound {
    let point = quantile(outcome, level: level)
    let last = outcome.count - 1
    guard point.fraction > 0 else {
      return QuantileBound(sign: -1, outcome, rank: last - point.lowerRank, at: point.lower, fraction: 0)
    }
    return QuantileBound(
      sign: -1, outcome, rank: last - point.lowerRank - 1, at: point.upper, fraction: 1 - point.fraction)
  }

  /// `rank` counts from the lowest draw, or from above from the highest; `at` is the draw of that rank.
  private init(sign: Double, _ outcome: Span<Double>, rank: Int, at boundary: Double, fraction: Double) {
    self.sign = sign
    self.fraction = fraction
    // Draws that tie with the boundary fill S in their order, then one of them is d.
    var room = rank
    for draw in 0..<outcome.count where sign * outcome[draw] < sign * boundary { room -= 1 }
    var next = -1
    isOther = (0..<outcome.count).map { draw in
      guard outcome[draw] == boundary else { return sign * outcome[draw] > sign * boundary }
      if room > 0 {
        room -= 1
        return false
      }
      guard next < 0 else { return true }
      next = draw
      return false
    }
    self.next = next
  }

  /// The bound, and its weights added to `weights` times `factor`; draws that tie share.
  func add(to weights: inout MutableSpan<Double>, times factor: Double, _ outcome: Span<Double>) -> Double {
    precondition(outcome.count == isOther.count, "A bound of a quantile holds for as many draws as it was made for.")
    var least = Double.infinity
    var ties = 0
    for draw in 0..<outcome.count where isOther[draw] {
      let value = sign * outcome[draw]
      if value < least {
        least = value
        ties = 1
      } else if value == least {
        ties += 1
      }
    }
    let own = sign * outcome[next]
    var share = fraction
    if own <= least { weights[next] += factor * (1 - fraction) } else { share = 1 }
    if share > 0 {
      for draw in 0..<outcome.count where isOther[draw] && sign * outcome[draw] == least {
        weights[draw] += factor * share / Double(ties)
      }
    }
    return sign * (share > 0 ? min(own, least) + fraction * (least - min(own, least)) : own)
  }

  /// The bound from below itself; the negative of the one from above, which is concave as well.
  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    for draw in 0..<outcome.count { weights[draw] = 0 }
    return sign * add(to: &weights, times: sign, outcome)
  }
}
