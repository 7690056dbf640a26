import NumericKernel

/// How far a point of a polytope is from stationary, and the multipliers that say so.
struct Stationarity {
  var residual: Double
  var rowMultipliers: [Double]
  var boundMultipliers: [Double]

  /// Projects the scaled gradient on the steps that stay inside: what is left of it is the residual, what the limits took
  /// away are their multipliers. `curvature` is the diagonal of the Hessian. The residual is infinite where
  /// the gradient is not finite or the point outside.
  init(at x: [Double], gradient: [Double], curvature: [Double], in polytope: Polytope) {
    let scale = Stationarity.scale(at: x, gradient: gradient, curvature: curvature, in: polytope)
    let program = QuadraticProgram(
      gradient: gradient.scaled(by: 1 / scale), hessian: Matrix(diagonal: [Double](repeating: -1, count: x.count)),
      polytope: polytope.withoutImpliedUpperBounds().shifted(by: x, within: .infinity))
    guard gradient.allSatisfy(\.isFinite), let optimum = program.maximum() else {
      residual = .infinity
      rowMultipliers = .zeros(polytope.rows.count)
      boundMultipliers = .zeros(x.count)
      return
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

extension Polytope {
  /// The same polytope, where an upper bound that a row and the other variables' bounds imply is moved out of the way: all of
  /// a budget on one variable is the budget's doing, and the price is the budget's.
  fileprivate func withoutImpliedUpperBounds() -> Polytope {
    var relaxed = self
    for row in rows {
      for j in 0..<dimension where row.coefficients[j] != 0 {
        let sign = row.coefficients[j] > 0 ? 1.0 : -1.0
        let end = sign > 0 ? row.upper : -row.lower
        // The least that the others can take of the row.
        var others = 0.0
        for k in 0..<dimension where k != j {
          let coefficient = sign * row.coefficients[k]
          others += min(coefficient * relaxed.lower[k], coefficient * relaxed.upper[k])
        }
        let implied = (end - others) / abs(row.coefficients[j])
        if implied <= upper[j] + DualActiveSet.feasibility * width { relaxed.upper[j] = 2 * upper[j] - lower[j] }
      }
    }
    return relaxed
  }
}
