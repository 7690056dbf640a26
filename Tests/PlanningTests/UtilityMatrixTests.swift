import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Each utility's plan scored by all.
@Suite struct UtilityMatrixTests {
  private func plan(_ text: String = "") throws -> Plan {
    try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n", source: "plan.yaml",
      folder: "."
    ).plan
  }

  @Test func `utilities in the unit of the outcome are compared, and the plan that gives up least is named`() throws {
    let plan = try plan()
    let posterior = smallPosterior()
    let customary = UtilityMatrix.customary(plan, outcome: try CompiledPlan(plan, posterior).optimise().draws)
    let matrix = try UtilityMatrix(plan, posterior, utilities: customary)
    let inOutcome = matrix.entries.filter(\.isInOutcome).map { String($0.name.prefix { $0 != " " }) }
    #expect(
      inOutcome == ["mean", "expected_shortfall", "quantile", "mean_deviation", "mean_semideviation", "entropic"])
    let columns = matrix.entries.indices.filter { matrix.entries[$0].isInOutcome }
    let safest = try #require(matrix.safest)
    let worst = matrix.entries.indices.map { plan in columns.map { matrix.regret(of: plan, by: $0) }.max() ?? 0 }
    #expect(safest.regret == worst.min() && worst[safest.plan] == safest.regret)
    #expect(matrix.regret(of: safest.plan, by: safest.utility) == safest.regret)
    let near = safest.regret + 1e-3 * matrix.entries[safest.plan].answer.outcome.mean
    #expect(safest.equals == matrix.entries.indices.filter { $0 != safest.plan && worst[$0] <= near })
    // Of one such utility alone there is nothing to compare.
    let two = try UtilityMatrix(
      plan, posterior, utilities: customary.filter { ["mean", "sharpe {reference: 0.0}"].contains($0.name) })
    #expect(two.entries.count == 2 && two.safest == nil)
  }

  /// The share of the median: not concave, as a user may write it.
  private struct Median: Utility {
    let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)
    func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
      Quantile(level: 0.5).score(outcome, weights: &weights)
    }
  }

  @Test func `each utility is best served by its own plan, and every score is that of the draws`() throws {
    let posterior = smallPosterior()
    let plan = try plan("utility: {expected_shortfall: {tail: 0.25}}")
    let current = try CompiledPlan(plan, posterior).optimise().currentDraws ?? []
    let customary = UtilityMatrix.customary(plan, outcome: current)
    #expect(
      customary.first?.name == "expected_shortfall {tail: 0.25}" && Set(customary.map(\.name)).count == customary.count)
    let matrix = try UtilityMatrix(
      plan, posterior, utilities: customary + [ComparedUtility(Median(), name: "median")])
    #expect(matrix.entries.count == customary.count + 1)
    for (row, entry) in matrix.entries.enumerated() {
      // A plan that is proved best by its utility to 1e-4 is missed by no more.
      if entry.answer.utility.bound == .certified {
        #expect((matrix.regretShare(of: row, by: row) ?? 0) <= 1e-4, "\(entry.name)")
      }
      #expect(entry.scores[row] == entry.answer.utility.value)
      expectEqual(entry.scores[1], mean(entry.answer.draws.span))
      for column in matrix.entries.indices { #expect(matrix.regret(of: row, by: column) >= 0) }
    }
    #expect(matrix.currentScores?.count == matrix.entries.count)
    expectEqual(matrix.currentScores?[1] ?? 0, mean(current.span))
    let median = try #require(matrix.entries.last)
    expectEqual(median.scores[median.scores.count - 1], quantile(median.answer.draws.span, level: 0.5).value)
  }

  @Test func `plans that cannot be met are no matrix`() throws {
    #expect(throws: InfeasiblePlan.self) {
      try UtilityMatrix(
        plan("bounds: {default: [0, 10]}"), smallPosterior(),
        utilities: [ComparedUtility(UtilityChoice(name: Placed("mean")))])
    }
  }
}
