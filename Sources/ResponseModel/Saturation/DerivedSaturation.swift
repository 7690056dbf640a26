public import NumericKernel

/// `bottom + base`: a family that is another one with its parameters written otherwise, and perhaps a response that is paid in
/// every period, at no media too.
///
/// All that a family does is done by the base; cells of the derived family run the base's kernel.
public protocol DerivedSaturation: Saturation {
  /// The family whose curve it is: nothing at no media.
  associatedtype Base: Saturation
  /// The base's parameters, in its order.
  static func baseParameters(_ parameters: Span<Double>) -> [Double]
  /// The response at no media.
  static func bottom(_ parameters: Span<Double>) -> Double
}

extension DerivedSaturation {
  public static func bottom(_ parameters: Span<Double>) -> Double { 0 }

  public static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    var point = Base.point(at: media, baseParameters(parameters).span)
    point.value += bottom(parameters)
    return point
  }

  public static func inflection(_ parameters: Span<Double>) -> Double {
    Base.inflection(baseParameters(parameters).span)
  }

  public static func halfSaturation(_ parameters: Span<Double>) -> Double? {
    Base.halfSaturation(baseParameters(parameters).span)
  }

  public static func fourthLogDerivative(_ parameters: Span<Double>) -> Double? {
    Base.fourthLogDerivative(baseParameters(parameters).span)
  }

  public static var kernel: CurveKernel? { Base.kernel }

  static var base: any Saturation.Type { Base.self }

  /// The base's parameters under every draw.
  static func baseParameters(_ parameters: DrawMatrix) -> DrawMatrix {
    var result = DrawMatrix(drawCount: parameters.drawCount, columnCount: Base.parameters.count)
    for draw in 0..<parameters.drawCount {
      for (index, value) in baseParameters(parameters.row(draw).span).enumerated() { result[draw, index] = value }
    }
    return result
  }

  /// One number per draw; nil where there is no bottom under any.
  static func bottoms(_ parameters: DrawMatrix) -> [Double]? {
    let bottoms = (0..<parameters.drawCount).map { bottom(parameters.row($0).span) }
    return bottoms.allSatisfy { $0 == 0 } ? nil : bottoms
  }
}
