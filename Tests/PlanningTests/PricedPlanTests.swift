import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Plans whose media cost more, or less, the more is spent.
@Suite struct PricedPlanTests {
  private let record = RunRecord(version: "test")

  private func problems(_ text: String, _ posterior: Posterior = smallPosterior()) -> [String] {
    problemsOfSmallPlan(text, posterior)
  }

  static let prices = [
    "{tv: {elasticity: 0.4, reference_spend: 30}, search: {elasticity: 0.1}}",
    "{tv: {tiers: [[0, 0.5], [20, 2]]}, radio: {tiers: [[0, 1], [10, 3], [60, 9]]}}",
    "{tv: {tiers: [[0, 2], [30, 0.5]]}, radio: {elasticity: 0.9, reference_spend: 1000}}",
  ]

  @Test(arguments: prices, ["mean", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {lambda: 1}}"])
  func `the best plan is proved, and no plan of a fine grid is better`(price: String, utility: String) throws {
    let plan = try smallPlan("price: \(price)\nutility: \(utility)")
    let answer = plan.optimise(record: record)
    let upper = try #require(answer.utility.upperBound)
    #expect(answer.utility.bound == .certified)
    #expect(try #require(answer.utility.gap) <= 1e-4, "\(price), \(utility)")
    var best = -Double.infinity
    for i in 0...40 {
      for j in 0...(40 - i) {
        let spend = [15 * Double(i), 15 * Double(j), 15 * Double(40 - i - j)]
        best = max(best, plan.score(spend: spend))
      }
    }
    #expect(best <= upper)
    #expect(answer.utility.value >= best - 1e-4 * abs(best))
    // The certificate is replayed without the solver.
    let certificate = try #require(answer.certificate)
    let replayed = try #require(plan.upperBound(by: certificate))
    // The same sums in another order of nodes: rounding apart the same bound.
    #expect(replayed <= upper + 1e-12 * abs(upper) && replayed >= answer.utility.value - 1e-12 * abs(upper))
  }

  @Test func `a cell without money has the slope of its first unit of money, in both commands`() throws {
    let text = "price: {tv: {elasticity: 0.2, reference_spend: 50}}\nbounds: {tv: [0, 0]}"
    let plan = try smallPlan(text)
    let answer = plan.optimise(record: record)
    let given = Allocation(
      amounts: answer.cells.map { CellAmount(cell: Placed($0.name), money: Placed($0.total)) })
    let scored = try CompiledPlan(plan.plan, plan.posterior, scoring: given).evaluate(record: record)
    #expect(answer.cells.map(\.marginalROI) == scored.cells.map(\.marginalROI))
  }

  @Test func `units are what the money buys at its price`() throws {
    let plan = try smallPlan(
      "price: {tv: {tiers: [[0, 0.5], [20, 2]]}}\ncost_per_unit: {search: 4}\nbounds: {tv: [200, 200]}")
    let answer = plan.optimise(record: record)
    // Fifty a period: twenty at 0.5, thirty at 2.
    #expect(answer.cells[0].units == [55, 55, 55, 55])
    #expect(answer.cells[2].units.map { $0 * 4 } == answer.cells[2].perPeriod)
  }

  @Test(arguments: [
    (
      "price: {tv: {elasticity: 1}}",
      "plan.yaml:4:26: error: wrong value of price.tv.elasticity, expected a share from 0 to 0.98, found 1"
    ),
    (
      "price: {tv: {elasticty: 0.5}}",
      "plan.yaml:4:14: error: unknown key in price.tv, expected elasticity, reference_spend or tiers, found 'elasticty'; did you mean 'elasticity'?"
    ),
    (
      "price: {tv: {tiers: [[5, 1]]}}",
      "plan.yaml:4:23: error: price of tv: expected the first tier to start at 0, found 5.0"
    ),
    (
      "price: {tv: {tiers: [[0, 1], [9, 2], [9, 3]]}}",
      "plan.yaml:4:39: error: price of tv: expected tiers that start ever higher, found 9.0 after 9.0"
    ),
    ("price: {tv: {tiers: [[0, 0]]}}", "plan.yaml:4:26: error: price of tv: expected a price above 0, found 0.0"),
    (
      "price: {tv: {tiers: [[0, 1]]}}\ncost_per_unit: {tv: 2}",
      "plan.yaml:4:9: error: price of tv: tiers have prices of their own, expected no cost_per_unit beside them, found one"
    ),
    (
      "price: {tvv: {elasticity: 0.5}}",
      "plan.yaml:4:9: error: unknown channel, expected one of tv, radio, search, found tvv, did you mean tv?"
    ),
  ])
  func `a wrong price is told with its place`(text: String, line: String) {
    #expect(problems(text).first == line)
  }

  @Test func `without a history a reference has to be given`() {
    #expect(
      problems("price: {tv: {elasticity: 0.5}}", smallPosterior(history: false)) == [
        "plan.yaml:4:9: error: price of tv: expected reference_spend, or a history of spend in the posterior to take it from, found neither"
      ])
  }

  @Test func `prices are written out, and read back the same`() throws {
    let text = "posterior: {file: m.nc}\nhorizon: {num_periods: 4}\nprice: \(Self.prices[1])\n"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
    #expect(again.yaml == plan.yaml)
    #expect(again.prices.count == 2)
  }
}
