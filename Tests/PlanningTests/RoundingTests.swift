import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct RoundingTests {
  private let record = RunRecord(version: "test")

  private func isMultiple(_ money: Double, of unit: Double) -> Bool {
    abs(money / unit - (money / unit).rounded()) <= 1e-9
  }

  @Test func `the plan is in multiples, spends what it spent, and no exchange of a unit is better`() throws {
    for utility in ["mean", "expected_shortfall", "{quantile: {level: 0.2}}"] {
      let plan = try smallPlan("utility: \(utility)\nrounding: {unit: 25}")
      let answer = try plan.optimise(record: record)
      let money = answer.cells.map(\.total)
      #expect(money.allSatisfy { isMultiple($0, of: 25) }, "\(money)")
      #expect(money.reduce(0, +) == 600)
      let rounding = try #require(answer.rounding)
      let exact = try smallPlan("utility: \(utility)").optimise(record: record)
      #expect(rounding.oddCells.isEmpty)
      #expect(abs(rounding.loss - (exact.utility.value - answer.utility.value)) <= 1e-9 * exact.utility.value)
      #expect(answer.utility.upperBound == exact.utility.upperBound)
      for source in 0..<3 {
        for target in 0..<3 where source != target && money[source] >= 25 {
          var moved = money
          moved[source] -= 25
          moved[target] += 25
          let isConcave = !utility.contains("quantile")
          #expect(!isConcave || plan.score(spend: moved) <= answer.utility.value * (1 + 1e-12), "\(utility)")
        }
      }
    }
  }

  /// Of all plans in multiples, looked at one by one.
  @Test func `the rounded plan of a concave utility is the best there is`() throws {
    let plan = try smallPlan("bounds: {tv: [60, 220]}\nrounding: {unit: 50}")
    let answer = try plan.optimise(record: record)
    var best = -Double.infinity
    for tv in 2...4 {
      for radio in 0...(12 - tv) {
        best = max(best, plan.score(spend: [50 * Double(tv), 50 * Double(radio), 600 - 50 * Double(tv + radio)]))
      }
    }
    #expect(answer.utility.value == best)
  }

  @Test func `an odd budget leaves its rest with one cell, and held cells stay as they are`() throws {
    let answer = try smallPlan(
      "constraints: [{fixed: radio, spend: 133.3}]\nrounding: {unit: 10}", budget: "budget: {total: 617.5}"
    ).optimise(record: record)
    let money = answer.cells.map(\.total)
    #expect(money.reduce(0, +) == 617.5 && money[1] == 133.3)
    let rounding = try #require(answer.rounding)
    #expect(rounding.oddCells.count == 2 && rounding.oddCells.contains("radio"))
    #expect(money.count { isMultiple($0, of: 10) } == 1)
  }

  @Test func `of many cells all but one are multiples`() throws {
    let instance = PlanFamily.concave.instance(channels: 40, draws: 20, periods: 1, seed: 1)
    let plan = try CompiledPlan(
      PlanFile.parse(
        instance.plan(
          "rounding: {unit: 0.07}",
          "constraints: [{group: [\(instance.posterior.channels.prefix(20).joined(separator: ", "))], at_most: {share: 0.4}}]"
        ),
        source: "plan.yaml", folder: "."
      ).plan, instance.posterior)
    let answer = try plan.optimise(record: record)
    #expect(answer.rounding?.oddCells.count == 1)
    #expect(answer.cells.count { isMultiple($0.total, of: 0.07) } == 39)
    #expect(abs(answer.budget.spent - 40) <= 1e-9 * 40)
    #expect(answer.limits.allSatisfy { $0.slack >= 0 })
    #expect(try #require(answer.rounding).loss <= 1e-3 * answer.utility.value)
  }

  @Test func `groups, ratios and minimums hold for the rounded plan`() throws {
    let text = """
      constraints:
        - {group: [tv, radio], equal: 315}
        - {linear: {tv: 1, radio: -0.7}, at_most: 0}
        - {off_or_at_least: search, spend: 45}
      rounding: {unit: 20}
      """
    let plan = try smallPlan(text)
    let answer = try plan.optimise(record: record)
    #expect(plan.isWithinLimits(answer.cells.map(\.total)))
    #expect(answer.limits.allSatisfy { $0.slack >= 0 })
    // 315 is no multiple of 20, and so neither is 285: one cell on each side is odd.
    #expect(answer.rounding?.oddCells.count == 2)
    #expect(answer.reachesGap)
  }

  @Test func `money that may be left is not spent by rounding`() throws {
    let answer = try smallPlan(
      "utility: {mean_deviation: {lambda: 0.1}}\nrounding: {unit: 7}",
      budget: "budget: {total: 600, spend: at_most}"
    ).optimise(record: record)
    #expect(answer.budget.spent <= 600)
    #expect(answer.limits.allSatisfy { $0.slack >= 0 })
  }
}
