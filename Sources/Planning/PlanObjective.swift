import Foundation
import NumericKernel
import Optimisation
import ResponseModel
import Synchronization

/// The plan's utility as a function of each cell's share of the money: where the response model and the solvers meet.
///
/// `x` is spend divided by `money`, so that variables are of order one; values are divided by `scale`, so that slopes are.
struct PlanObjective: Objective {
  let surface: ResponseSurface
  let utility: any Utility
  /// Added to every draw's summed responses to make it the outcome under the plan's measure.
  let offset: [Double]
  /// Taken from each cell's responses where a utility looks at them one by one.
  let atRest: DrawMatrix
  let money: Double
  /// Where the scale is taken from.
  private let reference: [Double]
  private(set) var scale = 1.0
  /// What responses are read from in place of the surface, where many are asked for near each other.
  private var table: ResponseTable?
  /// The table of all plans that differ in their budgets only; nil for a plan that is alone.
  private var sharedTable: ResponseTable?
  private var latest = LatestPoint()

  init(
    surface: ResponseSurface, utility: any Utility, offset: [Double], money: Double, reference: [Double],
    table: ResponseTable? = nil, sharedTable: ResponseTable? = nil
  ) {
    self.surface = surface
    self.table = table
    self.sharedTable = sharedTable
    self.utility = utility
    self.offset = offset
    self.money = money
    self.reference = reference
    atRest = surface.atRest
    // The steepest slope at the reference becomes one; a utility that is flat there keeps its own unit.
    let steepest = supergradient(at: reference).map(abs).max() ?? 0
    if steepest > 0, steepest.isFinite { scale = steepest }
  }

  /// The same plan under another utility.
  func scoring(_ utility: any Utility) -> PlanObjective {
    PlanObjective(
      surface: surface, utility: utility, offset: offset, money: money, reference: reference, table: table,
      sharedTable: sharedTable)
  }

  /// The same, read by searches from the table of a plan of the same surface.
  func sharingTable(of other: PlanObjective) -> PlanObjective {
    var own = self
    own.sharedTable = other.sharedTable ?? ResponseTable(of: surface, unit: other.money)
    return own
  }

  /// The same plan under a utility of nearly the same slopes, in the same scale.
  func rescored(_ utility: any Utility) -> PlanObjective {
    var own = scoring(utility)
    own.scale = scale
    return own
  }

  /// The same plan under another utility, of outcomes from which spend is taken at so much per unit of money.
  func scoring(_ utility: any Utility, charge: Double) -> PlanObjective {
    PlanObjective(
      surface: surface.charged(charge), utility: utility, offset: offset, money: money, reference: reference)
  }

  /// Nodes for each cell that a search asks for, or so.
  private static let expectedNodes = 32

  /// The same read from a table, for a search; itself where a table would not have the memory it needs.
  func tabulated() -> PlanObjective {
    let bytes = 2 * PlanObjective.expectedNodes * surface.drawCount * surface.cellCount * MemoryLayout<Double>.stride
    guard bytes <= ResponseTable.defaultByteLimit else { return self }
    var own = self
    own.table = sharedTable ?? ResponseTable(of: surface, unit: money)
    own.latest = LatestPoint()
    return own
  }

  var isTabulated: Bool { table != nil }

  /// For each point every cell's response averaged over draws.
  func meanResponses(at points: [[Double]]) -> [[Double]] {
    @Sendable func means(_ index: Int) -> [Double] {
      let responses = surface.responses(at: spend(points[index]))
      return points[index].indices.map { responses.withColumn($0) { mean($0) } }
    }
    return isThreaded ? points.indices.map(means) : Parallel.map(points.count, means)
  }

  private func responses(at spend: [Double]) -> DrawMatrix {
    table?.responses(at: spend) ?? surface.responses(at: spend)
  }

  var dimension: Int { surface.cellCount }

  var isSmooth: Bool { utility.properties.isSmooth }

  /// Draws times cells from which the draws of one evaluation are spread over threads: it then takes milliseconds, and each
  /// of the points that a climb keeps takes megabytes. Below, several climbs at once keep threads busier than one could.
  static let threadedSize = 1 << 17

  var isThreaded: Bool { surface.drawCount * surface.cellCount >= PlanObjective.threadedSize }

