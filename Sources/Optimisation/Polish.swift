import NumericKernel

/// Climbs an objective with kinks to an optimum of the function itself, not of a smoothed one.
///
/// At each point the inner functions are taken to second order and the outer one as it is: `m(p) + ½ pᵀCp`, m the
/// objective's local model and C the curvature that it leaves out, under the weights that prove the last step optimal. That
/// is maximised by cutting planes on m, and the step is taken if the objective itself rises. Once the kinks of the
/// optimum are found the steps are Newton's on the manifold of those kinks (Lewis and Wright, A proximal method for
/// composite minimization, Math. Programming 158, 2016). Where m stands for a function that is not concave, the climb ends
/// where no such model shows a way up.
public struct Polish: Sendable {
  /// The residual at which a point is taken for optimal.
  public var tolerance = 1e-8
  /// Models built. Five or so do from a smoothed optimum; a climb by surrogates may take many short steps.
  public var modelLimit = 60
  /// The first trust radius, in widths of the box: smoothing has brought the start near.
  public var firstRadius = 0.1

  /// The defaults above.
  public init() {}

  /// The best point found from `start`, never worse than that; nil where the polytope is empty or the objective has no
  /// local model there.
  public func maximum(
    of objective: any Objective, over polytope: Polytope, from start: [Double],
    until deadline: ContinuousClock.Instant? = nil
  ) -> Solution? {
    guard var x = polytope.projection(of: start), var model = objective.localModel(at: x) else { return nil }
    let polytope = polytope.part(around: x)
    let origin = [Double].zeros(x.count)
    var effort = Effort(until: deadline)
    effort.evaluations += 1
    var here = model.value(at: origin)
    var curvature = model.curvature(at: origin)
    let floor = here.value
    var bundle = Bundle(model: model, first: here)
    var radius = firstRadius * polytope.width
    var proof: (gradient: [Double], stationarity: Stationarity, supports: [TangentBound.Support])?
    var lastResidual = Double.infinity
    var termination: Termination?

    for round in 0... {
      if round == modelLimit {
        termination = .iterationLimit
        break
      }
      if effort.isOver {
        termination = .timeLimit
        break
      }
      guard let ascent = bundle.maximum(curvature: curvature, over: polytope.shifted(by: x, within: radius)) else {
        break
      }
      let y = polytope.settled(x, step: ascent.step)
      guard polytope.contains(y) else { break }
      // Whether the step is the last: what it promises the values can no longer show.
      let isLast = ascent.predicted <= rounding(of: here.value)
      let length = magnitude(y.minus(x))
      var actual = 0.0
      if y != x {
        guard let nextModel = objective.localModel(at: y) else { break }
        effort.evaluations += 1
        let there = nextModel.value(at: origin)
        actual = there.value - here.value
        if actual > 0 || isLast && there.value >= max(floor, here.value - rounding(of: here.value)) {
          (x, here, model) = (y, there, nextModel)
          curvature = ascent.curvature
          bundle = Bundle(model: model, first: here, hints: ascent.supports.map { $0.step.minus(ascent.step) })
          proof = nil
        }
      }
      if isLast {
        let stationarity = Stationarity(
          at: x, gradient: ascent.gradient, curvature: ascent.curvature.diagonal, in: polytope)
        let moved = x == y ? ascent.step : origin
        let supports = ascent.supports.map {
          TangentBound.Support(step: $0.step.minus(moved), weight: $0.weight)
        }
        proof = (ascent.gradient, stationarity, supports)
        // The values are silent, but the residual may still fall, where C curves upward across the kinks and steps are short.
        guard x == y, stationarity.residual > tolerance, stationarity.residual < 0.5 * lastResidual else { break }
        lastResidual = stationarity.residual
        continue
      }
      if actual < 0.25 * ascent.predicted { radius = (actual > 0 ? 0.5 : 0.25) * min(radius, length) }
      if actual > 0.75 * ascent.predicted, length > 0.8 * radius { radius = min(2.5 * radius, polytope.width) }
      curvature = ascent.curvature
    }
    let gradient = proof?.gradient ?? here.gradient
    let stationarity =
      proof?.stationarity
      ?? Stationarity(at: x, gradient: gradient, curvature: curvature.diagonal, in: polytope)
    let value = objective.value(at: x)
    effort.evaluations += 1
    return Solution(
      point: x, value: value, gradient: gradient, rowMultipliers: stationarity.rowMultipliers,
      boundMultipliers: stationarity.boundMultipliers, residual: stationarity.residual,
      termination: termination ?? (stationarity.residual <= tolerance ? .converged : .stalled),
      evaluations: effort.evaluations, supports: proof?.supports)
  }
}
