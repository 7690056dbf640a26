import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Limits on single periods, and from one to the next.
@Suite struct PeriodLimitsTests {
  static let byPeriod = "decide: {by: [channel, period]}\n"

  private static func answer(_ constraints: String, _ more: String = "") throws -> Recommendation {
    try smallPlan(byPeriod + more + "constraints: \(constraints)").optimise()
  }

  private static func conflict(_ constraints: String, _ more: String = "") -> InfeasiblePlan? {
    do {
      _ = try smallPlan(byPeriod + more + "constraints: \(constraints)")
      return nil
    } catch {
      return error as? InfeasiblePlan
    }
  }

  private static let season = "seasonality: {tv: [1, 3, 0.2, 2], radio: [2, 0.5, 1, 1]}\n"

  @Test func `ramps by share and by amount, up and down apart, hold from the last observed period on`() throws {
    let answer = try Self.answer(
      "[{ramp: tv, up: {share: 0.3}, down: {share: 0.1}, from: history}, {ramp: radio, up: 5, down: {amount: 20}}]",
      Self.season)
    // The last of ten observed weeks: 19 of tv, 29 of radio.
    var (tv, radio) = (19.0, 29.0)
    for period in 0..<4 {
      let (nextTV, nextRadio) = (answer.cells[0].perPeriod[period], answer.cells[1].perPeriod[period])
      #expect(nextTV <= 1.3 * tv + 6e-7 && nextTV >= 0.9 * tv - 6e-7)
      #expect(nextRadio <= radio + 5 + 6e-7 && nextRadio >= radio - 20 - 6e-7)
      (tv, radio) = (nextTV, nextRadio)
    }
    let ramps = answer.limits.filter { $0.name.contains("ramp") }
    #expect(ramps.count == 4 * 2 + 4 && ramps.contains { $0.isBinding } && ramps.allSatisfy { $0.slack >= 0 })
    #expect(answer.utility.bound == .certified && answer.reachesGap)
    // Free at the start, the first period is compared with nothing.
    let free = try Self.answer(
      "[{ramp: tv, up: {share: 0.3}, down: {share: 0.1}, from: free}, {ramp: radio, up: 5, down: {amount: 20}, from: free}]",
      Self.season)
    #expect(free.utility.value > answer.utility.value * (1 + 1e-6))
  }