  func forOneClimb() -> any Objective { freshly() }

  /// The same, which remembers no point, and none whose derivatives were tamed.
  func freshly() -> PlanObjective {
    var own = self
    own.latest = LatestPoint()
    return own
  }

  func spend(_ x: [Double]) -> [Double] { x.map { $0 * money } }

  /// What some spend comes to, in the utility's own unit.
  struct Reading {
    /// Draws by cells.
    var responses: DrawMatrix
    /// One number per draw, under the plan's measure.
    var outcome: [Double]
    /// Of the outcome.
    var score: Double
  }

  func reading(spend: [Double]) -> Reading {
    let responses = responses(at: spend)
    return Reading(
      responses: responses, outcome: outcome(of: responses), score: score(of: responses, spend: spend))
  }

  private func outcome(of responses: DrawMatrix) -> [Double] {
    zip(responses.rowSums(), offset).map { $0 + $1 }
  }

  /// The utility itself, in its own unit.
  func score(spend: [Double]) -> Double { score(of: responses(at: spend), spend: spend) }

  private func score(of responses: DrawMatrix, spend: [Double]) -> Double {
    let outcome = outcome(of: responses)
    guard let utility = utility as? any PlanUtility else { return utility.score(outcome.span) }
    return utility.score(scored(outcome, responses, spend: spend)).value
  }

  /// `Σ |d score / d outcome| · |outcome|` over draws, what cancels in the outcome counted too.
  func scoreSize(spend: [Double]) -> Double {
    let responses = responses(at: spend)
    let outcome = outcome(of: responses)
    let weights =
      (utility as? any PlanUtility)?.score(scored(outcome, responses, spend: spend)).outcomeWeights
      ?? utility.weightedScore(outcome.span).weights
    return weights.indices.reduce(0) { $0 + abs(weights[$1]) * (abs(outcome[$1]) + 2 * abs(offset[$1])) }
  }

  private func scored(_ outcome: [Double], _ responses: DrawMatrix, spend: [Double]) -> ScoredPlan {
    ScoredPlan(outcome: outcome, spend: spend, responses: responses.minus(atRest))
  }

  func value(at x: [Double]) -> Double {
    let spend = spend(x)
    return score(of: latest.point(at: x)?.responses ?? responses(at: spend), spend: spend) / scale
  }

  /// The gradient in x, in the solver's scale, of the utility with its kinks kept: at one of them a supergradient.
  func supergradient(at x: [Double]) -> [Double] {
    let (responses, slopes) = slopes(at: x)
    let outcome = outcome(of: responses)
    if let utility = utility as? any PlanUtility {
      return gradient(of: utility.score(scored(outcome, responses, spend: spend(x))), slopes)
    }
    return slopes.transposeTimes(utility.weightedScore(outcome.span).weights).map { $0 * money / scale }
  }

  /// Responses and their slopes, without curvatures where they are not there already.
  private func slopes(at x: [Double]) -> (responses: DrawMatrix, slopes: DrawMatrix) {
    if let point = latest.point(at: x) ?? table?.point(at: spend(x)) { return (point.responses, point.slopes) }
    return surface.slopes(at: spend(x))
  }

