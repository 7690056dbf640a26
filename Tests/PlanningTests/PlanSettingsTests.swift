import ResponseModel
import Testing

@testable import Planning

@Suite struct PlanSettingsTests {
  private func plan(_ text: String = smallestPlan, _ settings: String...) throws -> Plan {
    try PlanFile.parse(text, source: "plan.yaml", folder: "", settings: settings).plan
  }

  @Test func `a setting replaces a value, or adds it`() throws {
    #expect(try plan(smallestPlan, "horizon.num_periods=9").horizon.periodCount.value == 9)
    let budget = try plan(smallestPlan, "budget.total=5e6", "budget.spend=at_most").budget
    #expect(budget?.amount == Placed(.total(5e6), at: TextPosition(source: "--set budget.total", line: 1, column: 1)))
    #expect(budget?.spend == .atMost)
    #expect(try plan(smallestPlan, "horizon.num_periods=9", "horizon.num_periods=2").horizon.periodCount.value == 2)
  }

  @Test func `a value may be a mapping or a list`() throws {
    let plan = try plan(smallestPlan, "bounds={tv: [0, 5]}", "decide.except=[radio]")
    #expect(plan.bounds.cells.map(\.cell.value) == ["tv"])
    #expect(plan.decision.except.map(\.value) == ["radio"])
  }

  @Test func `a whole plan may be set`() throws {
    #expect(try plan("", "posterior.file=a.nc", "horizon.num_periods=2").posterior.file.value == "a.nc")
  }

  @Test func `a name that rules another out replaces it`() throws {
    let text = smallestPlan + "budget: {per_period: 3}\ncurrent: {file: current.csv}\nutility: {median: {}}\n"
    let plan = try plan(text, "budget.total=5", "current.tv=2", "utility.mean={}")
    #expect(plan.budget?.amount.value == .total(5))
    #expect(plan.utility.name.value == "mean")
    guard case .amounts(let amounts, _) = plan.current else {
      Issue.record("amounts were set")
      return
    }
    #expect(amounts.map(\.cell.value) == ["tv"])
  }

  @Test func `a value that is no mapping gives way to one`() throws {
    let plan = try plan(smallestPlan + "bounds: {tv: [0, 5]}", "bounds.tv.relative=0.2")
    guard case .relative(let share) = plan.bounds.cells[0].limit.value else {
      Issue.record("a relative bound was set")
      return
    }
    #expect(share.value == 0.2)
  }

  @Test(arguments: [
    (
      "budget.totl=5",
      "--set budget.totl:1:1: error: unknown key in budget, expected total, per_period or spend, found 'totl'; did you mean 'total'?"
    ),
    (
      "horizon.num_periods=none",
      "--set horizon.num_periods:1:1: error: wrong value of horizon.num_periods, expected a whole number from 1 to 10000, found 'none'"
    ),
    (
      "horizon.num_periods=",
      "--set horizon.num_periods:1:1: error: wrong value of horizon.num_periods, expected a whole number from 1 to 10000, found nothing"
    ),
    (
      "horizon.num_periods",
      "--set horizon.num_periods:1:1: error: not a setting, expected key=value, such as budget.total=5e6, found 'horizon.num_periods'"
    ),
    (
      "budget..total=5",
      "--set budget..total:1:1: error: not a setting, expected key=value, such as budget.total=5e6, found 'budget..total=5'"
    ),
    ("=5", "--set :1:1: error: not a setting, expected key=value, such as budget.total=5e6, found '=5'"),
    (
      "bounds={tv: [0, 1]",
      "--set bounds:2:1: error: not YAML: while parsing a flow mapping, did not find expected ',' or '}'"
    ),
    (
      "bounds={tv: [0, -1]}",
      "--set bounds:1:10: error: wrong value of bounds.tv, upper, expected an amount of money of at least 0, or null, found -1"
    ),
    (
      "scenarios.budgets=[0, -100]",
      "--set scenarios.budgets:1:5: error: wrong value of scenarios.budgets[2], expected a change above -100 per cent, found -100"
    ),
  ])
  func `a wrong setting is reported by its name`(setting: String, line: String) {
    #expect(mistakes(smallestPlan + "budget: {total: 1}", settings: [setting]).contains(line))
  }

  @Test func `mistakes of the plan come before those of settings`() {
    let lines = mistakes(smallestPlan + "measur: x", settings: ["solver.seed=-1", "budget.total=0"])
    #expect(lines.map { $0.prefix { $0 != " " } } == ["plan.yaml:3:1:", "--set", "--set"])
    #expect(lines[1].contains("seed") && lines[2].contains("total"))
  }
}
