public import ResponseModel

extension Linear: FittableSaturation {
  public static let shape: [ShapeCoordinate] = []
  public static func curve(at media: FitMedia, _ shape: SIMD4<Double>) -> ShapePoint { ShapePoint(value: media.share) }
  public static func starts(halfSaturation: Double) -> [SIMD4<Double>] { [.zero] }

  public static func parameters(
    rise: Double, bottom: Double, shape: SIMD4<Double>, largest media: Double
  ) -> [Double] {
    [rise / media]
  }
}
