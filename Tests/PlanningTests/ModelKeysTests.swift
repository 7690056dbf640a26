import ResponseModel
import Testing

@testable import Planning

/// `posterior.model`: what is read, that it is written back the same, and what each mistake is told.
@Suite struct ModelKeysTests {
  private func text(_ model: String) -> String {
    "posterior:\n  file: fit.npz\n  model:\n    \(model.replacing("\n", with: "\n    "))\nhorizon: {num_periods: 4}\n"
  }

  private func read(_ model: String) throws -> ModelMapping {
    try #require(try PlanFile.parse(text(model), source: "plan.yaml", folder: "").plan.posterior.model)
  }

  private func mistakes(_ model: String) -> String {
    do {
      _ = try PlanFile.parse(text(model), source: "plan.yaml", folder: "")
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `one part for all channels, with the defaults`() throws {
    let model = try read(
      "saturation: {hill: {beta: b, kappa: k, slope: 1.5}}\ncarryover: {geometric: {alpha: a}, window: 8}")
    #expect(
      model
        == ModelMapping(
          saturation: .all(ModelMapping.Curve(Hill.self, [.variable("b"), .variable("k"), .number(1.5)])),
          carryover: .all(ModelMapping.Lags(Geometric.self, [.variable("a")], window: .lags(8)))))
  }

  @Test func `parts by channel, with every key`() throws {
    let model = try read(
      """
      dims: [channel, geo]
      labels: {geo: [north, south]}
      saturation:
        log: {logistic: {beta: "b[1]", lam: l}}
        tv: {linear: {beta: 2}}
      carryover:
        log: none
        tv: {geometric_half_life: {halflife: h}, window: infinite, normalize: false, order: saturation_first}
      channel_scale: {tv: 1000.0, log: scale}
      outcome_scale: 5
      """)
    #expect(model.saturation.channels == ["log", "tv"])
    #expect(
      model.saturation.part(for: "log") == ModelMapping.Curve(Logistic.self, [.variable("b[1]"), .variable("l")]))
    #expect(model.carryover.part(for: "log") == ModelMapping.Lags.none)
    #expect(
      model.carryover.part(for: "tv")
        == ModelMapping.Lags(
          GeometricHalfLife.self, [.variable("h")], window: .unbounded, isNormalized: false, order: .saturationFirst))
    #expect(model.channelScale.part(for: "log") == .variable("scale"))
    #expect(model.outcomeScale == .all(.number(5)))
    #expect(model.labels == [Posterior.Dim(name: "geo", labels: ["north", "south"])])
  }

  @Test(arguments: [
    "saturation: {linear: {beta: b}}", "channels: [tv, \"on: air\"]\nsaturation: {root: {beta: \"b[1]\", alpha: 0.5}}",
    "dims: [channel, geo]\nlabels: {geo: [n, s]}\nsaturation: {tv: {linear: {beta: b}}}\ncarryover: {tv: none}\nchannel_scale: {tv: 2}\noutcome_scale: s",
    "saturation: {linear: {beta: b}}\ncarryover: {weibull_pdf: {lam: 1, k: k}, window: 12, normalize: false, order: saturation_first}",
  ])
  func `a plan that is written out reads back the same`(model: String) throws {
    let plan = try PlanFile.parse(text(model), source: "plan.yaml", folder: "").plan
    let again = try PlanFile.parse(plan.yaml, source: "again.yaml", folder: "").plan
    #expect(again.posterior.model == plan.posterior.model && plan.posterior.model != nil)
    let block = "posterior:\n  file: fit.npz\n\(try read(model).yaml(indentation: 2))horizon: {num_periods: 4}\n"
    #expect(try PlanFile.parse(block, source: "", folder: "").plan.posterior.model == plan.posterior.model)
  }

  @Test func `files may be a list, each relative to the plan`() throws {
    let plan = try PlanFile.parse(
      "posterior: {file: [a.csv, \"/b_*.csv\"], format: cmdstan, model: {saturation: {linear: {beta: b}}}}\nhorizon: {num_periods: 1}",
      source: "plan.yaml", folder: "fits"
    ).plan
    #expect(plan.posterior.files.map(\.value) == ["fits/a.csv", "/b_*.csv"])
    #expect(plan.yaml.contains("file: [fits/a.csv, \"/b_*.csv\"]"))
  }

  @Test(arguments: [
    (
      "saturation: {hil: {beta: b}}",
      "4:18: error: unknown name in posterior.model.saturation, expected hill, hill_bottom, hill_sigmoid, logistic, inverse_scaled_logistic, michaelis_menten, tanh, tanh_baselined, root, log, exponential or linear, found 'hil'; did you mean 'hill'?"
    ),
    (
      "saturation: {tv: {hill: {beta: b, kapa: k, slope: 1}}}",
      "4:29: error: posterior.model.saturation.tv.hill lacks kappa, expected a variable's name or a positive number, found nothing\nplan.yaml:4:39: error: unknown key in posterior.model.saturation.tv.hill, expected beta, kappa or slope, found 'kapa'; did you mean 'kappa'?"
    ),
    (
      "saturation: {hill: {beta: b, kappa: 0, slope: 1}}",
      "4:41: error: wrong value of posterior.model.saturation.hill.kappa, expected a variable's name or a positive number, found 0"
    ),
    (
      "carryover: none",
      "4:5: error: posterior.model lacks saturation, expected {curve: {parameter: variable or number}}, for all or by channel, found nothing"
    ),
    (
      "saturation: {linear: {beta: b}}\ncarryover: {geometrc: {alpha: a}, window: 8}",
      "5:17: error: unknown key in posterior.model.carryover, expected geometric, geometric_half_life, delayed, delayed_half_life, binomial, binomial_meridian, weibull_pdf, weibull_cdf, window, normalize or order, found 'geometrc'; did you mean 'geometric'?"
    ),
    (
      "saturation: {linear: {beta: b}}\ncarryover: {geometric: {alpha: a}, windw: 8}",
      "5:16: error: posterior.model.carryover lacks window, expected a whole number from 1 to 4096 or infinite, found nothing\nplan.yaml:5:40: error: unknown key in posterior.model.carryover, expected geometric, geometric_half_life, delayed, delayed_half_life, binomial, binomial_meridian, weibull_pdf, weibull_cdf, window, normalize or order, found 'windw'; did you mean 'window'?"
    ),
    (
      "saturation: {linear: {beta: b}}\ncarryover: {delayed: {alpha: a, theta: t}, window: infinite}",
      "5:56: error: wrong window, expected a number of lags: only geometric and geometric_half_life have one without end, found infinite"
    ),
    (
      "dims: [geo, channel]\nsaturation: {linear: {beta: b}}",
      "4:12: error: wrong first dim in posterior.model.dims, expected channel, found 'geo'"
    ),
    (
      "channels: [tv, tv]\nsaturation: {linear: {beta: b}}",
      "4:20: error: duplicate name in posterior.model.channels, expected each once, found 'tv' again"
    ),
    (
      "labels: {goe: [n]}\ndims: [channel, geo]\nsaturation: {linear: {beta: b}}",
      "4:14: error: unknown dim in posterior.model.labels, expected channel or geo, found 'goe'; did you mean 'geo'?"
    ),
  ])
  func `a mistake is told with its place, and what was meant`(model: String, line: String) {
    #expect(mistakes(model) == "plan.yaml:\(line)")
  }
}
