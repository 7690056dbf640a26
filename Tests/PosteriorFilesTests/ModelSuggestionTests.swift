import ResponseModel
import Testing

@testable import PosteriorFiles

@Suite struct ModelSuggestionTests {
  private func suggestion(_ names: [String], axis: DrawVariable.Axis? = nil) -> ModelMapping? {
    ModelSuggestion.model(of: names.map { DrawVariable(name: $0, axes: axis.map { [$0] } ?? []) })
  }

  @Test func `names of PyMC-Marketing, and of others, are recognised`() throws {
    let pymc = try #require(suggestion(["intercept", "adstock_alpha", "saturation_beta", "saturation_lam"]))
    #expect(
      pymc.saturation
        == .all(ModelMapping.Curve(Logistic.self, [.variable("saturation_beta"), .variable("saturation_lam")])))
    #expect(
      pymc.carryover == .all(ModelMapping.Lags(Geometric.self, [.variable("adstock_alpha")], window: .lags(8))))
    let other = try #require(suggestion(["coef", "half_saturation", "hill_slope", "retention_rate", "target_scale"]))
    #expect(
      other.saturation
        == .all(
          ModelMapping.Curve(
            Hill.self, [.variable("coef"), .variable("half_saturation"), .variable("hill_slope")])))
    #expect(other.outcomeScale == .all(.variable("target_scale")))
    #expect(suggestion(["beta", "alpha", "lam"])?.carryover.part(for: "tv")?.family == Geometric.self)
  }

  @Test func `channels without names get placeholders, those with names keep them`() {
    #expect(
      suggestion(["beta", "lam"], axis: .init(count: 2))?.labels
        == [Posterior.Dim(name: "channel", labels: ["channel_1", "channel_2"])])
    #expect(suggestion(["beta", "lam"], axis: .init(labels: ["tv", "radio"]))?.labels == [])
  }

  @Test func `what no name says is not made up`() {
    #expect(suggestion(["mu", "sigma"]) == nil)
    #expect(suggestion([]) == nil)
    let matrix = DrawVariable(name: "beta", axes: [.init(count: 2), .init(count: 3)])
    #expect(ModelSuggestion.model(of: [matrix, DrawVariable(name: "lam")]) == nil)
  }
}
