import NumericKernel
import Optimisation
import ResponseModel
import Testing

@testable import Planning

/// Plans that decide an amount for each channel and period.
@Suite struct PeriodPlanTests {
  static let byPeriod = "decide: {by: [channel, period]}\n"

  /// Everything that makes one period another than the next.
  private static let terms = """
    horizon: {num_periods: 4, start: 2024-03-11}
    seasonality: {tv: [0.5, 1, 2, 1], search: [1, 1, 0.25, 1]}
    cost_per_unit: {radio: [1, 2, 1.5, 1], tv: 0.5}
    outcome_value: [1, 2, 1, 0.5]
    current: {tv: 100, radio: 200, search: 300}

    """

  private static func plan(_ text: String, scoring: Allocation? = nil) throws -> CompiledPlan {
    let whole = "posterior: {file: small.nc}\nbudget: {total: 600}\n\(text)\n"
    return try CompiledPlan(
      PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, smallPosterior(), scoring: scoring)
  }

  @Test(arguments: [
    "measure: incremental", "measure: response", "measure: profit\nmargin: [0.5, 0.4, 0.3, 0.2]\ndiscount: 0.1",
    "measure: roi", "measure: lift", "measure: incremental\nresponse: {channels: [tv, search], window: [1, 3]}",
  ])
  func `money that is spread by a distribution scores the same by period`(measure: String) throws {
    let text =
      Self.terms + measure
      + "\ndistribution: {tv: [0.4, 0.3, 0.2, 0.1], search: [0.1, 0.2, 0.3, 0.4]}\nutility: {mean_deviation: {lambda: 0.5}}\n"
    let spread = try Self.plan(text)
    let calendar = try #require(try Self.plan(text + Self.byPeriod).calendar)
    for money in [[100.0, 200, 300], [600, 0, 0], [0, 250, 350]] {
      let amounts = PeriodPlan.amounts(money, spread.pattern)
      // Of differences the numbers they are of have the size.
      let size = max(spread.outcomeSize(spend: money), abs(spread.score(spend: money)))
      #expect(abs(calendar.score(spend: amounts) - spread.score(spend: money)) <= 1e-12 * max(size, 1000))
      expectEqual(
        calendar.objective.surface.responses(at: amounts).rowSums(),
        spread.objective.surface.responses(at: money).rowSums())
    }
  }

