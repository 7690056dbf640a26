import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import TestSupport
import Testing

/// The models in data/meridian, each of them against what Meridian's Analyzer says of the same draws.
@Suite struct MeridianResponseTests {
  static let folder = PyMCResponseTests.folder.deletingLastPathComponent().appending(path: "meridian")
  static let names = ["geo_geometric", "by_channel", "hill_first", "national", "reach_frequency", "lead_in"]

  static func path(_ name: String, _ ending: String) -> String { folder.appending(path: "\(name).\(ending)").path }

  /// The settings that `make.py` gives the model.
  static func model(
    _ name: String, seed: Int, group: MeridianModel.Group = .posterior, frequency: [ModelMapping.Named<Double>] = []
  ) -> MeridianModel {
    let isNational = name == "national"
    var model = MeridianModel(
      data: MeridianModel.Table(
        file: path("\(name)_\(seed)", "csv"), geo: isNational ? nil : "geo",
        population: isNational ? nil : "population", kpi: "conversions",
        revenuePerKPI: isNational || name == "lead_in" ? nil : "revenue_per_conversion",
        media: "{channel}_impression", reach: name == "reach_frequency" ? "{channel}_reach" : nil,
        frequency: name == "reach_frequency" ? "{channel}_frequency" : nil, spend: "{channel}_spend"),
      maxLag: ["geo_geometric": 5, "by_channel": 4, "hill_first": 6, "national": 3, "reach_frequency": 4][name] ?? 8,
      frequency: .each(frequency), group: group)
    switch name {
    case "by_channel":
      model.decay = .each([.init("tv", .binomial), .init("social", .binomial)])
      model.saturation = .each([.init("search", .none)])
    case "hill_first":
      model.decay = .all(.binomial)
      model.order = .saturationFirst
    case "reach_frequency":
      model.decay = .each([.init("audio", .binomial)])
      model.saturation = .each([.init("audio", .none)])
    default: break
    }
    return model
  }

  /// Each cell's response to its observed media times a number, in the observed periods, at the frequency that it is held at or at
  /// those observed.
  static func responses(_ cells: [Cell], times multipliers: [Double], observed: Bool = false) -> DrawMatrix {
    let planned = zip(cells, multipliers).map { cell, multiplier in
      let worths: PeriodWorths =
        switch cell.worth {
        case .observed(let worths): .shared(worths)
        case .one, .varying: .one
        }
      let planned = PlannedCell(cell, mediaPerMoney: cell.history.map { $0 * multiplier }, worths: worths)
      return observed ? planned.parts(frequencies: cell.reach?.frequencies ?? [], carriedIn: []) : [planned]
    }
    return ResponseSurface(planned, carryOver: false).responses(at: cells.map { _ in 1 })
  }

  /// A share of a number and of its draw's total: where a channel is off, Meridian leaves noise.
  static let tolerance = 1e-12

  /// The largest difference from the library's numbers, by plan, draw, geo and channel, as such a share.
  private func difference(_ posterior: Posterior, _ expected: NPZ.Array, times multipliers: NPZ.Array, observed: Bool)
    -> Double
  {
    let (planCount, geoCount, channelCount) = (expected.shape[0], expected.shape[2], expected.shape[3])
    #expect(expected.shape[1] == posterior.drawCount)
    #expect(posterior.cells.count == geoCount * channelCount)
    var worst = 0.0
    for plan in 0..<planCount {
      let own = posterior.cells.indices.map { multipliers.values[plan * channelCount + $0 / geoCount] }
      let responses = Self.responses(posterior.cells, times: own, observed: observed)
      for draw in 0..<posterior.drawCount {
        let start = (plan * posterior.drawCount + draw) * geoCount * channelCount
        let total = expected.values[start..<start + geoCount * channelCount].reduce(0) { $0 + abs($1) }
        for cell in posterior.cells.indices {
          let theirs = expected.values[start + cell % geoCount * channelCount + cell / geoCount]
          worst = max(worst, abs(responses[draw, cell] - theirs) / (abs(theirs) + total))
        }
      }
    }
    return worst
  }

  @Test(arguments: names, [1, 2])
  func `Every draw of every channel and geo responds as in the library`(name: String, seed: Int) throws {
    let file = try #require(try NPZ(path: Self.path("\(name)_\(seed)", "npz"))).arrays
    let (multipliers, held) = (try #require(file["multipliers"]), try #require(file["frequency"]).values)
    for group in MeridianModel.Group.allCases {
      let path = Self.path("\(name)_\(seed)", "nc")
      let average = try PosteriorFile.read(path: path, meridian: Self.model(name, seed: seed, group: group))
      let frequency = zip(average.channels, held).filter { $1 > 0 }.map { ModelMapping.Named($0, $1) }
      let posterior = try PosteriorFile.read(
        path: path, meridian: Self.model(name, seed: seed, group: group, frequency: frequency))
      #expect(posterior.cells.allSatisfy { $0.reach == nil })
      let worst = difference(
        posterior, try #require(file[group.rawValue]), times: multipliers, observed: false)
      #expect(worst <= Self.tolerance, "\(name) \(seed) \(group): \(worst)")
      if let observed = file["\(group.rawValue)_observed"] {
        let worst = difference(average, observed, times: multipliers, observed: true)
        #expect(worst <= Self.tolerance, "\(name) \(seed) \(group) at observed frequencies: \(worst)")
        // Held at the average it is something else.
        #expect(difference(average, observed, times: multipliers, observed: false) > 1e-3)
      }
    }
  }

  @Test func `The shared case responds as Meridian says, draw by draw`() throws {
    let file = try #require(try NPZ(path: Self.path("weekly/expected_per_draw", "npz"))).arrays
    let (multipliers, expected) = (try #require(file["multipliers"]), try #require(file["incremental_outcome"]))
    let posterior = try PosteriorFile.read(
      path: Self.path("weekly/posterior", "nc"),
      meridian: MeridianModel(
        data: MeridianModel.Table(
          file: Self.path("weekly/data", "csv"), geo: "geo", population: "population", kpi: "conversions",
          revenuePerKPI: "revenue_per_conversion", media: "{channel}_impression", spend: "{channel}_spend"),
        maxLag: 8))
    let drawCount = expected.shape[1] * expected.shape[2]
    #expect(posterior.drawCount == drawCount)
    #expect(posterior.dims.map(\.labels) == [["tv", "search", "social"], ["east", "north", "south"]])
    #expect(posterior.cells[1].labels == ["tv", "north"])
    var worst = 0.0
    for plan in 0..<multipliers.shape[0] {
      let responses = Self.responses(
        posterior.cells, times: posterior.cells.indices.map { multipliers.values[plan * 3 + $0 / 3] })
      for draw in 0..<drawCount {
        let theirs = (0..<3).map { expected.values[(plan * drawCount + draw) * 3 + $0] }
        for channel in 0..<3 {
          let ours = (0..<3).reduce(0.0) { $0 + responses[draw, channel * 3 + $1] }
          worst = max(
            worst, abs(ours - theirs[channel]) / (abs(theirs[channel]) + theirs.reduce(0, +)))
        }
      }
    }
    #expect(worst <= Self.tolerance)
  }
}
