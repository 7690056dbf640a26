public import NumericKernel

/// `U(R) ≤ intercept + Σ weights · R` for every R: a plane above a concave outer function U, from one of its supergradients.
public struct OuterCut: Sendable, Equatable {
  /// `U(R₀) − ⟨weights, R₀⟩`.
  public var intercept: Double
  /// The supergradient of U at R₀, one number per inner function.
  public var weights: [Double]
  /// `|U(R₀)| + Σ |weights · R₀|`: what was summed for the intercept, and so what rounding may have taken a share of.
  public var size: Double

  /// From U's value and a supergradient at some values of the inner functions, one weight for each.
  public init(value: Double, weights: [Double], at inner: [Double]) {
    intercept = value - dot(weights, inner)
    self.weights = weights
    size = abs(value) + dot(weights.map(abs), inner.map(abs))
  }

  /// A plane that is known to be above the function, and need not touch it at these values of the inner functions.
  public init(intercept: Double, weights: [Double], near inner: [Double]) {
    self.intercept = intercept
    self.weights = weights
    size = abs(intercept) + dot(weights.map(abs), inner.map(abs))
  }
}

/// `U(R(x))`, U concave, as a bound needs to see it.
public protocol CertifiableObjective: Objective {
  /// Whether every inner function is concave. False where that is not known.
  var hasConcaveInner: Bool { get }
  /// What is added to a sum over variables to make an inner function: one number for each, of the opposite sign perhaps, and as
  /// large.
  var innerConstant: [Double] { get }
  /// The inner functions' values at a point, and their derivatives there: inner functions by variables.
  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix)
  /// A plane above the outer function that touches it at some values of the inner ones; nil where U is not concave.
  func outerCut(at inner: [Double]) -> OuterCut?
  /// A plane above the outer function whose weights are those of the function with its kinks rounded off, as `expansion` rounds
  /// them: it need not touch. By default the one that does.
  func outerCut(at inner: [Double], smoothing: Double) -> OuterCut?
}

extension CertifiableObjective {
  public func outerCut(at inner: [Double], smoothing: Double) -> OuterCut? { outerCut(at: inner) }
}

/// A proof of how good a point is, for concave inner functions under cuts that weigh none of them negatively: a convex
/// combination of outer cuts, the inner functions' tangents at the point, and multipliers of the rows.
///
/// With θ in the simplex, cuts `φₖ + ⟨wₖ, R⟩`, `w = Σ θₖ wₖ ≥ 0`, tangents `R(x) ≤ R(x₀) + J (x − x₀)`, `g = Jᵀ w`, and any y:
/// `U(R(x)) ≤ Σ θₖ φₖ + ⟨w, R(x₀)⟩ + g · (x − x₀) ≤ Σ θₖ φₖ + ⟨w, R(x₀)⟩ − g · x₀ + y · b + Σ_j max_{l_j ≤ x_j ≤ u_j} (g − Aᵀ y)_j x_j`,
/// b the end of each row that its y pulls towards. Weak duality: the bound holds for any θ and y, whatever solver they come
/// from; only how tight it is depends on them.
public struct TangentBound: Sendable, Equatable {
  /// Where the inner functions' tangents touch: within the bounds of the polytope's variables.
  public var point: [Double]
  /// Where the outer cuts touch: at the inner functions' linearised values a step from the point. Weights are not negative, and
  /// are divided by their sum.
  public var supports: [Support]
  /// One per row of the polytope.
  public var rowMultipliers: [Double]

  /// An outer cut's place and its part in the combination.
  public struct Support: Sendable, Equatable {
    /// From the point, one number per variable.
    public var step: [Double]
    /// θ, not negative.
    public var weight: Double
    /// Over which the outer function's kinks are rounded off for the cut's weights; 0 for a cut that touches.
    public var smoothing: Double

    public init(step: [Double], weight: Double, smoothing: Double = 0) {
      self.step = step
      self.weight = weight
      self.smoothing = smoothing
    }
  }

  public init(point: [Double], supports: [Support], rowMultipliers: [Double]) {
    self.point = point
    self.supports = supports
    self.rowMultipliers = rowMultipliers
  }

  /// With the multipliers that suit the gradient of the combination best, and the bound that it then proves; nil where
  /// `value` would be.
  public static func best(
    for objective: any CertifiableObjective, at point: [Double], supports: [Support], over polytope: Polytope
  ) -> (bound: TangentBound, value: Double)? {
    var bound = TangentBound(
      point: polytope.clipped(point), supports: supports, rowMultipliers: .zeros(polytope.rows.count))
    guard let combination = bound.combination(of: objective) else { return nil }
    bound.rowMultipliers =
      Stationarity(
        at: bound.point, gradient: combination.gradient, curvature: .zeros(point.count), in: polytope
      ).rowMultipliers
    return bound.value(of: combination, over: polytope).map { (bound, $0) }
  }

  /// The bound on the objective over the polytope; nil where these proofs say nothing: an outer function that is not
  /// concave, inner functions that may not be, or a combination that weighs one negatively.
  public func value(of objective: any CertifiableObjective, over polytope: Polytope) -> Double? {
    // Outside the box nobody says that the inner functions are concave.
    let isInside = polytope.clipped(point) == point && supports.allSatisfy { $0.step.allSatisfy(\.isFinite) }
    guard isInside, let combination = combination(of: objective) else { return nil }
    return value(of: combination, over: polytope)
  }

