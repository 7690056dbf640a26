import Foundation
import Reporting
import ResponseModel
import TestSupport
import Testing

@testable import Optimisation
@testable import Planning

/// Cells that spend nothing, or at least an amount.
@Suite struct OffOrAtLeastTests {
  private let record = RunRecord(version: "test")

  /// Every choice of sides as a plan of its own, with bounds in place of what is off or at least: the best of their answers.
  private func bestOfAllSides(
    _ instance: PlanInstance, _ leasts: [Double], _ lines: String
  ) throws -> (value: Double, bound: Double)? {
    var best: (value: Double, bound: Double)?
    for sides in 0..<(1 << leasts.count) {
      var own = instance
      for (cell, least) in leasts.enumerated() {
        if sides >> cell & 1 == 0 { own.upper[cell] = 0 } else { own.lower[cell] = least }
        if own.lower[cell] > own.upper[cell] { own.lower[cell] = own.upper[cell] }
      }
      let plan = try PlanFile.parse(own.plan(lines), source: "plan.yaml", folder: ".").plan
      do {
        let answer = try CompiledPlan(plan, own.posterior).optimise(record: record)
        best = (
          max(best?.value ?? -.infinity, answer.utility.value),
          max(best?.bound ?? -.infinity, answer.utility.upperBound ?? .infinity)
        )
      } catch is InfeasiblePlan {}
    }
    return best
  }

