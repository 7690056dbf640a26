import Testing

@testable import Planning

/// The best plan at each of several budgets.
@Suite struct ScenarioSweepTests {
  private func plan(_ text: String, budget: String = "budget: {total: 600}") throws -> Plan {
    let whole = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\n\(budget)\n\(text)\n"
    return try PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan
  }

  private func problems(_ text: String, budget: String = "budget: {total: 600}") throws -> [String] {
    do {
      _ = try ScenarioSweep(plan(text, budget: budget), smallPosterior())
      return []
    } catch let error as PlanProblems {
      return error.problems.map(\.description)
    }
  }

  /// What is shared between budgets changes no answer: values to what the proofs leave open, and the same lift, to the same current plan.
  @Test(arguments: [
    "utility: mean", "utility: {expected_shortfall: {tail: 0.2}}", "utility: {quantile: {level: 0.2}}", "measure: lift",
    "measure: roi", "measure: profit", "measure: response\ncurrent: {tv: 100, radio: 50}",
    "risk_limits: [{expected_shortfall: {tail: 0.1}, at_least: 100}]", "utility: raroc",
    "bounds: {default: {relative: 0.4}}", "decide: {by: [channel, period]}\nbounds: {default: [0, 100]}",
    "budget: {total: 600, spend: at_most}",
  ])
  func `each answer is that of the plan with that budget`(text: String) throws {
    let isWhole = text.hasPrefix("budget")
    let plan = try plan(isWhole ? "" : text, budget: isWhole ? text : "budget: {total: 600}")
    let sweep = try ScenarioSweep(plan, smallPosterior())
    #expect(sweep.scenarios.map(\.budget) == [480, 540, 600, 660, 720] && sweep.ownBudget == 600)
    for scenario in sweep.scenarios {
      let answer = try #require(scenario.answer)
      var alone = plan
      alone.budget = .total(scenario.budget, spend: plan.budget?.spend ?? .exactly)
      // Each is held against the current plan at the plan's own budget.
      alone.currentMoney = 600
      let own = try CompiledPlan(alone, smallPosterior()).optimise()
      #expect(answer.budget.requested == scenario.budget)
      let size = abs(own.utility.value)
      #expect(abs(answer.utility.value - own.utility.value) <= 2e-4 * size, "\(scenario.budget)")
      // Neither bound is below the other's plan.
      if let bound = answer.utility.upperBound { #expect(bound >= own.utility.value - 1e-9 * size) }
      if let bound = own.utility.upperBound { #expect(bound >= answer.utility.value - 1e-9 * size) }
      #expect((answer.utility.upperBound == nil) == (own.utility.upperBound == nil))
      #expect(answer.currentOutcome == own.currentOutcome)
      #expect(answer.limits.allSatisfy { $0.slack >= 0 })
    }
    #expect(sweep.own?.utility.value == sweep.scenarios[2].answer?.utility.value)
  }

  @Test func `a search begins at the plan of the budget below`() throws {
    let sweep = try ScenarioSweep(plan(""), smallPosterior())
    let starts = sweep.scenarios.compactMap { $0.answer?.solver?.starts }
    #expect(starts.map { $0.contains("plan of another budget") } == [false, true, true, true, true])
  }

  @Test func `a budget without a plan says why, and the others stand`() throws {
    let text = "bounds: {tv: [0, 200], radio: [0, 200], search: [0, 230]}"
    let sweep = try ScenarioSweep(plan(text), smallPosterior())
    #expect(sweep.scenarios.map { $0.answer != nil } == [true, true, true, false, false])
    #expect(sweep.scenarios[3].conflict?.message.contains("630.00") == true)
    #expect(!sweep.isWhole && sweep.own != nil)
    #expect(throws: InfeasiblePlan.self) {
      try ScenarioSweep(plan(text + "\nscenarios: {amounts: [900, 1000]}", budget: ""), smallPosterior())
    }
  }

  @Test func `bounds in money follow the budget where that is asked for`() throws {
    let text =
      "bounds: {tv: [60, 120], radio: {share: [0.1, 0.3]}, search: {history: [0.5, 4]}}\nscenarios: {budgets: [-50, 0, 50], scale_bounds: "
    func ends(_ scales: Bool) throws -> [[Double]] {
      try ScenarioSweep(plan(text + "\(scales)}"), smallPosterior()).scenarios.map { scenario in
        let cells = try #require(scenario.answer).cells
        return cells.flatMap { [$0.lower, $0.upper] }
      }
    }
    let (fixed, scaled) = (try ends(false), try ends(true))
    for (budget, rung) in zip([0.5, 1, 1.5], scaled) { expectEqual(rung, scaled[1].map { $0 * budget }) }
    #expect(fixed.map { Array($0[0..<2]) } == [[60, 120], [60, 120], [60, 120]])
    expectEqual(fixed.map { $0[3] }, [90, 180, 270])
    #expect(fixed[0][4] == fixed[2][4] && fixed[1] == scaled[1])
  }

  @Test func `amounts need no budget, and the order is the user's`() throws {
    let sweep = try ScenarioSweep(plan("scenarios: {amounts: [700, 500]}", budget: ""), smallPosterior())
    #expect(sweep.scenarios.map(\.budget) == [700, 500] && sweep.ownBudget == nil)
    #expect(sweep.own?.budget.requested == 700)
  }

  @Test func `plans that budgets say nothing of are refused`() throws {
    #expect(try problems("target: {roi: 2}").contains { $0.contains("expected none of target") })
    #expect(try problems("increment: {share: 0.1}").contains { $0.contains("expected no increment") })
    #expect(
      try problems("", budget: "budget: {total: 600, spend: {range: [1, 2]}}").contains {
        $0.contains("expected spend: exactly")
      })
    #expect(try problems("", budget: "").contains { $0.contains("expected budget: {total: MONEY}") })
    #expect(
      try problems("scenarios: {amounts: [5], scale_bounds: true}", budget: "").contains {
        $0.contains("expected budget")
      })
    var mixed = try plan("")
    mixed.scenarios.steps = [Placed(.change(0)), Placed(.money(5))]
    #expect(throws: PlanProblems.self) { try ScenarioSweep(mixed, smallPosterior()) }
    #expect(throws: PlanFileError.self) { try plan("scenarios: {budgets: [0], amounts: [5]}") }
  }
}
