import Testing

@testable import Planning

/// Plans that leave what was observed, and plans that are kept within. Of the small posterior's ten weeks tv has 10 to 19, radio 20 to 29,
/// search 30 to 39.
@Suite struct ObservedSpendTests {
  private func warnings(_ answer: Recommendation) -> [String] {
    answer.warnings.filter { $0.hasPrefix("money in a period leaves") }
  }

  @Test func `each cell that leaves the range is named with how far`() throws {
    let plan = try smallPlan(
      "bounds: {tv: [200, 200], radio: [40, 40], search: [140, 140]}", budget: "budget: {total: 380}")
    let answer = try plan.optimise()
    #expect(
      warnings(answer) == [
        "money in a period leaves the range that was observed, where curves are extrapolated: tv 2.63 times the most, radio 0.5 times the least"
      ])
    #expect(answer.cells.map(\.observed?.least) == [10, 20, 30] && answer.cells.map(\.observed?.most) == [19, 29, 39])
    #expect(answer.cells[0].departure == .above(multiple: 50.0 / 19) && answer.cells[2].departure == nil)
    let off = try smallPlan(
      "bounds: {tv: [0, 0], radio: [100, 100], search: [140, 140]}", budget: "budget: {total: 240}")
    #expect(warnings(try off.optimise()).first?.hasSuffix(": tv nothing, below the least") == true)
    let unknown = try smallPlan(
      "current: {tv: 200, radio: 200, search: 200}",
      smallPosterior(history: false))
    #expect(warnings(try unknown.optimise()).isEmpty)
  }

  @Test func `by its highest period, where it is not spread evenly`() throws {
    let spread =
      "distribution: {tv: [0.1, 0.2, 0.3, 0.4], radio: [0.25, 0.25, 0.25, 0.25], search: [0.25, 0.25, 0.25, 0.25]}"
    let plan = try smallPlan(
      "\(spread)\nbounds: {tv: [60, 60], radio: [100, 100], search: [140, 140]}", budget: "budget: {total: 300}")
    #expect(try plan.optimise().cells[0].departure == .above(multiple: 24.0 / 19))
    // 10 in the first period are 100 over all; 19 in the last are 47.5.
    #expect(throws: InfeasiblePlan.self) { try smallPlan("\(spread)\nkeep_in_observed_range: true") }
  }

  @Test(arguments: ["channel", "channel, period"])
  func `kept within, no cell leaves it in any period`(dims: String) throws {
    let plan = try smallPlan(
      "keep_in_observed_range: true\ndecide: {by: [\(dims)]}", budget: "budget: {total: 330}")
    let answer = try plan.optimise()
    #expect(answer.reachesGap && warnings(answer).isEmpty)
    for cell in answer.cells {
      let range = try #require(cell.observed)
      #expect(cell.perPeriod.allSatisfy { $0 >= range.least * (1 - 1e-12) && $0 <= range.most * (1 + 1e-12) })
    }
    let free = try smallPlan("decide: {by: [\(dims)]}", budget: "budget: {total: 330}").optimise()
    #expect(free.utility.value >= answer.utility.value)
  }

  @Test func `what is held or may be off is let be`() throws {
    let held = try smallPlan(
      "keep_in_observed_range: true\ndecide: {by: [channel], except: [tv]}", budget: "budget: {total: 250}")
    #expect(try held.optimise().cells[0].total == 0)
    let off = try smallPlan(
      "keep_in_observed_range: true\nconstraints: [{off_or_at_least: search, spend: 130}]",
      budget: "budget: {total: 190, spend: at_most}")
    #expect(off.limits.lower[2] == 0 && off.limits.upper[2] == 156)
  }

  @Test func `a range that the budget does not fit is a conflict, and one that nobody knows a mistake`() {
    let conflict = problemsOfSmallPlan("keep_in_observed_range: true").joined()
    #expect(
      conflict.contains("search at most 156.00 by 252.00; it would be enough to lower the budget to 348.00"),
      "\(conflict)")
    #expect(
      problemsOfSmallPlan("keep_in_observed_range: true", smallPosterior(history: false)).contains(
        "plan.yaml:4:25: error: keep_in_observed_range needs what was spent, expected a posterior with observed periods, found none"
      ))
  }
}
