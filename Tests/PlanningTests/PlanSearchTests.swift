import Foundation
import NumericKernel
import Optimisation
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Utilities that are not concave: what is found, against climbs from fifty random plans.
@Suite struct PlanSearchTests {
  @Test(
    arguments: [PlanFamily.correlated, .traps, .tight],
    ["{quantile: {level: 0.1}}", "{quantile: {level: 0.5}}", "{sharpe: {reference: 0}}"])
  func `at least the best of fifty climbs from random plans is found`(family: PlanFamily, utility: String) throws {
    let instance = family.instance(channels: 6, draws: 60, periods: 2, seed: 1)
    let text = instance.plan("utility: \(utility)", "solver: {time_limit: 600}")
    let plan = try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
    let polytope = plan.limits.polytope(money: plan.money)
    var random = TestRandom(seed: 11)
    let starts = (0..<50).map { number in
      let weights = polytope.lower.map { _ in -log(random.uniform()) }
      return LocalSearch.Start(name: "\(number)", point: weights.map { $0 / weights.reduce(0, +) })
    }
    let fifty = try #require(LocalSearch().maximum(of: plan.objective.tabulated(), over: polytope, from: starts))
    let rival = plan.score(spend: fifty.solution.point.map { $0 * plan.money })
    let answer = try plan.optimise(record: RunRecord(version: "test"))
    // The rival's point is polished on a table.
    #expect(answer.utility.value >= rival - 1e-6 * abs(rival))
  }
}
