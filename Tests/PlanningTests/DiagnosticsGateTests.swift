import ResponseModel
import Testing

@testable import Planning

/// What a posterior that was sampled badly leads to.
@Suite struct DiagnosticsGateTests {
  private func posterior() -> Posterior {
    var posterior = smallPosterior()
    posterior.diagnostics = PosteriorDiagnostics(
      parameters: [PosteriorDiagnostics.Parameter(name: "lam", rHat: 1.2, effectiveSampleSize: 30)], divergences: 2)
    return posterior
  }

  @Test func `a strict gate refuses what is warned of otherwise`() throws {
    let warned = try smallPlan("", posterior()).warnings.joined(separator: "\n")
    for part in ["R-hat is 1.2 for lam", "30 for lam", "2 divergent transitions"] {
      #expect(warned.contains(part))
      #expect(problemsOfSmallPlan("diagnostics: {gate: strict}", posterior()).contains { $0.contains(part) })
    }
    #expect(try smallPlan("diagnostics: {gate: off}", posterior()).warnings.isEmpty)
    #expect(try smallPlan("diagnostics: {gate: strict}").warnings.isEmpty)
  }
}
