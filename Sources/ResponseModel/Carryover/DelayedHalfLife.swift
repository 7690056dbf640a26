import Foundation

/// `2^(−((l − θ) / h)²)`: media are felt most θ periods later, and half as much h periods from there, before and after.
///
/// PyMC-Marketing's `DelayedAdstock` by its half-life; delayed weights of `α = 2^(−1 / h²)`.
public enum DelayedHalfLife: Carryover {
  public static let name = "delayed_half_life"
  public static let parameters = [ModelParameter("halflife", .positive), ModelParameter("theta", .nonnegative)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    for lag in 0..<weights.count {
      let distance = (Double(lag) - parameters[1]) / parameters[0]
      weights[lag] = exp2(-distance * distance)
    }
  }
}
