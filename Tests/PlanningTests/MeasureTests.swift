import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct MeasureTests {
  private let record = RunRecord(version: "test")

  /// The small plan, with another horizon or budget where the text has one.
  private func compiled(_ text: String, _ posterior: Posterior = smallPosterior()) throws -> CompiledPlan {
    let horizon = text.contains("horizon:") ? "" : "horizon: {num_periods: 4}\n"
    let budget = text.contains("budget:") ? "" : "budget: {total: 600}\n"
    let whole = "posterior: {file: small.nc}\n\(horizon)\(budget)\(text)\n"
    return try CompiledPlan(PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, posterior)
  }

  private func draws(_ text: String, _ posterior: Posterior = smallPosterior()) throws -> [Double] {
    let plan = try compiled(text, posterior)
    return plan.objective.reading(spend: Self.spend).outcome
  }

  private static let spend = [100.0, 60, 40]

  @Test func `profit is the worth at the margin, less money`() throws {
    let incremental = try draws("")
    let profit = try draws("measure: profit\nmargin: 0.4\noutcome_value: 12.5")
    expectEqual(profit, incremental.map { 0.4 * 12.5 * $0 - 200 })
    expectEqual(try draws("measure: profit"), incremental.map { $0 - 200 })
  }

  /// What is felt in each period alone, by the window of the response.
  @Test func `periods have their own worth, and money of later ones counts less`() throws {
    let byPeriod = try (1...4).map {
      try draws("response: {window: [\($0), \($0)]}\nhorizon: {num_periods: 4, carry_over: false}")
    }
    let whole = try draws("horizon: {num_periods: 4, carry_over: false}")
    expectEqual(whole, whole.indices.map { draw in byPeriod.reduce(0) { $0 + $1[draw] } })
    let profit = try draws(
      "horizon: {num_periods: 4, carry_over: false}\nmeasure: profit\nmargin: [0.5, 0.5, 0.2, 0.1]\noutcome_value: [2, 4, 2, 4]\ndiscount: 0.25"
    )
    let worth = zip([1.0, 2, 0.4, 0.4], 0..<4).map { $0 * [1, 0.8, 0.64, 0.512][$1] }
    let money = 50 * (1 + 0.8 + 0.64 + 0.512)
    expectEqual(
      profit, whole.indices.map { draw in (0..<4).reduce(-money) { $0 + worth[$1] * byPeriod[$1][draw] } })
  }

  @Test func `what is felt after the plan has the last period's worth`() throws {
    let carried = try draws("")
    let inside = try draws("horizon: {num_periods: 4, carry_over: false}")
    let valued = try draws("measure: profit\noutcome_value: [0, 0, 0, 3]")
    let last = try draws("response: {window: [4, 4]}\nhorizon: {num_periods: 4, carry_over: false}")
    expectEqual(
      valued, carried.indices.map { 3 * (carried[$0] - inside[$0] + last[$0]) - 200 })
  }

  @Test func `some channels count, and the others' money is spent all the same`() throws {
    let plan = try compiled("response: {channels: [tv, search]}")
    let whole = try compiled("").objective.reading(spend: Self.spend).responses
    let atRest = try compiled("").objective.surface.atRest
    let counted = plan.objective.reading(spend: Self.spend).outcome
    let incremental = whole.minus(atRest)
    expectEqual(counted, counted.indices.map { incremental[$0, 0] + incremental[$0, 2] })
    let answer = try plan.optimise(record: record)
    #expect(answer.cells[1].total == 0 && answer.cells[1].response.mean == 0)
    #expect(answer.utility.bound == .certified && (answer.utility.gap ?? 1) <= 1e-4)
  }

  @Test func `lift is counted from the current plan`() throws {
    let plan = try compiled("measure: lift\ncurrent: {tv: 50, radio: 100, search: 50}")
    let current = try compiled("").objective.reading(spend: [50, 100, 50]).outcome
    expectEqual(plan.objective.reading(spend: Self.spend).outcome, zip(try draws(""), current).map { $0 - $1 })
    #expect(plan.currentObjective.reading(spend: [50, 100, 50]).outcome.allSatisfy { abs($0) < 1e-12 })
    #expect(
      problemsOfSmallPlan("measure: lift", smallPosterior(history: false)).contains { $0.contains("measure: lift") })
  }

  @Test func `roi is worth by money, of each plan by its own`() throws {
    let text = "measure: roi\noutcome_value: 3\ncurrent: {tv: 20, radio: 20, search: 10}\nbudget: {total: 200}"
    let plan = try compiled(text)
    expectEqual(plan.objective.reading(spend: Self.spend).outcome, try draws("").map { 3 * $0 / 200 })
    let current = try compiled("").objective.reading(spend: [20, 20, 10]).outcome
    expectEqual(plan.currentObjective.reading(spend: [20, 20, 10]).outcome, current.map { 3 * $0 / 50 })
    let answer = try plan.optimise(record: record)
    expectEqual(try #require(answer.roi).mean, answer.outcome.mean)
    #expect(throws: PlanProblems.self) { try compiled("measure: roi\nbudget: {total: 200, spend: at_most}") }
  }

  @Test func `profit of a budget that may be left is spent while it pays, and proved`() throws {
    let plan = try compiled("measure: profit\noutcome_value: 0.5\nmargin: 0.5\nbudget: {total: 4000, spend: at_most}")
    let answer = try plan.optimise(record: record)
    #expect(answer.utility.bound == .certified && (answer.utility.gap ?? 1) <= 1e-4)
    #expect(answer.budget.spent < 4000)
    for cell in answer.cells where cell.total > 0 { #expect(abs(cell.marginalROI) < 1e-3) }
    let certificate = try #require(answer.certificate)
    let replayed = try #require(plan.upperBound(by: certificate))
    #expect(replayed >= answer.utility.value)
  }

  @Test(
    arguments: [
      ("response: {channels: [tvv]}", "response.channels: no channel tvv"),
      ("response: {brands: [a]}", "response: no dim brands"),
      ("response: {window: [3, 9]}", "response.window: expected the first and the last of the plan's 4 periods"),
      ("response: {window: [2024-01-01, 2024-02-01]}", "no horizon.start"),
      ("margin: [0.1, 0.2]", "margin: expected 4 numbers, one a period, found 2"),
    ])
  func `what does not fit is told`(text: String, sentence: String) {
    #expect(problemsOfSmallPlan(text).contains { $0.contains(sentence) }, "\(problemsOfSmallPlan(text))")
  }

  @Test func `days name the periods that they are in`() throws {
    let byDay = try draws(
      "horizon: {num_periods: 4, start: 2024-01-01, carry_over: false}\nresponse: {window: [2024-01-10, 2024-01-20]}",
      smallPosterior(history: false))
    let byNumber = try draws(
      "horizon: {num_periods: 4, carry_over: false}\nresponse: {window: [2, 3]}", smallPosterior(history: false))
    expectEqual(byDay, byNumber)
  }

  @Test func `the plan is read back from its own words`() throws {
    let plan = try compiled(
      "measure: profit\nmargin: [0.1, 0.2, 0.3, 0.4]\noutcome_value: 3\ndiscount: 0.01\nresponse: {channels: [tv], window: [2, 4]}\nlabels: {currency: EUR, outcome: orders}"
    ).plan
    let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
    #expect(again.yaml == plan.yaml)
    #expect(again.labels == plan.labels && again.measure == .profit)
    #expect(again.terms.labels.map(\.labels.count) == [1] && again.terms.window?.value == [.number(2), .number(4)])
  }
}