  /// Where no period may differ from the one before, what is left is an even distribution.
  @Test(arguments: ["mean", "{expected_shortfall: {tail: 0.25}}", "{entropic: {gamma: 1e-3}}"])
  func `periods that are tied to each other leave the plan of an even distribution`(utility: String) throws {
    let text = Self.terms + "utility: \(utility)\n"
    let spread = try Self.plan(text).optimise()
    let tied = try Self.plan(
      text + Self.byPeriod + "constraints: [{ramp: [tv, radio, search], up: {share: 0}, down: {amount: 0}, from: free}]"
    ).optimise()
    #expect(abs(tied.utility.value - spread.utility.value) <= 1e-6 * spread.utility.value)
    for (own, other) in zip(tied.cells, spread.cells) {
      #expect(abs(own.total - other.total) <= 0.5)
      for money in own.perPeriod { #expect(abs(money - own.total / 4) <= 1e-6) }
      #expect(abs(own.response.mean - other.response.mean) <= 1e-3 * spread.utility.value)
    }
    let free = try Self.plan(text + Self.byPeriod).optimise()
    #expect(free.utility.value > tied.utility.value * (1 + 1e-3))
  }

  @Test(arguments: [
    "mean", "{expected_shortfall: {tail: 0.25}}", "{entropic: {gamma: 1e-3}}", "{mean_semideviation: {lambda: 0.5}}",
  ])
  func `a plan by period is proved, spends its budget and says what each period brings`(utility: String) throws {
    let compiled = try Self.plan(Self.terms + Self.byPeriod + "utility: \(utility)\n")
    let answer = try compiled.optimise()
    #expect(answer.utility.bound == .certified)
    #expect(try #require(answer.utility.gap) <= 1e-5 && answer.reachesGap)
    #expect(abs(answer.cells.reduce(0) { $0 + $1.total } - 600) <= 600e-12)
    let spend = answer.cells.flatMap(\.perPeriod)
    #expect(compiled.isWithinLimits(spend))
    expectEqual(compiled.score(spend: spend), answer.utility.value)
    // What periods bring sums to what cells bring, those after the plan included.
    #expect(answer.periods.count == 4 + 3)
    let total = answer.cells.reduce(0) { $0 + $1.response.mean }
    #expect(abs(answer.periods.reduce(0) { $0 + $1.response.mean } - total) <= 1e-12 * total)
    for period in answer.periods {
      #expect(period.immediate >= -1e-12 * total && period.carriedOver >= -1e-12 * total)
      if period.period > 4 { #expect(period.spend == 0 && abs(period.immediate) <= 1e-12 * total) }
    }
    let proof = try #require(answer.certificate)
    // Amounts of a certificate are in money, and its shares come back by a division that rounds.
    expectEqual(try #require(compiled.upperBound(by: proof)), proof.upperBound)
  }

  /// Small enough for all plans on a grid to be tried.
  @Test func `no plan on a grid is better than the one that is proved`() throws {
    let text =
      "horizon: {num_periods: 3}\nseasonality: {tv: [0.5, 1, 2]}\ndecide: {by: [channel, period], except: [radio]}\n"
      + "constraints: [{ramp: [tv, search], up: {amount: 100}, down: {share: 0.5}, from: free}]\n"
    let compiled = try Self.plan(text)
    let answer = try compiled.optimise()
    let bound = try #require(answer.utility.upperBound)
    var best = 0.0
    for code in 0..<11 * 11 * 11 * 11 * 11 {
      let parts = [1, 11, 121, 1331, 14641].map { 60 * Double(code / $0 % 11) }
      let rest = 600 - parts.reduce(0, +)
      guard rest >= 0 else { continue }
      let spend = [parts[0], parts[1], parts[2], 0, 0, 0, parts[3], parts[4], rest]
      guard compiled.isWithinLimits(spend) else { continue }
      best = max(best, compiled.score(spend: spend))
    }
    #expect(best <= bound && best <= answer.utility.value && best >= 0.97 * answer.utility.value)
  }

  @Test func `a current plan by period is compared as it is spent`() throws {
    let money: [(name: String, amounts: [Double])] = [
      ("tv", [100, 0, 0, 50]), ("search", [0, 150, 100, 0]), ("radio", [0, 0, 0, 200]),
    ]
    let inline = money.map { "\($0.name): [\($0.amounts.map { "\($0)" }.joined(separator: ", "))]" }
    let text = Self.terms.replacing(
      "{tv: 100, radio: 200, search: 300}", with: "{\(inline.joined(separator: ", "))}")
    let given = Allocation(
      byPeriod: money.map { CellSeries(cell: Placed($0.name), values: $0.amounts.map { Placed($0) }) })
    for kind in ["", Self.byPeriod] {
      let answer = try Self.plan(text + kind).optimise()
      let scored = try Self.plan(Self.terms + kind, scoring: given).evaluate()
      #expect(abs(try #require(answer.currentOutcome).mean - scored.outcome.mean) <= 1e-12 * abs(scored.outcome.mean))
      #expect(answer.cells.map(\.current) == [150, 200, 250])
    }
    let calendar = try Self.plan(text + Self.byPeriod).optimise()
    #expect(calendar.cells[0].periods?.map(\.current) == [100, 0, 0, 50])
  }

  @Test func `a calendar is scored as it is given`() throws {
    let answer = try Self.plan(Self.terms + Self.byPeriod).optimise()
    let given = Allocation(
      amounts: answer.cells.map { CellAmount(cell: Placed($0.name), money: Placed($0.total)) },
      distribution: answer.cells.filter { $0.total > 0 }.map { cell in
        CellSeries(cell: Placed(cell.name), values: cell.perPeriod.map { Placed($0 / cell.total) })
      })
    let scored = try Self.plan(Self.terms + Self.byPeriod, scoring: given).evaluate()
    #expect(scored.status == .evaluated)
    #expect(abs(scored.utility.value - answer.utility.value) <= 1e-12 * answer.utility.value)
    let limited = try Self.plan(
      Self.terms + Self.byPeriod + "constraints: [{period: each, at_most: 100}]", scoring: given
    ).evaluate()
    #expect(limited.status == .evaluatedOutsideLimits)
  }

  @Test(arguments: [
    "{quantile: {level: 0.25}}", "{sharpe: {reference: 0}}", "entropy_of_shares", "diversification_ratio",
    "{mean_deviation: {lambda: 1}}", "{raroc: {reference: 0}}",
  ])
  func `every utility has a plan by period at least as good as an even one`(utility: String) throws {
    let compiled = try Self.plan(Self.terms + Self.byPeriod + "utility: \(utility)\n")
    let answer = try compiled.optimise()
    let calendar = try #require(compiled.calendar)
    #expect(compiled.isWithinLimits(answer.cells.flatMap(\.perPeriod)))
    let even = compiled.score(spend: calendar.even)
    #expect(answer.utility.value >= even - 1e-9 * abs(even))
  }

  @Test(arguments: [
    "{mean_deviation: {lambda: 0.5}}", "{mean_deviation: {lambda: 1}}", "{mean_variance: {lambda: 1e-4}}",
  ])
  func `a utility that falls where a good draw rises is bounded by what never does`(utility: String) throws {
    let compiled = try Self.plan(Self.terms + Self.byPeriod + "utility: \(utility)\n")
    let answer = try compiled.optimise()
    let bound = try #require(answer.utility.upperBound)
    #expect(answer.utility.bound == .certified && bound >= answer.utility.value)
    // Of a few draws: what they have in spread is little beside their mean.
    #expect(bound <= answer.utility.value * 1.05)
    // Plans on the way to others are not above it.
    let own = answer.cells.flatMap(\.perPeriod)
    let calendar = try #require(compiled.calendar)
    for share in [0.1, 0.3, 0.7] {
      let other = zip(own, calendar.even).map { (1 - share) * $0 + share * $1 }
      #expect(compiled.score(spend: other) <= bound)
    }
  }
}
