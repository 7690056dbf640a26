import Planning
import Testing

@testable import Reporting

@Suite struct TextReportTests {
  @Test func `a plan against the current one, whole`() {
    let expected = """
      This plan beats the current one in 97.4 % of draws: 92,388 more incremental response (+5.0 %) on average.

        Incremental response       Mean           90 % interval  expected_shortfall {tail: 0.1}
        Current plan          1,842,113  1,591,722 to 2,092,504                       1,571,002
        This plan             1,934,501  1,700,414 to 2,168,588                       1,655,319
        Lift (incremental)      +92,388     +13,184 to +171,592                         +84,317

      Worse than the current plan in 50.0 % of draws; in the worst 5 % of draws it brings 6,617 less on
      average.
      Budget 1,000,000 over 2 periods (500,000 a period), all of it spent.
      One more unit of money would add 0.742 of utility.
      Utility expected_shortfall {tail: 0.1}: 1,655,319. The best plan found; that no better one exists
      has not been proved.

                                                         Marginal
        Channel               Spend    Change                 ROI    ROI   90 % interval  Bound
        tv                  500,000   +87,500   +21.2 %     0.901  1.210  0.900 to 1.520  upper
        paid, "search"      300,000   +50,000   +20.0 %     0.742  2.500  1.750 to 3.250
        społeczność 日本    200,000  +200,000               0.742  0.084  0.044 to 0.125
        radio                     0  -337,500  -100.0 %    -0.012      -                  lower
        ---------------------------------------------------------------------------------------
        Total             1,000,000         0     0.0 %            1.935  1.700 to 2.169

      Warning: radio has spent nothing in the last 8 periods: its curve near zero rests on the prior more
        than on data.

      A recommendation under this model and its data, not a certainty: as good as the model's fit, which
      its diagnostics tell, and an association unless experiments or other evidence make it causal.

      Written: results/recommendation.json, results/allocation.csv

      """
    #expect(
      MadeUp.recommendation.textReport(filesWritten: ["results/recommendation.json", "results/allocation.csv"])
        == expected)
  }

  @Test func `a point estimate has no intervals and no share of draws`() {
    var answer = MadeUp.recommendation
    answer.drawCount = 1
    let text = answer.textReport()
    #expect(text.hasPrefix("This plan beats the current one: 92,388 more incremental response (+5.0 %).\n"))
    #expect(text.contains("\n  Incremental response      Value  expected_shortfall {tail: 0.1}\n"))
    #expect(!text.contains("interval") && !text.contains("on average"))
    answer.lift = MadeUp.summary(-92_388, 0)
    #expect(answer.textReport().hasPrefix("This plan falls short of the current one: 92,388 less incremental response"))
    answer.lift = MadeUp.summary(0, 0)
    #expect(answer.textReport().hasPrefix("This plan brings the same as the current one.\n"))
  }

  @Test func `an allocation outside its limits, with nothing to compare it with, whole`() {
    var given = MadeUp.recommendation
    given.status = .evaluatedOutsideLimits
    given.measure = .response
    given.utility.name = "mean"
    given.utility.description = "mean"
    given.utility.current = nil
    given.utility.value = given.outcome.mean
    given.currentDraws = nil
    given.currentOutcome = nil
    given.lift = nil
    given.probabilityBetter = nil
    given.solver = nil
    given.warnings = []
    given.budget = .init(requested: nil, perPeriod: nil, spent: 1_000_000, shadowPrice: nil)
    given.limits[1].value = 520_000
    given.limits[1].slack = -20_000
    given.cells = given.cells.map {
      var cell = $0
      cell.current = nil
      cell.binding = nil
      return cell
    }
    let expected = """
      The given plan brings 1,934,501 of response on average. There is no current plan to compare it with. It breaks a limit.

        Response         Mean           90 % interval
        Given plan  1,934,501  1,700,414 to 2,168,588

      Spend 1,000,000 over 2 periods.
      Utility mean: 1,934,501.

                                     Marginal
        Channel               Spend       ROI    ROI   90 % interval
        tv                  500,000     0.901  1.210  0.900 to 1.520
        paid, "search"      300,000     0.742  2.500  1.750 to 3.250
        społeczność 日本    200,000     0.742  0.084  0.044 to 0.125
        radio                     0    -0.012      -
        ------------------------------------------------------------
        Total             1,000,000            1.935  1.700 to 2.169

      Broken limit: tv, by 20,000 (520,000 against 500,000)

      A recommendation under this model and its data, not a certainty: as good as the model's fit, which
      its diagnostics tell, and an association unless experiments or other evidence make it causal.

      """
    #expect(given.textReport() == expected)
  }

  @Test(arguments: [
    (1.0, 50.0, "This plan beats the current one in all 4,000 draws: 50.00 more incremental response"),
    (0.9999, 50.0, "This plan beats the current one in >99.9 % of draws: 50.00 more incremental response"),
    (0.2, -50.0, "This plan beats the current one in 20.0 % of draws: 50.00 less incremental response"),
    (0.0, -50.0, "This plan beats the current one in none of 4,000 draws: 50.00 less incremental response"),
  ])
  func `the verdict says how sure and how much`(probability: Double, lift: Double, verdict: String) {
    var recommendation = MadeUp.recommendation
    recommendation.probabilityBetter = probability
    recommendation.lift = MadeUp.summary(lift, 10)
    #expect(recommendation.textReport().hasPrefix(verdict))
  }

  @Test func `a plan that changes nothing says so`() {
    var recommendation = MadeUp.recommendation
    recommendation.probabilityBetter = 0
    recommendation.lift = MadeUp.summary(0, 0)
    #expect(recommendation.textReport().hasPrefix("This plan brings the same as the current one in every draw."))
  }

  @Test func `current and plan at different budgets are both shown`() {
    var recommendation = MadeUp.recommendation
    recommendation.cells[0].current = 512_500.5
    #expect(recommendation.textReport().contains("\nThe current plan spends 1,100,000.\n"))
    #expect(!MadeUp.recommendation.textReport().contains("The current plan spends"))
  }

  @Test func `rounding in a sum is no change of the budget`() {
    var recommendation = MadeUp.recommendation
    recommendation.cells[0].current = 412_500.5 + 1e-9
    let total = recommendation.textReport().split(separator: "\n").first { $0.hasPrefix("  Total") }
    #expect(total?.contains("1,000,000         0     0.0 %") == true)
  }

  @Test func `only what was proved is called proved`() {
    var recommendation = MadeUp.recommendation
    #expect(recommendation.textReport().contains("no better one exists"))
    recommendation.utility.bound = .certified
    recommendation.utility.upperBound = 1_655_400
    recommendation.utility.gap = 4.9e-5
    let report = recommendation.textReport()
    #expect(report.contains("Proved: no plan within the limits scores above\n1,655,400, a gap of 0.0049 %."))
    #expect(!report.contains("has not been"))
    recommendation.utility.gap = 2e-12
    let tight = recommendation.textReport().replacing("\n", with: " ")
    #expect(tight.contains("Proved: no plan within the limits scores 0.001 % more."))
  }

  @Test func `escape sequences only where asked for, and they change no letter`() {
    let plain = MadeUp.recommendation.textReport()
    let dressed = MadeUp.recommendation.textReport(style: TextStyle(hasColor: true, width: nil))
    #expect(!plain.contains("\u{1B}"))
    #expect(dressed.hasPrefix("\u{1B}[1mThis plan"))
    #expect(dressed.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
  }

  @Test func `no line of a narrow terminal is wider than it`() {
    var recommendation = MadeUp.recommendation
    recommendation.cells[2].labels = ["a very long channel name that nobody would want to type twice, north"]
    let table = recommendation.textReport(style: TextStyle(hasColor: false, width: 88)).split(separator: "\n")
      .filter { $0.hasPrefix("  ") }
    #expect(table.allSatisfy { displayWidth(String($0)) <= 88 })
    #expect(table.contains { $0.hasPrefix("  a very") && $0.contains("…") && $0.contains("north") })
  }

  @Test func `a name cannot move the cursor`() {
    var recommendation = MadeUp.recommendation
    recommendation.cells[0].labels = ["t\u{1B}[2Jv\n"]
    #expect(recommendation.textReport().contains("t\u{FFFD}[2Jv\u{FFFD}"))
  }

  @Test(arguments: [("tv", 2), ("społeczność", 11), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("🎉", 2), ("", 0)])
  func `a terminal gives a text so many columns`(text: String, columns: Int) {
    #expect(displayWidth(text) == columns)
  }

  @Test func `an infinite slope at no spend does not hide the others`() {
    var answer = MadeUp.recommendation
    answer.cells[3].marginalROI = 7.3e138
    let text = answer.textReport()
    #expect(text.contains("-100.0 %  unbounded      -"), "\(text)")
    #expect(text.contains("     0.901  1.210"))
  }
}
