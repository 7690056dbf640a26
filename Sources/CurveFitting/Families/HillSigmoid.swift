import Foundation
public import ResponseModel

// `1 / (1 + e^(c − b u)) − 1 / (1 + eᶜ)`, u being the share of the largest media, `c = β λ`; as c → ∞ exponential growth is
// left, as c → 0 the logistic curve. The derivative in ln b is that in u times u.

extension HillSigmoid: FittableSaturation {
  /// The logarithms of b, the rate times the largest media, and of c.
  public static let shape = [
    ShapeCoordinate("rate", log(1e-3), log(300)),
    ShapeCoordinate("rate times the inflection", log(1e-3), log(300)) { exp($0) },
  ]
  public static let ceiling: Ceiling? = Ceiling(coordinate: 1, isFarAtLower: false)

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    let b = exp(shape[0])
    let c = exp(shape[1])
    let parameters = [1, b, c / b]
    let point = HillSigmoid.point(at: media.share, parameters.span)
    return ShapePoint(
      value: point.value,
      slopes: SIMD4(media.share * point.slope, c * (slope(-c) - slope(b * media.share - c)), 0, 0))
  }

  /// Of the logistic function.
  private static func slope(_ z: Double) -> Double {
    let e = exp(-abs(z))
    return e / ((1 + e) * (1 + e))
  }

  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? {
    -expm1(-exp(shape[0])) / (1 + exp(exp(shape[1]) - exp(shape[0])))
  }

  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    [0.3, 1, 2, 3, 5, 8, 14].map { c in
      SIMD4(min(log((c + log1p(2 * exp(-c))) / halfSaturation), log(200)), log(c), 0, 0)
    }
  }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    let b = exp(shape[0])
    let c = exp(shape[1])
    let parameters = [1, b, c / b]
    return [rise / HillSigmoid.point(at: 1, parameters.span).value, b / media, c / b * media]
  }
}
