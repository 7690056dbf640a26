import Foundation

/// `α^((l − θ)²)`: media are felt most θ periods later, and less the further from there; α = 0 and a θ between two lags are
/// felt at none.
///
/// PyMC-Marketing's `DelayedAdstock` (Jin et al., "Bayesian methods for media mix modeling with carryover and shape effects",
/// 2017).
public enum Delayed: Carryover {
  public static let name = "delayed"
  public static let parameters = [ModelParameter("alpha", .unitInterval), ModelParameter("theta", .nonnegative)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    for lag in 0..<weights.count {
      let distance = Double(lag) - parameters[1]
      weights[lag] = pow(parameters[0], distance * distance)
    }
  }
}
