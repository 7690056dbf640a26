import NumericKernel

/// How far a point of a polytope is from stationary, and the multipliers that say so.
struct Stationarity {
  var residual: Double
  var rowMultipliers: [Double]
  var boundMultipliers: [Double]

  /// Projects the scaled gradient on the steps that stay inside: what is left of it is the residual, what the limits took
  /// away are their multipliers. `curvature` is the diagonal of the Hessian. Of a gradient that is not finite the residual
  /// is infinite.
  init(at x: [Double], gradient: [Double], curvature: [Double], in polytope: Polytope) {
    guard gradient.allSatisfy(\.isFinite) else {
      residual = .infinity
      rowMultipliers = .zeros(polytope.rows.count)
      boundMultipliers = .zeros(x.count)
      return
    }
    let scale = Stationarity.scale(at: x, gradient: gradient, curvature: curvature, in: polytope)
    let program = QuadraticProgram(
      gradient: gradient.scaled(by: 1 / scale), hessian: Matrix(diagonal: [Double](repeating: -1, count: x.count)),
      polytope: polytope.shifted(by: x, within: .infinity))
    guard let optimum = program.maximum() else {
      preconditionFailure("A point is asked about that lies outside its polytope.")
    }
    residual = magnitude(optimum.point)
    rowMultipliers = optimum.rowMultipliers.scaled(by: scale)
    boundMultipliers = optimum.boundMultipliers.scaled(by: scale)
  }

  /// The largest component of the gradient, or the most that curvature changes one on the way to the nearer bound if that
  /// is more: a gradient that vanishes between the bounds is small beside the latter.
  private static func scale(
    at x: [Double], gradient: [Double], curvature: [Double], in polytope: Polytope
  ) -> Double {
    var scale = magnitude(gradient)
    for j in x.indices {
      scale = max(scale, abs(curvature[j]) * min(x[j] - polytope.lower[j], polytope.upper[j] - x[j]))
    }
    return scale > 0 ? scale : 1
  }
}
