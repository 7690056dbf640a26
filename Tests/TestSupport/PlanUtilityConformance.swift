import NumericKernel
public import ResponseModel
public import Testing

/// Fails the test unless a utility of plans gives derivatives that match differences in the outcome, in spend and in the
/// cells' responses at random plans, does not depend on the order of the cells, and scores plans at the edge: one draw, equal
/// draws, a cell or all cells without spend.
public func expectPlanUtility(_ utility: any PlanUtility, sourceLocation: SourceLocation = #_sourceLocation) {
  let suite = PlanUtilityConformance(utility: utility, location: sourceLocation)
  var source = TestRandom(seed: 7)
  for (drawCount, cellCount) in [(3, 2), (20, 3), (41, 6)] {
    let plan = source.plan(drawCount: drawCount, cellCount: cellCount)
    suite.expectDerivatives(plan)
    suite.expectOrderOfCellsIsFree(plan)
    var without = plan
    without.spend[0] = 0
    suite.expectNumbers(without, "with nothing spent on one cell")
    without.spend = without.spend.map { _ in 0 }
    suite.expectNumbers(without, "with nothing spent")
    suite.expectNumbers(plan.repeatingFirstDraw(drawCount), "with equal draws")
    suite.expectNumbers(plan.repeatingFirstDraw(1), "with one draw")
  }
}

private struct PlanUtilityConformance {
  let utility: any PlanUtility
  let location: SourceLocation

  func expect(_ condition: Bool, _ complaint: @autoclosure () -> String) {
    guard !condition else { return }
    let complaint = complaint()
    Issue.record("\(utility): \(complaint)", sourceLocation: location)
  }

  /// Central differences at plans of order 10: relative error 1e-10 from rounding, 1e-10 from curvature.
  func expectDerivative(_ promised: Double, of name: String, _ move: (Double) -> ScoredPlan) {
    let step = 1e-5
    let slope = (utility.score(move(step)).value - utility.score(move(-step)).value) / (2 * step)
    expect(abs(slope - promised) <= 1e-7 * max(abs(promised), 0.01), "in \(name) \(promised), by differences \(slope)")
  }

  func expectDerivatives(_ plan: ScoredPlan) {
    let score = utility.score(plan)
    expect(score.outcomeWeights.count == plan.outcome.count, "one outcome weight per draw")
    expect(score.spendGradient.count == plan.spend.count, "one spend derivative per cell")
    for cell in plan.spend.indices {
      expectDerivative(score.spendGradient[cell], of: "spend") { step in
        var moved = plan
        moved.spend[cell] += step
        return moved
      }
    }
    for draw in plan.outcome.indices {
      expectDerivative(score.outcomeWeights[draw], of: "the outcome") { step in
        var moved = plan
        moved.outcome[draw] += step
        return moved
      }
      for cell in plan.spend.indices {
        expectDerivative(score.responseWeights?[draw, cell] ?? 0, of: "a response") { step in
          var moved = plan
          moved.responses[draw, cell] += step
          return moved
        }
      }
    }
  }

  func expectOrderOfCellsIsFree(_ plan: ScoredPlan) {
    let backwards = Array(plan.spend.indices.reversed())
    let turned = ScoredPlan(
      outcome: plan.outcome, spend: backwards.map { plan.spend[$0] },
      responses: DrawMatrix(columns: backwards.map { plan.responses.column($0) }, drawCount: plan.responses.drawCount))
    let value = utility.score(plan).value
    let other = utility.score(turned).value
    expect(abs(value - other) <= 1e-13 * abs(value), "\(value) becomes \(other) with the cells in another order")
  }

  func expectNumbers(_ plan: ScoredPlan, _ place: String) {
    let score = utility.score(plan)
    let cells = score.responseWeights.map { weights in plan.spend.indices.flatMap { weights.column($0) } } ?? []
    expect(
      score.value.isFinite && (score.outcomeWeights + score.spendGradient + cells).allSatisfy(\.isFinite),
      "\(place) it is \(score)")
  }
}

extension TestRandom {
  fileprivate mutating func plan(drawCount: Int, cellCount: Int) -> ScoredPlan {
    let responses = (0..<cellCount).map { _ in (0..<drawCount).map { _ in 5 + normal() } }
    return ScoredPlan(
      outcome: (0..<drawCount).map { draw in responses.reduce(0) { $0 + $1[draw] } },
      spend: (0..<cellCount).map { _ in 1 + 9 * uniform() },
      responses: DrawMatrix(columns: responses, drawCount: drawCount))
  }
}

extension ScoredPlan {
  fileprivate func repeatingFirstDraw(_ count: Int) -> ScoredPlan {
    ScoredPlan(
      outcome: [Double](repeating: outcome[0], count: count), spend: spend,
      responses: DrawMatrix(
        columns: spend.indices.map { [Double](repeating: responses[0, $0], count: count) }, drawCount: count))
  }
}
