import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Evidence on a channel's return, from outside of the model.
@Suite struct ReweightTests {
  private let posterior = smallPosterior(draws: 400)

  /// A channel's return in each draw at history's own money: its shares of what four of the ten weeks spent on average.
  private func returns(of cell: Int) throws -> [Double] {
    let money = posterior.cells.map { $0.history.reduce(0, +) * 4 / 10 }
    let plan = try CompiledPlan(
      PlanFile.parse(
        "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\n", source: "plan.yaml", folder: "."
      ).plan, posterior,
      scoring: Allocation(
        amounts: zip(["tv", "radio", "search"], money).map { CellAmount(cell: Placed($0), money: Placed($1)) }))
    let surface = plan.objective.surface
    return surface.responses(at: money).minus(surface.atRest).column(cell).map { $0 / money[cell] }
  }

  @Test func `draws count as the evidence makes them likely`() throws {
    let draws = try returns(of: 0)
    let (middle, sd) = (mean(draws.span), variance(draws.span).squareRoot())
    let plan = try smallPlan("reweight: [{channel: tv, roi: {mean: \(middle + sd), sd: \(sd)}}]", posterior)
    let shift = try #require(plan.posterior.reweighting?.shifts.first)
    expectEqual(shift.mean, middle)
    let weights = draws.map { draw -> Double in
      let distance = (draw - middle - sd) / sd
      return exp(-0.5 * distance * distance)
    }
    let total = weights.reduce(0, +)
    expectEqual(shift.weightedMean, zip(weights, draws).reduce(0) { $0 + $1.0 * $1.1 } / total)
    let effective = total * total / weights.reduce(0) { $0 + $1 * $1 }
    expectEqual(plan.posterior.reweighting?.effectiveDraws ?? 0, effective)
    // Each draw stands there as often as its weight says but for less than one, so that the mean is off by no more than the range over the draws.
    let range = (draws.max() ?? 0) - (draws.min() ?? 0)
    #expect(shift.newMean > middle && abs(shift.newMean - shift.weightedMean) < 0.01 * range)
    let answer = try plan.optimise()
    #expect(answer.drawCount == 400 && answer.utility.bound == .certified && answer.reachesGap)
    #expect(answer.warnings.contains { $0.hasPrefix("draws are weighted by evidence on tv's ROI of") })
    // The channel that is better than the model thought gets more.
    let without = try smallPlan("", posterior).optimise()
    #expect(answer.cells[0].total > without.cells[0].total)
    // Scored by the answer's own posterior it is not weighted again, and the current plan is weighted with it.
    #expect(try CompiledPlan(plan.plan, plan.posterior).optimise().utility.value == answer.utility.value)
  }

  @Test func `evidence that says nothing leaves every draw, and budgets do not change what it says`() throws {
    let draws = try returns(of: 0)
    let spread = variance(draws.span).squareRoot()
    let idle = try smallPlan(
      "reweight: [{channel: tv, roi: {mean: \(mean(draws.span)), sd: \(1e6 * spread)}}]", posterior)
    #expect(idle.posterior.reweighting?.distinctDraws == 400)
    expectEqual(try idle.optimise().draws, try smallPlan("", posterior).optimise().draws)
    let evidence = "reweight: [{channel: tv, roi: {mean: \(mean(draws.span) + spread), sd: \(spread)}}]"
    let shifts = try ["budget: {total: 600}", "budget: {total: 1200}"].map {
      try smallPlan(evidence, posterior, budget: $0).posterior.reweighting
    }
    #expect(shifts[0] != nil && shifts[0] == shifts[1])
  }

  @Test func `evidence that no draws agree with, or of no channel, is refused in a sentence`() {
    let far = problemsOfSmallPlan("reweight: [{channel: tv, roi: {mean: 1e6, sd: 1}}]", posterior)
    #expect(
      far.count == 1 && far[0].contains("reweight leaves the worth of") && far[0].contains("expected 20 at least"))
    let unknown = problemsOfSmallPlan("reweight: [{channel: tvv, roi: {mean: 1, sd: 1}}]", posterior)
    #expect(
      unknown == [
        "plan.yaml:4:22: error: reweight: expected a channel of the posterior, tv, radio, search, found 'tvv'"
      ])
    let idle = problemsOfSmallPlan("current: {tv: 5}\nreweight: [{channel: radio, roi: {mean: 1, sd: 1}}]", posterior)
    #expect(idle.count == 1 && idle[0].contains("found radio, which gets none"))
  }

  @Test func `places are drawn in order, each weight's number of them within one of what it says`() {
    let weights = [0.1, 0, 0.25, 0.35, 0.3]
    for seed in 1...20 as ClosedRange<UInt64> {
      let kept = Plan.systematic(weights, seed: seed)
      #expect(kept.count == 5 && kept == kept.sorted())
      for (draw, weight) in weights.enumerated() {
        #expect(abs(Double(kept.count { $0 == draw }) - 5 * weight) < 1)
      }
    }
  }
}
