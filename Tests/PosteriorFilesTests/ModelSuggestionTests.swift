import ResponseModel
import Testing

@testable import PosteriorFiles

@Suite struct ModelSuggestionTests {
  private func suggestion(_ names: [String], axis: DrawVariable.Axis? = nil) -> ModelMapping? {
    let suggested = ModelSuggestion.model(of: names.map { DrawVariable(name: $0, axes: axis.map { [$0] } ?? []) })
    return suggested.isComplete ? suggested.model : nil
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

  @Test func `words for media and for the part of the model do not hide a parameter`() throws {
    let meridian = try #require(suggestion(["beta_m", "ec_m", "slope_m", "alpha_m"]))
    #expect(
      meridian.saturation
        == .all(ModelMapping.Curve(Hill.self, [.variable("beta_m"), .variable("ec_m"), .variable("slope_m")])))
    #expect(meridian.carryover == .all(ModelMapping.Lags(Geometric.self, [.variable("alpha_m")], window: .lags(8))))
    let mine = try #require(suggestion(["alpha_raw", "adstock", "beta_media", "half_sat", "hill_slope"]))
    #expect(
      mine.saturation
        == .all(
          ModelMapping.Curve(Hill.self, [.variable("beta_media"), .variable("half_sat"), .variable("hill_slope")])))
    #expect(mine.carryover == .all(ModelMapping.Lags(Geometric.self, [.variable("adstock")], window: .lags(8))))
    #expect(suggestion(["beta", "lam", "half_life"])?.carryover.part(for: "tv")?.family == GeometricHalfLife.self)
  }

  @Test func `named axes beside the channel's are dims`() throws {
    let channel = DrawVariable.Axis(name: "channel", labels: ["tv", "radio"])
    let geo = DrawVariable.Axis(name: "geo", count: 3)
    let model = ModelSuggestion.model(of: [
      DrawVariable(name: "beta", axes: [geo, channel]), DrawVariable(name: "lam", axes: [channel]),
    ])
    #expect(model.isComplete && model.model.dims == ["channel", "geo"])
    #expect(model.model.labels == [Posterior.Dim(name: "geo", labels: ["geo_1", "geo_2", "geo_3"])])
  }

  @Test func `what no name says is not made up`() {
    #expect(suggestion([]) == nil)
    let some = ModelSuggestion.model(of: ["kappa", "mu", "n"].map { DrawVariable(name: $0) })
    #expect(some.missing == ["saturation.hill.beta"])
    #expect(
      some.model.saturation
        == .all(ModelMapping.Curve(Hill.self, [.variable("NAME"), .variable("kappa"), .variable("n")])))
    let none = ModelSuggestion.model(of: ["mu", "sigma"].map { DrawVariable(name: $0) })
    #expect(none.missing == ["saturation.hill.beta", "saturation.hill.kappa", "saturation.hill.slope"])
    let matrix = DrawVariable(name: "beta", axes: [.init(count: 2), .init(count: 3)])
    #expect(ModelSuggestion.model(of: [matrix, DrawVariable(name: "lam")]).missing == ["dims"])
  }
}
