import NumericKernel

/// `mean r − lambda · sqrt(mean ((mean r − r)⁺)²)`, lambda in [0, 1]: only draws below the mean count as risk
/// (Ogryczak and Ruszczyński, Eur. J. Oper. Res. 1999, with degree 2).
///
/// Never lower when a draw is higher, because lambda is at most 1. Equal draws have no semideviation; the weights are then
/// those of the mean, a supergradient there.
public struct MeanSemideviation: Utility {
  /// The outcome given up per unit of semideviation, in [0, 1].
  public let lambda: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: true)

  /// `lambda` in [0, 1].
  public init(lambda: Double) {
    precondition(lambda >= 0 && lambda <= 1, "An aversion to semideviation is in [0, 1].")
    self.lambda = lambda
  }

  /// The shortfalls `p = (mean − r)⁺ / sd`, their mean, and their root mean square s: scaled, they neither overflow nor
  /// underflow.
  private func shortfalls(_ outcome: Span<Double>, _ moments: Moments) -> (
    each: [Double], mean: Double, root: Double
  ) {
    let count = Double(outcome.count)
    let each = (0..<outcome.count).map { max(0, -moments.standardized(outcome[$0])) }
    return (
      each, blockSum(count: each.count) { each[$0] } / count,
      (blockSum(count: each.count) { each[$0] * each[$0] } / count).squareRoot()
    )
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let moments = Moments(outcome)
    let share = 1 / Double(outcome.count)
    let shortfall = shortfalls(outcome, moments)
    guard shortfall.root > 0 else {
      for draw in 0..<outcome.count { weights[draw] = share }
      return moments.mean
    }
    let slope = lambda / shortfall.root
    for draw in 0..<outcome.count {
      weights[draw] = share * (1 - slope * (shortfall.mean - shortfall.each[draw]))
    }
    return moments.mean - lambda * shortfall.root * moments.deviation
  }

  /// With s the semideviation, g its gradient, b the draws below the mean and β their share, the Hessian of s is
  /// `(diag(b) + ((β1 − b)(β1 − b)ᵀ − b bᵀ) / (β D)) / (D s) − g gᵀ / s`.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let (value, weights) = weightedScore(outcome)
    let moments = Moments(outcome)
    let shortfall = shortfalls(outcome, moments)
    guard shortfall.root > 0 else { return SmoothScore(value: value, weights: weights) }
    let count = Double(outcome.count)
    let below = shortfall.each.map { $0 > 0 ? 1.0 : 0 }
    let share = blockSum(count: below.count) { below[$0] } / count
    let factor = -lambda / (shortfall.root * moments.deviation)
    let gradient = shortfall.each.map { (shortfall.mean - $0) / (shortfall.root * count) }
    return SmoothScore(
      value: value, weights: weights, diagonal: below.map { factor / count * $0 },
      rankOnes: [
        SmoothScore.RankOne(factor: factor / (count * count * share), vector: below.map { share - $0 }),
        SmoothScore.RankOne(factor: -factor / (count * count * share), vector: below),
        SmoothScore.RankOne(factor: -factor, vector: gradient),
      ])
  }
}

extension MeanSemideviation {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "mean_semideviation", summary: "mean - lambda root mean square of what draws lack to the mean",
    options: [
      .share("lambda", "what a unit of semideviation costs", defaultValue: 1)
    ]
  ) { MeanSemideviation(lambda: $0.required("lambda")) }
}
