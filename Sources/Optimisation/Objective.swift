public import NumericKernel

/// A function to maximise. Larger is better, everywhere.
///
/// The shape in mind is `U(R(x))`: many smooth inner functions R, and an outer function U that may have kinks, where many of
/// them are equally near a boundary. A solver sees only what is below.
public protocol Objective: Sendable {
  /// The number of variables.
  var dimension: Int { get }
  /// Whether `expansion` is that of the function itself: no kinks to smooth.
  var isSmooth: Bool { get }
  /// Whether one evaluation is work enough to be spread over threads, as the objective itself then does: searches leave it the
  /// threads, and ask for one evaluation after the other. By default not: a search climbs from several places at once.
  var isThreaded: Bool { get }
  /// The function itself, never smoothed.
  func value(at x: [Double]) -> Double
  /// Value, gradient and Hessian with kinks rounded off over a relative distance of `smoothing`; at 0 those of the function
  /// itself (at a kink with one of its supergradients).
  func expansion(at x: [Double], smoothing: Double) -> Expansion
  /// The value of `expansion`, for who needs no derivatives; by default that itself.
  func value(at x: [Double], smoothing: Double) -> Double
  /// The function near `x` with its inner functions linearised and its kinks kept; nil where there is no such model.
  func localModel(at x: [Double]) -> (any LocalModel)?
  /// The same function, with the same bits, for a climb that others run beside: what is kept from one evaluation to the next
  /// is that climb's own. By default the objective itself, which keeps nothing.
  func forOneClimb() -> any Objective
}

extension Objective {
  public var isThreaded: Bool { false }
  public func forOneClimb() -> any Objective { self }

  public func value(at x: [Double], smoothing: Double) -> Double { expansion(at: x, smoothing: smoothing).value }
}

/// A function to second order at a point.
public struct Expansion: Sendable {
  /// The function at the point.
  public var value: Double
  /// One component per variable.
  public var gradient: [Double]
  /// Variables by variables, symmetric.
  public var hessian: Matrix

  public init(value: Double, gradient: [Double], hessian: Matrix) {
    self.value = value
    self.gradient = gradient
    self.hessian = hessian
  }
}

/// `step ↦ U(R(x) + J step)`: concave in the step, kinks kept, equal to the function at step zero.
///
/// Where U itself is not concave it stands for a concave function that touches it at `x` and that only better points
/// exceed, so that climbing it climbs the function.
public protocol LocalModel: Sendable {
  /// Value and a supergradient at a step.
  func value(at step: [Double]) -> (value: Double, gradient: [Double])
  /// The curvature that the linearisation left out, `Σ w_d ∇²R_d(x)`, with the outer weights w of that step.
  func curvature(at step: [Double]) -> Matrix
}
