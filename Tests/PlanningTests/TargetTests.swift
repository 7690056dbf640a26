import Foundation
import NumericKernel
import Optimisation
import Reporting
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Plans that say what money is to come to instead of how much to spend.
@Suite struct TargetTests {
  private static let families: [PlanFamily] = [.concave, .mixed, .traps]
  private static let utilities = ["mean", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {}}"]

  /// A plan of three channels, on whose grid every target can be looked up.
  private func plan(_ family: PlanFamily, _ lines: String..., seed: UInt64 = 1) throws -> CompiledPlan {
    let instance = family.instance(channels: 3, draws: 60, periods: 2, seed: seed)
    let text = (["solver: {gap: 1e-4, time_limit: 20}"] + lines).joined(separator: "\n")
    return try CompiledPlan(
      PlanFile.parse(instance.plan(text), source: "plan.yaml", folder: ".").plan, instance.posterior)
  }

  /// Every plan on a grid within the limits: its money, and its score.
  private func grid(_ plan: CompiledPlan, steps: Int = 24) -> [(spend: [Double], score: Double)] {
    let polytope = plan.limits.polytope(money: plan.money)
    func points(_ cell: Int) -> [Double] {
      (0...steps).map {
        plan.money
          * (polytope.lower[cell] + (polytope.upper[cell] - polytope.lower[cell]) * Double($0) / Double(steps))
      }
    }
    return points(0).flatMap { a in
      points(1).flatMap { b in
        points(2).map { c in [a, b, c] }
      }
    }.filter(plan.isWithinLimits).map { ($0, plan.score(spend: $0)) }
  }

  private func replays(_ answer: Recommendation, _ plan: CompiledPlan) throws {
    let file = try CertificateFile(json: Data(CertificateFile(answer).json.utf8))
    let certificate = try #require(file.certificate)
    let bound = try #require(plan.upperBound(by: certificate))
    let sought = try #require(plan.sought(at: answer.cells.map(\.total), by: certificate))
    #expect(abs(bound - certificate.upperBound) <= 1e-11 * abs(bound))
    #expect(sought <= bound + 1e-12 * abs(bound))
  }

  @Test(arguments: families, utilities)
  func `a return on money is reached by the best plan that has it`(family: PlanFamily, utility: String) throws {
    let free = try plan(family, "utility: \(utility)", "target: {marginal_roi: 1e-9}")
    let tried = grid(free)
    let returns = tried.map { $0.score / max($0.spend.reduce(0, +), 1e-9 * free.money) }
    for level in [0.3, 0.7, 0.95] {
      let asked = returns.sorted()[Int(level * Double(returns.count - 1))]
      guard asked > 0 else { continue }
      let best = zip(tried, returns).filter { $1 >= asked }.map { $0.0.score }.max() ?? 0
      let plan = try plan(family, "utility: \(utility)", "target: {roi: \(asked)}")
      let answer = try plan.optimise()
      let spent = answer.budget.spent
      #expect(answer.utility.value >= asked * spent * (1 - 1e-8), "\(family) \(utility) \(asked)")
      let bound = try #require(answer.utility.upperBound)
      #expect(best <= bound * (1 + 1e-11), "\(family) \(utility) \(asked)")
      #expect(answer.reachesGap, "\(family) \(utility) \(asked): \(answer.utility.gap ?? -1)")
      #expect(abs((answer.target?.reached ?? 0) - answer.utility.value / spent) <= 1e-12 * asked)
      try replays(answer, plan)

      let cost = try self.plan(family, "utility: \(utility)", "target: {cost_per_outcome: \(1 / asked)}").optimise()
      #expect(abs(cost.utility.value - answer.utility.value) <= 3e-4 * abs(answer.utility.value))
    }
  }

  @Test(arguments: families, utilities)
  func `an outcome is reached by the least money, and asking for more never costs less`(
    family: PlanFamily, utility: String
  ) throws {
    let free = try plan(family, "utility: \(utility)", "target: {marginal_roi: 1e-9}")
    let tried = grid(free)
    let most = tried.map(\.score).max() ?? 0
    var before = 0.0
    for share in [0.2, 0.5, 0.8, 0.95] {
      let least = tried.filter { $0.score >= share * most }.map { $0.spend.reduce(0, +) }.min() ?? .infinity
      let plan = try plan(family, "utility: \(utility)", "target: {outcome: \(share * most)}")
      let answer = try plan.optimise()
      let proved = try #require(answer.target?.leastSpend)
      #expect(answer.utility.value >= share * most * (1 - 1e-8))
      #expect(proved <= least * (1 + 1e-11), "\(family) \(utility) \(share)")
      #expect(answer.reachesGap, "\(family) \(utility) \(share): \(answer.target?.gap ?? -1)")
      #expect(answer.budget.spent <= least * (1 + 1e-4), "\(family) \(utility) \(share)")
      #expect(answer.budget.spent >= before)
      before = answer.budget.spent
      try replays(answer, plan)
    }
  }

