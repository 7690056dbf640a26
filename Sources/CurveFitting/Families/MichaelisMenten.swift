import Foundation
public import ResponseModel

// Hill's curve of slope 1: its one coordinate is Hill's first.

extension MichaelisMenten: FittableSaturation {
  public static var shape: [ShapeCoordinate] { [Hill.shape[0]] }
  public static let ceiling: Ceiling? = Ceiling(coordinate: 0)

  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    var point = Hill.curve(at: media, SIMD4(shape[0], 0, 0, 0))
    point.slopes[1] = 0
    return point
  }

  public static func ceilingShare(_ shape: SIMD4<Double>) -> Double? { Hill.ceilingShare(shape) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] { [SIMD4(-log(halfSaturation), 0, 0, 0)] }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise * (1 + exp(-shape[0])), media * exp(-shape[0])]
  }
}
