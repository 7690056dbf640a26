import Foundation
public import NumericKernel

/// `β log(1 + x)`: concave from zero, with slope β there and no ceiling.
///
/// PyMC-Marketing's `LogSaturation`, fitted to media as they are: their scale is 1.
public enum Log: Saturation {
  public static let name = "log"
  public static let parameters = [ModelParameter("beta", .real)]
  public static let kernel: CurveKernel? = .log

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let beta = parameters[0]
    let r = 1 / (1 + media)
    return CurvePoint(value: beta * log1p(media), slope: beta * r, curvature: -beta * r * r)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }

  /// β / 8: in `s = ln(a b) − ln(1 + h)` the curve is `log(1 + eˢ)` and a constant, whose slope is the logistic curve, and 1/8 is
  /// the greatest third derivative of that.
  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? { 0.125 * abs(parameters[0]) }
}
