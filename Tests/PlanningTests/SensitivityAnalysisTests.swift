import ResponseModel
import Testing

@testable import Planning

/// How the recommendation changes where the model is wrong.
@Suite struct SensitivityAnalysisTests {
  private func plan(_ text: String = "") throws -> Plan {
    try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\nbudget: {total: 600}\n\(text)\n", source: "plan.yaml",
      folder: "."
    ).plan
  }

  @Test func `each channel worse is a case of its own, proved, and keeping the plan costs what the scores say`() throws
  {
    let analysis = try SensitivityAnalysis(plan(), smallPosterior(), worse: 0.2)
    #expect(analysis.cases.count == 3 && analysis.reachesGap)
    for own in analysis.cases {
      guard case .worse(let channel, let share) = own.supposition else {
        Issue.record("no evidence was given")
        continue
      }
      #expect(share == 0.2)
      let index = try #require(["tv", "radio", "search"].firstIndex(of: channel))
      // The present plan loses a fifth of what that channel brings, and nothing else.
      let present = analysis.present.cells[index].response.mean
      expectEqual(own.keptValue, analysis.present.utility.value - 0.2 * present)
      #expect(own.regret > 0 && own.answer.utility.value < analysis.present.utility.value)
      #expect(own.changes[index] < 0 && own.movedShare > 0)
      expectEqual(own.movedShare * 600, -own.changes[index])
    }
    for (before, after) in zip(analysis.cases, analysis.cases.dropFirst()) {
      #expect(before.movedShare >= after.movedShare - 1e-6)
    }
  }

  @Test func `evidence is a case each and one of all, upon that of the plan`() throws {
    let posterior = smallPosterior(draws: 400)
    let evidence = [
      ReturnEvidence(channel: "tv", mean: 20, sd: 10), ReturnEvidence(channel: "search", mean: 20, sd: 10),
    ]
    let analysis = try SensitivityAnalysis(plan(), posterior, worse: nil, evidence: evidence)
    #expect(analysis.cases.count == 3)
    #expect(analysis.present.reweighting == nil)
    #expect(Set(analysis.cases.map { $0.answer.reweighting?.shifts.count ?? 0 }) == [1, 2])
    let held = try plan("reweight: [{channel: tv, roi: {mean: 20, sd: 10}}]")
    let upon = try SensitivityAnalysis(held, posterior, worse: nil, evidence: [evidence[1]])
    let all = try #require(analysis.cases.first { $0.answer.reweighting?.shifts.count == 2 })
    #expect(upon.cases.first?.answer.draws == all.answer.draws)
  }

  @Test func `a plan without a choice stays, and targets are refused`() throws {
    let analysis = try SensitivityAnalysis(plan("bounds: {default: [200, 200]}"), smallPosterior())
    #expect(analysis.cases.allSatisfy { $0.movedShare == 0 && $0.regret == 0 })
    #expect(throws: PlanProblems.self) { try SensitivityAnalysis(plan("target: {roi: 2}"), smallPosterior()) }
    #expect(throws: PlanProblems.self) {
      try SensitivityAnalysis(plan("risk_limits: [{mean: {}, at_least: 1}]"), smallPosterior())
    }
  }

  @Test func `periods that are decided have cases too`() throws {
    let analysis = try SensitivityAnalysis(
      plan("decide: {by: [channel, period]}"), smallPosterior(), worse: 0.3)
    #expect(analysis.cases.count == 3)
    for own in analysis.cases { #expect(own.regret >= 0 && own.keptValue < analysis.present.utility.value) }
  }
}
