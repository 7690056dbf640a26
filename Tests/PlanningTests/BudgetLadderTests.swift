import Testing

@testable import Planning

/// Budgets from half to twice, and where more money stops paying.
@Suite struct BudgetLadderTests {
  private func plan(_ text: String = "") throws -> Plan {
    try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n", source: "plan.yaml",
      folder: "."
    ).plan
  }

  @Test(arguments: [1.0, 2.5])
  func `below the crossing the next unit pays, and above it does not`(value: Double) throws {
    let text = value == 1 ? "" : "outcome_value: \(value)"
    let answers = try BudgetLadder(plan(text), smallPosterior()).sweep.scenarios.compactMap(\.answer)
    #expect(answers.count == 16 && answers.map(\.budget.spent) == answers.map(\.budget.spent).sorted())
    // What it brings in money on the rungs at a third and at two thirds.
    let returns = try answers.map { try #require($0.nextReturn) }
    #expect(returns == returns.sorted(by: >))
    let level = 0.5 * (returns[5] + returns[6])
    let ladder = try BudgetLadder(plan(text), smallPosterior(), level: level)
    let crossing = try #require(ladder.crossing)
    #expect(crossing.budget.spent >= answers[5].budget.spent && crossing.budget.spent < answers[6].budget.spent)
    let beyond = crossing.budget.spent + (answers[6].budget.spent - answers[5].budget.spent) / 128
    func next(_ budget: Double) throws -> Double {
      try CompiledPlan(plan(text).budgeted(budget, own: nil), smallPosterior()).optimise().nextReturn ?? 0
    }
    #expect(try next(crossing.budget.spent) >= level)
    #expect(try next(beyond) < level)
  }

  @Test func `where every rung pays, or none, no budget is named`() throws {
    #expect(try BudgetLadder(plan(), smallPosterior(), level: 1e9).crossing == nil)
    #expect(try BudgetLadder(plan(), smallPosterior(), level: 1e-9).crossing == nil)
  }
}
