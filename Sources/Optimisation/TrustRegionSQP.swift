import NumericKernel

/// Maximises an objective over a polytope by sequential quadratic programming in a trust region, with exact Hessians.
///
/// Kinks are smoothed, and the smoothing taken back step by step, each stage from where the last ended. Functions that are
/// not concave are climbed to a point where neither gradient nor curvature shows a way up. The answer is never worse than
/// the start (Nocedal and Wright, Numerical Optimization, 2006, chapters 4 and 18).
public struct TrustRegionSQP: Sendable {
  /// Smoothings for a function with kinks, decreasing: each stage starts well inside the region where Newton's steps are
  /// good for the next.
  public var smoothings = [0.2, 0.05, 0.01, 0.002]
  /// The residual at which a stationary point is taken for found; Newton's last step usually goes far below.
  public var tolerance = 1e-9
  /// Evaluations for each smoothing. Far more than any smooth function of shares has needed.
  public var evaluationLimit = 200
  /// The first trust radius, in widths of the box: a third of the way from one corner to the next.
  public var firstRadius = 0.3

  /// The defaults above.
  public init() {}

  /// The best point found from `start`, which is projected on the polytope first; nil where that is empty. No step leads across
  /// what the polytope leaves out.
  public func maximum(
    of objective: any Objective, over polytope: Polytope, from start: [Double],
    until deadline: ContinuousClock.Instant? = nil
  ) -> Solution? {
    guard let start = polytope.projection(of: start) else { return nil }
    let polytope = polytope.part(around: start)
    var effort = Effort(until: deadline)
    let stages = objective.isSmooth ? [0] : smoothings
    var climb = Climb(solver: self, objective: objective, polytope: polytope, at: start, smoothing: stages[0], &effort)
    var termination = climb.run(&effort)
    for smoothing in stages.dropFirst() where !effort.isOver {
      climb.restart(smoothing: smoothing, &effort)
      termination = climb.run(&effort)
    }
    return climb.solution(from: start, termination, &effort)
  }
}

/// One climb: where it is, and what it knows there.
private struct Climb {
  let solver: TrustRegionSQP
  let objective: any Objective
  let polytope: Polytope
  var smoothing: Double
  var x: [Double]
  var here: Expansion
  var stationarity: Stationarity
  /// The value that no accepted step may fall below.
  var floor: Double
  var radius: Double
  var activeSet = QuadraticProgram.ActiveSet()

  init(
    solver: TrustRegionSQP, objective: any Objective, polytope: Polytope, at start: [Double], smoothing: Double,
    _ effort: inout Effort
  ) {
    self.solver = solver
    self.objective = objective
    self.polytope = polytope
    self.smoothing = smoothing
    x = start
    radius = solver.firstRadius * polytope.width
    here = objective.expansion(at: start, smoothing: smoothing)
    effort.evaluations += 1
    floor = here.value
    stationarity = Stationarity(
      at: start, gradient: here.gradient, curvature: here.hessian.diagonal, in: polytope)
  }

  mutating func restart(smoothing: Double, _ effort: inout Effort) {
    self.smoothing = smoothing
    here = objective.expansion(at: x, smoothing: smoothing)
    effort.evaluations += 1
    floor = here.value
    stationarity = Stationarity(at: x, gradient: here.gradient, curvature: here.hessian.diagonal, in: polytope)
    // The last stage may have ended with a small region; the next function is a new one.
    radius = max(radius, 0.02 * polytope.width)
  }

  /// A stage only leads to the next, so a residual well below its smoothing will do.
  private var tolerance: Double { max(solver.tolerance, 0.1 * smoothing) }

  mutating func run(_ effort: inout Effort) -> Termination {
    let limit = effort.evaluations + solver.evaluationLimit
    guard here.isFinite else { return .stalled }
    while true {
      if stationarity.residual <= tolerance {
        guard leaveSaddle(&effort) else { return .converged }
      }
      if effort.isOver { return .timeLimit }
      if effort.evaluations >= limit { return .iterationLimit }
      let program = QuadraticProgram(
        gradient: here.gradient, hessian: here.hessian, polytope: polytope.shifted(by: x, within: radius))
      guard let optimum = program.maximum(from: activeSet) else { return .stalled }
      activeSet = optimum.activeSet
      let y = polytope.settled(x, step: optimum.point)
      // The program is asked for a step, and not believed.
      guard polytope.contains(y) else { return .stalled }
      let step = y.minus(x)
      let length = magnitude(step)
      // Steps this short change nothing that the values could show.
      if length <= 1e-15 * polytope.width { return .stalled }
      let predicted = dot(here.gradient, step) + 0.5 * dot(step, here.hessian.symmetricTimes(step))
      let there = objective.expansion(at: y, smoothing: smoothing)
      effort.evaluations += 1
      if predicted <= rounding(of: here.value) {
        // The values can no longer tell; the gradient can.
        guard acceptByGradient(y, there) else { return .stalled }
      } else {
        judge(y, there, ratio: (there.value - here.value) / predicted, length: length)
      }
    }
  }

