import NumericKernel
import Optimisation
import ResponseModel

/// What it would be worth to know more before the money is spent, to a planner who maximises the mean, in units of the measure.
///
/// With everything known the best plan of each draw could be had: what the mean over draws of these is above the best mean is the expected
/// value of perfect information, and no experiment is worth more. With one cell's curve known, and of the others what it tells of them,
/// a plan can follow that curve alone. (H. Raiffa, R. Schlaifer, "Applied Statistical Decision Theory", 1961.)
public struct ValueOfInformation: Sendable {
  /// A value with what is known of it.
  public struct Estimate: Sendable, Equatable {
    /// What plans were found for, at least: the mean over draws of what they gain.
    public var value: Double
    /// Of the mean over draws, by which it would differ with as many others.
    public var standardError: Double
    /// Proved: no plans gain more on average over these draws; nil where nothing is proved.
    public var upperBound: Double?
  }

  /// What knowing one cell's curve is worth.
  public struct Cell: Sendable, Equatable {
    /// As `Recommendation.CellResult.name` has it.
    public var name: String
    /// Of a plan for each draw of its curve, which knows of the others what a regression on the curve's three principal components tells: the
    /// mean over draws of what such plans gain by those curves (M. Strong, J. E. Oakley, A. Brennan, Estimating multiparameter partial
    /// expected value of perfect information, Medical Decision Making 34, 2014). What no more than chance explains is shrunk away, so that curves which are
    /// independent of this one are known by their means. The error is that of the draws; best plans that a search misses make it too low.
    public var estimate: Estimate
  }

  /// The mean of the best plan for what is known now.
  public var known: Double
  /// Of knowing everything.
  public var perfect: Estimate
  /// Of knowing one cell's curve, in the order of the cells; where they are many, of those alone whose curves differ most over draws.
  public var cells: [Cell]
  /// Over draws: how far this plan is below the best plan of each draw, as found.
  public var regret: Recommendation.Summary
  /// The same of the current plan, over plans that spend as this one may; nil without one, and where it does not keep the limits.
  public var currentRegret: Recommendation.Summary?
}

extension CompiledPlan {
  /// What it would be worth to know more, for a plan whose money is spread over the periods by a distribution; nil for one by period, one
  /// with a target or limits of risk, of a single draw, and after an interruption.
  ///
  /// - Parameters:
  ///   - spend: money by cell of the plan that is to be judged.
  public func valueOfInformation(for spend: [Double]) -> ValueOfInformation? {
    guard calendar == nil, goal == nil, posterior.drawCount > 1, allocated == nil, !SearchClock.isInterrupted else {
      return nil
    }
    let polytope = limits.polytope(money: money)
    guard polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let deadline = PlanSearch.deadline(of: plan)
    let neutral = PlanSearch(seeking(Mean()), polytope: polytope, until: deadline).best().outcome
    let best = self.spend(neutral.solution.point, in: polytope)
    // What an interruption cut short is no value.
    let value = InformedPlans(self, polytope, known: best, until: deadline).value(of: spend)
    return SearchClock.isInterrupted ? nil : value
  }
}

/// Plans that know a draw, or a part of it.
private struct InformedPlans {
  private let plan: CompiledPlan
  private let polytope: Polytope
  private let curves: NodeCurves
  private let fill: EnvelopeFill
  /// The best plan without any of that, and its responses by draw.
  private let known: [Double]
  private let knownTotals: [Double]
  private let deadline: ContinuousClock.Instant
  private var names: [String] { plan.spendCells.names }
  private var drawCount: Int { curves.drawCount }

  init(_ plan: CompiledPlan, _ polytope: Polytope, known: [Double], until deadline: ContinuousClock.Instant) {
    self.deadline = deadline
    self.plan = plan
    self.polytope = polytope
    self.known = known
    curves = NodeCurves(
      plan.objective.surface, lower: polytope.lower.map { $0 * plan.money },
      upper: polytope.upper.map { $0 * plan.money })
    let budget = polytope.rows.first { $0.label == "budget" }
    fill = EnvelopeFill(
      points: curves.points, lower: (budget?.lower ?? -.infinity) * plan.money,
      upper: (budget?.upper ?? .infinity) * plan.money)
    let responses = plan.objective.surface.responses(at: known).rowSums()
    knownTotals = responses
  }

