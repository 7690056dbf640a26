import Foundation
public import NumericKernel

/// `β (1 − e⁻ᵘ) / (1 + e⁻ᵘ) = β tanh(u / 2)`, `u = λ x`: concave from zero, with ceiling β and slope `β λ / 2` at zero.
///
/// PyMC-Marketing's `LogisticSaturation`; AMMM calls it sigmoid, though it has no inflection at positive media.
public enum Logistic: Saturation {
  public static let name = "logistic"
  public static let parameters = [ModelParameter("beta", .real), ModelParameter("lam", .nonnegative)]
  public static let kernel: CurveKernel? = .logistic

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let beta = parameters[0]
    let rate = parameters[1]
    // e⁻ᵘ − 1 keeps its digits at small u, where 1 − e⁻ᵘ would lose them; e / (1+e)² does at large u, where 1 − s² would.
    let m = expm1(-rate * media)
    let r = 1 / (2 + m)
    let share = -m * r
    let slope = 2 * exp(-rate * media) * r * r * rate
    return CurvePoint(value: beta * share, slope: beta * slope, curvature: -beta * share * slope * rate)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }

  /// `ln 3 / λ`, where `tanh(u / 2)` is a half.
  public static func halfSaturation(_ parameters: Span<Double>) -> Double? {
    parameters[1] > 0 ? log(3) / parameters[1] : nil
  }

  /// 2.7666 β, at u = 3.08 and h = 0: the greatest on a fine grid of u and h.
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? { 2.767 * abs(parameters[0]) }
}
