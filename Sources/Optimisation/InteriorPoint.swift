import NumericKernel

/// Maximises an objective of many variables over a sparse polytope by a primal-dual interior point with exact Hessians, and proves
/// how good the answer is where the objective can be bounded.
///
/// Every iterate is inside the polytope. A step is Newton's for the barrier problem, predicted and corrected (Mehrotra, SIAM J. Optimization 2, 1992),
/// and as long as the barrier function rises along it; where the objective curves upward the Hessian is shifted until it does not (Wächter and
/// Biegler, Math. Programming 106, 2006). Kinks are rounded off over a distance that shrinks with the barrier, and once more as long as the
/// proof says that it matters. Proof and answer share their multipliers: no other solver is asked. Memory is five squares of
/// the number of variables beside what an evaluation takes.
public struct InteriorPoint: Sendable {
  /// The first smoothing of kinks, and the last before the proof is looked at.
  public var smoothings = (first: 0.1, last: 0.003)
  /// Smoothings less than this are not tried.
  public var leastSmoothing = 1e-5
  /// The proved gap, relative to the value, at which the search may end; of what cannot be proved, and of functions without
  /// kinks, the complementarity that is left.
  public var gap = 1e-6
  /// Systems factored for each of the smoothings at which the proof is looked at: of smooth functions far more than any has needed.
  public var iterationLimit = 60

  /// The defaults above.
  public init() {}

  /// Where an interior point ended, and what it proved.
  public struct Outcome: Sendable, Equatable {
    /// One number per variable, within the polytope to 1e-9 of its width.
    public var point: [Double]
    /// The function itself at the point.
    public var value: Double
    /// One per row of the polytope: what the value gains per unit by which the row's binding end is moved outward is
    /// `multiplier` at an upper end and `-multiplier` at a lower end.
    public var rowMultipliers: [Double]
    /// One per variable, in the same sense; 0 for variables that are fixed.
    public var boundMultipliers: [Double]
    /// The proof, and what it proves: nil where the objective, or its inner functions, may not be concave.
    public var bound: TangentBound?
    public var upperBound: Double?
    /// Why the solver stopped.
    public var termination: Termination
    /// Systems factored after the first point inside was found.
    public var iterations: Int
    /// How far the last kinks were rounded off.
    public var smoothing: Double
  }

  /// What a search came to.
  enum Ending {
    case found(Outcome)
    /// It is proved that there is no point.
    case empty
    case unknown
  }

  /// The best point found; nil where the polytope has no point, or none that the search for one finds.
  ///
  /// - Parameter start: one number per variable. Where it is outside, or at a limit, the search begins near it.
  public func maximum(
    of objective: any Objective, over polytope: SparsePolytope, from start: [Double],
    until deadline: ContinuousClock.Instant? = nil
  ) -> Outcome? {
    guard case .found(let outcome) = search(for: objective, over: polytope, from: start, until: deadline) else {
      return nil
    }
    return outcome
  }

  func search(
    for objective: any Objective, over polytope: SparsePolytope, from start: [Double],
    until deadline: ContinuousClock.Instant? = nil
  ) -> Ending {
    precondition(start.count == polytope.dimension, "A start has one number for each variable.")
    guard let limits = InteriorLimits(polytope) else { return .empty }
    guard limits.variableCount > 0 else {
      let point = limits.point([])
      let outcome = Outcome(
        point: point, value: objective.value(at: point), rowMultipliers: .zeros(polytope.rows.count),
        boundMultipliers: .zeros(polytope.dimension), termination: .converged, iterations: 0, smoothing: 0)
      return .found(proved(outcome, objective, polytope))
    }
    let inside: [Double]
    switch InteriorStart(limits).search(near: limits.freePart(start), in: polytope) {
    case .inside(let point): inside = point
    case .contradiction: return .empty
    case .unknown: return .unknown
    }
    var climb = InteriorClimb(
      objective: objective, limits: limits, at: inside, smoothing: objective.isSmooth ? 0 : smoothings.first)
    var effort = Effort(until: deadline)
    var smoothing = objective.isSmooth ? 0 : smoothings.last
    var best: Outcome?
    while true {
      let kinks = objective.isSmooth ? 1e-3 : 0.1
      let termination = climb.run(
        to: smoothing, tolerance: kinks * gap, iterations: iterationLimit, &effort)
      var here = proved(outcome(of: climb, polytope, termination), objective, polytope)
      // Values and bounds are of one function, whichever smoothing found them.
      if let best {
        if let bound = best.upperBound, !((here.upperBound ?? .infinity) <= bound) {
          (here.bound, here.upperBound) = (best.bound, bound)
        }
        if best.value > here.value {
          (here.point, here.value, here.rowMultipliers, here.boundMultipliers) = (
            best.point, best.value, best.rowMultipliers, best.boundMultipliers
          )
        }
      }
      best = here
      guard termination == .converged || termination == .stalled, let bound = here.upperBound, smoothing > 0,
        bound - here.value > gap * abs(here.value), smoothing / 3 >= leastSmoothing
      else { return .found(here) }
      smoothing /= 3
    }
  }

