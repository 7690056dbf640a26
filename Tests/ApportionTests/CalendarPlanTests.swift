import Apportion
import TestSupport
import Testing

/// Plans by period, small enough for a test: what is found, and what is proved.
@Suite struct CalendarPlanTests {
  static let utilities: [any Utility] = [
    Mean(), ExpectedShortfall(tail: 0.1), Entropic(gamma: 0.2),
    Blend(aversion: 0.5, with: ExpectedShortfall(tail: 0.2)),
    Shortfall(target: 30, lambda: 2),
  ]

  @Test(arguments: utilities.indices)
  func `a plan by period is proved to a millionth`(index: Int) throws {
    let utility = Self.utilities[index]
    let plan = CalendarPlan(channels: 3, periods: 8, draws: 300)
    let objective = plan.objective(utility)
    let outcome = try #require(InteriorPoint().maximum(of: objective, over: plan.polytope, from: plan.even))
    let bound = try #require(outcome.upperBound)
    #expect(bound >= outcome.value && bound - outcome.value <= 1e-5 * abs(outcome.value), "\(utility)")
    #expect(plan.polytope.violation(at: outcome.point) <= 1e-9 * plan.polytope.width)
    #expect(outcome.value > objective.value(at: plan.even))
    // Exchanges of money between neighbours in the calendar do not rise above the bound, nor above the value.
    for j in 1..<outcome.point.count {
      for move in [1e-3, -1e-3] {
        var moved = outcome.point
        moved[j - 1] -= move / plan.budget
        moved[j] += move / plan.budget
        guard plan.polytope.violation(at: moved) == 0 else { continue }
        #expect(objective.value(at: moved) <= bound)
      }
    }
  }

  @Test func `weights below zero prove nothing by tangents`() throws {
    let plan = CalendarPlan(channels: 2, periods: 4, draws: 200)
    let outcome = try #require(
      InteriorPoint().maximum(
        of: plan.objective(MeanDeviation(lambda: 3)), over: plan.polytope, from: plan.even))
    #expect(outcome.termination == .converged && outcome.upperBound == nil)
  }
}
