import Foundation
public import ResponseModel

// `tanh(v / 2)`, `v = e^ρ u`, u being the share of the largest media. As ρ → −∞ a line is left, and what differs from it falls
// with the square of v. The derivative in ρ is that in u times u.

extension Logistic: FittableSaturation {
  /// ρ: the logarithm of the rate times the largest media.
  public static let shape = [ShapeCoordinate("rate", log(2e-5), log(1e6))]
  public static let ceiling: Ceiling? = Ceiling(coordinate: 0)

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    let parameters = [1, exp(shape[0])]
    let point = Logistic.point(at: media.share, parameters.span)
    return ShapePoint(value: point.value, slopes: SIMD4(media.share * point.slope, 0, 0, 0))
  }

  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { tanh(exp(shape[0]) / 2) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    [SIMD4(log(log(3) / halfSaturation), 0, 0, 0)]
  }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise / tanh(exp(shape[0]) / 2), exp(shape[0]) / media]
  }
}

/// A family whose curves are those of the logistic, with other parameters.
private protocol LogisticByAnotherName: FittableSaturation {}

extension LogisticByAnotherName {
  public static var shape: [ShapeCoordinate] { Logistic.shape }
  public static var ceiling: Ceiling? { Logistic.ceiling }
  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    Logistic.curve(at: media, shape)
  }
  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { Logistic.ceilingShare(shape) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    Logistic.starts(halfSaturation: halfSaturation)
  }
}

extension InverseScaledLogistic: FittableSaturation, LogisticByAnotherName {
  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    let logistic = Logistic.parameters(rise: rise, bottom: bottom, shape: shape, largest: media)
    return [logistic[0], log(3) / logistic[1]]
  }
}

extension Tanh: FittableSaturation, LogisticByAnotherName {
  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    let logistic = Logistic.parameters(rise: rise, bottom: bottom, shape: shape, largest: media)
    return [logistic[0], 2 / (logistic[0] * logistic[1])]
  }
}

/// Of its four parameters two are the user's: the reference point is put at the largest media, and `beta` is 1.
extension TanhBaselined: FittableSaturation, LogisticByAnotherName {
  /// Up to where the share of the ceiling is a number below 1.
  public static let shape = [ShapeCoordinate("rate", log(2e-5), log(30))]

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [media, rise / media, tanh(exp(shape[0]) / 2), 1]
  }
}
