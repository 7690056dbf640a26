import Foundation
public import NumericKernel

/// `β xᵅ`, 0 < α ≤ 1: concave without a ceiling; of infinite slope at zero, or a line where α = 1.
///
/// PyMC-Marketing's `RootSaturation`.
public enum Root: Saturation {
  public static let name = "root"
  public static let parameters = [ModelParameter("beta", .real), ModelParameter("alpha", .positiveToOne)]
  public static let kernel: CurveKernel? = .root

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    let beta = parameters[0]
    let alpha = parameters[1]
    guard alpha < 1 else { return CurvePoint(value: beta * media, slope: beta, curvature: 0) }
    guard media > 0 else { return CurvePoint(value: 0, slope: beta * .infinity, curvature: -beta * .infinity) }
    let value = beta * pow(media, alpha)
    let slope = alpha * value / media
    return CurvePoint(value: value, slope: slope, curvature: (alpha - 1) * slope / media)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }
}
