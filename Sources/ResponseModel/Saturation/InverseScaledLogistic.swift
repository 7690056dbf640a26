import Foundation

/// `β (1 − e⁻ᵘ) / (1 + e⁻ᵘ)`, `u = x ln 3 / λ`: half of β at `x = λ`, concave from zero.
///
/// PyMC-Marketing's `InverseScaledLogisticSaturation`; the logistic curve of rate `ln 3 / λ`.
public enum InverseScaledLogistic: DerivedSaturation {
  public typealias Base = Logistic
  public static let name = "inverse_scaled_logistic"
  public static let parameters = [ModelParameter("beta", .real), ModelParameter("lam", .positive)]

  public static func baseParameters(_ parameters: Span<Double>) -> [Double] { [parameters[0], log(3) / parameters[1]] }
}
