/// Why a solver stopped.
public enum Termination: String, Sendable, Equatable {
  /// The projected gradient is as small as asked.
  case converged
  /// No step from here improves the value beyond rounding, though the projected gradient is not as small as asked.
  case stalled
  /// The deadline came first.
  case timeLimit
  /// The solver's own limit on its work came first.
  case iterationLimit
}

/// What a solver found: why it stopped, what is in it, and whether more is possible are three different questions.
public struct Solution: Sendable, Equatable {
  /// One number per variable, within the polytope.
  public var point: [Double]
  /// The function itself at the point.
  public var value: Double
  /// The gradient at the point, or at a kink the supergradient that proves it stationary.
  public var gradient: [Double]
  /// One per row of the polytope: what the value gains per unit by which the row's binding end is moved outward is
  /// `multiplier` at an upper end and `-multiplier` at a lower end; 0 where the row does not bind.
  public var rowMultipliers: [Double]
  /// One per variable, in the same sense: positive at a binding upper bound, negative at a binding lower bound.
  public var boundMultipliers: [Double]
  /// The largest component of `P(x + g) − x`, g the gradient above scaled so that its largest component is 1, P the
  /// projection on the polytope: zero at a stationary point.
  public var residual: Double
  /// Why the solver stopped.
  public var termination: Termination
  /// How often the objective was evaluated.
  public var evaluations: Int
  /// Steps from the point at which supergradients of the outer function were taken, and their parts in `gradient`: at a kink
  /// several, elsewhere the point itself.
  public var supports: [TangentBound.Support]

  public init(
    point: [Double], value: Double, gradient: [Double], rowMultipliers: [Double],
    boundMultipliers: [Double], residual: Double, termination: Termination, evaluations: Int,
    supports: [TangentBound.Support]? = nil
  ) {
    self.point = point
    self.value = value
    self.gradient = gradient
    self.rowMultipliers = rowMultipliers
    self.boundMultipliers = boundMultipliers
    self.residual = residual
    self.termination = termination
    self.evaluations = evaluations
    self.supports = supports ?? [TangentBound.Support(step: .zeros(point.count), weight: 1)]
  }
}
