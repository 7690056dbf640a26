import NumericKernel
import Optimisation
import ResponseModel
import Synchronization

/// The plan's utility as a function of each cell's share of the money in each period: what a plan by period maximises.
///
/// `x` is spend divided by `money`, cell after cell; values are divided by `scale`, so that slopes are of order one.
struct PeriodObjective: CertifiableObjective {
  private(set) var surface: PeriodSurface
  let utility: any Utility
  /// Added to every draw's summed responses to make it the outcome under the plan's measure.
  let offset: [Double]
  /// Money for a unit of a variable.
  let money: Double
  /// What values are divided by.
  let scale: Double
  /// Of the outcome at the reference: distances over which kinks are rounded off are shares of it.
  private let deviation: Double
  /// Where scale and deviation are taken from: money by cell and period.
  private let reference: [Double]
  private var latest = LatestResponses()

  init(
    _ surface: PeriodSurface, _ utility: any Utility, offset: [Double], money: Double, reference: [Double]
  ) {
    (self.surface, self.utility, self.offset, self.money) = (surface, utility, offset, money)
    self.reference = reference
    let (responses, slopes) = surface.slopes(at: reference)
    let outcome = zip(responses.rowSums(), offset).map { $0 + $1 }
    let spread = Moments(outcome.span)
    deviation = spread.deviation > 0 ? spread.deviation : max(abs(spread.mean), .leastNormalMagnitude)
    let weights =
      utility is any PlanUtility
      ? [Double](repeating: 1 / Double(outcome.count), count: outcome.count)
      : utility.weightedScore(outcome.span).weights
    let steepest = slopes.transposeTimes(weights).reduce(0) { max($0, abs($1)) } * money
    scale = steepest > 0 && steepest.isFinite ? steepest : 1
  }

  /// The same plan under another utility.
  func scoring(_ utility: any Utility) -> PeriodObjective {
    PeriodObjective(surface, utility, offset: offset, money: money, reference: reference)
  }

  var dimension: Int { surface.variableCount }
  /// Draws.
  var outcomeCount: Int { offset.count }
  /// A score of plans has no curvature of its own to round: it is climbed as it is.
  var isSmooth: Bool { utility.properties.isSmooth || utility is any PlanUtility }
  var hasConcaveInner: Bool { surface.isConcave }
  var innerConstant: [Double] { offset }

  func spend(_ x: [Double]) -> [Double] { x.map { $0 * money } }

  /// Draws by cells.
  private func responses(at spend: [Double]) -> DrawMatrix {
    if let responses = latest.responses(at: spend) { return responses }
    let responses = surface.responses(at: spend)
    latest.keep(responses, at: spend)
    return responses
  }

  private func outcome(of responses: DrawMatrix) -> [Double] {
    zip(responses.rowSums(), offset).map { $0 + $1 }
  }

  /// One number per draw, under the plan's measure.
  func outcome(spend: [Double]) -> [Double] { outcome(of: responses(at: spend)) }

  /// Money over the horizon by cell.
  private func totals(_ spend: [Double]) -> [Double] {
    (0..<surface.cellCount).map { cell in
      spend[cell * surface.periodCount..<(cell + 1) * surface.periodCount].reduce(0, +)
    }
  }

  private func scored(_ outcome: [Double], _ responses: DrawMatrix, spend: [Double]) -> ScoredPlan {
    ScoredPlan(outcome: outcome, spend: totals(spend), responses: responses.minus(surface.atRest))
  }

  /// The utility itself, in its own unit.
  func score(spend: [Double]) -> Double {
    let responses = responses(at: spend)
    let outcome = outcome(of: responses)
    guard let utility = utility as? any PlanUtility else { return utility.score(outcome.span) }
    return utility.score(scored(outcome, responses, spend: spend)).value
  }

  func value(at x: [Double]) -> Double { score(spend: spend(x)) / scale }

  /// The score's derivatives in the draws, kinks rounded off where it knows how; without curvature where it knows none.
  private func rounded(_ outcome: [Double], _ smoothing: Double) -> RoundedScore {
    if let score = utility.rounded(outcome.span, distance: smoothing * deviation) { return score }
    if let score = utility.smoothed(outcome.span, width: smoothing) {
      return RoundedScore(smooth: score, intercept: nil)
    }
    let (value, weights) = utility.weightedScore(outcome.span)
    return RoundedScore(smooth: SmoothScore(value: value, weights: weights), intercept: nil)
  }

