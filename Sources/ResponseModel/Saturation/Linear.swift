public import NumericKernel

/// `β x`: no saturation.
///
/// PyMC-Marketing's `NoSaturation`.
public enum Linear: Saturation {
  public static let name = "linear"
  public static let parameters = [ModelParameter("beta", .real)]
  public static let kernel: CurveKernel? = .linear

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    CurvePoint(value: parameters[0] * media, slope: parameters[0], curvature: 0)
  }

  public static func inflection(_ parameters: Span<Double>) -> Double { 0 }
}
