import NumericKernel

/// A part of the polytope: for each variable a range of its points on the grid.
struct GridBox {
  /// The first and the last point of each variable that belong to it.
  var ranges: [ClosedRange<Int>]
}

/// Multipliers that turn cuts into a bound: the cuts' weights, not negative, and one price per row of the polytope.
struct BoundMultipliers {
  var cuts: [Double]
  var rows: [Double]
}

extension ChordGrid {
  /// A bound on the objective over a box of the polytope, by weak duality:
  /// `Σ θₖ (φₖ + ⟨wₖ, r₀⟩) + y · b + Σ_j max_{x_j} (Σ θₖ f_jk(x_j) − (Aᵀ y)_j x_j)`, each maximum taken over the chords between the
  /// grid's points, with what f may be above them. It holds for any multipliers; nil where none of the cuts has any weight.
  func bound(_ multipliers: BoundMultipliers, over box: GridBox, of polytope: Polytope) -> Double? {
    roundedBound(multipliers, over: box, of: polytope)?.value
  }

  /// The same, and what of it is left to rounding.
  func roundedBound(
    _ multipliers: BoundMultipliers, over box: GridBox, of polytope: Polytope
  ) -> (value: Double, slack: Double)? {
    let total = multipliers.cuts.reduce(0) { $0 + max($1, 0) }
    guard total > 0, total.isFinite else { return nil }
    let weights = multipliers.cuts.map { max($0, 0) / total }
    let pull = RowPull(multipliers.rows, on: polytope)
    var (value, size) = (pull.value, pull.size)
    var heaviness = 0.0
    for (weight, constant) in zip(weights, constants) {
      value += weight * constant.value
      size += weight * constant.size
      heaviness += weight * constant.heaviness
    }
    for (variable, part) in combined(weights).parts.enumerated() {
      let range = box.ranges[variable]
      let points = axes[variable].points
      let gains = range.map { part.values[$0] - pull.prices[variable] * points[$0] }
      var best = gains[0]
      for index in range.dropLast() {
        let (a, b) = (gains[index - range.lowerBound], gains[index + 1 - range.lowerBound])
        best = greater(best, greater(a, b) + part.excess[index])
      }
      value += best
      size += range.reduce(0) {
        max($0, heaviness * axes[variable].sizes[$1] + pull.priceSizes[variable] * abs(points[$1]))
      }
    }
    let slack = provedRounding * size
    return (value + slack).isFinite ? (value + slack, slack) : nil
  }
}

/// The greater of two; not a number where either is none, which `max` may pass over.
private func greater(_ a: Double, _ b: Double) -> Double { a >= b ? a : b >= a ? b : .nan }