  private func outcome(of climb: InteriorClimb, _ polytope: SparsePolytope, _ termination: Termination) -> Outcome {
    let point = climb.limits.settled(climb.x, prices: climb.state.prices)
    var outcome = Outcome(
      point: climb.limits.point(point), value: 0, rowMultipliers: .zeros(polytope.rows.count),
      boundMultipliers: .zeros(polytope.dimension), termination: termination, iterations: climb.iterations,
      smoothing: climb.smoothing)
    outcome.value = climb.objective.value(at: outcome.point)
    let prices = climb.state.prices
    for (place, variable) in climb.limits.free.enumerated() { outcome.boundMultipliers[variable] = prices[place] }
    outcome.rowMultipliers = climb.limits.rowMultipliers(
      prices, climb.equalityMultipliers, count: polytope.rows.count)
    return outcome
  }

  /// With the bound that the outcome's own multipliers prove.
  private func proved(_ outcome: Outcome, _ objective: any Objective, _ polytope: SparsePolytope) -> Outcome {
    guard let objective = objective as? any CertifiableObjective, objective.hasConcaveInner else { return outcome }
    var proved = outcome
    let bound = TangentBound(
      point: outcome.point,
      supports: [
        TangentBound.Support(step: .zeros(outcome.point.count), weight: 1, smoothing: outcome.smoothing)
      ], rowMultipliers: outcome.rowMultipliers)
    guard let value = bound.value(of: objective, over: polytope) else { return outcome }
    (proved.bound, proved.upperBound) = (bound, value)
    return proved
  }
}

/// One climb: where it is, and what it knows there.
struct InteriorClimb {
  let objective: any Objective
  let limits: InteriorLimits
  private(set) var smoothing: Double
  private(set) var x: [Double]
  private(set) var state: BarrierState
  private(set) var equalityMultipliers: [Double]
  private(set) var iterations = 0
  /// What rounding may make the equalities lack, as a share of their scale: a tenth of what a plan within its limits may.
  private static let drift = 1e-10
  private var here: Expansion
  /// What made the last system positive definite.
  private var shift = 0.0

  init(objective: any Objective, limits: InteriorLimits, at x: [Double], smoothing: Double) {
    self.objective = objective
    self.limits = limits
    self.smoothing = smoothing
    self.x = x
    equalityMultipliers = .zeros(limits.equalities.count)
    here = InteriorClimb.expansion(of: objective, limits, x, smoothing)
    state = limits.rooms(at: x)
    let steepest = x.indices.reduce(0) { max($0, abs(here.gradient[$1]) * limits.range($1)) }
    state.price(0.1 * (steepest > 0 && steepest.isFinite ? steepest : 1))
  }

  private static func expansion(
    of objective: any Objective, _ limits: InteriorLimits, _ x: [Double], _ smoothing: Double
  ) -> Expansion {
    let whole = objective.expansion(at: limits.point(x), smoothing: smoothing)
    guard limits.free.count < whole.gradient.count else { return whole }
    var hessian = Matrix(rowCount: limits.free.count, columnCount: limits.free.count)
    for (column, j) in limits.free.enumerated() {
      for (row, i) in limits.free.enumerated() { hessian[row, column] = whole.hessian[i, j] }
    }
    return Expansion(value: whole.value, gradient: limits.freePart(whole.gradient), hessian: hessian)
  }