  func value(at x: [Double], smoothing: Double) -> Double {
    guard !(utility is any PlanUtility) else { return value(at: x) }
    return rounded(outcome(spend: spend(x)), smoothing).smooth.value / scale
  }

  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    let spend = spend(x)
    if let utility = utility as? any PlanUtility { return expansion(of: utility, at: spend) }
    let score = rounded(outcome(spend: spend), smoothing).smooth
    let (gradient, hessian) = surface.derivatives(at: spend, of: score)
    return Expansion(
      value: score.value / scale, gradient: gradient.map { $0 * money / scale },
      hessian: money * money / scale * hessian)
  }

  /// Of a score of plans: what the responses alone contribute to the curvature.
  private func expansion(of utility: any PlanUtility, at spend: [Double]) -> Expansion {
    let (responses, slopes) = surface.slopes(at: spend)
    let score = utility.score(scored(outcome(of: responses), responses, spend: spend))
    let (_, hessian) = surface.derivatives(
      at: spend, of: SmoothScore(value: score.value, weights: score.outcomeWeights))
    return Expansion(
      value: score.value / scale, gradient: gradient(of: score, slopes).map { $0 * money / scale },
      hessian: money * money / scale * hessian)
  }

  private func gradient(of score: PlanScore, _ slopes: DrawMatrix) -> [Double] {
    var gradient = slopes.transposeTimes(score.outcomeWeights)
    for variable in gradient.indices {
      let cell = variable / surface.periodCount
      if let weights = score.responseWeights {
        gradient[variable] += weights.withColumn(cell) { w in slopes.withColumn(variable) { dot($0, w) } }
      }
      gradient[variable] += score.spendGradient[cell]
    }
    return gradient
  }

  /// d utility / d money by cell and period; at a kink by one of the supergradients, or by that of a score rounded off a little.
  func gradient(spend: [Double], smoothing: Double) -> [Double] {
    let (responses, slopes) = surface.slopes(at: spend)
    let outcome = outcome(of: responses)
    if let utility = utility as? any PlanUtility {
      return gradient(of: utility.score(scored(outcome, responses, spend: spend)), slopes)
    }
    let weights =
      smoothing > 0 ? rounded(outcome, smoothing).smooth.weights : utility.weightedScore(outcome.span).weights
    return slopes.transposeTimes(weights)
  }

  func localModel(at x: [Double]) -> (any LocalModel)? {
    guard !(utility is any PlanUtility) else { return nil }
    let (responses, slopes) = surface.slopes(at: spend(x))
    let outcome = outcome(of: responses)
    return utility.concaveSurrogate(at: outcome.span).map {
      LinearisedPeriods(objective: self, spend: spend(x), outcome: outcome, slopes: slopes, surrogate: $0)
    }
  }

  func forOneClimb() -> any Objective {
    var own = self
    own.latest = LatestResponses()
    return own
  }

  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) {
    let (responses, slopes) = surface.slopes(at: spend(x))
    return (outcome(of: responses), slopes.scaled(by: money))
  }

  /// Whether the utility is a concave one of the outcome alone.
  private var isConcaveOutside: Bool { utility.properties.isConcave && !(utility is any PlanUtility) }

  func outerCut(at inner: [Double]) -> OuterCut? {
    guard isConcaveOutside else { return nil }
    let (value, weights) = utility.weightedScore(inner.span)
    return OuterCut(value: value / scale, weights: weights.map { $0 / scale }, at: inner)
  }

  func outerCut(at inner: [Double], smoothing: Double) -> OuterCut? {
    guard isConcaveOutside else { return nil }
    guard let score = utility.rounded(inner.span, distance: smoothing * deviation) else { return outerCut(at: inner) }
    return score.intercept.map {
      OuterCut(intercept: $0 / scale, weights: score.smooth.weights.map { $0 / scale }, near: inner)
    }
  }
}

extension PeriodObjective: OverestimableObjective {
  /// Whether boxes may bound it.
  var isOverestimable: Bool { isConcaveOutside && utility.properties.isNondecreasing }

  /// Of a utility that never falls when a draw rises.
  func overestimator(from lower: [Double], to upper: [Double]) -> (any CertifiableObjective)? {
    guard isOverestimable, let above = surface.overestimator(from: spend(lower), to: spend(upper)) else { return nil }
    var own = self
    own.surface = above
    own.latest = LatestResponses()
    return own
  }

  /// Each cell's, at the draws' own weights.
  func looseness(of overestimator: any CertifiableObjective, at x: [Double]) -> [Double] {
    guard let above = overestimator as? PeriodObjective else { return x.map { _ in 1 } }
    let responses = above.surface.responses(at: spend(x))
    let weights = utility.weightedScore(outcome(of: responses).span).weights
    let excess = responses.minus(surface.responses(at: spend(x))).transposeTimes(weights)
    return x.indices.map { excess[$0 / surface.periodCount] }
  }
}

/// The plan near some spend, responses taken to be straight there.
private struct LinearisedPeriods: LocalModel {
  let objective: PeriodObjective
  let spend: [Double]
  let outcome: [Double]
  let slopes: DrawMatrix
  let surrogate: any Utility

  private func score(at step: [Double]) -> (value: Double, weights: [Double]) {
    var moved = slopes.times(objective.spend(step))
    for draw in moved.indices { moved[draw] += outcome[draw] }
    return surrogate.weightedScore(moved.span)
  }

  func value(at step: [Double]) -> (value: Double, gradient: [Double]) {
    let (value, weights) = score(at: step)
    return (value / objective.scale, slopes.transposeTimes(weights).map { $0 * objective.money / objective.scale })
  }

  func curvature(at step: [Double]) -> Matrix {
    let (value, weights) = score(at: step)
    let hessian = objective.surface.derivatives(at: spend, of: SmoothScore(value: value, weights: weights)).hessian
    return objective.money * objective.money / objective.scale * hessian
  }
}

/// The last responses: solvers ask for a value, then for derivatives at the same place.
private final class LatestResponses: Sendable {
  private let state = Mutex<(spend: [Double], responses: DrawMatrix)?>(nil)

  func responses(at spend: [Double]) -> DrawMatrix? {
    state.withLock { state in state.flatMap { $0.spend == spend ? $0.responses : nil } }
  }

  func keep(_ responses: DrawMatrix, at spend: [Double]) { state.withLock { $0 = (spend, responses) } }
}
