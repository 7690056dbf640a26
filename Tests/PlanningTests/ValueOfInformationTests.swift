import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// What it would be worth to know more.
@Suite struct ValueOfInformationTests {
  /// Three channels of logistic curves: by channel, draws of the ceiling and of the steepness.
  private func posterior(_ ceilings: [[Double]], _ steepness: [[Double]]) -> Posterior {
    var posterior = smallPosterior(history: false, draws: ceilings[0].count)
    posterior.cells = posterior.cells.indices.map { index in
      Cell(
        labels: posterior.cells[index].labels, saturation: Logistic.self,
        saturationParameters: DrawMatrix(
          columns: [ceilings[index], steepness[index]], drawCount: ceilings[index].count),
        carryover: NoCarryover.self,
        carryoverParameters: DrawMatrix(drawCount: ceilings[index].count, columnCount: 0), window: 1,
        isNormalized: true, mediaScale: 100, outcomeScale: 1000, history: [])
    }
    return posterior
  }

  private func information(_ posterior: Posterior, _ text: String = "") throws -> (CompiledPlan, ValueOfInformation) {
    let plan = try smallPlan(text, posterior)
    let answer = plan.informing(try plan.optimise())
    return (plan, try #require(answer.information))
  }

  @Test func `of every draw the best plan is found, as a grid finds it`() throws {
    var random = TestRandom(seed: 3)
    let posterior = posterior(
      (0..<3).map { _ in (0..<30).map { _ in Double.random(in: 0.5...2, using: &random) } },
      (0..<3).map { _ in (0..<30).map { _ in Double.random(in: 0.3...3, using: &random) } })
    let (plan, found) = try information(posterior)
    let steps = 120
    var best = [Double](repeating: -.infinity, count: 30)
    var means = -Double.infinity
    for a in 0...steps {
      for b in 0...(steps - a) {
        let spend = [a, b, steps - a - b].map { 600 * Double($0) / Double(steps) }
        let draws = plan.objective.reading(spend: spend).outcome
        for draw in draws.indices { best[draw] = max(best[draw], draws[draw]) }
        means = max(means, mean(draws.span))
      }
    }
    let upper = try #require(found.perfect.upperBound)
    // The grid's own best of each draw is a plan too, and so below the bound; and five of money away from the best.
    #expect(mean(best.span) <= found.known + upper + 1e-9 * found.known)
    #expect(mean(best.span) <= (found.known + found.perfect.value) * (1 + 1e-5))
    #expect(found.perfect.value <= upper && upper - found.perfect.value <= 1e-3 * found.known)
    #expect(means <= found.known * (1 + 1e-9))
    #expect(abs(found.regret.mean - found.perfect.value) <= 1e-6 * found.known)
  }

  @Test func `knowing the only curve that varies is knowing everything, and the others nothing`() throws {
    let count = 200
    let varying = (0..<count).map { 0.4 + 1.6 * Double(($0 * 37) % count) / Double(count) }
    let same = [Double](repeating: 1, count: count)
    let (_, found) = try information(posterior([varying, same, same], [same, same, same]))
    #expect(found.perfect.value > 0.005 * found.known)
    #expect(abs(found.cells[0].estimate.value - found.perfect.value) <= 1e-4 * found.perfect.value)
    for cell in found.cells.dropFirst() { #expect(cell.estimate.value <= 1e-9 * found.known) }
  }

  /// Curves that are independent of each other, of which one is known: the others are then worth their means, and the best plan of each draw is
  /// found on a grid of a hundredth of the money.
  @Test(arguments: [1.0, 4])
  func `of independent curves knowing one is worth what a grid finds with the others' means`(steepness: Double) throws {
    let count = 300
    var random = TestRandom(seed: 11)
    var posterior = smallPosterior(history: false, draws: count)
    for index in posterior.cells.indices {
      let ceilings = (0..<count).map { _ in Double.random(in: 0.5...2, using: &random) }
      let halves = (0..<count).map { _ in Double.random(in: 0.3...0.9, using: &random) }
      posterior.cells[index].saturation = Hill.self
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [ceilings, halves, [Double](repeating: steepness, count: count)], drawCount: count)
    }
    let (plan, found) = try information(posterior)
    let steps = 100
    let responses = (0...steps).map {
      plan.objective.surface.responses(at: [Double](repeating: 600 * Double($0) / Double(steps), count: 3))
    }
    let means = (0..<3).map { cell in responses.map { mean($0.column(cell).span) } }
    for own in 0..<3 {
      let others = [0, 1, 2].filter { $0 != own }
      // By the money that is left, the most that the others' means come to.
      let rest = (0...steps).map { left in
        (0...left).map { means[others[0]][$0] + means[others[1]][left - $0] }.max() ?? 0
      }
      let gains = (0..<count).map { draw in
        (0...steps).map { responses[$0][draw, own] + rest[steps - $0] }.max() ?? 0
      }
      let best = (0...steps).map { means[own][$0] + rest[steps - $0] }.max() ?? 0
      let exact = mean(gains.span) - best
      let estimate = found.cells[own].estimate
      // The grid costs some; what regressions learn of noise, a per cent of draws, adds some.
      #expect(abs(estimate.value - exact) <= 3 * estimate.standardError + 0.002 * best, "\(estimate) \(exact)")
      #expect(estimate.value > 0.5 * exact && exact > 0)
    }
  }

  @Test func `a curve that tells of another is worth what it tells`() throws {
    let count = 400
    let one = (0..<count).map { 0.5 + Double(($0 * 37) % count) / Double(count) }
    let opposite = one.map { 2 - $0 }
    let same = [Double](repeating: 1, count: count)
    let (_, found) = try information(posterior([one, opposite, same], [same, same, same]))
    #expect(found.cells[0].estimate.value >= 0.99 * found.perfect.value)
    #expect(found.cells[1].estimate.value >= 0.99 * found.perfect.value)
    // Independent of the other, it would tell its own half only.
    let shuffled = (0..<count).map { opposite[($0 * 143 + 7) % count] }
    let (_, apart) = try information(posterior([one, shuffled, same], [same, same, same]))
    #expect(apart.cells[0].estimate.value <= 0.8 * apart.perfect.value)
  }

  @Test func `where all draws are the same there is nothing to know`() throws {
    let same = [Double](repeating: 1, count: 20)
    let (_, found) = try information(posterior([same, same, same], [same, same, same]))
    #expect(found.perfect.value <= 1e-6 * found.known && found.perfect.standardError <= 1e-6 * found.known)
    #expect(found.cells.allSatisfy { $0.estimate.value <= 1e-6 * found.known })
  }

  @Test func `plans that know a draw keep all limits`() throws {
    var random = TestRandom(seed: 5)
    let posterior = posterior(
      (0..<3).map { _ in (0..<40).map { _ in Double.random(in: 0.5...2, using: &random) } },
      (0..<3).map { _ in (0..<40).map { _ in Double.random(in: 0.3...3, using: &random) } })
    let (_, free) = try information(posterior)
    let (_, tied) = try information(posterior, "constraints: [{linear: {tv: 1, radio: -1}, equal: 0}]")
    let (_, fixed) = try information(posterior, "bounds: {tv: [200, 200], radio: [200, 200], search: [200, 200]}")
    #expect(tied.known <= free.known && tied.perfect.value <= free.perfect.value + free.known - tied.known)
    #expect(fixed.perfect.value == 0 && fixed.regret.mean == 0)
    let (_, minimum) = try information(posterior, "constraints: [{off_or_at_least: tv, spend: 250}]")
    #expect(minimum.perfect.value <= (minimum.perfect.upperBound ?? 0))
  }

  @Test func `by period, with a target, and of one draw nothing is said`() throws {
    for text in ["decide: {by: [channel, period]}", "target: {outcome: 1000}"] {
      let plan = try smallPlan(text)
      #expect(plan.informing(try plan.optimise()).information == nil)
    }
    let one = try smallPlan("", smallPosterior(draws: 2))
    #expect(one.informing(try one.optimise()).information != nil)
  }
}
