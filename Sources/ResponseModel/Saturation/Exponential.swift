import Foundation
public import NumericKernel

/// `β (1 − e⁻ᵘ)`, `u = λ x`: concave from zero, with ceiling β and slope `β λ` at zero.
public enum Exponential: Saturation {
  public static let name = "exponential"
  public static let parameters = [ModelParameter("beta", .real), ModelParameter("lam", .nonnegative)]
  public static let kernel: CurveKernel? = .exponential

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let beta = parameters[0]
    let rate = parameters[1]
    let slope = beta * rate * exp(-rate * media)
    return CurvePoint(value: -beta * expm1(-rate * media), slope: slope, curvature: -rate * slope)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }

  /// `ln 2 / λ`.
  public static func halfSaturation(_ parameters: Span<Double>) -> Double? {
    parameters[1] > 0 ? log(2) / parameters[1] : nil
  }

  /// 1.1188 β, at u = 2.65: the greatest of `u |1 − 7u + 6u² − u³| e⁻ᵘ`; h only takes a factor e⁻ʰ from it.
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? { 1.1188 * abs(parameters[0]) }
}
