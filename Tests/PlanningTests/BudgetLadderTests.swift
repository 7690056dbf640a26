import NumericKernel
import Reporting
import ResponseModel
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

  @Test func `every rung is held against the same current plan`() throws {
    let answers = try BudgetLadder(plan(), smallPosterior()).sweep.scenarios.compactMap(\.answer)
    let own = try #require(CompiledPlan(plan(), smallPosterior()).optimise().currentDraws)
    for answer in answers { #expect(answer.currentDraws == own) }
    // More money brings more over it.
    let lifts = answers.compactMap { $0.lift?.mean }
    #expect(lifts.count == 16 && lifts == lifts.sorted())
    // Bounds relative to it follow the budget all the same.
    let bounded = try BudgetLadder(plan("bounds: {default: {relative: 0.5}}"), smallPosterior()).sweep
    #expect(bounded.isWhole)
    for answer in bounded.scenarios.compactMap(\.answer) { expectEqual(answer.currentDraws ?? [], own) }
  }

  /// Two steep S-shapes, each half way up at 200 of money: at 300 one of them is full and the next unit brings little, at 400 both are half way up.
  @Test func `rungs that pay less before the last that pays are named, and the rung that leaves most`() throws {
    var posterior = smallPosterior()
    for index in posterior.cells.indices {
      posterior.cells[index].saturation = Hill.self
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [index < 2 ? 1 : 1e-6, 0.5, 8].map { [Double](repeating: $0, count: 24) }, drawCount: 24)
      posterior.cells[index].carryoverParameters = DrawMatrix(
        columns: [[Double](repeating: 0, count: 24)], drawCount: 24)
    }
    let ladder = try BudgetLadder(plan("solver: {gap: 1e-3}"), posterior, level: 5)
    let crossing = try #require(ladder.crossing)
    #expect(!ladder.dips.isEmpty)
    for dip in ladder.dips {
      #expect(try #require(dip.answer?.nextReturn) < 5 && dip.budget < crossing.budget.spent)
    }
    let left = ladder.sweep.scenarios.compactMap { $0.answer.map { $0.utility.value - 5 * $0.budget.spent } }
    let best = try #require(ladder.best?.answer)
    #expect(best.utility.value - 5 * best.budget.spent == left.max())
    // Where the last rung pays no budget is the last that does, and those before it that pay less are named all the same.
    let paying = ladder.sweep.scenarios.filter { $0.budget < crossing.budget.spent }.map(\.budget)
    let open = try BudgetLadder(
      plan("solver: {gap: 1e-3}"), posterior, rungs: BudgetScenarios(steps: paying.map { Placed(.money($0)) }), level: 5
    )
    #expect(open.crossing == nil && open.dips.map(\.budget) == ladder.dips.map(\.budget))
    let report = open.textReport().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(report.contains("falls and rises again") && report.contains("or more on the last rung"))
    #expect(!report.contains("or more on every rung"))
    // Two rungs of which only the second pays: nothing has fallen.
    let ends = [try #require(open.dips.first?.budget), try #require(paying.last)]
    let rising = try BudgetLadder(
      plan("solver: {gap: 1e-3}"), posterior, rungs: BudgetScenarios(steps: ends.map { Placed(.money($0)) }), level: 5)
    #expect(
      rising.textReport().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        .contains("brings rises with the budget: less than 5.00 at 300,"))
  }

  @Test func `less than the level is not shown as much, and cells without money are named in place of panels`() throws {
    let sure = try BudgetLadder(plan("bounds: {tv: [0, 0]}"), smallPosterior())
    let rung = try #require(sure.sweep.scenarios[3].answer?.nextReturn)
    let ladder = try BudgetLadder(plan("bounds: {tv: [0, 0]}"), smallPosterior(), level: rung * (1 + 1e-9))
    #expect(ladder.textReport().contains(" <"))
    #expect(!sure.textReport().contains(" <1.00 "))
    let allocation = try #require(ladder.figures.first { $0.name == "ladder_allocation" })
    #expect(allocation.script.contains("No money at any budget: tv"))
    #expect(!allocation.data.contains(",tv\n"))
  }
}
