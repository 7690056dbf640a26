public import NumericKernel

/// `α x / (λ + x)`: half of α at `x = λ`, concave from zero, with slope `α / λ` there.
///
/// PyMC-Marketing's `MichaelisMentenSaturation`; Hill's curve of n = 1.
public enum MichaelisMenten: Saturation {
  public static let name = "michaelis_menten"
  public static let parameters = [ModelParameter("alpha", .real), ModelParameter("lam", .positive)]
  public static let kernel: CurveKernel? = .michaelisMenten

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let alpha = parameters[0]
    let rate = 1 / parameters[1]
    let r = 1 / (1 + rate * media)
    let slope = alpha * rate * r * r
    return CurvePoint(value: alpha * (rate * media * r), slope: slope, curvature: -2 * rate * r * slope)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }

  public static func halfSaturation(_ parameters: Span<Double>) -> Double? { parameters[1] }

  /// α times the greatest fourth derivative of the logistic curve, 0.12769: in `ln x` the curve is that one, and h only takes
  /// a factor `1 / (1 + h / λ)` from it.
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? { 0.1277 * abs(parameters[0]) }
}
