import Foundation
public import ResponseModel

// In logarithms of media the curve is the logistic function `1 / (1 + e⁻ᶻ)`, `z = ψ + n ln u`, u being the share of the largest
// media: ψ says what is reached there, and a power is what is left as ψ → −∞.

extension Hill: FittableSaturation {
  /// ψ, and the logarithm of the slope.
  public static let shape = [
    ShapeCoordinate("half saturation", log(leastCeilingShare), 60),
    ShapeCoordinate("slope", log(0.1), log(30)) { exp($0) },
  ]
  public static let ceiling: Ceiling? = Ceiling(coordinate: 0)

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    guard media.share > 0 else { return ShapePoint(value: 0) }
    let run = exp(shape[1]) * media.logarithm
    let e = exp(-abs(shape[0] + run))
    let smaller = e / (1 + e)
    let value = shape[0] + run < 0 ? smaller : 1 / (1 + e)
    let slope = smaller / (1 + e)
    return ShapePoint(value: value, slopes: SIMD4(slope, slope * run, 0, 0))
  }

  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { 1 / (1 + exp(-shape[0])) }

  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    [0.5, 0.8, 1.2, 1.8, 2.7, 4, 7].map { SIMD4(-$0 * log(halfSaturation), log($0), 0, 0) }
  }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    let slope = exp(shape[1])
    return [rise * (1 + exp(-shape[0])), media * exp(-shape[0] / slope), slope]
  }
}

extension HillBottom: FittableSaturation {
  public static var shape: [ShapeCoordinate] { Hill.shape }
  public static var ceiling: Ceiling? { Hill.ceiling }
  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint { Hill.curve(at: media, shape) }
  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { Hill.ceilingShare(shape) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] { Hill.starts(halfSaturation: halfSaturation) }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    let hill = Hill.parameters(rise: rise, bottom: bottom, shape: shape, largest: media)
    return [bottom + hill[0], bottom, hill[1], hill[2]]
  }
}
