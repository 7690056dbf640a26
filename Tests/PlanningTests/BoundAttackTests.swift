import Optimisation
import TestSupport
import Testing

@testable import Planning

/// The bounds of generated problems against random plans, and climbs that use nothing of the solvers: a small version of `Benchmarks/attack`.
@Suite struct BoundAttackTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var family: PlanFamily
    var utility: String
    var isByPeriod = false
    var mayLeave = false

    var testDescription: String {
      "\(family.rawValue), \(utility), \(isByPeriod ? "by period" : "spread"), \(mayLeave ? "at most" : "exactly")"
    }
  }

  /// By period every kind of bound; by channel those that `BoundValidityTests` has not.
  static let cases =
    PlanFamily.allCases.enumerated().flatMap { place, family in
      [
        "mean", "{expected_shortfall: {tail: 0.1}}", "{mean_deviation: {lambda: 1}}", "{entropic: {gamma: 0.5}}",
      ].enumerated().map { number, utility in
        Case(family: family, utility: utility, isByPeriod: true, mayLeave: (place + number).isMultiple(of: 2))
      }
    }
    + ["{quantile: {level: 0.2}}", "{target_probability: {target: 8}}", "sharpe", "{blend: {level: 0.1}}"]
    .enumerated().map { number, utility in
      Case(family: PlanFamily.allCases[number], utility: utility)
    }

  @Test(arguments: cases)
  func `no random plan and no climb is above the bound`(plan: Case) throws {
    let instance = plan.family.instance(channels: 3, draws: 40, periods: 2, seed: 3)
    let lines = "utility: \(plan.utility)\nsolver: {gap: 1e-3, time_limit: 2}"
    let text = plan.isByPeriod ? instance.planByPeriod(upTo: 2.5, lines) : instance.plan(lines)
    let total = "budget: {total: \(instance.budget)"
    let own = plan.mayLeave ? text.replacing(total, with: total + ", spend: at_most") : text
    let compiled = try CompiledPlan(PlanFile.parse(own, source: "plan.yaml", folder: ".").plan, instance.posterior)
    let answer = try compiled.optimise()
    let bound = try #require(answer.utility.upperBound)
    let replayed = answer.certificate.map { compiled.upperBound(by: $0) ?? .infinity } ?? bound

    let count = compiled.cellNames.count
    let (zeros, most) = (
      [Double](repeating: 0, count: count), [Double](repeating: 2.5 * instance.budget / Double(count), count: count)
    )
    var attack = BoundAttack(
      lower: plan.isByPeriod ? zeros : instance.lower, upper: plan.isByPeriod ? most : instance.upper,
      budget: instance.budget, mayLeave: plan.mayLeave, seed: 5
    ) { compiled.score(spend: $0) }
    for _ in 0..<100 {
      let shot = attack.shot()
      #expect(compiled.isWithinLimits(shot.plan), "\(shot.plan)")
    }
    let climbed = attack.climb()
    #expect(compiled.isWithinLimits(climbed.plan), "\(climbed.plan)")
    #expect(climbed.score > -.infinity)
    #expect(attack.best <= min(bound, replayed), "\(attack.best) above \(bound) or \(replayed)")
    // The climb is an attack: it comes near what the search found, on curves that have one hill.
    if plan.family == .concave, plan.utility == "mean" {
      #expect(attack.best >= answer.utility.value * (1 - 1e-3), "\(attack.best) of \(answer.utility.value)")
    }
  }
}