  @Test func `budgets of periods, settled and dark periods hold`() throws {
    let answer = try Self.answer(
      "[{period: each, at_most: 170}, {period: [1, 2], at_least: 140}, {fixed: radio, periods: [2, 3], spend: 40}, "
        + "{dark: tv, periods: [3]}, {group: [tv, search], periods: [1, 2], at_most: 200, name: early}, "
        + "{linear: {tv: 1, search: -1}, at_least: 0}]", Self.season)
    let spend = answer.cells.map(\.perPeriod)
    for period in 0..<4 {
      let sum = spend.reduce(0) { $0 + $1[period] }
      #expect(sum <= 170 + 6e-7 && (period > 1 || sum >= 140 - 6e-7))
    }
    #expect(spend[1][1] == 40 && spend[1][2] == 40 && spend[0][2] == 0)
    #expect(spend[0][0] + spend[0][1] + spend[2][0] + spend[2][1] <= 200 + 6e-7)
    #expect(answer.cells[0].total >= answer.cells[2].total - 6e-7)
    #expect(
      answer.cells[1].periods?.map(\.binding) == [nil, .fixed, .fixed, nil]
        || answer.cells[1].periods?[1].binding == .fixed)
    let names = answer.limits.map(\.name)
    for name in ["early", "period 1", "radio in period 2", "tv dark in period 3", "tv - search"] {
      #expect(names.contains(name), "\(name) of \(names)")
    }
  }

  @Test func `bounds hold in each period`() throws {
    let answer = try Self.answer(
      "[]", Self.season + "bounds: {tv: [10, 60], radio: {relative: 0.1}, search: {history: [0.5, 2]}}\n")
    let current = try #require(try smallPlan(Self.byPeriod).calendar?.current)
    for period in 0..<4 {
      let (tv, radio, search) = (
        answer.cells[0].perPeriod[period], answer.cells[1].perPeriod[period], answer.cells[2].perPeriod[period]
      )
      #expect(tv >= 10 && tv <= 60)
      #expect(radio >= 0.9 * current[4 + period] - 1e-9 && radio <= 1.1 * current[4 + period] + 1e-9)
      // The last four of ten observed weeks: 36 to 39.
      #expect(search >= 0.5 * (36 + Double(period)) && search <= 2 * (36 + Double(period)))
    }
  }

  @Test(arguments: [
    (
      "[{ramp: tv, up: {share: 0.2}, from: history}]", "bounds: {tv: [100, 200]}",
      ["tv in period 1", "tv ramp up in period 1"]
    ),
    (
      "[{ramp: tv, up: {amount: 10}, from: history}]", "bounds: {tv: [0, 500], radio: [0, 0], search: [0, 0]}",
      ["budget", "tv ramp up in period 4"]
    ),
    ("[{period: each, at_most: 100}]", "", ["budget", "period 1", "period 2", "period 3", "period 4"]),
    (
      "[{dark: tv, periods: [2]}, {fixed: tv, periods: [2], spend: 10}]", "", ["tv dark in period 2", "tv in period 2"]
    ),
  ])
  func `limits that conflict are named`(constraints: String, more: String, expected: [String]) throws {
    let conflict = try #require(Self.conflict(constraints, more + "\n"))
    #expect(Set(expected).isSubset(of: conflict.limits), "\(conflict.limits): \(conflict.message)")
  }

  @Test func `limits that leave a single plan leave it`() throws {
    let answer = try Self.answer(
      "[{period: each, at_most: 150}]", "bounds: {tv: [0, 50], radio: [0, 50], search: [0, 50]}\n")
    #expect(answer.cells.flatMap(\.perPeriod).allSatisfy { abs($0 - 50) <= 1e-6 })
  }

  @Test func `a share of nothing is nothing, and from_zero lets it begin`() throws {
    let text = "bounds: {tv: [0, 100]}\n"
    let stuck = try Self.answer(
      "[{ramp: tv, up: {share: 0.5}, from: free}, {dark: tv, periods: [1]}]", text)
    #expect(stuck.cells[0].total == 0)
    let begun = try Self.answer(
      "[{ramp: tv, up: {share: 0.5}, from: free, from_zero: 20}, {dark: tv, periods: [1]}]", text)
    let tv = begun.cells[0].perPeriod
    #expect(tv[0] == 0 && tv[1] > 1 && tv[1] <= 20 + 6e-7)
    for period in 1..<4 { #expect(tv[period] <= max(1.5 * tv[period - 1], 20) + 6e-7) }
    #expect(begun.utility.bound == .certified && begun.limits.allSatisfy { $0.slack >= 0 })
  }

  @Test(arguments: [
    ("{ramp: tv, up: {share: -0.1}}", "constraints[1].up.share, expected a share of at least 0, found -0.1"),
    ("{ramp: tv, down: {share: 1.5}}", "expected a share from 0 to 1, which is 100 % down, found 1.5"),
    ("{ramp: tv, up: -5}", "constraints[1].up, expected an amount of money of at least 0"),
    ("{ramp: tv}", "constraints[1] is incomplete, expected up or down, found neither"),
    ("{ramp: tv, down: 5, from_zero: 3}", "constraints[1].from_zero, expected up beside it"),
    ("{ramp: tv, up: 5, from: yesterday}", "expected history or free"),
    ("{period: 0, at_most: 5}", "expected each, a whole number from 1 to 10000 or a list of periods, found 0"),
    ("{dark: tv}", "lacks periods"),
    ("{flight: tv, on_at_least: 0, spend: 5}", "expected a whole number from 1 to 10000, found 0"),
  ])
  func `a limit that says what it cannot mean is refused where it stands`(constraint: String, expected: String) {
    let text =
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(Self.byPeriod)constraints:\n  - \(constraint)\n"
    do {
      _ = try PlanFile.parse(text, source: "plan.yaml", folder: ".")
      Issue.record("\(constraint) is read")
    } catch {
      #expect("\(error)".contains(expected) && "\(error)".hasPrefix("plan.yaml:6:"), "\(error)")
    }
  }

  @Test(arguments: [
    ("[{ramp: tvv, up: 5}]", "unknown channel, expected one of tv, radio, search, found tvv, did you mean tv?"),
    ("[{ramp: [tv, tv], up: 5}]", "tv is named twice in one constraint"),
    ("[{period: 5, at_most: 5}]", "expected periods of the plan's 4, found 5"),
    ("[{dark: tv, periods: [1, 1]}]", "expected each period once, found 1 again"),
    ("[{dark: tv, periods: [2024-01-01]}]", "found 2024-01-01, and no horizon.start"),
    ("[{flight: tv, on_at_least: 2}]", "expected spend, the least in a period that is on"),
  ])
  func `what the posterior does not have is refused`(constraints: String, expected: String) {
    let problems = problemsOfSmallPlan(Self.byPeriod + "constraints: \(constraints)")
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  /// Hundreds of limits, of which a chain over all periods is wanted: each of its links, and nothing that is not of it.
  @Test func `a long conflict has every limit that it needs, and no other`() throws {
    let text =
      "posterior: {file: small.nc}\nhorizon: {num_periods: 40}\nbudget: {total: 6000}\n\(Self.byPeriod)bounds: {default: [0, 100]}\n"
      + "constraints:\n  - {ramp: [tv, radio, search], up: {amount: 1}, down: {amount: 5}, from: free}\n"
      + "  - {dark: tv, periods: [40]}\n  - {group: [tv], at_least: 2951, name: loud}\n"
    // tv: nothing in the last period, 5 in the one before, … 100 from the twentieth backwards: 0 + 5 + … + 95 and 20 of 100 is 2950: one less than is asked for.
    #expect {
      _ = try CompiledPlan(
        PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, smallPosterior())
    } throws: { error in
      guard let conflict = error as? InfeasiblePlan else { return false }
      let names = Set(conflict.limits)
      // Bounds or ramps on each of the first 39 periods, the dark one and the sum.
      return names.contains("loud") && names.contains("tv dark in period 40") && names.count == 41
        && names.allSatisfy { !$0.hasPrefix("search") && !$0.hasPrefix("radio") }
    }
  }

  @Test func `a ramp from a history that is not there is refused`() {
    let problems = problemsOfSmallPlan(
      Self.byPeriod + "constraints: [{ramp: tv, up: 5, from: history}]", smallPosterior(history: false))
    #expect(problems.contains { $0.contains("ramp of tv from history: expected what was spent") }, "\(problems)")
  }

  @Test(arguments: [
    "{ramp: tv, up: 5}", "{period: 1, at_most: 5}", "{dark: tv, periods: [1]}",
    "{group: [tv], periods: [1], at_most: 5}",
  ])
  func `a plan that decides no periods has no limits on them`(constraint: String) {
    let problems = problemsOfSmallPlan("constraints: [\(constraint)]")
    #expect(problems.contains { $0.contains("expected decide: {by: [channel, period]}") }, "\(problems)")
  }

  @Test func `a plan by period is read back as it was`() throws {
    let text =
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(Self.byPeriod)\(Self.season)constraints: "
      + "[{ramp: [tv, radio], up: {share: 0.2}, down: 5, from: free, from_zero: 10, name: steps}, {period: [1, 3], at_most: 5}, "
      + "{period: each, at_least: 1}, {dark: tv, periods: [2]}, {flight: search, on_at_least: 2, off_at_least: 3, spend: {share: 0.1}}, "
      + "{fixed: radio, periods: [2], spend: 3}, {group: [tv], periods: [1, 2], equal: 9}]"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    let again = try PlanFile.parse(plan.yaml, source: "again.yaml", folder: "").plan
    #expect(again.withoutPlaces == plan.withoutPlaces && again.decision.isByPeriod && again.constraints.count == 7)
  }
}
