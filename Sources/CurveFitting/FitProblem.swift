import NumericKernel
import Optimisation

/// `rise · q(u) + bottom − y` over the observations, q being a family's curve divided by its value at the largest media.
///
/// Coordinates: the rise, the bottom where there is one, then the shape's.
struct FitProblem: LeastSquaresProblem {
  let family: any FittableSaturation.Type
  let points: [FitMedia]
  let hasBottom: Bool
  /// In the fit's unit: from −1 to 1.
  let response: [Double]
  /// Of the coordinates.
  let lower, upper: [Double]

  /// - Parameter origin: no response, in the fit's unit: where a bottom is fitted, responses are told from their mean.
  init(family: any FittableSaturation.Type, points: [FitMedia], hasBottom: Bool, response: [Double], origin: Double) {
    self.family = family
    self.points = points
    self.hasBottom = hasBottom
    self.response = response
    // No media bring nothing or more, or what was seen where that is less; and no more than was seen.
    let bottoms = min(origin, response.min() ?? origin)...max(origin, response.max() ?? origin)
    lower =
      [FitProblem.leastRise] + (hasBottom ? [bottoms.lowerBound] : []) + family.shape.map(\.lower)
    upper = [Double.infinity] + (hasBottom ? [bottoms.upperBound] : []) + family.shape.map(\.upper)
  }

  /// Rises are at least this share of the response's size: zero has no logarithm.
  static let leastRise = 1e-12

  var residualCount: Int { points.count }

  /// Where the shape's coordinates begin.
  var firstShape: Int { hasBottom ? 2 : 1 }

  func evaluate(at point: [Double], residuals: inout [Double], jacobian: inout Matrix) {
    let rise = point[0]
    let bottom = hasBottom ? point[1] : 0
    let shape = FitProblem.shape(point, from: firstShape)
    let end = family.curve(at: FitMedia(share: 1, largest: points[0].largest), shape)
    for (i, media) in points.enumerated() {
      let curve = family.curve(at: media, shape)
      let share = curve.value / end.value
      residuals[i] = rise * share + bottom - response[i]
      jacobian[i, 0] = share
      if hasBottom { jacobian[i, 1] = 1 }
      for k in firstShape..<point.count {
        let slope = curve.slopes[k - firstShape] - share * end.slopes[k - firstShape]
        jacobian[i, k] = rise * (slope / end.value)
      }
    }
  }

  static func shape(_ point: [Double], from first: Int) -> SIMD4<Double> {
    var shape = SIMD4<Double>.zero
    for k in first..<point.count { shape[k - first] = point[k] }
    return shape
  }
}
