import Foundation
public import NumericKernel

/// `σ / (1 + e^(−β (x − λ))) − σ / (1 + e^(β λ))`: S-shaped with its inflection at λ, nothing at zero, and ceiling
/// `σ / (1 + e^(−β λ))`.
///
/// PyMC-Marketing's `HillSaturationSigmoid`.
public enum HillSigmoid: Saturation {
  public static let name = "hill_sigmoid"
  public static let parameters = [
    ModelParameter("sigma", .real), ModelParameter("beta", .nonnegative), ModelParameter("lam", .nonnegative),
  ]
  public static let kernel: CurveKernel? = .hillSigmoid

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let sigma = parameters[0]
    let beta = parameters[1]
    let u = beta * media
    let c = beta * parameters[2]
    // The difference of the two terms, without the digits that they share: (1 − e⁻ᵘ) / ((1 + e^(c − u)) (1 + e⁻ᶜ)).
    let p = 1 / (1 + exp(c - u))
    let slope = sigma * beta * p / (1 + exp(u - c))
    return CurvePoint(
      value: -sigma * expm1(-u) / (1 + exp(-c)) * p, slope: slope, curvature: beta * slope * tanh((c - u) / 2))
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { parameters[1] > 0 ? parameters[2] : 0 }

  /// 0.12769 σ (β λ + 1.8143)⁴, which touches at β λ = 0 and is above all that a fine grid of x, h and β λ shows.
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? {
    let c = parameters[1] * parameters[2] + 1.815
    return 0.1277 * c * c * c * c * abs(parameters[0])
  }
}
