import NumericKernel
import ResponseModel
import Testing

@testable import Planning

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