  /// The same over a polytope of sparse rows.
  public func value(of objective: any CertifiableObjective, over polytope: SparsePolytope) -> Double? {
    let isInside = zip(point, zip(polytope.lower, polytope.upper)).allSatisfy { $0 >= $1.0 && $0 <= $1.1 }
    guard isInside, supports.allSatisfy({ $0.step.allSatisfy(\.isFinite) }),
      let combination = combination(of: objective)
    else { return nil }
    return value(
      of: combination, polytope.linearBound(combination.gradient, from: point, multipliers: rowMultipliers))
  }

  private func value(of combination: Combination, over polytope: Polytope) -> Double? {
    value(of: combination, polytope.linearBound(combination.gradient, from: point, multipliers: rowMultipliers))
  }

  private func value(of combination: Combination, _ bound: (value: Double, size: Double)) -> Double? {
    let value =
      combination.constant + bound.value + provedRounding * (combination.size + bound.size)
    return value.isFinite ? value : nil
  }

  /// `constant + gradient · (x − point)` bounds the objective; `size` is that of what was summed for the constant.
  private struct Combination {
    var constant: Double
    var size: Double
    var gradient: [Double]
  }

  private func combination(of objective: any CertifiableObjective) -> Combination? {
    let total = supports.reduce(0) { $0 + max($1.weight, 0) }
    guard total > 0, total.isFinite, objective.hasConcaveInner else { return nil }
    let (inner, slopes) = objective.inner(at: point)
    var weights = [Double].zeros(inner.count)
    var intercept = 0.0
    var size = 0.0
    for support in supports where support.weight > 0 {
      let moved = inner.plus(slopes.times(support.step))
      let cut =
        support.smoothing > 0
        ? objective.outerCut(at: moved, smoothing: support.smoothing) : objective.outerCut(at: moved)
      guard let cut else { return nil }
      let share = support.weight / total
      intercept += share * cut.intercept
      size += share * cut.size
      for index in weights.indices { weights[index] += share * cut.weights[index] }
    }
    guard weights.allSatisfy({ $0 >= 0 }) else { return nil }
    return Combination(
      // Sums that the constant cancels were rounded at their own size.
      constant: intercept + dot(weights, inner),
      size: size + dot(weights, zip(inner, objective.innerConstant).map { abs($0) + 2 * abs($1) }),
      gradient: slopes.transposeTimes(weights))
  }
}

/// Rounding may take this share of the sizes of what is summed for a bound: sums of a million terms in blocks of a thousand are
/// good to 1e-13 of them, and inner functions to 1e-14 of themselves.
let provedRounding = 1e-12

/// What multipliers of a polytope's rows make of it: `y · b`, b the end that each pulls towards, `Aᵀ y`, and the sizes of what was
/// summed: multipliers that cancel leave prices that show nothing of their rounding.
struct RowPull {
  var value = 0.0
  var size = 0.0
  /// One per variable.
  var prices: [Double]
  /// One per variable: `|Aᵀ| |y|`.
  var priceSizes: [Double]

  init(dimension: Int) {
    prices = .zeros(dimension)
    priceSizes = prices
  }

  init(_ multipliers: [Double], on polytope: Polytope) {
    self.init(dimension: polytope.dimension)
    for (row, multiplier) in zip(polytope.rows, multipliers) {
      guard pull(multiplier, row.lower, row.upper) else { continue }
      for j in prices.indices { charge(multiplier * row.coefficients[j], to: j) }
    }
  }

  init(_ multipliers: [Double], on polytope: SparsePolytope) {
    self.init(dimension: polytope.dimension)
    for (row, multiplier) in zip(polytope.rows, multipliers) {
      guard pull(multiplier, row.lower, row.upper) else { continue }
      for (place, coefficient) in zip(row.places, row.coefficients) { charge(multiplier * coefficient, to: place) }
    }
  }

  /// Whether a row's multiplier pulls towards an end: one that is not there proves nothing.
  private mutating func pull(_ multiplier: Double, _ lower: Double, _ upper: Double) -> Bool {
    let end = multiplier > 0 ? upper : lower
    guard multiplier != 0, multiplier.isFinite, end.isFinite else { return false }
    value += multiplier * end
    size += abs(multiplier * end)
    return true
  }

  private mutating func charge(_ price: Double, to variable: Int) {
    prices[variable] += price
    priceSizes[variable] += abs(price)
  }

  /// A bound on `g · (x − x₀)` between the variables' bounds and under the rows, by weak duality, and the size of what was summed
  /// for it.
  func bound(
    _ g: [Double], from point: [Double], lower: [Double], upper: [Double]
  ) -> (value: Double, size: Double) {
    var (value, size) = (value, size)
    for j in g.indices {
      let reduced = g[j] - prices[j]
      value += max(reduced * lower[j], reduced * upper[j]) - g[j] * point[j]
      size += (abs(g[j]) + priceSizes[j]) * max(abs(lower[j]), abs(upper[j])) + abs(g[j] * point[j])
    }
    return (value, size)
  }
}

extension Polytope {
  /// A bound on `g · (x − x₀)` over the polytope, and the size of what was summed for it.
  func linearBound(_ g: [Double], from point: [Double], multipliers: [Double]) -> (value: Double, size: Double) {
    RowPull(multipliers, on: self).bound(g, from: point, lower: lower, upper: upper)
  }
}

extension SparsePolytope {
  /// As that of `Polytope`.
  func linearBound(_ g: [Double], from point: [Double], multipliers: [Double]) -> (value: Double, size: Double) {
    RowPull(multipliers, on: self).bound(g, from: point, lower: lower, upper: upper)
  }
}
