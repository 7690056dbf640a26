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
  /// The draw d.
  private let next: Int
  /// What is added to each draw: nothing to those in O, infinity to others, which are then never the least.
  private let exclusion: [Double]

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
    exclusion = (0..<outcome.count).map { draw in
      guard outcome[draw] == boundary else { return sign * outcome[draw] > sign * boundary ? 0 : .infinity }
      if room > 0 {
        room -= 1
        return .infinity
      }
      guard next < 0 else { return 0 }
      next = draw
      return .infinity
    }
    self.next = next
  }

  /// Where the bound lies for some outcome: the draw d and the least of O, by the sign.
  struct Level {
    fileprivate let own, least: Double
    /// The bound.
    let value: Double
  }

  func level(of outcome: Span<Double>) -> Level {
    precondition(outcome.count == exclusion.count, "A bound of a quantile holds for as many draws as it was made for.")
    let least = leastOther(outcome)
    let own = sign * outcome[next]
    // All draws but d may be in S.
    let value = own <= least && fraction == 0 ? own : min(own, least) + fraction * (least - min(own, least))
    return Level(own: own, least: least, value: sign * value)
  }

  private func leastOther(_ outcome: Span<Double>) -> Double {
    // Four minima, none of which waits for another.
    var least = SIMD4<Double>(repeating: .infinity)
    let exclusion = exclusion.span
    let whole = outcome.count & ~3
    for first in stride(from: 0, to: whole, by: 4) {
      let values =
        sign * SIMD4(outcome[first], outcome[first + 1], outcome[first + 2], outcome[first + 3])
        + SIMD4(exclusion[first], exclusion[first + 1], exclusion[first + 2], exclusion[first + 3])
      least.replace(with: values, where: values .< least)
    }
    return (whole..<outcome.count).reduce(least.min()) { min($0, sign * outcome[$1] + exclusion[$1]) }
  }

  /// Adds the bound's weights times `factor` to `weights`; draws that tie share.
  func add(to weights: inout MutableSpan<Double>, times factor: Double, _ outcome: Span<Double>, at level: Level) {
    var share = fraction
    if level.own <= level.least { weights[next] += factor * (1 - fraction) } else { share = 1 }
    guard share > 0 else { return }
    let exclusion = exclusion.span
    var ties = 0
    var first = 0
    for draw in 0..<outcome.count where sign * outcome[draw] + exclusion[draw] == level.least {
      if ties == 0 { first = draw }
      ties += 1
    }
    for draw in first..<(ties == 1 ? first + 1 : outcome.count)
    where sign * outcome[draw] + exclusion[draw] == level.least {
      weights[draw] += factor * share / Double(ties)
    }
  }

  /// The bound from below itself; the negative of the one from above, which is concave as well.
  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    for draw in 0..<outcome.count { weights[draw] = 0 }
    let level = level(of: outcome)
    add(to: &weights, times: sign, outcome, at: level)
    return sign * level.value
  }
}