  func value(of spend: [Double]) -> ValueOfInformation {
    let offset = plan.objective.offset
    let best = Parallel.map(drawCount) { draw in bestTotal(draw) }
    let gains = zip(best, knownTotals).map { max(0, $0 - $1) }
    let knownOutcome = zip(knownTotals, offset).map { $0 + $1 }
    let knownMean = mean(knownOutcome.span)
    let bounds = plan.objective.innerBounds(
      over: polytope, points: curves.points.map { $0.map { $0 / plan.money } })
    let upper = mean(bounds.span) - knownMean
    func regret(_ spend: [Double]) -> Recommendation.Summary {
      let totals = plan.objective.surface.responses(at: spend).rowSums()
      return Recommendation.Summary(zip(best, totals).map { max(0, $0 - $1) })
    }
    var currentRegret: Recommendation.Summary?
    if let current = plan.current, plan.limits.allow(current, tolerance: plan.tolerance) {
      currentRegret = regret(current)
    }
    return ValueOfInformation(
      known: knownMean, perfect: estimate(gains, upperBound: upper),
      cells: examined.filter { _ in SearchClock.now < deadline }.map { cell in
        ValueOfInformation.Cell(name: names[cell], estimate: estimate(gainsKnowing(cell), upperBound: upper))
      }, regret: regret(spend), currentRegret: currentRegret)
  }

  /// As many as are looked at in seconds: those whose curves differ most over draws half-way up their range.
  private var examined: [Int] {
    let count = max(Self.leastExamined, Self.work / (drawCount * names.count))
    guard count < names.count else { return Array(names.indices) }
    let spread = names.indices.map { cell -> Double in
      let column = curves.column(cell, curves.points[cell].count / 2)
      return variance(column.span)
    }
    return names.indices.sorted { spread[$0] == spread[$1] ? $0 < $1 : spread[$0] > spread[$1] }.prefix(count).sorted()
  }

  /// Draws times cells times cells examined.
  private static let work = 2_000_000
  private static let leastExamined = 5

  private func estimate(_ gains: [Double], upperBound: Double?) -> ValueOfInformation.Estimate {
    let value = mean(gains.span)
    // Draws that evidence has had drawn again say no more than the others.
    let count = plan.posterior.reweighting?.effectiveDraws ?? Double(gains.count)
    return ValueOfInformation.Estimate(
      value: value, standardError: (variance(gains.span) / count).squareRoot(),
      upperBound: upperBound.map { max($0, value) })
  }

  /// The most that a plan is found to bring in one draw.
  private func bestTotal(_ draw: Int) -> Double {
    let found = feasible(fill.best(curves.values(draw), between: { curves.value(draw, $0, at: $1) }))
    return max(total(draw, found), knownTotals[draw])
  }

  private func total(_ draw: Int, _ spend: [Double]) -> Double {
    spend.indices.reduce(0) { $0 + curves.value(draw, $1, at: spend[$1]) }
  }

  /// As far on the way from the known plan as all limits allow: those beside the budget the filling does not look at.
  private func feasible(_ spend: [Double]) -> [Double] {
    if plan.limits.allow(spend, tolerance: plan.tolerance) { return spend }
    var (low, high) = (0.0, 1.0)
    func point(_ share: Double) -> [Double] { zip(known, spend).map { $0 + share * ($1 - $0) } }
    for _ in 0..<30 {
      let middle = 0.5 * (low + high)
      if plan.limits.allow(point(middle), tolerance: plan.tolerance) { low = middle } else { high = middle }
    }
    return point(low)
  }

  // MARK: One cell's curve

  /// By draw, what a plan gains that knows one cell's curve, by that curve and by what it tells of the others.
  private func gainsKnowing(_ cell: Int) -> [Double] {
    let features = principalComponents(of: cell)
    let others = Parallel.map(names.count) { $0 == cell ? nil : ToldCurve(curves, $0, by: features) }
    return Parallel.map(drawCount) { draw -> Double in
      let own = features.map { $0[draw] }
      let values = others.indices.map { others[$0]?.values(own) ?? curves.values(draw, cell) }
      func value(_ variable: Int, _ money: Double) -> Double {
        guard let other = others[variable] else { return curves.value(draw, cell, at: money) }
        return curves.value(of: variable, at: money) { (values[variable][$0], other.slope(own, at: $0)) }
      }
      func total(_ spend: [Double]) -> Double { spend.indices.reduce(0) { $0 + value($1, spend[$1]) } }
      return max(0, total(feasible(fill.best(values, between: value))) - total(known))
    }
  }

