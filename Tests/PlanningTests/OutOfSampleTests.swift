import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// What a plan keeps on draws that did not choose it.
@Suite struct OutOfSampleTests {
  /// Draws, and which channel is better, that differ so much that halves choose other plans.
  private func tested(_ text: String = "", draws: Int = 200) throws -> (CompiledPlan, OutOfSample?) {
    let plan = try smallPlan(text, smallPosterior(draws: draws))
    return (plan, plan.outOfSample(for: try plan.optimise().amounts))
  }

  @Test func `what halves promise too much is at least nothing, and their amounts lie about the plan's own`() throws {
    let (plan, test) = try tested("utility: {expected_shortfall: {tail: 0.1}}")
    let found = try #require(test)
    #expect(found.planCount == 20 && found.optimism > 0 && found.standardError > 0)
    expectEqual(found.promised - found.kept, found.optimism)
    expectEqual(found.expectedLoss, 0.5 * found.optimism)
    #expect(found.amounts.map(\.name) == ["tv", "radio", "search"])
    for (amount, own) in zip(found.amounts, try plan.optimise().amounts) {
      #expect(amount.q05 <= amount.q50 && amount.q50 <= amount.q95)
      // The whole plan is no further away than the halves are from each other.
      #expect(own > amount.q05 - 60 && own < amount.q95 + 60)
    }
    #expect(found.probabilityBetter.map { $0 > 0 && $0 <= 1 } == true)
    // The same plan and seed, the same numbers; another seed, other halves.
    #expect(plan.outOfSample(for: try plan.optimise().amounts) == found)
    #expect(try tested("utility: {expected_shortfall: {tail: 0.1}}\nsolver: {seed: 2}").1 != found)
  }

  /// With more draws the best plan is less owed to them.
  @Test func `optimism falls as draws grow`() throws {
    let few = try #require(try tested("utility: {expected_shortfall: {tail: 0.2}}", draws: 40).1)
    let many = try #require(try tested("utility: {expected_shortfall: {tail: 0.2}}", draws: 1000).1)
    #expect(many.optimism < 0.5 * few.optimism)
  }

  @Test func `a plan without a choice keeps all that it promises`() throws {
    let (_, test) = try tested("bounds: {default: [200, 200]}")
    let found = try #require(test)
    #expect(abs(found.optimism) <= 1e-12 * found.promised)
    #expect(found.amounts.allSatisfy { $0.q05 == 200 && $0.q95 == 200 })
  }

  /// With one period there is nothing to move between periods: both ways of planning are the same plan.
  @Test func `a plan by period is tested as the plan over one period is`() throws {
    func test(_ decided: String) throws -> OutOfSample {
      let plan = try PlanFile.parse(
        "posterior: {file: small.nc}\nhorizon: {num_periods: 1}\nbudget: {total: 150}\n\(decided)\nutility: {expected_shortfall: {tail: 0.2}}\n",
        source: "plan.yaml", folder: "."
      ).plan
      let compiled = try CompiledPlan(plan, smallPosterior(draws: 200))
      return try #require(compiled.outOfSample(for: try compiled.optimise().amounts, halvings: 4))
    }
    let (spread, byPeriod) = (try test(""), try test("decide: {by: [channel, period]}"))
    #expect(spread.planCount == 8 && byPeriod.planCount == 8 && spread.optimism > 0)
    // Both are climbed to where the utility moves by a millionth at most, in eight plans.
    for (one, other) in [(spread.promised, byPeriod.promised), (spread.kept, byPeriod.kept)] {
      #expect(abs(one - other) <= 1e-5 * one, "\(spread) \(byPeriod)")
    }
    #expect(spread.amounts.map(\.name) == byPeriod.amounts.map(\.name))
  }

  @Test func `what is off in a plan by period stays off in the plans of halves`() throws {
    let text =
      "decide: {by: [channel, period]}\nconstraints: [{flight: tv, on_at_least: 2, off_at_least: 1, spend: 60}]"
    let (plan, found) = try tested(text)
    let test = try #require(found)
    #expect(test.planCount == 10 && test.optimism >= 0)
    let own = try plan.optimise()
    let tv = try #require(own.cells[0].periods).count { $0.spend > 0 }
    // At least 60 in each period that it is on.
    #expect(test.amounts[0].q05 >= 60 * Double(tv) - 1e-6)
  }

  @Test func `of few draws, targets and utilities of spend nothing is said`() throws {
    #expect(try tested(draws: 18).1 == nil)
    #expect(try tested("target: {roi: 2}").1 == nil)
    #expect(try tested("utility: raroc").1 == nil)
  }

  @Test func `halves are blocks of consecutive draws, as many of each chain`() {
    let halves = DrawHalves(chainCount: 4, drawCount: 2000, seed: 1)
    for number in 0..<10 {
      let sides = halves.halving(number)
      #expect(sides[0].count == 1000 && sides[1].count == 1000)
      #expect(Set(sides[0] + sides[1]) == Set(0..<2000))
      for chain in 0..<4 { #expect(sides[0].count { $0 / 500 == chain } == 250) }
      // Ten blocks of 25 a side and chain: neighbours part at the ends of blocks only.
      let breaks = zip(sides[0], sides[0].dropFirst()).count { $1 != $0 + 1 }
      #expect(breaks < 40)
      #expect(number == 0 || sides[0] != halves.halving(number - 1)[0])
    }
    // Draws that no chains divide are one chain.
    #expect(DrawHalves(chainCount: 3, drawCount: 20, seed: 1).blocks.count == 1)
  }

  @Test func `a score of some draws is that of these, and the others weigh nothing`() {
    let outcome = (0..<12).map { Double(($0 * 7) % 12) }
    let draws = [1, 4, 5, 10]
    let seen = draws.map { outcome[$0] }
    for utility in [Mean(), ExpectedShortfall(tail: 0.3), MeanDeviation(lambda: 1), Steadiness()] as [any Utility] {
      let part = PartScore(utility, of: draws).weightedScore(outcome.span)
      let own = utility.weightedScore(seen.span)
      #expect(part.value == own.value)
      #expect(draws.map { part.weights[$0] } == own.weights)
      #expect(part.weights.enumerated().allSatisfy { draws.contains($0.offset) || $0.element == 0 })
      if let smooth = PartScore(utility, of: draws).smoothed(outcome.span, width: 0.5) {
        expectEqual(draws.map { smooth.weights[$0] }, utility.smoothed(seen.span, width: 0.5)?.weights ?? [])
      }
    }
  }
}
