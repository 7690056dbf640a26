import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct ConstraintTests {
  private let record = RunRecord(version: "test")

  private func infeasible(_ text: String, budget: String = "budget: {total: 600}") -> InfeasiblePlan? {
    do {
      _ = try smallPlan(text, budget: budget)
      return nil
    } catch let error as InfeasiblePlan {
      return error
    } catch {
      return InfeasiblePlan("\(error)")
    }
  }

  private func limit(_ name: String, of answer: Recommendation) throws -> Recommendation.LimitResult {
    try #require(answer.limits.first { $0.name == name }, "\(name)")
  }

  /// How far the price of a limit is from what its next unit brings, solved again with the limit moved.
  private func expectPrice(
    _ name: String, _ utility: String, at end: Double, _ text: (Double) -> String
  ) throws {
    let step = 0.05
    func solved(_ end: Double) throws -> Recommendation {
      try smallPlan("utility: \(utility)\n\(text(end))").optimise(record: record)
    }
    let (less, here, more) = (try solved(end - step), try solved(end), try solved(end + step))
    let found = try limit(name, of: here)
    #expect(found.isBinding && found.slack == 0, "\(name)")
    let price = try #require(found.shadowPrice, "\(name)")
    #expect(price != 0)
    let last = (here.utility.value - less.utility.value) / step
    let next = (more.utility.value - here.utility.value) / step
    // Values are those of optima to 1e-10 or so.
    let play = 2e-9 * abs(here.utility.value) / step
    #expect(price >= next - play && price <= last + play, "\(name): \(next) ≤ \(price) ≤ \(last)")
  }

  @Test(arguments: ["mean", "expected_shortfall", "{mean_deviation: {lambda: 1}}"])
  func `the price of each constraint is what its next unit is worth`(utility: String) throws {
    try expectPrice("radio + search", utility, at: 200) {
      "constraints: [{group: [radio, search], at_most: \($0)}]"
    }
    try expectPrice("the floor", utility, at: 450) {
      "constraints: [{group: [tv, search], at_least: \($0), name: the floor}]"
    }
    try expectPrice("tv - 0.5 search", utility, at: -60) {
      "constraints: [{linear: {tv: 1, search: -0.5}, at_most: \($0)}]"
    }
    try expectPrice("2 tv + 3 radio", utility, at: 400) { "constraints: [{linear: {tv: 2, radio: 3}, equal: \($0)}]" }
    try expectPrice("radio fixed", utility, at: 300) { "constraints: [{fixed: radio, spend: \($0)}]" }
  }

  @Test func `every kind of limit holds, is proved, and is replayed`() throws {
    let plan = try smallPlan(
      """
      bounds: {tv: {share: [0.1, 0.5]}, search: {relative: 0.8}}
      constraints:
        - {group: [radio, search], at_most: {share: 0.6}, name: cap}
        - {linear: {tv: 1, radio: -1}, at_most: 100}
        - {fixed: radio, spend: 150}
      """)
    let answer = try plan.optimise(record: record)
    let money = answer.cells.map(\.total)
    #expect(money.reduce(0, +) == 600 && money[1] == 150)
    #expect(money[0] >= 60 && money[0] <= 300 && money[1] + money[2] <= 360 + 6e-7 && money[0] - money[1] <= 100 + 6e-7)
    #expect(answer.limits.map(\.name) == ["budget", "tv", "search", "cap", "tv - radio", "radio fixed"])
    #expect(answer.reachesGap)
    let certificate = try #require(answer.certificate)
    let bound = try #require(plan.upperBound(by: certificate))
    #expect(abs(bound - certificate.upperBound) <= 1e-12 * bound && answer.utility.value <= bound)
    // The plan that stands in the certificate is the same plan.
    let again = try CompiledPlan(
      PlanFile.parse(plan.plan.yaml, source: "plan.yaml", folder: "").plan, smallPosterior())
    #expect(try again.optimise(record: record).cells.map(\.total) == money)
  }

  @Test func `multiples of history are of what was spent in as many periods`() throws {
    // The last four of ten weeks: tv 16 + … + 19 = 70, radio 110, search 150.
    let plan = try smallPlan("bounds: {tv: {history: [0.5, 2]}, radio: {history: [null, 1]}}")
    #expect(plan.limits.lower == [35, 0, 0])
    #expect(plan.limits.upper == [140, 110, 600])
    #expect(
      problemsOfSmallPlan("bounds: {tv: {history: [0.5, 2]}}", smallPosterior(history: false)).first?.contains(
        "bounds by history need what was spent") == true)
  }

  @Test func `constraints of plain values are those of a file`() throws {
    var plan = try smallPlan("").plan
    plan.constraints = [
      .group(["radio", "search"], atMost: .share(0.5), name: "cap"),
      .linear(["tv": 1, "search": -0.5], atLeast: .amount(-20)), .fixed("search", at: .amount(200)),
      .offOrAtLeast("radio", .amount(60)),
    ]
    let written = try smallPlan(
      """
      constraints:
        - {group: [radio, search], at_most: {share: 0.5}, name: cap}
        - {linear: {search: -0.5, tv: 1}, at_least: -20}
        - {fixed: search, spend: 200}
        - {off_or_at_least: radio, spend: 60}
      """)
    let answers = try [CompiledPlan(plan, smallPosterior()), written].map { try $0.optimise(record: record) }
    #expect(answers[0].limits == answers[1].limits)
    #expect(answers[0].cells.map(\.total) == answers[1].cells.map(\.total))
    plan.constraints = [.group(["tv"]), .linear([:], atMost: .amount(.nan)), .fixed("tv", at: .share(-1))]
    #expect {
      try CompiledPlan(plan, smallPosterior())
    } throws: {
      ($0 as? PlanProblems)?.problems.count == 4
    }
  }

  @Test func `names in constraints are those of the posterior, each once`() {
    #expect(
      problemsOfSmallPlan("constraints: [{group: [tv, rado], at_most: 5}, {fixed: serch, spend: 1}]") == [
        "plan.yaml:4:28: error: unknown channel, expected one of tv, radio, search, found rado, did you mean radio?",
        "plan.yaml:4:56: error: unknown channel, expected one of tv, radio, search, found serch, did you mean search?",
      ])
    #expect(
      problemsOfSmallPlan("constraints: [{group: [tv, tv], at_most: 5}]") == [
        "plan.yaml:4:28: error: tv is named twice in one constraint, expected once"
      ])
  }

  @Test func `what is broken by a given allocation is told, limit by limit`() throws {
    let text = """
      bounds: {tv: [0, 100]}
      constraints: [{group: [tv, radio], at_most: 250}, {linear: {tv: 2, search: -1}, at_least: 0}, {fixed: search, spend: 50}]
      """
    let whole = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n"
    let plan = try PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan
    let answer = try CompiledPlan(plan, smallPosterior(), scoring: Allocation(["tv": 20, "radio": 400, "search": 60]))
      .evaluate(record: record)
    #expect(answer.status == .evaluatedOutsideLimits)
    #expect(answer.limits.map(\.slack) == [-120, 20, -170, -20, -10])
    #expect(answer.limits.map(\.value) == [480, 20, 420, -20, 60])
  }

  @Test func `limits that conflict are named with their amounts, and what would help`() throws {
    let fixed = try #require(
      infeasible(
        "bounds: {tv: [500000, null]}\nconstraints: [{fixed: radio, spend: 80000}, {group: [search], at_most: 9}]",
        budget: "budget: {total: 520000}"))
    #expect(
      fixed.message
        == "tv at least 500,000.00 and radio fixed at 80,000.00 exceed budget 520,000.00 by 60,000.00; it would be enough to "
        + "raise the budget to 580,000.00, or to lower tv's floor to 440,000.00, or to lower radio fixed to 20,000.00")
    #expect(Set(fixed.limits) == ["budget", "tv", "radio fixed"])
    // Of two conflicts the one of fewer limits.
    let small = try #require(
      infeasible("bounds: {tv: [500, null], radio: [0, 150]}\nconstraints: [{fixed: radio, spend: 200}]"))
    #expect(
      small.message
        == "radio fixed at 200.00 exceeds radio at most 150.00 by 50.00; it would be enough to lower radio fixed to 100.00"
    )
    let group = try #require(
      infeasible(
        "bounds: {tv: [250, null]}\nconstraints: [{group: [tv, radio], at_most: {share: 0.4}, name: old media}]"))
    #expect(
      group.message
        == "tv at least 250.00 exceeds 'old media', tv + radio at most 240.00 by 10.00; it would be enough to lower tv's floor "
        + "to 240.00, or to raise old media to 250.00")
    let linear = try #require(
      infeasible("constraints: [{linear: {tv: 1, radio: -3}, at_least: 100}, {fixed: radio, spend: 200}]"))
    #expect(
      linear.message
        == "budget 600.00, tv - 3 radio at least 100.00 and radio fixed at 200.00 cannot all be met; it would be enough to "
        + "lower radio fixed to 125.00")
    let itself = try #require(infeasible("constraints: [{linear: {tv: 0}, at_least: 5}]"))
    #expect(itself.message.hasPrefix("0 tv at least 5.00 cannot be met"))
  }

  @Test func `of very many limits that conflict the first are named, and how many more`() throws {
    let instance = PlanFamily.concave.instance(channels: 150, draws: 4, periods: 1, seed: 1)
    var crowded = instance
    crowded.lower = crowded.lower.map { _ in 1.25 }
    do {
      _ = try CompiledPlan(
        PlanFile.parse(crowded.plan(""), source: "plan.yaml", folder: ".").plan, crowded.posterior)
      Issue.record("150 floors of 1.25 are above 150")
    } catch let error as InfeasiblePlan {
      // 121 of them are 151.25.
      #expect(error.message.contains("and 109 more exceed budget 150.00 by 1.25; "))
      #expect(error.limits.count == 122)
    }
  }

  @Test func `a range of spend is a floor and a cap, and free spend needs limits of its own`() throws {
    let range = try smallPlan("", budget: "budget: {total: 600, spend: {range: [300, 450]}}").optimise(record: record)
    #expect(range.budget.spent == 450)
    let fixed = try smallPlan("", budget: "budget: {total: 600, spend: {range: [450, 450]}}").optimise(record: record)
    #expect(fixed.utility.value == range.utility.value)
    let free = "budget: {total: 600, spend: free}"
    #expect(
      throws: PlanProblems([PlanProblem("spend: free needs an upper limit for each cell, found none for radio, search")]
      )
    ) { try smallPlan("bounds: {tv: [0, 100]}", budget: free) }
    #expect(throws: PlanProblems.self) { try smallPlan("bounds: {default: [0, 100]}", budget: free) }
    let grouped = try smallPlan(
      "bounds: {default: [0, 500]}\nconstraints: [{group: [tv, radio], at_most: 400}]", budget: free
    ).optimise(record: record)
    #expect(grouped.cells[2].total == 500 && abs(grouped.budget.spent - 900) <= 1e-9 * 600 && grouped.reachesGap)
    #expect(!grouped.limits.contains { $0.name == "budget" } && grouped.budget.shadowPrice == nil)
  }
}
