import Foundation
import NumericKernel

/// A step from 0 to 1 rounded into the logistic `1 / (1 + e⁻ˣ)`, x in units of the rounding distance.
struct SoftStep {
  private let x: Double
  /// `e^−|x|`: the exponential of a number that is not positive cannot overflow.
  private let e: Double
  private let r: Double

  init(_ x: Double) {
    self.x = x
    e = exp(-abs(x))
    r = 1 / (1 + e)
  }

  var value: Double { x < 0 ? e * r : r }
  /// The derivative of the value.
  var density: Double { e * r * r }
  /// The derivative of the density.
  var bend: Double { density * (1 - 2 * value) }
  /// The integral of the value from −∞, `log(1 + eˣ)`.
  var ramp: Double { max(x, 0) + log1p(e) }

  /// The level v below which softly a `share` in (0, 1) of the draws lies: `mean logistic((v − r) / distance) = share`.
  ///
  /// Newton's method from `start`, on the logit of both sides, which is nearly straight out to the tails, held in a
  /// bracket: with all draws at the least, or at the greatest, v would be that draw plus `distance · logit(share)`.
  static func level(
    ofShare share: Double, in outcome: Span<Double>, distance: Double, start: Double
  ) -> Double {
    var low = outcome[0]
    var high = outcome[0]
    for draw in 0..<outcome.count {
      low = min(low, outcome[draw])
      high = max(high, outcome[draw])
    }
    let logit = log(share / (1 - share))
    let shift = distance * logit
    low += shift
    high += shift
    var level = min(max(start, low), high)
    // Halving alone would be done in as many steps as a double has digits; Newton needs a few.
    for _ in 0..<64 {
      var below = 0.0
      var density = 0.0
      for draw in 0..<outcome.count {
        let step = SoftStep((level - outcome[draw]) / distance)
        below += step.value
        density += step.density
      }
      below /= Double(outcome.count)
      density /= Double(outcome.count) * distance
      if below > share { high = level } else { low = level }
      let newton = level - (log(below / (1 - below)) - logit) * below * (1 - below) / density
      let isInside = newton >= low && newton <= high
      let next = isInside ? newton : low + (high - low) / 2
      let change = abs(next - level)
      level = next
      // Newton squares the relative error: after a step of 1e-7 it is at rounding.
      if change <= max((isInside ? 1e-7 : 1e-14) * distance, level.ulp) { break }
    }
    return level
  }
}
