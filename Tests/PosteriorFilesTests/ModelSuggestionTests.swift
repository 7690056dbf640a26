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

  @Test func `the channels' axis goes by other names too`() {
    let media = DrawVariable.Axis(name: "media", labels: ["tv", "radio"])
    let geo = DrawVariable.Axis(name: "geo", labels: ["north", "south", "west"])
    for (axis, dims) in [(media, ["channel", "geo"]), (.init(name: "spender", count: 2), ["channel", "geo"])] {
      let model = ModelSuggestion.model(of: [
        DrawVariable(name: "beta", axes: [geo, axis]), DrawVariable(name: "lam", axes: [axis]),
      ])
      #expect(model.isComplete && model.model.dims == dims, "\(axis.name ?? "")")
      #expect(
        model.model.labels == (axis == media ? [] : [.init(name: "channel", labels: ["channel_1", "channel_2"])]))
    }
  }

  @Test func `axes without names are told by their lengths, the channels' being that of most variables`() {
    let beta = DrawVariable(name: "beta", axes: [.init(count: 2), .init(count: 3)])
    let model = ModelSuggestion.model(of: [beta, DrawVariable(name: "lam", axes: [.init(count: 3)])])
    #expect(model.isComplete && model.model.dims == ["channel", "geo"])
    #expect(model.model.labels.map(\.labels.count) == [3, 2])
    // Of equals the first; ArviZ's names for axes without one are none.
    let alone = DrawVariable(
      name: "beta", axes: [.init(name: "beta_dim_0", count: 2), .init(name: "beta_dim_1", count: 3)])
    #expect(
      ModelSuggestion.model(of: [alone, DrawVariable(name: "lam")]).model.labels.map(\.labels.count) == [2, 3])
  }

  @Test func `scales are found by their words, along any of the model's dims`() {
    let channel = DrawVariable.Axis(name: "channel", labels: ["tv", "radio"])
    let geo = DrawVariable.Axis(name: "geo", labels: ["north", "south"])
    func model(_ further: DrawVariable...) -> ModelMapping {
      ModelSuggestion.model(
        of: [DrawVariable(name: "beta", axes: [geo, channel]), DrawVariable(name: "lam", axes: [channel])] + further
      ).model
    }
    for name in ["channel_scale", "media_scales", "spend_max", "x_scaler"] {
      let scale = model(DrawVariable(name: name, axes: [geo, channel], isDrawn: false)).channelScale
      #expect(scale == .all(.variable(name)))
    }
    for name in ["outcome_scale", "target_scale", "y_sd", "sales_max"] {
      #expect(model(DrawVariable(name: name, axes: [geo], isDrawn: false)).outcomeScale == .all(.variable(name)))
    }
    // A parameter by such a name, and a scale along something else, are none.
    #expect(model(DrawVariable(name: "y_sd")).outcomeScale == .all(.number(1)))
    let date = DrawVariable.Axis(name: "date", count: 9)
    #expect(model(DrawVariable(name: "channel_scale", axes: [date], isDrawn: false)).channelScale == .all(.number(1)))
  }

  @Test func `DeepCausalMMM's columns are its curve, with a bottom or without`() {
    let bottomless = suggestion(["top", "saturation", "slope"])
    let feeds = [ModelMapping.Feed.variable("top"), .number(0), .variable("saturation"), .variable("slope")]
    #expect(bottomless?.saturation == .all(ModelMapping.Curve(HillBottom.self, feeds)))
    let whole = suggestion(["bottom", "top", "saturation", "slope"])?.saturation.part(for: "tv")
    #expect(whole?.feeds[1] == .variable("bottom"))
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
    // Axes that look alike.
    let matrix = DrawVariable(name: "beta", axes: [.init(count: 3), .init(count: 3)])
    #expect(ModelSuggestion.model(of: [matrix, DrawVariable(name: "lam")]).missing == ["dims"])
    // Names of which any may be the channels'.
    let named = DrawVariable(name: "beta", axes: [.init(name: "a", count: 2), .init(name: "b", count: 3)])
    #expect(ModelSuggestion.model(of: [named, DrawVariable(name: "lam")]).missing == ["dims"])
  }
}