  private mutating func judge(_ y: [Double], _ there: Expansion, ratio: Double, length: Double) {
    // Not-a-number fails every comparison and so shrinks the region.
    guard ratio > 1e-4, there.isFinite else {
      radius = 0.3 * min(radius, length)
      return
    }
    move(to: y, there)
    if ratio < 0.25 {
      radius *= 0.4
    } else if ratio > 0.75, length > 0.8 * radius {
      radius = min(2.5 * radius, polytope.width)
    }
  }

  private mutating func acceptByGradient(_ y: [Double], _ there: Expansion) -> Bool {
    guard there.isFinite, there.value >= max(floor, here.value - rounding(of: here.value)) else { return false }
    let before = (x, here, stationarity)
    move(to: y, there)
    if stationarity.residual < 0.5 * before.2.residual { return true }
    (x, here, stationarity) = before
    return false
  }

  private mutating func move(to y: [Double], _ there: Expansion) {
    x = y
    here = there
    stationarity = Stationarity(at: x, gradient: here.gradient, curvature: here.hessian.diagonal, in: polytope)
  }

  /// One step along the curvature where the gradient vanishes; false where there is none to take.
  private mutating func leaveSaddle(_ effort: inout Effort) -> Bool {
    guard
      let direction = ascentByCurvature(at: x, gradient: here.gradient, hessian: here.hessian, in: polytope)
    else { return false }
    for sign in [1.0, -1.0] {
      var length = radius / magnitude(direction)
      for j in x.indices where direction[j] != 0 {
        let room = sign * direction[j] > 0 ? polytope.upper[j] - x[j] : x[j] - polytope.lower[j]
        length = min(length, room / abs(direction[j]))
      }
      for row in polytope.rows {
        let rate = sign * dot(row.coefficients, direction)
        // Rows that bind are left where they are, but for rounding.
        guard abs(rate) > 1e-12 * magnitude(row.coefficients) * magnitude(direction) else { continue }
        let activity = dot(row.coefficients, x)
        let room = rate > 0 ? row.upper - activity : activity - row.lower
        length = min(length, max(0, room) / abs(rate))
      }
      // A long step may overshoot the valley's edge; a short one shows the curvature.
      for shrink in [1.0, 0.1, 0.01] where !effort.isOver {
        let y = polytope.settled(x, step: direction.scaled(by: sign * shrink * length))
        guard polytope.contains(y) else { continue }
        let there = objective.expansion(at: y, smoothing: smoothing)
        effort.evaluations += 1
        if there.isFinite, there.value > here.value + rounding(of: here.value) {
          move(to: y, there)
          return true
        }
      }
    }
    return false
  }

  /// What is returned. The stages climb a function without the kinks, so the start may yet be better, and the gradient is
  /// that of the last stage: nothing is said to have converged.
  func solution(from start: [Double], _ termination: Termination, _ effort: inout Effort) -> Solution {
    var solution = Solution(
      point: x, value: here.value, gradient: here.gradient,
      rowMultipliers: stationarity.rowMultipliers, boundMultipliers: stationarity.boundMultipliers,
      residual: stationarity.residual, termination: termination, evaluations: effort.evaluations)
    guard !objective.isSmooth else { return solution }
    if termination == .converged { solution.termination = .stalled }
    solution.value = objective.value(at: x)
    effort.evaluations += 1
    if x != start {
      let value = objective.value(at: start)
      effort.evaluations += 1
      if value > solution.value {
        let expansion = objective.expansion(at: start, smoothing: smoothing)
        effort.evaluations += 1
        let stationarity = Stationarity(
          at: start, gradient: expansion.gradient, curvature: expansion.hessian.diagonal, in: polytope)
        solution.point = start
        solution.value = value
        solution.gradient = expansion.gradient
        solution.rowMultipliers = stationarity.rowMultipliers
        solution.boundMultipliers = stationarity.boundMultipliers
        solution.residual = stationarity.residual
      }
    }
    solution.evaluations = effort.evaluations
    return solution
  }
}

extension Expansion {
  var isFinite: Bool {
    value.isFinite && gradient.allSatisfy(\.isFinite) && hessian.elements.allSatisfy(\.isFinite)
  }
}