  @Test(
    arguments: [PlanFamily.concave, .mixed, .traps],
    ["mean", "{expected_shortfall: {tail: 0.2}}", "{mean_deviation: {}}"])
  func `the answer is the best over all choices of what is off, and is proved`(family: PlanFamily, utility: String)
    throws
  {
    for seed in 1...2 {
      var instance = family.instance(channels: 4, draws: 60, periods: 2, seed: UInt64(seed))
      instance.lower = instance.lower.map { _ in 0 }
      let leasts = instance.upper.enumerated().map { (0.4 + 0.15 * Double($0.offset)) * $0.element }
      let constraints = zip(instance.posterior.channels, leasts).map { "{off_or_at_least: \($0), spend: \($1)}" }
      let lines = "utility: \(utility)\nsolver: {gap: 1e-3, time_limit: 20}"
      let text = instance.plan(lines, "constraints: [\(constraints.joined(separator: ", "))]")
      let plan = try CompiledPlan(
        PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
      let answer = try plan.optimise(record: record)
      for (cell, least) in zip(answer.cells, leasts) {
        #expect(cell.total == 0 || cell.total >= least, "\(family) \(seed): \(cell.total) below \(least)")
      }
      #expect(abs(answer.budget.spent - instance.budget) <= 1e-9 * instance.budget)
      let sides = try bestOfAllSides(instance, leasts, lines)
      let all = try #require(sides)
      let (value, bound) = (answer.utility.value, try #require(answer.utility.upperBound))
      #expect(answer.reachesGap, "\(family) \(seed): \(answer.utility.gap ?? -1)")
      #expect(all.value <= bound + 1e-12 * abs(bound), "\(family) \(seed): \(all.value) above \(bound)")
      #expect(value >= all.value - 1e-3 * abs(all.value) && value <= all.bound + 1e-9 * abs(all.bound))

      // The file proves it again; a plan between nothing and the least is none.
      let file = try CertificateFile(json: Data(CertificateFile(answer).json.utf8))
      let certificate = try #require(file.certificate)
      let replayed = try #require(plan.upperBound(by: certificate))
      #expect(abs(replayed - bound) <= 1e-11 * abs(bound))
      #expect(plan.isWithinLimits(answer.cells.map(\.total)))
      var between = answer.cells.map(\.total)
      guard let on = between.indices.first(where: { between[$0] > 0 }) else { continue }
      between[on] = 0.5 * leasts[on]
      #expect(!plan.isWithinLimits(between))
    }
  }

  @Test(arguments: ["{quantile: {level: 0.2}}", "sharpe", "mean_tightness", "entropy_of_shares"])
  func `utilities that no certificate is of keep to it all the same`(utility: String) throws {
    let answer = try smallPlan(
      "utility: \(utility)\nconstraints: [{off_or_at_least: tv, spend: 300}, {off_or_at_least: radio, spend: 310}]"
    ).optimise(record: record)
    let money = answer.cells.map(\.total)
    #expect(money.reduce(0, +) == 600)
    #expect(money[0] == 0 || money[0] >= 300)
    #expect(money[1] == 0 || money[1] >= 310)
  }

  @Test(arguments: SolverMethod.allCases)
  func `every method keeps to it, and is proved alike`(method: SolverMethod) throws {
    let constraints = "constraints: [{off_or_at_least: tv, spend: 300}, {off_or_at_least: radio, spend: 310}]"
    let answer = try smallPlan("solver: {method: \(method.rawValue)}\n\(constraints)").optimise(record: record)
    let best = try smallPlan(constraints).optimise(record: record)
    #expect(answer.reachesGap && answer.limits.allSatisfy { $0.slack >= 0 })
    #expect(abs(answer.utility.value - best.utility.value) <= 1e-4 * best.utility.value)
  }

  @Test func `the least that a cell stands at has a price, a cell that is off has none`() throws {
    func solved(_ least: Double) throws -> Recommendation {
      try smallPlan(
        "constraints: [{off_or_at_least: tv, spend: \(least)}, {off_or_at_least: search, spend: 590}]"
      ).optimise(record: record)
    }
    let free = try smallPlan("bounds: {search: [0, 0]}").optimise(record: record).cells[0].total
    let least = free + 40
    let (less, here, more) = (try solved(least - 0.05), try solved(least), try solved(least + 0.05))
    let tv = try #require(here.limits.first { $0.name == "tv off or at least" })
    #expect(here.cells[0].total == least && tv.isBinding && tv.lower == least)
    let price = try #require(tv.shadowPrice)
    let (last, next) = (
      (here.utility.value - less.utility.value) / 0.05, (more.utility.value - here.utility.value) / 0.05
    )
    #expect(price < 0 && price >= next - 1e-4 && price <= last + 1e-4)
    let search = try #require(here.limits.first { $0.name == "search off or at least" })
    #expect(search.value == 0 && search.shadowPrice == nil && search.slack == 0)
  }

  @Test func `minimums that no choice of sides can meet are named`() throws {
    do {
      _ = try smallPlan(
        "bounds: {default: [0, 250]}\nconstraints: [{off_or_at_least: tv, spend: 240}, {off_or_at_least: radio, spend: 240}, {off_or_at_least: search, spend: 240}]"
      )
      Issue.record("two of 240 to 250 are not 600, and three are more")
    } catch let error as InfeasiblePlan {
      #expect(error.message.contains("tv off or at least 240.00"))
      #expect(error.limits.contains("budget"))
    }
    // Two of them are 480 to 500.
    let two = try smallPlan(
      "bounds: {default: [0, 250]}\nconstraints: [{off_or_at_least: tv, spend: 240}, {off_or_at_least: radio, spend: 240}, {off_or_at_least: search, spend: 240}]",
      budget: "budget: {total: 490}"
    ).optimise(record: record)
    #expect(two.cells.count { $0.total == 0 } == 1 && two.reachesGap)
  }

  @Test func `a given plan between nothing and the least breaks the limit`() throws {
    let text = "constraints: [{off_or_at_least: tv, spend: 100}]"
    let whole = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n"
    let plan = try PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan
    func slack(_ tv: Double) throws -> Double {
      let answer = try CompiledPlan(plan, smallPosterior(), scoring: Allocation(["tv": tv, "radio": 600 - tv]))
        .evaluate(record: record)
      return try #require(answer.limits.last).slack
    }
    #expect(try slack(0) == 0)
    #expect(try slack(30) == -30)
    #expect(try slack(80) == -20)
    #expect(try slack(100) == 0)
    #expect(try slack(150) == 50)
  }
}
