import Foundation
public import ResponseModel

// `1 − e⁻ᵛ`, `v = e^ρ u`, u being the share of the largest media; a line is left as ρ → −∞.

extension Exponential: FittableSaturation {
  /// ρ: the logarithm of the rate times the largest media.
  public static let shape = [ShapeCoordinate("rate", log(leastCeilingShare), log(1e6))]
  public static let ceiling: Ceiling? = Ceiling(coordinate: 0)

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    let parameters = [1, exp(shape[0])]
    let point = Exponential.point(at: media.share, parameters.span)
    return ShapePoint(value: point.value, slopes: SIMD4(media.share * point.slope, 0, 0, 0))
  }

  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { -expm1(-exp(shape[0])) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    [SIMD4(log(log(2) / halfSaturation), 0, 0, 0)]
  }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise / -expm1(-exp(shape[0])), exp(shape[0]) / media]
  }
}
