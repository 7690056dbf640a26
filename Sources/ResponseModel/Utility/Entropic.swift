import Foundation
import NumericKernel

/// `−log(mean exp(−gamma r)) / gamma`, gamma ≥ 0 per unit of outcome: the certain outcome that is worth as much to someone
/// of constant absolute risk aversion gamma. `gamma = 0` is the mean.
public struct Entropic: Utility {
  /// The absolute risk aversion, per unit of outcome; not negative.
  public let gamma: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: true)

  /// `gamma ≥ 0`.
  public init(gamma: Double) {
    precondition(gamma >= 0, "An aversion is not negative.")
    self.gamma = gamma
  }

  /// The exponentials are taken of what draws have above the worst, so none overflows. Where risk is small against
  /// `1/gamma`, `exp − 1` and `log(1 + …)` keep the digits of `gamma r` that 1 would swallow.
  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    var least = outcome[0]
    var greatest = outcome[0]
    for draw in 0..<outcome.count {
      least = min(least, outcome[draw])
      greatest = max(greatest, outcome[draw])
    }
    // The mean exceeds the score by at most gamma (greatest − least)² / 8: below the last digit of their distance here.
    guard gamma * (greatest - least) > 1e-17 else { return Mean().score(outcome, weights: &weights) }
    var total = 0.0
    for draw in 0..<outcome.count {
      let power = expm1(-gamma * (outcome[draw] - least))
      weights[draw] = power
      total += power
    }
    let excess = total / Double(outcome.count)
    var whole = 0.0
    for draw in 0..<outcome.count {
      weights[draw] += 1
      whole += weights[draw]
    }
    for draw in 0..<outcome.count { weights[draw] /= whole }
    return least - log1p(excess) / gamma
  }

  /// With w the weights, the Hessian is `gamma (w wᵀ − diag(w))`.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let (value, weights) = weightedScore(outcome)
    return SmoothScore(
      value: value, weights: weights, diagonal: weights.map { -gamma * $0 },
      rankOnes: [SmoothScore.RankOne(factor: gamma, vector: weights)])
  }
}

extension Entropic {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "entropic", summary: "-1/gamma log mean exp(-gamma r)",
    options: [.aversion("gamma", "constant absolute risk aversion, per unit of outcome")]
  ) { Entropic(gamma: $0.required("gamma")) }
}
