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
    let answer = try plan.optimise(record: record)
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
    let answer = try plan.optimise(record: record)
    let given = Allocation(
      amounts: answer.cells.map { CellAmount(cell: Placed($0.name), money: Placed($0.total)) })
    let scored = try CompiledPlan(plan.plan, plan.posterior, scoring: given).evaluate(record: record)
    #expect(answer.cells.map(\.marginalROI) == scored.cells.map(\.marginalROI))
  }

  @Test func `units are what the money buys at its price`() throws {
    let plan = try smallPlan(
      "price: {tv: {tiers: [[0, 0.5], [20, 2]]}}\ncost_per_unit: {search: 4}\nbounds: {tv: [200, 200]}")
    let answer = try plan.optimise(record: record)
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

  private static let rising = [
    // One cell on the end of a tier; two; periods of their own shares, so of their own ends; with an upper bound on the end.
    "price: {tv: {tiers: [[0, 0.5], [40, 2]]}}",
    "price: {tv: {tiers: [[0, 0.5], [40, 2]]}, radio: {tiers: [[0, 1], [50, 1.8]]}}",
    """
    price: {tv: {tiers: [[0, 0.5], [40, 0.9], [60, 4]]}, radio: {tiers: [[0, 1], [50, 1.8]]}}
    distribution: {tv: [0.4, 0.3, 0.2, 0.1], radio: [0.1, 0.2, 0.3, 0.4]}
    """,
    "price: {tv: {tiers: [[0, 0.5], [40, 2]]}, radio: {tiers: [[0, 1], [50, 1.8]]}}\nbounds: {radio: [0, 200]}",
  ]

  @Test(
    arguments: rising,
    ["mean", "{mean_variance: {lambda: 1e-4}}", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {lambda: 1}}"])
  func `what the next unit of money is worth is what a plan with it is worth more`(price: String, utility: String)
    throws
  {
    let text = "\(price)\nutility: \(utility)"
    func solved(_ budget: Double) throws -> Recommendation {
      try smallPlan(text, budget: "budget: {total: \(budget)}").optimise(record: record)
    }
    let (less, here, more) = (try solved(599.9), try solved(600), try solved(600.1))
    let price = try #require(here.budget.shadowPrice)
    let (last, next) = (
      (here.utility.value - less.utility.value) / 0.1, (more.utility.value - here.utility.value) / 0.1
    )
    // Between the next unit and the last, and of these the next: it falls by as much as the slope does in a tenth of money.
    let fall = 2e-3 * abs(next)
    #expect(price >= next - 1e-6 * abs(next) && price <= last + 1e-6 * abs(last), "\(next) ≤ \(price) ≤ \(last)")
    #expect(abs(price - next) <= fall, "\(next), \(price)")
    // Many ends of their own leave room between them.
    #expect(here.cells.contains { $0.binding == .tier } || text.contains("distribution"))
    for cell in here.cells where cell.binding == nil { #expect(abs(cell.marginalROI - price) <= 1e-6 * price) }
    for cell in here.cells where cell.binding == .tier { #expect(cell.marginalROI <= price * (1 + 1e-9)) }
  }

  @Test func `where every cell rests on an end the next unit goes where it brings most`() throws {
    // 4 × 40 and 4 × 50 of money, and search held: nothing is between ends.
    let text = """
      price: {tv: {tiers: [[0, 0.5], [40, 2]]}, radio: {tiers: [[0, 1], [50, 1.8]]}}
      bounds: {search: [100, 100]}
      """
    func solved(_ budget: Double) throws -> Recommendation {
      try smallPlan(text, budget: "budget: {total: \(budget)}").optimise(record: record)
    }
    let here = try solved(460)
    #expect(here.cells.map(\.binding) == [.tier, .tier, .fixed])
    #expect(here.cells.map(\.total) == [160, 200, 100])
    let price = try #require(here.budget.shadowPrice)
    #expect(price == max(here.cells[0].marginalROI, here.cells[1].marginalROI))
    let next = (try solved(460.1).utility.value - here.utility.value) / 0.1
    let last = (here.utility.value - (try solved(459.9).utility.value)) / 0.1
    #expect(abs(price - next) <= 1e-3 * next && last > 1.2 * price, "\(next), \(price), \(last)")
  }

  @Test func `a given plan on an end of a tier is marked, and its slope is that of the next unit`() throws {
    let plan = try smallPlan("price: {tv: {tiers: [[0, 0.5], [40, 2]]}}")
    func scored(_ tv: Double) throws -> Recommendation {
      try CompiledPlan(plan.plan, plan.posterior, scoring: Allocation(["tv": tv, "radio": 100])).evaluate(
        record: record)
    }
    let (on, next) = (try scored(160), try scored(160.001))
    #expect(on.cells.map(\.binding) == [.tier, nil, .lower] && next.cells[0].binding == nil)
    #expect(abs(on.cells[0].marginalROI - next.cells[0].marginalROI) <= 1e-4 * next.cells[0].marginalROI)
  }

  @Test func `prices are written out, and read back the same`() throws {
    let text = "posterior: {file: m.nc}\nhorizon: {num_periods: 4}\nprice: \(Self.prices[1])\n"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
    #expect(again.yaml == plan.yaml)
    #expect(again.prices.count == 2)
  }
}
