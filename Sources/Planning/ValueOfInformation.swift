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
    /// Of a plan for each draw of its curve: response is counted as that draw has it, in the other cells as those draws have it too; the plan
    /// knows of them only what a regression on the curve's three principal components predicts, made on the other half of the draws. Any
    /// such plan is worth no more than knowing the curve, so that the value is a lower one but for its error.
    public var estimate: Estimate
  }

  /// The mean of the best plan for what is known now.
  public var known: Double
  /// Of knowing everything.
  public var perfect: Estimate
  /// Of knowing one cell's curve, cell by cell.
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
    let neutral = PlanSearch(seeking(Mean()), polytope: polytope, until: PlanSearch.deadline(of: plan)).best().outcome
    let best = self.spend(neutral.solution.point, in: polytope)
    // What an interruption cut short is no value.
    let value = InformedPlans(self, polytope, known: best).value(of: spend)
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
  private var names: [String] { plan.spendCells.names }
  private var drawCount: Int { curves.drawCount }

  init(_ plan: CompiledPlan, _ polytope: Polytope, known: [Double]) {
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
      cells: names.indices.filter { _ in !SearchClock.isInterrupted }.map { cell in
        ValueOfInformation.Cell(name: names[cell], estimate: estimate(gainsKnowing(cell), upperBound: upper))
      }, regret: regret(spend), currentRegret: currentRegret)
  }

  private func estimate(_ gains: [Double], upperBound: Double?) -> ValueOfInformation.Estimate {
    let value = max(0, mean(gains.span))
    return ValueOfInformation.Estimate(
      value: value, standardError: (variance(gains.span) / Double(gains.count)).squareRoot(),
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

  /// By draw, what a plan gains that knows one cell's curve.
  private func gainsKnowing(_ cell: Int) -> [Double] {
    let features = principalComponents(of: cell)
    let halves = [0, 1].map { half in predictions(from: features, ofDrawsIn: half, knowing: cell) }
    return Parallel.map(drawCount) { draw -> Double in
      // Learnt on the half that the draw is not in.
      let predicted = halves[1 - draw % 2]
      let own = features.map { $0[draw] }
      let values = predicted.indices.map { other in
        other == cell ? curves.values(draw, cell) : predicted[other].map { $0.response(to: own) }
      }
      let chosen = feasible(
        fill.best(values) { variable, money in
          variable == cell ? curves.value(draw, cell, at: money) : interpolated(variable, money, values[variable])
        })
      return total(draw, chosen) - knownTotals[draw]
    }
  }

  private func interpolated(_ cell: Int, _ money: Double, _ values: [Double]) -> Double {
    let points = curves.points[cell]
    guard let high = points.firstIndex(where: { $0 >= money }), high > 0 else { return values[0] }
    let t = (money - points[high - 1]) / (points[high] - points[high - 1])
    return values[high - 1] + t * (values[high] - values[high - 1])
  }

  /// As many as say anything, three at most, each of mean 0 and variance 1: one number per draw.
  private func principalComponents(of cell: Int) -> [[Double]] {
    let places = Array(stride(from: 0, to: curves.points[cell].count, by: Self.thinning))
    let columns = places.map { point -> [Double] in
      let column = curves.column(cell, point)
      let middle = mean(column.span)
      return column.map { $0 - middle }
    }
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

  /// Nil where features do not vary apart over these draws: nothing is then predicted from them.
  private func factorised(_ matrix: Matrix, of count: Int) -> Cholesky? {
    guard count > matrix.rowCount + 1 else { return nil }
    do {
      let factor = try Cholesky(matrix)
      return factor
    } catch {
      return nil
    }
  }

  private struct Prediction {
    var mean: Double
    var slopes: [Double]

    func response(to features: [Double]) -> Double {
      var response = mean
      for index in features.indices { response += slopes[index] * features[index] }
      return response
    }
  }

  /// By cell and point, the regression of its response on the features over one half of the draws.
  private func predictions(
    from features: [[Double]], ofDrawsIn half: Int, knowing cell: Int
  ) -> [[Prediction]] {
    let draws = Array(stride(from: half, to: drawCount, by: 2))
    let middles = features.map { feature in draws.reduce(0) { $0 + feature[$1] } / Double(draws.count) }
    var normal = Matrix(rowCount: features.count, columnCount: features.count)
    for i in features.indices {
      for j in features.indices {
        normal[i, j] = draws.reduce(0) {
          $0 + (features[i][$1] - middles[i]) * (features[j][$1] - middles[j])
        }
      }
    }
    let factor = factorised(normal, of: draws.count)
    return Parallel.map(names.count) { other -> [Prediction] in
      guard other != cell else { return [] }
      return curves.points[other].indices.map { point in
        let column = curves.column(other, point)
        let middle = mean(column.span)
        guard let factor else { return Prediction(mean: middle, slopes: features.map { _ in 0 }) }
        let products = features.indices.map { i in
          draws.reduce(0) { $0 + (features[i][$1] - middles[i]) * (column[$1] - middle) }
        }
        return Prediction(mean: middle, slopes: factor.solve(products))
      }
    }
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
