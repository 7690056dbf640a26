public import NumericKernel
public import Optimisation
public import ResponseModel
import Synchronization

/// A utility of a period surface's summed responses as a function of shares of money: what a plan by period maximises.
public struct CalendarObjective: CertifiableObjective {
  public private(set) var surface: PeriodSurface
  public let utility: any Utility
  /// Money for a unit of a variable.
  public let money: Double
  /// What values are divided by.
  public let scale: Double
  /// Of the outcome at the reference: distances over which kinks are rounded off are shares of it.
  public let deviation: Double
  private var latest = LatestOutcome()

  /// - Parameter reference: money by cell and period, at which the steepest slope becomes one.
  public init(_ surface: PeriodSurface, _ utility: any Utility, money: Double, reference: [Double]) {
    self.surface = surface
    self.utility = utility
    self.money = money
    let (responses, slopes) = surface.slopes(at: reference)
    let outcome = responses.rowSums()
    let spread = Moments(outcome.span)
    deviation = spread.deviation > 0 ? spread.deviation : abs(spread.mean)
    let steepest =
      slopes.transposeTimes(utility.weightedScore(outcome.span).weights).reduce(0) { max($0, abs($1)) } * money
    scale = steepest > 0 && steepest.isFinite ? steepest : 1
  }

  public var dimension: Int { surface.variableCount }
  public var isSmooth: Bool { utility.properties.isSmooth }
  public var hasConcaveInner: Bool { surface.isConcave }
  public var innerConstant: [Double] { [Double](repeating: 0, count: surface.drawCount) }

  public func spend(_ x: [Double]) -> [Double] { x.map { $0 * money } }

  /// One number per draw.
  public func outcome(at x: [Double]) -> [Double] {
    if let outcome = latest.outcome(at: x) { return outcome }
    let outcome = surface.responses(at: spend(x)).rowSums()
    latest.keep(outcome, at: x)
    return outcome
  }

  public func value(at x: [Double]) -> Double { utility.score(outcome(at: x).span) / scale }

  private func rounded(_ outcome: [Double], _ smoothing: Double) -> RoundedScore {
    guard let score = utility.rounded(outcome.span, distance: smoothing * deviation) else {
      preconditionFailure("A plan by period needs a utility that offers its curvature.")
    }
    return score
  }

  public func value(at x: [Double], smoothing: Double) -> Double {
    rounded(outcome(at: x), smoothing).smooth.value / scale
  }

  public func expansion(at x: [Double], smoothing: Double) -> Expansion {
    let score = rounded(outcome(at: x), smoothing).smooth
    let (gradient, hessian) = surface.derivatives(at: spend(x), of: score)
    return Expansion(
      value: score.value / scale, gradient: gradient.map { $0 * money / scale },
      hessian: money * money / scale * hessian)
  }

  public func localModel(at x: [Double]) -> (any LocalModel)? { nil }

  public func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) {
    let (responses, slopes) = surface.slopes(at: spend(x))
    return (responses.rowSums(), slopes.scaled(by: money))
  }

  public func outerCut(at inner: [Double]) -> OuterCut? {
    guard utility.properties.isConcave else { return nil }
    let (value, weights) = utility.weightedScore(inner.span)
    return OuterCut(value: value / scale, weights: weights.map { $0 / scale }, at: inner)
  }

  public func outerCut(at inner: [Double], smoothing: Double) -> OuterCut? {
    guard utility.properties.isConcave else { return nil }
    let score = rounded(inner, smoothing)
    return score.intercept.map {
      OuterCut(intercept: $0 / scale, weights: score.smooth.weights.map { $0 / scale }, near: inner)
    }
  }
}

extension CalendarObjective: OverestimableObjective {
  /// Of a utility that never falls when a draw rises.
  public func overestimator(from lower: [Double], to upper: [Double]) -> (any CertifiableObjective)? {
    guard utility.properties.isConcave, utility.properties.isNondecreasing,
      let above = surface.overestimator(from: spend(lower), to: spend(upper))
    else { return nil }
    var own = self
    own.surface = above
    own.latest = LatestOutcome()
    return own
  }

  /// Each cell's, at the draws' own weights.
  public func looseness(of overestimator: any CertifiableObjective, at x: [Double]) -> [Double] {
    guard let above = overestimator as? CalendarObjective else { return x.map { _ in 1 } }
    let responses = above.surface.responses(at: spend(x))
    let weights = utility.weightedScore(responses.rowSums().span).weights
    let excess = responses.minus(surface.responses(at: spend(x))).transposeTimes(weights)
    return x.indices.map { excess[$0 / surface.periodCount] }
  }
}

/// The last outcome: solvers ask for a value, then for derivatives at the same place.
private final class LatestOutcome: Sendable {
  private let state = Mutex<(x: [Double], outcome: [Double])?>(nil)

  func outcome(at x: [Double]) -> [Double]? {
    state.withLock { state in state.flatMap { $0.x == x ? $0.outcome : nil } }
  }

  func keep(_ outcome: [Double], at x: [Double]) { state.withLock { $0 = (x, outcome) } }
}
