import Foundation

/// `β (gain x₀ / r) tanh(x atanh(r) / x₀)`: concave from zero; at the reference point x₀ it is `β gain x₀`, the share r of its
/// ceiling.
///
/// PyMC-Marketing's `TanhSaturationBaselined`; the logistic curve of ceiling `β gain x₀ / r`, `λ = 2 atanh(r) / x₀`.
public enum TanhBaselined: DerivedSaturation {
  public typealias Base = Logistic
  public static let name = "tanh_baselined"
  public static let parameters = [
    ModelParameter("x0", .positive), ModelParameter("gain", .real), ModelParameter("r", .openUnitInterval),
    ModelParameter("beta", .real),
  ]

  public static func baseParameters(_ parameters: Span<Double>) -> [Double] {
    let share = parameters[2]
    return [parameters[3] * parameters[1] * parameters[0] / share, 2 * atanh(share) / parameters[0]]
  }
}
