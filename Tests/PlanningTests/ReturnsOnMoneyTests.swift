import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// What money returns, draw by draw.
@Suite struct ReturnsOnMoneyTests {
  @Test(arguments: ["", "outcome_value: 2.5"])
  func `of the plan for the mean the next unit's mean is the marginal ROI, and returns are those of the draws`(
    text: String
  ) throws {
    let plan = try smallPlan(text)
    let answer = try plan.optimise()
    let value = answer.outcomeValue ?? 1
    for cell in answer.cells {
      let next = try #require(cell.nextUnit)
      // Sums of 24 draws.
      #expect(abs(next.mean - value * cell.marginalROI) <= 1e-12 * abs(next.mean))
      #expect(next.q05 < next.mean && next.mean < next.q95)
      let current = try #require(cell.currentNextUnit)
      #expect(abs(current.mean - value * (try #require(cell.currentMarginalROI))) <= 1e-12 * abs(current.mean))
    }
    let spent = answer.cells.reduce(0) { $0 + ($1.current ?? 0) }
    let current = try #require(answer.currentOutcome)
    let returned = try #require(answer.currentROI)
    #expect(abs(returned.mean - value * current.mean / spent) <= 1e-12 * returned.mean)
    #expect(abs(returned.q05 - value * current.q05 / spent) <= 1e-12 * returned.mean)
  }

  /// d response / d money by differences, of the draw in the middle.
  @Test func `the next unit is the derivative of each draw's response`() throws {
    let plan = try smallPlan("utility: {expected_shortfall: {tail: 0.2}}")
    let spend = [150.0, 250, 200]
    let returns = plan.returnsOnMoney(at: spend)
    let step = 1e-3
    for cell in spend.indices {
      var (more, less) = (spend, spend)
      more[cell] += step
      less[cell] -= step
      let above = plan.objective.surface.responses(at: more).column(cell)
      let below = plan.objective.surface.responses(at: less).column(cell)
      let slopes = zip(above, below).map { ($0 - $1) / (2 * step) }
      let next = try #require(returns.next[cell])
      // Of the third derivative times the step's square, and of rounding over the step.
      #expect(abs(next.q50 - quantile(slopes.span, level: 0.5).value) <= 1e-6 * next.q50)
    }
  }

  @Test func `a root rises without limit from nothing, which no number says`() throws {
    var posterior = smallPosterior()
    posterior.cells[0].saturation = Root.self
    posterior.cells[0].saturationParameters = DrawMatrix(
      columns: [[Double](repeating: 1, count: 24), [Double](repeating: 0.5, count: 24)], drawCount: 24)
    posterior.cells[0].history = []
    let plan = try smallPlan("", posterior)
    let returns = plan.returnsOnMoney(at: [0, 300, 300])
    #expect(returns.next[0] == nil && returns.cells[0] == nil && returns.next[1] != nil)
  }
}