  /// Climbs until kinks are rounded off over `target`, and complementarity and what is left of the gradient are below the tolerance, relative to
  /// the value.
  mutating func run(to target: Double, tolerance: Double, iterations limit: Int, _ effort: inout Effort) -> Termination
  {
    var left = limit
    while true {
      guard here.isFinite else { return .stalled }
      let residual = residual
      let error = state.complementarity + zip(residual, x.indices).reduce(0) { $0 + abs($1.0) * limits.range($1.1) }
      if smoothing <= target, error <= tolerance * abs(here.value) { return .converged }
      if effort.isOver { return .timeLimit }
      if left == 0 { return .iterationLimit }
      left -= 1
      guard let length = step(least: 0.1 * tolerance * abs(here.value) / Double(limits.endCount)) else {
        // No way up at this smoothing: the next may show one.
        guard smoothing > target else { return .stalled }
        soften(to: target)
        continue
      }
      if smoothing > target, length > 0.5 { soften(to: target) } else { expand() }
    }
  }

  /// What the gradient is beside the prices of limits.
  private var residual: [Double] {
    here.gradient.minus(limits.combination(state.prices)).minus(limits.equalityCombination(equalityMultipliers))
  }

  private mutating func soften(to target: Double) {
    smoothing = max(target, 0.4 * smoothing)
    expand()
  }

  private mutating func expand() { here = InteriorClimb.expansion(of: objective, limits, x, smoothing) }

  /// Moves along Newton's direction as far as the barrier function rises; the part of it that was gone, nil where it does not rise.
  private mutating func step(least: Double) -> Double? {
    guard let system = BarrierSystem(hessian: here.hessian, limits: limits, state: state, shift: shift) else {
      return nil
    }
    iterations += 1
    shift = system.shift > 0 ? system.shift / 4 : 0
    let missing = limits.missing(x)
    let mu = state.complementarity / Double(limits.endCount)
    guard
      let predictor = system.step(
        gradient: here.gradient, equalityMultipliers: equalityMultipliers, missing: missing, mu: 0, predictor: nil)
    else { return nil }
    var ahead = state
    ahead.move(along: predictor, by: state.longestStep(predictor), prices: state.longestPriceStep(predictor))
    let ratio = ahead.complementarity / state.complementarity
    // Far below what is asked the prices would say nothing of limits that the next smoothing may meet.
    let target = max(mu * max(ratio * ratio * ratio, 1e-4), least)
    for (goal, correction) in [(target, Optional(predictor)), (max(target, 0.1 * mu), nil)] {
      let step = system.step(
        gradient: here.gradient, equalityMultipliers: equalityMultipliers, missing: missing, mu: goal,
        predictor: correction)
      if let step, let length = climb(along: step, mu: goal) { return length }
    }
    return nil
  }

  private mutating func climb(along step: BarrierStep, mu: Double) -> Double? {
    var slope = dot(here.gradient, step.x)
    for i in state.lowerRoom.indices {
      if state.lowerRoom[i].isFinite { slope += mu * step.lowerRoom[i] / state.lowerRoom[i] }
      if state.upperRoom[i].isFinite { slope += mu * step.upperRoom[i] / state.upperRoom[i] }
    }
    let merit = here.value + mu * state.barrier
    let noise = rounding(of: here.value) + rounding(of: mu * state.barrier)
    guard slope > -noise, slope.isFinite else { return nil }
    // The system is asked for a step, and not believed: none leads away from what has to be spent.
    let most = max(magnitude(limits.missing(x)), InteriorClimb.drift * limits.scale)
    var length = state.longestStep(step)
    for _ in 0..<30 {
      let there = x.plus(step.x.scaled(by: length))
      guard magnitude(limits.missing(there)) <= most else {
        length *= 0.5
        continue
      }
      var moved = limits.rooms(at: there)
      let value = objective.value(at: limits.point(there), smoothing: smoothing)
      if moved.isInside, value + mu * moved.barrier >= merit + 1e-4 * length * slope - noise {
        let priceLength = state.longestPriceStep(step)
        moved.lowerPrice = zip(state.lowerPrice, step.lowerPrice).map { $0 + priceLength * $1 }
        moved.upperPrice = zip(state.upperPrice, step.upperPrice).map { $0 + priceLength * $1 }
        moved.tame(mu)
        equalityMultipliers = equalityMultipliers.plus(step.equalityMultipliers.scaled(by: priceLength))
        (x, state) = (there, moved)
        return length
      }
      length *= 0.5
    }
    return nil
  }
}