  @Test(arguments: families, utilities)
  func `money is spent until the next unit brings less than was asked`(family: PlanFamily, utility: String) throws {
    let free = try plan(family, "utility: \(utility)", "target: {marginal_roi: 1e-9}")
    let tried = grid(free)
    let even = tried.last ?? ([], 0)
    for share in [0.5, 1, 2] {
      let asked = share * even.score / even.spend.reduce(0, +)
      func sought(_ spend: [Double], _ score: Double) -> Double { score - asked * spend.reduce(0, +) }
      let plan = try plan(family, "utility: \(utility)", "target: {marginal_roi: \(asked)}")
      let answer: Recommendation
      do { answer = try plan.optimise() } catch {
        #expect(tried.allSatisfy { sought($0.spend, $0.score) <= 1e-6 * even.score }, "\(error.message)")
        continue
      }
      let own = sought(answer.cells.map(\.total), answer.utility.value)
      let gap = (answer.utility.upperBound ?? .infinity) - answer.utility.value
      #expect(gap <= 1e-3 * abs(answer.utility.value), "\(family) \(utility) \(share)")
      #expect(tried.allSatisfy { sought($0.spend, $0.score) <= own + gap + 1e-11 * abs(own) })
      try replays(answer, plan)
    }
  }

  @Test
  func
    `a ratio and a share of draws are kept where they are asked to be, though a unit of them is worth thousands of outcome`()
    throws
  {
    let free = try smallPlan("utility: mean").optimise()
    let steady = try smallPlan("utility: sharpe").optimise()
    let (low, high) = (Sharpe(reference: 0).score(free.draws.span), steady.utility.value)
    #expect(high > low * 1.05)
    for share in [0.1, 0.5, 0.9] {
      let least = low + share * (high - low)
      let answer = try smallPlan("utility: mean\nrisk_limits: [{sharpe: {reference: 0}, at_least: \(least)}]")
        .optimise()
      #expect(Sharpe(reference: 0).score(answer.draws.span) >= least * (1 - 1e-9), "\(share)")
      #expect(answer.utility.value < free.utility.value && answer.utility.value >= steady.outcome.mean * (1 - 1e-9))
      #expect(answer.limits.allSatisfy { $0.slack >= 0 })
    }
    #expect(throws: InfeasiblePlan.self) {
      try smallPlan("utility: mean\nrisk_limits: [{sharpe: {reference: 0}, at_least: \(high * 1.01)}]").optimise()
    }
    let target = TargetProbability(target: free.outcome.q25)
    let least = target.score(free.draws.span) + 1.0 / 24
    let plan = "risk_limits: [{target_probability: {target: \(free.outcome.q25)}, at_least: \(least)}]"
    do {
      let answer = try smallPlan("utility: mean\n\(plan)").optimise()
      #expect(target.score(answer.draws.span) >= least - 1e-12)
    } catch let error as InfeasiblePlan {
      #expect(error.message.contains("no plan"))
    }
  }

  @Test(arguments: families)
  func `other utilities are kept where they are asked to be`(family: PlanFamily) throws {
    let lines = "utility: mean"
    let free = try plan(family, lines).optimise()
    let worst = try plan(family, "utility: {expected_shortfall: {tail: 0.1}}").optimise()
    let utility = ExpectedShortfall(tail: 0.1)
    let (low, high) = (utility.score(free.draws.span), worst.utility.value)
    for share in [0.0, 0.5, 0.9] {
      let least = low + share * (high - low)
      let plan = try plan(family, lines, "risk_limits: [{expected_shortfall: {tail: 0.1}, at_least: \(least)}]")
      let answer = try plan.optimise()
      #expect(utility.score(answer.draws.span) >= least - 1e-8 * abs(least), "\(family) \(share)")
      let bound = try #require(answer.utility.upperBound)
      #expect(answer.reachesGap, "\(family) \(share): \(answer.utility.gap ?? -1)")
      #expect(answer.utility.value <= free.utility.value * (1 + 1e-4))
      let best = grid(plan).filter { spend, _ in
        utility.score(plan.objective.reading(spend: spend).outcome.span) >= least
      }.map(\.score).max()
      #expect((best ?? 0) <= bound * (1 + 1e-11), "\(family) \(share)")
      let limit = try #require(answer.limits.last)
      #expect(limit.name == "expected_shortfall {tail: 0.1}" && limit.lower == least && limit.slack >= 0)
      try replays(answer, plan)
    }
    // What the same limit costs is known from the plan without it.
    let tight = try plan(
      family, lines, "risk_limits: [{expected_shortfall: {tail: 0.1}, at_least: \(low + 0.9 * (high - low))}]")
    let costed = tight.relaxing(try tight.optimise())
    if let relaxed = costed.limits.last?.relaxedUtility {
      #expect(relaxed <= free.utility.upperBound.map { $0 * (1 + 1e-11) } ?? .infinity)
      #expect(relaxed >= costed.utility.value)
    }
  }

  @Test(arguments: families)
  func `a probability costs no more than the quantile that says the same`(family: PlanFamily) throws {
    let free = try plan(family, "utility: {quantile: {level: 0.25}}")
    let outcome = 0.6 * (try free.optimise().utility.value)
    // Of sixty draws fifteen may stay below.
    let asked = ["{quantile: {level: \(15.0 / 59)}}", "{target_probability: {target: \(outcome)}}"]
    let answers = try zip(asked, [outcome, 0.75]).map { utility, amount in
      try plan(family, "utility: \(utility)", "target: {outcome: \(amount)}").optimise()
    }
    #expect(answers.allSatisfy { $0.target?.isMet == true })
    // Both are searched as far as the gap that the plan asks for.
    #expect(answers[1].budget.spent <= answers[0].budget.spent * (1 + 1e-4), "\(family)")
  }

  @Test func `what no plan reaches is told with the nearest that some plan does`() throws {
    func message(_ lines: String...) -> String {
      do {
        _ = try smallPlan(lines.joined(separator: "\n")).optimise()
        return "solved"
      } catch let error as InfeasiblePlan {
        return error.message
      } catch {
        return "\(error)"
      }
    }
    let most = try smallPlan("utility: mean").optimise().utility.value
    #expect(
      message("target: {outcome: \(2 * most)}")
        == "target.outcome: no plan within the limits comes to \(SpendLimits.format(2 * most)), the nearest is \(SpendLimits.format(most))"
    )
    #expect(
      message("risk_limits: [{mean: {}, at_least: \(2 * most), name: floor}]")
        == "floor: no plan within the limits comes to \(SpendLimits.format(2 * most)), the nearest is \(SpendLimits.format(most))"
    )
    #expect(
      message("target: {outcome: \(2 * most)}", "utility: {quantile: {level: 0.1}}").hasPrefix(
        "target.outcome: no plan within the limits comes to"))
    let far = message("target: {roi: 1e6}")
    #expect(
      far.hasPrefix("target.roi: no plan that scores more than ") && far.contains(" comes to 1e+06, the nearest is "),
      "\(far)")
    #expect(
      message("target: {marginal_roi: 1e6}")
        == "target.marginal_roi: no plan brings back 1e+06 for each unit of its money, so that nothing would be spent")
    let parts = message(
      "risk_limits: [{mean: {}, at_least: \(0.99 * most)}]", "target: {cost_per_outcome: 1e-9}")
    #expect(parts.hasPrefix("target.cost_per_outcome") || parts.contains("no plan"), "\(parts)")
  }

  @Test func `without a budget as much is compared as pays`() throws {
    let plan = try smallPlan("target: {marginal_roi: 2}", budget: "")
    let answer = try plan.optimise()
    let spent = answer.budget.spent
    #expect(answer.target?.cap == nil && answer.target?.isOwnCap == false)
    let given = try smallPlan("target: {marginal_roi: 2}", budget: "budget: {total: \(20 * spent)}").optimise()
    #expect(abs(given.budget.spent - spent) <= 1e-6 * spent)
    #expect(given.target?.isOwnCap == false)
    for cell in answer.cells where cell.total > 0 { #expect(abs(cell.marginalROI - 2) <= 1e-5) }
  }

  @Test func `the most profit is where the next unit brings what it costs`() throws {
    let profit = try smallPlan("target: profit\nmargin: 0.5\noutcome_value: 3").optimise()
    let same = try smallPlan(
      "measure: profit\nmargin: 0.5\noutcome_value: 3", budget: "budget: {total: 600, spend: at_most}"
    )
    .optimise()
    #expect(profit.measure == .profit && profit.utility.value == same.utility.value)
    #expect(profit.target?.kind == .profit && profit.target?.asked == nil)
  }

  @Test func `an increment moves the cells that it names one way`() throws {
    let current = "current: {tv: 200, radio: 100, search: 100}"
    let more = try smallPlan("\(current)\nincrement: {amount: 60, only: [tv, radio]}", budget: "").optimise()
    #expect(abs(more.budget.spent - 460) <= 1e-9 && more.cells[2].total == 100)
    #expect(more.cells[0].total >= 200 && more.cells[1].total >= 100)
    let less = try smallPlan("\(current)\nincrement: {share: -0.15}", budget: "").optimise()
    #expect(abs(less.budget.spent - 340) <= 1e-9)
    #expect(zip(less.cells, [200.0, 100, 100]).allSatisfy { $0.total <= $1 })
    #expect(throws: InfeasiblePlan.self) {
      try smallPlan("\(current)\nincrement: {amount: 60, only: [tv]}\nbounds: {tv: [0, 250]}", budget: "")
    }
    #expect(
      problemsOfSmallPlan("\(current)\nincrement: {amount: 60}").contains {
        $0.contains("the current plan spends 400.00")
      })
    #expect(problemsOfSmallPlan("current: {tv: 5}\nincrement: {amount: -6}").contains { $0.contains("expected") })
  }

  @Test(arguments: [
    ("target: {roi: -1}", "above 0"), ("target: {rio: 1}", "did you mean 'roi'?"),
    ("target: {roi: 2}\nutility: raroc", "found raroc"), ("target: {roi: 2}\nmeasure: profit", "found profit"),
    ("target: {roi: 2}\noutcome_value: [1, 2, 3, 4]", "one outcome_value"),
    ("target: {outcome: 5}\nincrement: {amount: 5}", "one of the two"),
    ("risk_limits: [{raroc: {}, at_least: 1}]", "found raroc"), ("risk_limits: [{expected_shortfall: {}}]", "at_least"),
    ("increment: {amount: 5, only: [tvv]}", "did you mean tv"), ("target: {profit: 5}", "most"),
  ])
  func `what makes no sense is refused where it stands`(text: String, part: String) {
    let problems = problemsOfSmallPlan(text)
    #expect(problems.contains { $0.contains(part) && $0.hasPrefix("plan.yaml:") }, "\(problems)")
  }

  @Test func `goals come back from their own YAML`() throws {
    let text = """
      target: {cost_per_outcome: 0.5}
      risk_limits: [{expected_shortfall: {tail: 0.2}, at_least: 10, name: worst}, {quantile: {level: 0.1}, at_least: 5}]
      """
    let plan = try smallPlan(text).plan
    let again = try PlanFile.parse(plan.yaml, source: "again.yaml", folder: "").plan
    #expect(again.yaml == plan.yaml)
    let increment = try smallPlan("increment: {share: -0.1, only: [tv]}", budget: "budget: {total: 600}").plan
    #expect(try PlanFile.parse(increment.yaml, source: "again.yaml", folder: "").plan.yaml == increment.yaml)
  }

  @Test func `a rounded plan still meets what is asked for`() throws {
    for goal in [
      "target: {outcome: 5000}", "target: {roi: 18}", "risk_limits: [{expected_shortfall: {}, at_least: 5000}]",
    ] {
      let plan = try smallPlan("\(goal)\nrounding: {unit: 10}", budget: "budget: {total: 600, spend: at_most}")
      let answer = try plan.optimise()
      let money = answer.cells.map(\.total)
      #expect(plan.missed(spend: money).isEmpty, "\(goal): \(money)")
      let rounding = try #require(answer.rounding, "\(goal)")
      let multiples = money.count { abs($0 / 10 - ($0 / 10).rounded()) <= 1e-9 }
      #expect(multiples + rounding.oddCells.count == 3)
    }
  }
}
