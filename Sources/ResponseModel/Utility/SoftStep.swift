import Foundation
import NumericKernel

/// A step from 0 to 1 rounded into the logistic `1 / (1 + e⁻ˣ)`, x in units of the rounding distance.
struct SoftStep {
  /// The logistic itself, its derivative, and its integral from −∞, `log(1 + eˣ)`.
  let value: Double
  let density: Double
  let ramp: Double

  init(_ x: Double) {
    // The exponential of a number that is not positive cannot overflow.
    let e = exp(-abs(x))
    let r = 1 / (1 + e)
    value = x < 0 ? e * r : r
    density = e * r * r
    ramp = max(x, 0) + log1p(e)
  }

  /// The derivative of the density.
  var bend: Double { density * (1 - 2 * value) }

  /// The level v below which softly a `share` in (0, 1) of the draws lies: `mean logistic((v − r) / distance) = share`.
  ///
  /// Newton's method from `start`, held in a bracket: with all draws at the least, or at the greatest, v would be that draw
  /// plus `distance · logit(share)`.
  static func level(
    ofShare share: Double, in outcome: Span<Double>, distance: Double, start: Double
  ) -> Double {
    var low = outcome[0]
    var high = outcome[0]
    for draw in 0..<outcome.count {
      low = min(low, outcome[draw])
      high = max(high, outcome[draw])
    }
    let shift = distance * log(share / (1 - share))
    low += shift
    high += shift
    var level = min(max(start, low), high)
    // Halving alone would be done in as many steps as a double has digits; Newton needs a few.
    for _ in 0..<64 {
      var excess = 0.0
      var density = 0.0
      for draw in 0..<outcome.count {
        let e = exp(-abs((level - outcome[draw]) / distance))
        let r = 1 / (1 + e)
        excess += level < outcome[draw] ? e * r : r
        density += e * r * r
      }
      excess -= share * Double(outcome.count)
      if excess > 0 { high = level } else { low = level }
      var next = level - excess * distance / density
      if !(next >= low && next <= high) { next = low + (high - low) / 2 }
      let change = abs(next - level)
      level = next
      // Weights are then right to as many digits; or the level itself has no more.
      if change <= max(1e-14 * distance, level.ulp) { break }
    }
    return level
  }
}