  private func gradient(of score: PlanScore, _ slopes: DrawMatrix) -> [Double] {
    var gradient = slopes.transposeTimes(score.outcomeWeights)
    for j in gradient.indices {
      if let weights = score.responseWeights {
        gradient[j] += weights.withColumn(j) { w in slopes.withColumn(j) { dot($0, w) } }
      }
      gradient[j] = (gradient[j] + score.spendGradient[j]) * money / scale
    }
    return gradient
  }

  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    let point = point(at: x)
    let outcome = outcome(of: point.responses)
    let expansion: Expansion?
    switch utility {
    case let penalised as PenalisedScore:
      expansion = self.expansion(of: penalised, outcome, point, spend: spend(x).reduce(0, +), smoothing: smoothing)
    case is any PlanUtility: expansion = nil
    default: expansion = self.expansion(of: utility, outcome, point, smoothing: smoothing)
    }
    return expansion
      ?? Expansion(value: value(at: x), gradient: supergradient(at: x), hessian: borrowedHessian(at: x))
  }

  /// Of a score of the outcome alone; nil where it offers no curvature.
  private func expansion(
    of utility: any Utility, _ outcome: [Double], _ point: SurfacePoint, smoothing: Double
  ) -> Expansion? {
    guard let score = utility.smoothed(outcome.span, width: smoothing) else { return nil }
    var hessian = Matrix(diagonal: point.curvatures.transposeTimes(score.weights))
    if !score.diagonal.isEmpty { hessian = hessian + point.slopes.gram(weights: score.diagonal) }
    for term in score.rankOnes { hessian.add(term.factor, times: point.slopes.transposeTimes(term.vector)) }
    return Expansion(
      value: score.value / scale, gradient: point.slopes.transposeTimes(score.weights).map { $0 * money / scale },
      hessian: money * money / scale * hessian)
  }

  /// Conditions' kinks are rounded off over as many standard deviations of the outcome as those of the utilities.
  private func expansion(
    of score: PenalisedScore, _ outcome: [Double], _ point: SurfacePoint, spend: Double, smoothing: Double
  ) -> Expansion? {
    let count = dimension
    var sum = Expansion(
      value: -score.charge * spend / scale, gradient: [Double](repeating: -score.charge * money / scale, count: count),
      hessian: Matrix(rowCount: count, columnCount: count))
    if score.worth > 0 {
      guard let own = expansion(of: score.utility, outcome, point, smoothing: smoothing) else { return nil }
      sum.value += score.worth * own.value
      sum.gradient = zip(sum.gradient, own.gradient).map { $0 + score.worth * $1 }
      sum.hessian = sum.hessian + score.worth * own.hessian
    }
    let deviation = Moments(outcome.span).deviation / scale
    for condition in score.conditions {
      guard let own = expansion(of: condition.utility, outcome, point, smoothing: smoothing) else { return nil }
      let slack = condition.slack(score: own.value * scale, spend: spend) / scale
      let gradient = own.gradient.map { condition.worth * $0 - condition.charge * money / scale }
      let (missed, share, bend) = rampDown(slack, over: smoothing * condition.worth * deviation)
      sum.value -= condition.penalty * missed
      sum.gradient = zip(sum.gradient, gradient).map { $0 + condition.penalty * share * $1 }
      sum.hessian = sum.hessian + condition.penalty * share * condition.worth * own.hessian
      sum.hessian.add(-condition.penalty * bend, times: gradient)
    }
    return sum
  }

  /// For a utility that offers no curvature: where it is smooth, differences of the gradient; where it has kinks, which
  /// differences would jump over, what the responses alone contribute.
  private func borrowedHessian(at x: [Double]) -> Matrix {
    guard isSmooth else {
      let point = point(at: x)
      let weights = utility.weightedScore(outcome(of: point.responses).span).weights
      return money * money / scale * Matrix(diagonal: point.curvatures.transposeTimes(weights))
    }
    // The root of the rounding unit balances rounding against truncation, to about 1e-7 of the entries.
    let step = 1.5e-8
    let base = supergradient(at: x)
    var hessian = Matrix(rowCount: x.count, columnCount: x.count)
    for j in x.indices {
      var moved = x
      moved[j] += step
      let gradient = supergradient(at: moved)
      for i in x.indices {
        let half = (gradient[i] - base[i]) / step / 2
        hessian[i, j] += half
        hessian[j, i] += half
      }
    }
    return hessian
  }

  func localModel(at x: [Double]) -> (any LocalModel)? {
    let point = point(at: x)
    let outcome = outcome(of: point.responses)
    guard !(utility is any PlanUtility) || utility is PenalisedScore,
      let surrogate = utility.concaveSurrogate(at: outcome.span)
    else { return nil }
    return LinearisedOutcome(
      outcome: outcome, spend: spend(x).reduce(0, +), point: point, surrogate: surrogate, money: money, scale: scale)
  }

  /// Money, in shares, at which derivatives are taken that are infinite at less.
  private static let leastShare = 1e-9

  private func point(at x: [Double]) -> SurfacePoint {
    if let point = latest.point(at: x) { return point }
    var point = table?.point(at: spend(x)) ?? surface.point(at: spend(x))
    surface.tame(&point, at: spend(x), least: PlanObjective.leastShare * money)
    latest.keep(point, at: x)
    return point
  }
}

