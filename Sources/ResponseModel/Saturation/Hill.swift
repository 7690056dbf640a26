import Foundation
public import NumericKernel

/// `β xⁿ / (κⁿ + xⁿ)`: half of β at `x = κ`; S-shaped for n > 1, concave from zero for n ≤ 1, of infinite slope at zero for n < 1.
///
/// PyMC-Marketing's `HillSaturation`, Meridian's Hill (`ec`, `slope`) and Robyn's (`gamma` on the adstocked scale, `alpha`).
public enum Hill: Saturation {
  public static let name = "hill"
  public static let parameters = [
    ModelParameter("beta", .real), ModelParameter("kappa", .positive), ModelParameter("slope", .positive),
  ]
  public static let kernel: CurveKernel? = .hill

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let beta = parameters[0]
    let u = media / parameters[1]
    let n = parameters[2]
    guard u > 0 else {
      // There the curve is that of βuⁿ.
      let slope = n > 1 ? 0 : n == 1 ? 1 : Double.infinity
      let curvature = n == 1 ? -2 : n == 2 ? 2 : n > 2 ? 0 : n < 1 ? -Double.infinity : .infinity
      return scaled(0, slope, curvature, beta, 1 / parameters[1])
    }
    // h (1 - h) would cancel, in the slope, at large u.
    let a = min(pow(u, -n), 0x1p1000)
    let h = 1 / (1 + a)
    let slope = n / u * (a * h * h)
    return scaled(h, slope, slope / u * ((n - 1) - 2 * n * h), beta, 1 / parameters[1])
  }

  private static func scaled(
    _ value: Double, _ slope: Double, _ curvature: Double, _ beta: Double, _ rate: Double
  ) -> CurvePoint {
    CurvePoint(value: beta * value, slope: beta * rate * slope, curvature: beta * rate * rate * curvature)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double {
    let n = parameters[2]
    return n > 1 ? parameters[1] * pow((n - 1) / (n + 1), 1 / n) : 0
  }

  public static func halfSaturation(_ parameters: Span<Double>) -> Double? { parameters[1] }

  /// n⁴ β times the greatest fourth derivative of the logistic curve, 0.12769, for n ≥ 1, where h = 0 is the worst; for n < 1, where
  /// it is not, n β times that is above all that a fine grid of x, h and n shows (0.0316 n β as n falls).
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? {
    let n = parameters[2]
    return 0.1277 * (n < 1 ? n : n * n * n * n) * abs(parameters[0])
  }
}
