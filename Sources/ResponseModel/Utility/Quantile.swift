import Foundation
import NumericKernel

/// The linearly interpolated order statistic at `level · (D − 1)` (numpy's "linear"), level in [0, 1].
///
/// PyMC-Marketing's `value_at_risk(c)` is `quantile(1 − c)`. Not concave: its weights are those of the one or two draws it
/// lies on, shared equally by draws that tie.
public struct Quantile: Utility {
  /// From 0, the worst draw, to 1, the best.
  public let level: Double
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)

  /// `level` in [0, 1].
  public init(level: Double) {
    precondition(level >= 0 && level <= 1, "The level of a quantile is in [0, 1].")
    self.level = level
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let point = quantile(outcome, level: level)
    var atLower = 0
    var atUpper = 0
    for draw in 0..<outcome.count {
      if outcome[draw] == point.lower { atLower += 1 }
      if outcome[draw] == point.upper { atUpper += 1 }
    }
    let lowerShare = (1 - point.fraction) / Double(atLower)
    let upperShare = point.fraction / Double(atUpper)
    for draw in 0..<outcome.count {
      weights[draw] =
        (outcome[draw] == point.lower ? lowerShare : 0) + (outcome[draw] == point.upper ? upperShare : 0)
    }
    return point.value
  }

  /// The order statistic of rank k is rounded into the level below which `k + ½` draws softly lie.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let distance = width * moments.deviation
    guard distance > 0 else { return unsmoothed(outcome) }
    let point = quantile(outcome, level: level)
    let lower = Quantile.smoothedOrderStatistic(
      outcome, rank: point.lowerRank, distance: distance, start: point.lower)
    guard point.fraction > 0 else {
      return lower.followingSpread(of: outcome, moments, centre: moments.mean, degree: 1)
    }
    let upper = Quantile.smoothedOrderStatistic(
      outcome, rank: point.lowerRank + 1, distance: distance, start: point.upper)
    let value = lower.value + point.fraction * (upper.value - lower.value)
    return SmoothScore.combining([lower, upper], value: value, slopes: [1 - point.fraction, point.fraction])
      .followingSpread(of: outcome, moments, centre: moments.mean, degree: 1)
  }

  /// With q the density of each draw's step at the level v, `∇v = w = q / Σq`, and with n its derivative, `q' / (t Σq)`,
  /// `∇²v = −diag(n) + n wᵀ + w nᵀ − Σn · w wᵀ`.
  private static func smoothedOrderStatistic(
    _ outcome: Span<Double>, rank: Int, distance: Double, start: Double
  ) -> SmoothScore {
    let count = outcome.count
    let share = (Double(rank) + 0.5) / Double(count)
    let level = SoftStep.level(ofShare: share, in: outcome, distance: distance, start: start)
    let steps = (0..<count).map { SoftStep((level - outcome[$0]) / distance) }
    let density = blockSum(count: count) { steps[$0].density }
    let weights = steps.map { $0.density / density }
    let bends = steps.map { $0.bend / (distance * density) }
    let half = blockSum(count: count) { bends[$0] } / 2
    return SmoothScore(
      value: level, weights: weights, diagonal: bends.map { -$0 },
      rankOnes: SmoothScore.RankOne.pair(zip(bends, weights).map { $0 - half * $1 }, weights))
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    QuantileBound.below(outcome, level: level)
  }
}

extension Quantile {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "quantile", summary: "the interpolated order statistic at level (D - 1)",
    options: [.level("the share of draws below", defaultValue: 0.05), .compat]
  ) { Quantile(level: $0.required("level")) }
}