  /// As many as say anything, three at most, each of mean 0 and variance 1: one number per draw.
  private func principalComponents(of cell: Int) -> [[Double]] {
    let places = Array(stride(from: 0, to: curves.points[cell].count, by: Self.thinning))
    var columns = places.map { point -> [Double] in
      let column = curves.column(cell, point)
      let middle = mean(column.span)
      return column.map { $0 - middle }
    }
    // In a unit that no product of two leaves: a power of two, which changes no digit.
    let greatest = columns.joined().reduce(0) { max($0, $1.magnitude) }
    guard greatest > 0, greatest.isFinite else { return [] }
    let unit = Double(sign: .plus, exponent: greatest.exponent, significand: 1)
    for index in columns.indices { for draw in columns[index].indices { columns[index][draw] /= unit } }
    var products = Matrix(rowCount: places.count, columnCount: places.count)
    for i in places.indices {
      for j in 0...i {
        products[i, j] = blockSum(count: drawCount) { columns[i][$0] * columns[j][$0] }
        products[j, i] = products[i, j]
      }
    }
    let eigen = SymmetricEigen(products)
    let largest = eigen.values.last ?? 0
    return eigen.values.indices.suffix(3).reversed().filter { largest > 0 && eigen.values[$0] > 1e-6 * largest }.map {
      index in
      let scale = (Double(drawCount) / eigen.values[index]).squareRoot()
      return (0..<drawCount).map { draw in
        places.indices.reduce(0) { $0 + eigen.vectors[$1, index] * columns[$1][draw] } * scale
      }
    }
  }

  /// Of the points that curves are known at, every so many make its components.
  private static let thinning = 6
}

/// A cell's curve as features of another one tell it: at each of its points the mean over draws, and how it moves with each feature.
private struct ToldCurve: Sendable {
  /// By point.
  private let means: [Double]
  private let meanSlopes: [Double]
  /// By feature, then by point; of those that tell anything.
  private let moves: [(feature: Int, values: [Double], slopes: [Double])]

  /// - Parameter features: of mean 0, variance 1 and without correlation, so that a regression on all of them is one on each.
  init(_ curves: NodeCurves, _ cell: Int, by features: [[Double]]) {
    let places = curves.points[cell].indices
    let columns = places.map { curves.column(cell, $0) }
    let slopeColumns = places.map { curves.slopeColumn(cell, $0) }
    func averages(_ columns: [[Double]]) -> [Double] { columns.map { mean($0.span) } }
    means = averages(columns)
    meanSlopes = averages(slopeColumns)
    let count = Double(curves.drawCount)
    let whole = columns.reduce(0) { $0 + variance($1.span) }
    func covariances(_ columns: [[Double]], _ feature: [Double]) -> [Double] {
      columns.map { column in blockSum(count: feature.count) { feature[$0] * column[$0] } / count }
    }
    moves = features.indices.compactMap { index in
      let values = covariances(columns, features[index])
      let explained = whole > 0 ? values.reduce(0) { $0 + $1 * $1 } / whole : 0
      // By chance a feature explains 1 / (n − 2) of what it leaves (W. James, C. Stein, Estimation with quadratic loss, 1961).
      let kept = explained > 0 && count > 2 ? max(0, 1 - (1 - min(explained, 1)) / ((count - 2) * explained)) : 0
      guard kept > 0 else { return nil }
      let slopes = covariances(slopeColumns, features[index]).map { $0.isFinite ? $0 * kept : 0 }
      return (index, values.map { $0 * kept }, slopes)
    }
  }

  func values(_ features: [Double]) -> [Double] {
    var values = means
    for move in moves {
      for point in values.indices { values[point] += features[move.feature] * move.values[point] }
    }
    return values
  }

  func slope(_ features: [Double], at point: Int) -> Double {
    moves.reduce(meanSlopes[point]) { $0 + features[$1.feature] * $1.slopes[point] }
  }
}

extension CompiledPlan {
  /// The answer with what it would be worth to know more, where that can be said.
  public func informing(_ answer: Recommendation) -> Recommendation {
    var informed = answer
    informed.information = valueOfInformation(for: answer.amounts)
    return informed
  }
}
