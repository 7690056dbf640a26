/// `b tanh(x / (b c))`: concave from zero, with ceiling b and slope `1 / c` at zero.
///
/// PyMC-Marketing's `TanhSaturation`; the logistic curve of β = b, `λ = 2 / (b c)`.
public enum Tanh: DerivedSaturation {
  public typealias Base = Logistic
  public static let name = "tanh"
  public static let parameters = [ModelParameter("b", .positive), ModelParameter("c", .positive)]

  public static func baseParameters(_ parameters: Span<Double>) -> [Double] {
    [parameters[0], 2 / (parameters[0] * parameters[1])]
  }
}
