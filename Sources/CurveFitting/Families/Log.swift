import Foundation
public import ResponseModel

/// Its unit of media is the user's: it is the one family whose fit changes with that unit.
extension Log: FittableSaturation {
  public static let shape: [ShapeCoordinate] = []
  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint {
    ShapePoint(value: log1p(media.share * media.largest))
  }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] { [.zero] }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise / log1p(media)]
  }
}
