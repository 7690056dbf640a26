import Apportion
import Foundation
import TestSupport
import Testing

/// The peers' files are Python's, and so are the names in them.
let peerDecoder: JSONDecoder = {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return decoder
}()

/// Response draws against PyMC-Marketing's own, from its file alone.
@Suite struct PeerResponseTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let model = root.appending(path: "data/weekly/model.nc").path
  static let cases = root.deletingLastPathComponent().appending(path: "shared/cases/pymc_weekly").path

  struct Fixture: Decodable {
    var channels: [String]
    var numPeriods: Int
    var drawStep: Int
    var moneyPerPeriod: [String: [Double]]
    var distribution: [[Double]]
    var costPerUnit: [[Double]]
    var elasticity: [String: Double]
    var referenceSpend: [String: Double]
    var priced: [String: [Double]]
    var uniform: [String: [Double]]
    var distributed: [String: [Double]]
  }

  /// Money to draws, the peer's total: everything on the axis, carry-in dates included.
  private func responses(
    _ posterior: Posterior, moneyPerPeriod: [Double], channels: [String], periodCount: Int,
    distribution: [[Double]]? = nil, costPerUnit: [[Double]]? = nil, prices: [CellPrice] = []
  ) throws -> [Double] {
    func series(_ rows: [[Double]]) -> [CellSeries] {
      channels.indices.map { channel in
        CellSeries(cell: Placed(channels[channel]), values: rows.map { Placed($0[channel]) })
      }
    }
    let plan = Plan(
      posterior: PosteriorChoice(file: Placed(posterior.source)),
      horizon: Horizon(periodCount: Placed(periodCount), includeHistory: Placed(true)), budget: nil,
      distribution: distribution.map { .shares(series($0)) } ?? .uniform,
      costPerUnit: costPerUnit.map { .costs(series($0)) } ?? .automatic, prices: prices,
      decision: Decision(by: posterior.dims.map { Placed($0.name) }), measure: .response)
    let allocation = Allocation(
      amounts: zip(channels, moneyPerPeriod).map {
        CellAmount(cell: Placed($0), money: Placed($1 * Double(periodCount)))
      })
    return try CompiledPlan(plan, posterior, scoring: allocation).evaluate(record: RunRecord(version: "test")).draws
  }

  /// Our sums run in another order than the peer's over about 170 terms, so that a few 1e-15 are expected.
  private func expectEqual(_ ours: [Double], _ peer: [Double], _ label: String) {
    #expect(ours.count == peer.count)
    let worst = zip(ours, peer).map { abs($0 - $1) / abs($1) }.max() ?? .infinity
    #expect(worst <= 1e-12, "\(label): \(worst)")
  }

  @Test func `every draw equals PyMC-Marketing's own response`() throws {
    let data = try Data(contentsOf: Self.root.appending(path: "Tests/Fixtures/peer_responses.json"))
    let fixture = try peerDecoder.decode(Fixture.self, from: data)
    let posterior = try PosteriorFile.read(path: Self.model)
    for (plan, money) in fixture.moneyPerPeriod {
      let plain = try responses(
        posterior, moneyPerPeriod: money, channels: fixture.channels, periodCount: fixture.numPeriods)
      let spread = try responses(
        posterior, moneyPerPeriod: money, channels: fixture.channels, periodCount: fixture.numPeriods,
        distribution: fixture.distribution, costPerUnit: fixture.costPerUnit)
      func kept(_ draws: [Double]) -> [Double] {
        stride(from: 0, to: draws.count, by: fixture.drawStep).map { draws[$0] }
      }
      expectEqual(kept(plain), try #require(fixture.uniform[plan]), plan)
      expectEqual(kept(spread), try #require(fixture.distributed[plan]), "\(plan), spread and costed")
      let prices = fixture.elasticity.map { channel, elasticity in
        CellPrice(
          cell: Placed(channel),
          rule: .elasticity(Placed(elasticity), reference: fixture.referenceSpend[channel].map { Placed($0) }))
      }
      let bid = try responses(
        posterior, moneyPerPeriod: money, channels: fixture.channels, periodCount: fixture.numPeriods,
        distribution: fixture.distribution, costPerUnit: fixture.costPerUnit, prices: prices)
      expectEqual(kept(bid), try #require(fixture.priced[plan]), "\(plan), at prices that rise")
    }
  }

  @Test(arguments: ["geo_hill", "geo_brand", "saturation_first", "time_varying", "time_varying_by_channel"])
  func `cells of a panel are planned by their labels, and respond as PyMC-Marketing's`(model: String) throws {
    let path = Self.root.appending(path: "data/pymc/\(model)_1").path
    let posterior = try PosteriorFile.read(path: path + ".nc")
    let file = try #require(try NPZ(path: path + ".npz")).arrays
    let (allocations, expected) = (try #require(file["allocations"]), try #require(file["responses"]))
    let shares = try #require(file["distribution"])
    let (periodCount, cellCount, drawCount) = (shares.shape[0], posterior.cells.count, posterior.drawCount)
    let planCount = allocations.shape[0]
    for plan in 0..<planCount {
      let ours = try responses(
        posterior, moneyPerPeriod: Array(allocations.values[plan * cellCount..<(plan + 1) * cellCount]),
        channels: posterior.cells.map(\.name), periodCount: periodCount,
        distribution: plan < planCount - 1
          ? nil : (0..<periodCount).map { Array(shares.values[$0 * cellCount..<($0 + 1) * cellCount]) })
      expectEqual(ours, Array(expected.values[plan * drawCount..<(plan + 1) * drawCount]), "\(model), plan \(plan)")
    }
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: PeerResponseTests.cases), "the reference cases are not here"),
    arguments: ["n13", "n13_dist_cpu"])
  func `all draws of the reference cases are equal`(tag: String) throws {
    let file = try #require(try NPZ(path: "\(Self.cases)/responses_\(tag).npz"))
    let posterior = try PosteriorFile.read(path: "\(Self.cases)/model.nc")
    let allocations = try #require(file.arrays["allocations"])
    let expected = try #require(file.arrays["responses"])
    let channelCount = allocations.shape[1]
    func rows(_ name: String) -> [[Double]]? {
      file.arrays[name].map { array in
        (0..<array.shape[0]).map { Array(array.values[$0 * channelCount..<($0 + 1) * channelCount]) }
      }
    }
    for plan in 0..<allocations.shape[0] {
      let ours = try responses(
        posterior, moneyPerPeriod: Array(allocations.values[plan * channelCount..<(plan + 1) * channelCount]),
        channels: posterior.channels, periodCount: 13, distribution: rows("distribution"),
        costPerUnit: rows("cost_per_unit"))
      expectEqual(
        ours, Array(expected.values[plan * ours.count..<(plan + 1) * ours.count]), "\(tag), plan \(plan)")
    }
  }
}
