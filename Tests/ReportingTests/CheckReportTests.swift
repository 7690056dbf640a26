import Planning
import ResponseModel
import Testing

@testable import Reporting

@Suite struct CheckReportTests {
  private var plan: Plan {
    Plan(
      posterior: PosteriorChoice(file: Placed("model.nc")),
      horizon: Horizon(periodCount: Placed(13), start: CalendarDate(year: 2024, month: 7, day: 1)),
      budget: Budget(amount: Placed(.perPeriod(100_000))),
      decision: Decision(except: [Placed("radio")]),
      utility: UtilityChoice(
        name: Placed("expected_shortfall"), options: [UtilityOption(name: Placed("tail"), value: Placed(.number(0.1)))]),
      bounds: Bounds(
        fallback: Placed(.relative(Placed(0.3))),
        cells: [
          (Placed("tv"), Placed(.money(lower: nil, upper: Placed(500_000)))),
          (Placed("search"), Placed(.money(lower: Placed(1), upper: nil))),
        ]))
  }

  @Test func `a plan in words, whole`() {
    let expected = """
      The plan is valid: nothing is wrong with it.

        Maximise expected_shortfall {tail: 0.1} of the incremental response, over all draws of model.nc.
        Spend exactly 1,300,000 over 13 weeks from 2024-07-01 (100,000 a week).
        Money is spread over the periods evenly, or as it was over the observed ones where the posterior
          knows what was spent.
        Media are counted in money, or bought at history's prices where the posterior knows what was
          spent.
        Observed media carry over into the plan where the posterior has them without a hole; effects after
          the last period count.
        The plan to beat: history's shares at this budget.
        Not spent on: radio.

      Limits
        tv                0 to 500,000
        search            1 to the budget
        every other cell  within 30 % of the current plan's money, up or down

      With every default
        horizon: {num_periods: 13}

      plan.yaml:3:1: warning: odd

      """
    let report = CheckReport(
      plan: plan, yaml: "horizon: {num_periods: 13}\n",
      warnings: [
        PlanProblem("odd", at: TextPosition(source: "plan.yaml", line: 3, column: 1), severity: .warning)
      ])
    #expect(report.text() == expected)
    #expect(report.json.contains(#""warnings": ["plan.yaml:3:1: warning: odd"]"#))
  }

  @Test func `point curves are no draws`() {
    var plan = plan
    plan.posterior = PosteriorChoice(
      file: Placed("curves.csv"), format: .curves, curves: PointCurves(kind: .sigmoid))
    let report = CheckReport(plan: plan, yaml: "", warnings: [])
    #expect(report.json.contains("of the incremental response, by the point curves of curves.csv.\""))
  }

  @Test func `one draw is one`() {
    var plan = plan
    plan.posterior.draws = Placed(1)
    #expect(CheckReport(plan: plan, yaml: "", warnings: []).json.contains("over 1 draw of model.nc"))
  }

  @Test func `a plan without a budget can only be evaluated`() {
    var plan = plan
    plan.budget = nil
    let report = CheckReport(plan: plan, yaml: "", warnings: [])
    #expect(report.text().hasPrefix("The plan can be evaluated; to be optimised it needs a budget."))
    #expect(report.json.contains("\"optimisable\": false"))
  }

  @Test func `what the posterior settled is said without conditions`() {
    var plan = plan
    plan.horizon.carryIn = Placed(false)
    (plan.distribution, plan.costPerUnit) = (.uniform, .costs([]))
    let report = CheckReport(
      plan: plan, yaml: "", warnings: [], sharedDims: ["geo", "brand"], hasCurrentPlan: false)
    #expect(
      report.text().contains(
        """
          Money is spread evenly over the periods, and over geo and brand.
          Media are counted in money.
          Observed media do not carry over into the plan; effects after the last period count.
          There is no plan to beat.
        """))
  }

  @Test func `a number and its sign stay on one line, and names are a few`() {
    #expect(wrapped("a gap of 0.004 %.", to: 14, indent: "") == ["a gap of", "0.004 %."])
    var plan = plan
    plan.costPerUnit = .costs((1...8).map { CellSeries(cell: Placed("c\($0)"), values: [Placed(1)]) })
    #expect(
      CheckReport(plan: plan, yaml: "", warnings: []).json.contains("given for c1, c2, c3, c4, c5, c6 and 2 more; else")
    )
  }
}