extension PlanObjective: SeparableObjective {
  var hasConcaveInner: Bool { surface.isConcave }

  /// Whether the last inner function, after one for each draw, is all money, with its sign turned: what a penalised score falls with.
  private var hasMoneyInside: Bool { utility is PenalisedScore }

  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) {
    let (responses, slopes) = surface.slopes(at: spend(x))
    let outcome = outcome(of: responses)
    guard hasMoneyInside else { return (outcome, slopes.scaled(by: money)) }
    return (
      outcome + [-spend(x).reduce(0, +)], slopes.scaled(by: money).withRow(x.map { _ in -money })
    )
  }

  var innerConstant: [Double] { hasMoneyInside ? offset + [0] : offset }

  func chords(of variable: Int, at points: [Double], inner: Range<Int>) -> CurveChords {
    let spends = points.map { $0 * money }
    let draws = inner.clamped(to: 0..<offset.count)
    guard draws != inner else { return surface.chords(of: variable, at: spends, draws: draws) }
    return CurveChords(
      draws.isEmpty ? nil : surface.chords(of: variable, at: spends, draws: draws), spends: spends,
      line: spends.map { -$0 })
  }

  func outerCut(at inner: [Double]) -> OuterCut? {
    guard utility.properties.isConcave else { return nil }
    if let penalised = utility as? PenalisedScore {
      let (value, weights, slope) = penalised.plane(Array(inner.dropLast()).span, spend: -inner[inner.count - 1])
      return OuterCut(value: value / scale, weights: (weights + [-slope]).map { $0 / scale }, at: inner)
    }
    guard !(utility is any PlanUtility) else { return nil }
    let (value, weights) = utility.weightedScore(inner.span)
    return OuterCut(value: value / scale, weights: weights.map { $0 / scale }, at: inner)
  }
}

/// `max(0, −slack)` with its kink rounded off over a distance, what it falls by per unit of slack, and how fast that changes.
private func rampDown(_ slack: Double, over distance: Double) -> (value: Double, share: Double, bend: Double) {
  guard distance > 0 else { return (max(0, -slack), slack < 0 ? 1 : 0, 0) }
  let steps = -slack / distance
  let share = 1 / (1 + exp(-steps))
  let value = distance * (max(steps, 0) + log1p(exp(-abs(steps))))
  return (value, share, share * (1 - share) / distance)
}

/// The outcome near a plan, linear in the step, under a concave score.
private struct LinearisedOutcome: LocalModel {
  let outcome: [Double]
  let spend: Double
  let point: SurfacePoint
  let surrogate: any Utility
  let money: Double
  let scale: Double

  /// Value, one weight per draw, and what a unit of money adds beside the outcome.
  private func score(at step: [Double]) -> (value: Double, weights: [Double], slope: Double) {
    var moved = point.slopes.times(step.map { $0 * money })
    for draw in moved.indices { moved[draw] += outcome[draw] }
    if let penalised = surrogate as? PenalisedScore {
      return penalised.score(moved.span, spend: spend + step.reduce(0, +) * money)
    }
    let (value, weights) = surrogate.weightedScore(moved.span)
    return (value, weights, 0)
  }

  func value(at step: [Double]) -> (value: Double, gradient: [Double]) {
    let (value, weights, slope) = score(at: step)
    return (value / scale, point.slopes.transposeTimes(weights).map { ($0 + slope) * money / scale })
  }

  func curvature(at step: [Double]) -> Matrix {
    money * money / scale * Matrix(diagonal: point.curvatures.transposeTimes(score(at: step).weights))
  }
}

/// The last point whose derivatives a climb asked for: solvers ask for a value, an expansion and a model at the same place.
private final class LatestPoint: Sendable {
  private let state = Mutex<(x: [Double], point: SurfacePoint)?>(nil)

  func point(at x: [Double]) -> SurfacePoint? {
    state.withLock { state in state.flatMap { $0.x == x ? $0.point : nil } }
  }

  func keep(_ point: SurfacePoint, at x: [Double]) {
    state.withLock { $0 = (x, point) }
  }
}
