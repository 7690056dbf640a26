import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// The mean against a measure of risk.
@Suite struct EfficientFrontierTests {
  private func plan(_ text: String = "") throws -> Plan {
    try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n", source: "plan.yaml",
      folder: "."
    ).plan
  }

  @Test func `points go from the best mean to the safest plan, each is proved, and none is dominated`() throws {
    let posterior = smallPosterior()
    let frontier = try EfficientFrontier(plan(), posterior, points: 6)
    #expect(frontier.points.map(\.kind) == [.mean, .floor, .floor, .floor, .floor, .risk])
    for (before, after) in zip(frontier.points, frontier.points.dropFirst()) {
      #expect(after.mean < before.mean && after.risk > before.risk)
    }
    for point in frontier.points {
      expectEqual(point.mean, mean(point.answer.draws.span))
      expectEqual(point.risk, ExpectedShortfall(tail: 0.05).score(point.answer.draws.span))
      #expect(point.answer.utility.bound == .certified && point.answer.reachesGap && !point.isDominated)
      // What a search is held to beyond a floor is a billionth of its size.
      if let floor = point.floor { #expect(point.risk >= floor) }
      expectEqual(point.answer.budget.spent, 600)
    }
    #expect(frontier.reachesGap)
    // No weighted sum of the two has a plan beyond the bounds: a bound of a floor holds for every plan as safe.
    for share in [0.2, 0.5, 0.8] {
      let blend = try CompiledPlan(plan("utility: {blend: {a: \(share), tail: 0.05}}"), posterior).optimise()
      let risk = ExpectedShortfall(tail: 0.05).score(blend.draws.span)
      let floor = try #require(frontier.points.last { $0.floor.map { $0 <= risk } ?? ($0.kind == .mean) })
      #expect(blend.outcome.mean <= (floor.answer.utility.upperBound ?? -.infinity))
    }
  }

  @Test func `the plan's own optimum is on the frontier of its risk, and the current plan below`() throws {
    let frontier = try EfficientFrontier(plan("utility: {blend: {a: 0.5, tail: 0.05}}"), smallPosterior(), points: 3)
    let own = try #require(frontier.chosen.below)
    // As near as the gap that was asked for.
    #expect(own >= 0 && own <= 1e-4 * frontier.chosen.mean)
    let current = try #require(frontier.current)
    let below = try #require(current.below)
    #expect(below > 0 && below <= (current.meanBound ?? 0) - current.mean)
    #expect(current.risk < frontier.points[0].risk && current.meanAtRisk == frontier.points[0].mean)
  }

  @Test func `the standard deviation falls along the frontier, and limits of risk hold on all of it`() throws {
    let least = 9_400.0
    let posterior = smallPosterior()
    let free = try EfficientFrontier(plan(), posterior, risk: .standardDeviation, points: 4)
    #expect(free.points.last?.mean ?? 0 < least)
    let held = try EfficientFrontier(
      plan("risk_limits: [{mean: {}, at_least: \(least)}]"), posterior, risk: .standardDeviation, points: 4)
    for frontier in [free, held] {
      for (before, after) in zip(frontier.points, frontier.points.dropFirst()) {
        #expect(frontier.risk.shown(after.risk) < frontier.risk.shown(before.risk))
        expectEqual(frontier.risk.shown(after.risk), after.answer.outcome.sd)
      }
    }
    for point in held.points { #expect(point.mean >= least) }
    #expect(held.points.last?.risk ?? 0 < free.points.last?.risk ?? 0)
  }

  @Test func `one plan that is best by both is the whole frontier`() throws {
    let frontier = try EfficientFrontier(plan("bounds: {default: [200, 200]}"), smallPosterior())
    #expect(frontier.points.count == 1 && frontier.chosen.below == 0)
  }

  @Test func `what no frontier is of is refused in a sentence`() throws {
    func problems(_ text: String, _ posterior: Posterior = smallPosterior(), risk: FrontierRisk = .usual) -> String {
      do {
        _ = try EfficientFrontier(plan(text), posterior, risk: risk)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(problems("target: {roi: 2}").contains("none of target"))
    #expect(problems("decide: {by: [channel, period]}").contains("no period in decide.by"))
    #expect(problems("", risk: FrontierRisk(UtilityChoice(name: Placed("raroc")))).contains("of the outcome alone"))
    #expect(problems("", risk: FrontierRisk(UtilityChoice(name: Placed("sharpe")))).contains("of the outcome alone"))
    #expect(problems("", smallPosterior(draws: 2).first).contains("draws that differ"))
  }
}

extension Posterior {
  /// Its first draw alone.
  fileprivate var first: Posterior {
    var one = self
    for index in cells.indices {
      one.cells[index].saturationParameters = cells[index].saturationParameters.firstDraw
      one.cells[index].carryoverParameters = cells[index].carryoverParameters.firstDraw
    }
    (one.chainCount, one.drawsPerChain) = (1, 1)
    return one
  }
}

extension DrawMatrix {
  fileprivate var firstDraw: DrawMatrix {
    DrawMatrix(columns: (0..<columnCount).map { [self[0, $0]] }, drawCount: 1)
  }
}
