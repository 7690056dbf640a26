import ResponseModel
import Testing

@testable import Planning

@Suite struct PlainValuesTests {
  private let plan = Plan(
    posterior: PosteriorChoice("small.nc"), horizon: Horizon(periods: 4), budget: .total(600),
    utility: UtilityChoice("expected_shortfall", ["tail": 0.5]), bounds: Bounds(["tv": 0...250, "radio": 50...400]))

  @Test func `a plan of plain values is the plan that its text says`() throws {
    let text = """
      utility: {expected_shortfall: {tail: 0.5}}
      bounds: {radio: [50, 400], tv: [0, 250]}
      """
    let written = try smallPlan(text).optimise()
    let plain = try CompiledPlan(plan, smallPosterior()).optimise()
    #expect(plain.cells.map(\.total) == written.cells.map(\.total))
    #expect(plain.cells.map(\.lower) == [0, 50, 0])
    #expect(plain.cells.map(\.upper) == [250, 400, 600])
    #expect(plain.draws == written.draws)
    #expect(plain.utility == written.utility)
    #expect(plain.budget == written.budget)
  }

  @Test func `a share of the current plan bounds every cell`() throws {
    var relative = plan
    relative.bounds = Bounds(relative: 0.5)
    #expect(
      try CompiledPlan(relative, smallPosterior()).optimise().limits
        == smallPlan("utility: {expected_shortfall: {tail: 0.5}}\nbounds: {default: {relative: 0.5}}").optimise().limits
    )
  }

  @Test func `money may be left where a budget says at most`() {
    #expect(Budget.total(600, spend: .atMost) == Budget(amount: Placed(.total(600)), spend: .atMost))
  }

  @Test func `an allocation names its money, and what is not named spends nothing`() throws {
    let scored = try CompiledPlan(plan, smallPosterior(), scoring: Allocation(["tv": 200, "search": 400])).evaluate()
    #expect(scored.cells.map(\.total) == [200, 0, 400])
    // radio is below its bound of 50.
    #expect(scored.status == .evaluatedOutsideLimits)
  }

  @Test func `what is wrong is told by name, without a place, in the order of names`() throws {
    var wrong = plan
    wrong.utility = UtilityChoice("expected_shortfall", ["tial": 0.5])
    let utility = #expect(throws: PlanProblems.self) { try CompiledPlan(wrong, smallPosterior()) }
    #expect(utility?.problems.map(\.message) == ["expected_shortfall has no option tial"])
    wrong.utility = UtilityChoice("mean")
    wrong.bounds = Bounds(["tvv": 0...1, "radoi": 0...1, "x": 0...1])
    let cells = #expect(throws: PlanProblems.self) { try CompiledPlan(wrong, smallPosterior()) }
    let messages = cells?.problems.map(\.message) ?? []
    #expect(messages.count == 3)
    for (message, name) in zip(messages, ["radoi", "tvv", "x"]) { #expect(message.contains(name)) }
    #expect(cells?.problems.allSatisfy { $0.position == nil } == true)
  }
}
