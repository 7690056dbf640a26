import Foundation
public import ResponseModel

extension Root: FittableSaturation {
  /// The logarithm of the power.
  public static let shape = [ShapeCoordinate("alpha", log(0.01), 0) { exp($0) }]

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    guard media.share > 0 else { return ShapePoint(value: 0) }
    let run = exp(shape[0]) * media.logarithm
    return ShapePoint(value: exp(run), slopes: SIMD4(run * exp(run), 0, 0, 0))
  }

  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] {
    [0.05, 0.2, 0.5, 0.9].map { SIMD4(log($0), 0, 0, 0) }
  }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise * pow(media, -exp(shape[0])), exp(shape[0])]
  }
}
