import Foundation
import Optimisation
import Reporting
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Plans with limits of all kinds at once, drawn at random.
@Suite struct RandomPlansTests {
  /// A plan's limits as text; about a third of them cannot be met.
  private func limits(_ random: inout Xorshift, _ instance: PlanInstance) -> String {
    func pick<T>(_ values: [T]) -> T { values[Int(random.uniform(0, Double(values.count)))] }
    let channels = instance.posterior.channels
    let budget = instance.budget
    func some() -> [String] {
      let chosen = channels.filter { _ in random.uniform(0, 1) < 0.5 }
      return chosen.isEmpty ? [channels[0], channels[1]] : chosen
    }
    var constraints: [String] = []
    for _ in 0..<Int(random.uniform(1, 4)) {
      switch Int(random.uniform(0, 5)) {
      case 0: constraints.append("{group: \(some()), at_most: {share: \(random.uniform(0.3, 0.9))}}")
      case 1: constraints.append("{group: \(some()), at_least: \(random.uniform(0.1, 0.5) * budget)}")
      case 2:
        constraints.append(
          "{linear: {\(channels[0]): 1, \(channels[1]): \(-random.uniform(0.3, 2))}, at_most: \(random.uniform(0, 0.2) * budget)}"
        )
      case 3: constraints.append("{fixed: \(pick(channels)), spend: \(random.uniform(0, 0.3) * budget)}")
      default: constraints.append("{off_or_at_least: \(pick(channels)), spend: \(random.uniform(0.1, 0.4) * budget)}")
      }
    }
    let spend = pick(["exactly", "at_most", "{range: [\(0.4 * budget), \(0.9 * budget)]}"])
    let rounding = random.uniform(0, 1) < 0.4 ? "rounding: {unit: \(budget / 200)}\n" : ""
    return instance.plan("constraints: [\(constraints.joined(separator: ", "))]", rounding)
      .replacing("budget: {total: \(budget)}", with: "budget: {total: \(budget), spend: \(spend)}")
  }

  @Test(arguments: [PlanFamily.concave, .mixed, .traps, .tight], 1...3)
  func `answers are feasible, below their bound, and no random plan is better by more than the gap`(
    family: PlanFamily, seed: Int
  ) throws {
    var random = Xorshift(seed: UInt64(17 * seed + 3))
    var solved = 0
    for number in 0..<4 {
      let instance = family.instance(channels: 4, draws: 80, periods: 2, seed: UInt64(seed))
      let utility = ["mean", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {}}", "{quantile: {level: 0.3}}"][
        number]
      let text = limits(&random, instance) + "utility: \(utility)\nsolver: {gap: 1e-3, time_limit: 10}\n"
      let plan: CompiledPlan
      do {
        plan = try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
      } catch let error as InfeasiblePlan {
        #expect(!error.limits.isEmpty, "\(error.message)")
        continue
      }
      solved += 1
      let answer = try plan.optimise(record: RunRecord(version: "test"))
      let spend = answer.cells.map(\.total)
      #expect(plan.isWithinLimits(spend), "\(text)\n\(spend)")
      #expect(answer.limits.allSatisfy { $0.slack >= 0 }, "\(text)")
      let bound = try #require(answer.utility.upperBound)
      #expect(answer.utility.value <= bound + 1e-12 * abs(bound), "\(text)")
      let file = try CertificateFile(json: Data(CertificateFile(answer).json.utf8))
      let certificate = try #require(file.certificate)
      let replayed = try #require(plan.upperBound(by: certificate), "\(text)")
      #expect(abs(replayed - bound) <= 1e-11 * abs(bound), "\(text)")

      let polytope = plan.limits.polytope(money: plan.money)
      for place in 0..<150 {
        var shares = random.shares(polytope.dimension, peakedness: 1 + place % 4)
        if place.isMultiple(of: 3) { shares = shares.map { $0 * random.uniform(0, 1) } }
        let x = try #require(polytope.projection(of: shares), "\(text)")
        let money = x.map { $0 * plan.money }
        #expect(plan.isWithinLimits(money), "\(text)\n\(money)")
        #expect(plan.score(spend: money) <= min(bound, replayed) + 1e-12 * abs(bound), "\(text)\n\(money)")
      }
      if let rounding = answer.rounding {
        let multiples = answer.cells.count {
          abs($0.total / rounding.unit - ($0.total / rounding.unit).rounded()) <= 1e-9
        }
        #expect(multiples + rounding.oddCells.count == 4)
      }
    }
    #expect(solved > 0)
  }

  @Test(arguments: [PlanFamily.concave, .mixed, .traps], 1...2)
  func
    `targets and limits of risk are met within all limits, and no random plan that meets them is better than the bound`(
      family: PlanFamily, seed: Int
    ) throws
  {
    var random = Xorshift(seed: UInt64(29 * seed + 5))
    var solved = 0
    for number in 0..<6 {
      let instance = family.instance(channels: 4, draws: 80, periods: 2, seed: UInt64(seed))
      let even = try CompiledPlan(
        PlanFile.parse(instance.plan(""), source: "plan.yaml", folder: ".").plan, instance.posterior)
      let spend = instance.posterior.channels.map { _ in instance.budget / 4 }
      let score = even.score(spend: spend)
      let utility = ["mean", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {}}"][number % 3]
      let goal = [
        "target: {roi: \(random.uniform(0.5, 1.1) * score / instance.budget)}",
        "target: {outcome: \(random.uniform(0.2, 0.9) * score)}",
        "target: {marginal_roi: \(random.uniform(0.3, 0.9) * score / instance.budget)}",
        "risk_limits: [{expected_shortfall: {tail: 0.1}, at_least: \(random.uniform(0.3, 0.7) * score)}]",
      ][(number + seed) % 4]
      let text = limits(&random, instance) + "\(goal)\nutility: \(utility)\nsolver: {gap: 1e-3, time_limit: 10}\n"
      let plan: CompiledPlan
      let answer: Recommendation
      do {
        plan = try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
        answer = try plan.optimise()
      } catch let error as InfeasiblePlan {
        #expect(!error.limits.isEmpty, "\(error.message)")
        continue
      }
      solved += 1
      let money = answer.cells.map(\.total)
      #expect(plan.isWithinLimits(money), "\(text)\n\(money)")
      guard answer.rounding == nil else { continue }
      #expect(plan.missed(spend: money).isEmpty, "\(text)\n\(money)")
      let certificate = try #require(answer.certificate, "\(text)")
      let bound = try #require(plan.upperBound(by: certificate), "\(text)")
      #expect(abs(bound - certificate.upperBound) <= 1e-11 * abs(bound), "\(text)")
      let polytope = plan.limits.polytope(money: plan.money)
      for place in 0..<150 {
        var shares = random.shares(polytope.dimension, peakedness: 1 + place % 4)
        if place.isMultiple(of: 3) { shares = shares.map { $0 * random.uniform(0, 1) } }
        let x = try #require(polytope.projection(of: shares), "\(text)")
        guard let sought = plan.sought(at: x.map { $0 * plan.money }, by: certificate) else { continue }
        #expect(sought <= bound + 1e-12 * abs(bound), "\(text)\n\(x)")
      }
    }
    #expect(solved > 0)
  }
}
