import Foundation
import ResponseModel
import Testing

@testable import Planning

/// What every kind of constraint promises.
@Suite struct ConstraintFamilyTests {
  /// Of each kind one as a plan file has it, the same made in Swift, and what `check` says of it.
  static let examples: [(text: String, made: Constraint, subject: String, words: String)] = [
    (
      "{group: [tv, radio], at_most: {share: 0.6}, name: both}",
      .group(["tv", "radio"], atMost: .share(0.6), name: "both"), "both: tv + radio", "at most 60 % of the budget"
    ),
    (
      "{linear: {search: -0.5, tv: 1}, at_least: -5}", .linear(["tv": 1, "search": -0.5], atLeast: .amount(-5)),
      "-0.5 search + tv", "at least -5"
    ),
    ("{fixed: radio, spend: 40}", .fixed("radio", at: .amount(40)), "radio", "exactly 40"),
    (
      "{off_or_at_least: tv, spend: 12}", .offOrAtLeast("tv", .amount(12)), "tv", "nothing, or at least 12"
    ),
    (
      "{period: [2, 3], at_least: 80, at_most: 170}",
      .period(.named([.number(2), .number(3)]), atLeast: .amount(80), atMost: .amount(170)),
      "all cells in periods 2, 3", "at least 80, at most 170"
    ),
    (
      "{ramp: [tv], up: {share: 0.3}, down: 20, from: free, from_zero: 5}",
      .ramp(["tv"], up: .share(0.3), down: .amount(20), from: .free, fromZero: 5), "tv",
      "from one period to the next at most 30 % up, 20 down, to 5 from any amount, from any start"
    ),
    ("{dark: tv, periods: [3]}", .dark("tv", in: .named([.number(3)])), "tv in period 3", "nothing"),
    (
      "{flight: tv, on_at_least: 2, off_at_least: 1, spend: 10}",
      .flight("tv", onAtLeast: 2, offAtLeast: 1, spend: .amount(10)), "tv",
      "runs of at least 2 periods, at least 1 period between them, each period at least 10"
    ),
  ]

  private func plan(_ constraint: String, byPeriod: Bool = false) throws -> Plan {
    try PlanFile.parse(
      """
      posterior: {file: small.nc}
      horizon: {num_periods: 4}
      budget: {total: 600}
      \(byPeriod ? "decide: {by: [channel, period]}" : "")
      constraints: [\(constraint)]
      """, source: "plan.yaml", folder: "."
    ).plan
  }

  @Test func `every kind has a key of its own, and an example here`() {
    let keys = ConstraintCatalogue.all.map { $0.key }
    #expect(Set(keys).count == keys.count)
    #expect(Self.examples.map { type(of: $0.made.rule).key } == keys)
  }

  @Test(arguments: examples.indices)
  func `what is read is what Swift makes, and what is written is read again`(index: Int) throws {
    let (text, made, subject, words) = Self.examples[index]
    let read = try plan(text).withoutPlaces.constraints
    #expect(read == [made])
    #expect(try plan(made.inYAML).withoutPlaces.constraints == [made])
    #expect(made.brokenConditions().isEmpty)
    #expect(made.subject == subject && made.words { String(format: "%g", $0) } == words)
    // Its kind, its name and its periods all tell it from others.
    var other = made
    other.name = "another"
    #expect(other != made)
    other = made
    other.periods = Placed(.named([.number(1)]))
    #expect(other != made)
    #expect(made != Self.examples[(index + 1) % Self.examples.count].made)
  }

  @Test(arguments: examples.indices)
  func `the best plan by period keeps it, and a plan without periods keeps it or refuses it`(index: Int) throws {
    let (text, made, _, _) = Self.examples[index]
    let byPeriod = try CompiledPlan(plan(text, byPeriod: true), smallPosterior()).optimise()
    #expect(byPeriod.status != .evaluatedOutsideLimits && byPeriod.limits.allSatisfy { $0.slack >= -6e-7 })
    // The budget's limit is there without it.
    #expect(byPeriod.limits.count > 1)
    guard type(of: made.rule).isOfSinglePeriods else {
      let answer = try CompiledPlan(plan(text), smallPosterior()).optimise()
      #expect(answer.limits.count > 1 && answer.limits.allSatisfy { $0.slack >= -6e-7 })
      return
    }
    #expect { try CompiledPlan(plan(text), smallPosterior()) } throws: { error in
      "\(error)".contains("is about single periods")
    }
  }
}
