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

/// Plans by period that are not decided at once, and runs of periods.
@Suite struct PeriodModeTests {
  private static let season = "seasonality: {tv: [1, 3, 0.2, 2], radio: [2, 0.5, 1, 1]}\n"

  @Test(arguments: ["equal", "season", "prices"])
  func `one period after the other is no better than all at once, and says by how much`(split: String) throws {
    let text =
      PeriodLimitsTests.byPeriod + Self.season
      + "constraints: [{ramp: [tv, radio], up: {share: 4}, down: {share: 0.8}, from: free}]\n"
    let compiled = try smallPlan(text + "mode: sequential\nsequential_budget: \(split)")
    let answer = try compiled.optimise()
    let best = try smallPlan(text).optimise()
    let mode = try #require(answer.mode)
    #expect(compiled.isWithinLimits(answer.cells.flatMap(\.perPeriod)))
    #expect(abs(mode.simultaneous - best.utility.value) <= 1e-9 * best.utility.value)
    #expect(answer.utility.value < best.utility.value && answer.utility.value > 0.8 * best.utility.value)
    #expect(answer.utility.upperBound == best.utility.upperBound && answer.utility.bound == .certified)
    let totals = (0..<4).map { period in answer.cells.reduce(0) { $0 + $1.perPeriod[period] } }
    #expect(abs(totals.reduce(0, +) - 600) <= 1e-6)
    if split == "equal" { #expect(totals.allSatisfy { abs($0 - 150) < 1e-3 }) }
    // Of three channels' multipliers by period: 4, 4.5, 2.2 and 4.
    if split == "season" { #expect(abs(totals[2] - 600 * 2.2 / 14.7) < 1e-3) }
  }

  @Test func `a search that does not know of carryover is no better, and its plan is scored with it`() throws {
    let text = PeriodLimitsTests.byPeriod + Self.season
    let blind = try smallPlan(text + "adstock_aware: false").optimise()
    let best = try smallPlan(text).optimise()
    #expect(blind.utility.value < best.utility.value && best.utility.upperBound == blind.utility.upperBound)
    let compiled = try smallPlan(text)
    #expect(
      abs(compiled.score(spend: blind.cells.flatMap(\.perPeriod)) - blind.utility.value) <= 1e-9 * best.utility.value)
  }

  @Test func `a rolling plan keeps what was spent and decides the rest`() throws {
    let text = PeriodLimitsTests.byPeriod + Self.season + "mode: rolling\nlocked_periods: 2\n"
    // The eighth and ninth observed weeks of tv, radio and search.
    let whole =
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4, start: 2024-02-19}\nbudget: {total: 600}\n\(text)"
    let answer = try CompiledPlan(
      PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, smallPosterior()
    ).optimise()
    #expect(answer.cells.map { Array($0.perPeriod.prefix(2)) } == [[17, 18], [27, 28], [37, 38]])
    #expect(answer.mode == nil && answer.reachesGap && abs(answer.cells.reduce(0) { $0 + $1.total } - 600) <= 1e-9)
    // After what was observed, the current plan's.
    let later = try smallPlan(text)
    let current = try #require(later.calendar?.current)
    let plan = try later.optimise().cells.flatMap(\.perPeriod)
    for place in [0, 1, 4, 5, 8, 9] { #expect(abs(plan[place] - current[place]) <= 1e-9) }
  }

  @Test(arguments: [
    ("mode: rolling", "mode: rolling lacks locked_periods"), ("locked_periods: 2", "expected mode: rolling beside it"),
    ("mode: rolling\nlocked_periods: 4", "expected fewer than the plan's 4 periods, found 4"),
  ])
  func `modes that say too little or too much are refused`(text: String, expected: String) {
    let problems = problemsOfSmallPlan(PeriodLimitsTests.byPeriod + text)
    #expect(problems.contains { $0.contains(expected) }, "\(problems)")
  }

  @Test func `a mode of a plan that decides no periods is refused`() {
    #expect(problemsOfSmallPlan("mode: sequential").contains { $0.contains("are of plans that decide periods") })
  }

  /// All choices of what is on, each solved by itself, are few enough here.
  @Test(arguments: [
    "{flight: tv, on_at_least: 2, off_at_least: 2, spend: 60}", "{off_or_at_least: tv, spend: 120}",
    "{ramp: tv, up: {share: 0.5}, from: free, from_zero: 20}",
  ])
  func `one period after the other keeps what is left out between limits`(rule: String) throws {
    let base = PeriodLimitsTests.byPeriod + Self.season + "constraints: [\(rule)]\n"
    let compiled = try smallPlan(base + "mode: sequential")
    let answer = try compiled.optimise()
    let mode = try #require(answer.mode)
    #expect(compiled.isWithinLimits(answer.cells.flatMap(\.perPeriod)) && answer.limits.allSatisfy(\.isMet))
    #expect(answer.utility.value <= mode.simultaneous * (1 + 1e-9) && answer.utility.value > 0.7 * mode.simultaneous)
    #expect(abs(answer.cells.reduce(0) { $0 + $1.total } - 600) <= 1e-6)
  }

  @Test func `a rolling plan asks nothing of what is spent, and says what that broke`() throws {
    // The eighth and ninth observed weeks of tv, radio and search are 17 and 18, 27 and 28, 37 and 38.
    let whole = """
      posterior: {file: small.nc}
      horizon: {num_periods: 5, start: 2024-02-19}
      budget: {total: 600}
      decide: {by: [channel, period]}
      mode: rolling
      locked_periods: 2
      bounds: {tv: [20, 500]}
      constraints:
        - {ramp: radio, up: {share: 0.01}, down: {share: 0.5}}
        - {fixed: search, periods: [1], spend: 90}
        - {flight: radio, on_at_least: 4, spend: 25}
        - {flight: search, on_at_least: 4, spend: 60, name: bursts}
        - {period: 1, at_most: 10}
      """
    let plan = try CompiledPlan(PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, smallPosterior())
    let answer = try plan.optimise()
    #expect(answer.cells.map { Array($0.perPeriod.prefix(2)) } == [[17, 18], [27, 28], [37, 38]])
    #expect(answer.limits.allSatisfy(\.isMet) && answer.reachesGap)
    let broken = try #require(answer.warnings.last { $0.contains("locked") })
    for name in ["tv in period 1", "tv in period 2", "radio ramp up in period 2", "search fixed", "period 1", "bursts"]
    {
      #expect(broken.contains(name) || broken.contains("more"), "\(broken)")
    }
    // What is planned keeps them: a ramp from what is locked, and a run that began in it.
    let radio = answer.cells[1].perPeriod
    #expect(radio[2] <= 28 * 1.01 + 1e-6 && answer.cells[0].perPeriod[2] >= 20)
  }

  @Test func `a flight has rows of its own, in periods, and an allocation that breaks it is outside the limits`() throws
  {
    let rule = "constraints: [{flight: tv, on_at_least: 2, off_at_least: 2, spend: 30, name: bursts}]"
    let found = try smallPlan(PeriodLimitsTests.byPeriod + Self.season + rule).optimise()
    let rows = found.limits.filter(\.isInPeriods)
    #expect(rows.map(\.name) == ["bursts shortest run on", "bursts shortest run off"])
    #expect(rows.allSatisfy { $0.lower == 2 && $0.isMet })
    let text = "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\n" + PeriodLimitsTests.byPeriod + rule
    let spend = [("tv", [0.0, 50, 0, 0]), ("search", [100, 0, 50, 0])].map { name, money in
      CellSeries(cell: Placed(name), values: money.map { Placed($0) })
    }
    let given = try CompiledPlan(
      PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, smallPosterior(),
      scoring: Allocation(byPeriod: spend))
    let answer = given.evaluate()
    let run = try #require(answer.limits.first { $0.name == "bursts shortest run on" })
    #expect(run.value == 1 && run.slack == -1 && !run.isMet && answer.status == .evaluatedOutsideLimits)
  }

  @Test(arguments: [
    "", "constraints: [{ramp: tv, up: {share: 0.3}, down: {share: 0.3}}, {period: each, at_most: 163}]",
    "constraints: [{flight: tv, on_at_least: 2, spend: 34}, {dark: radio, periods: [2]}]",
  ])
  func `a plan by period in multiples of a unit keeps its total and its limits`(constraints: String) throws {
    let text = PeriodLimitsTests.byPeriod + Self.season + constraints
    let exact = try smallPlan(text).optimise()
    let compiled = try smallPlan(text + "\nrounding: {unit: 5}")
    let answer = try compiled.optimise()
    let rounding = try #require(answer.rounding)
    let spend = answer.cells.flatMap(\.perPeriod)
    #expect(compiled.isWithinLimits(spend) && answer.limits.allSatisfy(\.isMet))
    #expect(abs(spend.reduce(0, +) - 600) <= 1e-9)
    let odd = answer.cells.flatMap { cell in
      cell.perPeriod.enumerated().filter { $0.element.remainder(dividingBy: 5) != 0 }
        .map { "\(cell.name) in period \($0.offset + 1)" }
    }
    #expect(odd.allSatisfy(rounding.oddCells.contains) && odd.count <= 3, "\(odd)")
    #expect(constraints.isEmpty ? odd.isEmpty : true)
    #expect(abs(rounding.loss - (exact.utility.value - answer.utility.value)) <= 1e-6 * exact.utility.value)
    #expect(rounding.loss < 0.01 * exact.utility.value && answer.reachesGap)
  }

  @Test func `a least amount beyond what may be spent is worth a look`() throws {
    let plan = try smallPlan(
      PeriodLimitsTests.byPeriod
        + "bounds: {tv: [0, 30]}\nconstraints: [{off_or_at_least: tv, periods: [2], spend: 50}]")
    #expect(plan.findings().contains { $0.contains("tv in period 2 off or at least: 50.00 is more than the 30.00") })
    #expect(try plan.optimise().cells[0].perPeriod[1] == 0)
  }

  @Test func `a ramp's row has the period's own spend, and what the period before leaves it`() throws {
    let answer = try smallPlan(
      PeriodLimitsTests.byPeriod + Self.season + "constraints: [{ramp: tv, up: {share: 0.2}, from: history}]"
    ).optimise()
    let tv = answer.cells[0].perPeriod
    for period in 1..<4 {
      let row = try #require(answer.limits.first { $0.name == "tv ramp up in period \(period + 1)" })
      let upper = try #require(row.upper)
      let ramp = try #require(answer.cells[0].periods?[period].rampUpper)
      #expect(row.value == tv[period] && row.isMet)
      #expect(abs(upper - 1.2 * tv[period - 1]) <= 1e-9)
      #expect(abs(ramp - upper) <= 1e-9)
    }
  }

  @Test(arguments: [false, true]) func `flights are as good as the best of all choices`(hasRuns: Bool) throws {
    let base = PeriodLimitsTests.byPeriod + Self.season + "bounds: {tv: [0, 200], radio: [0, 80], search: [0, 90]}\n"
    let rule =
      hasRuns
      ? "{flight: tv, on_at_least: 2, off_at_least: 2, spend: 90}" : "{off_or_at_least: tv, spend: 120}"
    let compiled = try smallPlan(base + "constraints: [\(rule)]\nsolver: {gap: 1e-6}")
    let answer = try compiled.optimise()
    let least = hasRuns ? 90.0 : 120
    for money in answer.cells[0].perPeriod { #expect(money == 0 || money >= least - 1e-6) }
    #expect(compiled.isWithinLimits(answer.cells.flatMap(\.perPeriod)))
    var best = -Double.infinity
    for code in 0..<16 {
      let isOn = (0..<4).map { code >> $0 & 1 == 1 }
      // Runs within the plan, not at its ends, are two periods or more.
      if hasRuns, (1...2).contains(where: { isOn[$0] != isOn[$0 - 1] && isOn[$0] != isOn[$0 + 1] }) { continue }
      let rules = isOn.enumerated().map { period, isOn in
        isOn ? "{group: [tv], periods: [\(period + 1)], at_least: \(least)}" : "{dark: tv, periods: [\(period + 1)]}"
      }
      do {
        let plan = try smallPlan(base + "constraints: [\(rules.joined(separator: ", "))]").optimise()
        best = max(best, plan.utility.value)
      } catch is InfeasiblePlan {
        continue
      }
    }
    #expect(abs(answer.utility.value - best) <= 2e-6 * best)
    let bound = try #require(answer.utility.upperBound)
    #expect(bound >= best * (1 - 1e-9) && bound <= answer.utility.value * (1 + 1e-6))
  }

  @Test func `choices that no plan makes are refused`() {
    do {
      _ = try smallPlan(
        PeriodLimitsTests.byPeriod
          + "bounds: {tv: [0, 200], radio: [0, 60], search: [0, 50]}\nconstraints: [{off_or_at_least: tv, spend: 190}, {period: each, at_most: 170}]"
      )
      Issue.record("it compiles")
    } catch {
      #expect((error as? InfeasiblePlan)?.message.contains("meets all limits") == true, "\(error)")
    }
  }
}
