import ResponseModel
import Testing

@testable import Planning

/// `posterior.data` and `posterior.meridian`: what is read, that it is written back the same, and what each mistake is told.
@Suite struct MeridianKeysTests {
  private func text(_ posterior: String) -> String { "posterior: {\(posterior)}\nhorizon: {num_periods: 4}\n" }

  private func mistakes(_ posterior: String) -> String {
    do {
      _ = try PlanFile.parse(text(posterior), source: "plan.yaml", folder: "")
      return ""
    } catch {
      return error.description
    }
  }

  @Test func `the fewest keys, with the library's defaults`() throws {
    let plan = try PlanFile.parse(
      text("file: m.nc, data: {file: d.csv, kpi: sales, media: \"{channel}\"}, meridian: {max_lag: 8}"),
      source: "plan.yaml", folder: "models"
    ).plan
    #expect(plan.posterior.format == .auto)
    #expect(
      plan.posterior.meridian
        == MeridianModel(
          data: MeridianModel.Table(file: "models/d.csv", kpi: "sales", media: "{channel}"), maxLag: 8))
  }

  @Test func `every key, read and written back the same`() throws {
    let plan = try PlanFile.parse(
      text(
        """
        file: m.nc, format: meridian, group: prior, data: {file: d.csv, geo: place, time: week, population: people, kpi: sales,
          revenue_per_kpi: worth, media: "{channel}_i", reach: "{channel}_r", frequency: "{channel}_f", spend: "{channel}: s"},
          meridian: {max_lag: 0, adstock: {tv: binomial, "a b": geometric}, saturation: none, hill_before_adstock: true,
          frequency: {video: 2.5}}
        """), source: "plan.yaml", folder: ""
    ).plan
    let expected = MeridianModel(
      data: MeridianModel.Table(
        file: "d.csv", geo: "place", time: "week", population: "people", kpi: "sales", revenuePerKPI: "worth",
        media: "{channel}_i", reach: "{channel}_r", frequency: "{channel}_f", spend: "{channel}: s"),
      maxLag: 0, decay: .each([.init("tv", .binomial), .init("a b", .geometric)]), saturation: .all(.none),
      order: .saturationFirst, frequency: .each([.init("video", 2.5)]), group: .prior)
    #expect(plan.posterior.meridian == expected)
    let again = try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan
    #expect(again.posterior.meridian == expected)
    #expect(again.yaml == plan.yaml)
  }

  private static let data = "data: {file: d.csv, kpi: s, media: \"{channel}\"}"

  @Test(arguments: [
    (
      "file: m.nc, format: meridian",
      "plan.yaml:1:33: error: posterior lacks data, expected data: {file: …, kpi: …}, the table that the model was fitted to, found nothing\nplan.yaml:1:33: error: posterior lacks meridian, expected meridian: {max_lag: …}, the settings of its specification, found nothing"
    ),
    (
      "file: m.nc, \(data)",
      "plan.yaml:1:25: error: posterior lacks meridian, expected meridian: {max_lag: …}, the settings of its specification, found nothing"
    ),
    (
      "file: m.nc, \(data), meridian: {}",
      "plan.yaml:1:84: error: posterior.meridian lacks max_lag, expected a whole number from 0 to 4095, found nothing"
    ),
    (
      "file: m.nc, \(data), meridian: {max_lag: -1}",
      "plan.yaml:1:94: error: wrong value of posterior.meridian.max_lag, expected a whole number from 0 to 4095, found -1"
    ),
    (
      "file: m.nc, \(data), meridian: {max_lag: 8, adstock: {tv: geometrc}}",
      "plan.yaml:1:111: error: wrong value of posterior.meridian.adstock.tv, expected geometric or binomial, found 'geometrc'; did you mean 'geometric'?"
    ),
    (
      "file: m.nc, data: {file: d.csv, media: tv}, meridian: {max_lag: 8}",
      "plan.yaml:1:31: error: posterior.data lacks kpi, expected the name of a column, found nothing\nplan.yaml:1:52: error: wrong value of posterior.data.media, expected a name with {channel} in the place of the channel's, found 'tv'"
    ),
    (
      "file: m.nc, format: pymc-marketing, group: prior, \(data)",
      "plan.yaml:1:49: error: posterior.group: prior is for models of Meridian, expected format: meridian beside it, found format: pymc-marketing\nplan.yaml:1:63: error: posterior.data is for models of Meridian, expected format: meridian beside it, found format: pymc-marketing"
    ),
    (
      "file: m.nc, group: prior",
      "plan.yaml:1:32: error: posterior.group: prior is for models of Meridian, expected data and meridian beside it, found neither"
    ),
    (
      "file: m.nc, \(data), meridian: {max_lag: 8, frequency: 0}",
      "plan.yaml:1:108: error: wrong value of posterior.meridian.frequency, expected a frequency above 0 or {channel: frequency}, found 0"
    ),
  ]) func `each mistake is told at its place`(posterior: String, message: String) {
    #expect(mistakes(posterior) == message)
  }
}
