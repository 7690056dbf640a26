import Apportion
import Foundation
import TestSupport
import Testing

/// Plans of Meridian's models against the library's own incremental outcome.
@Suite struct MeridianPlanTests {
  private static let weekly = PeerResponseTests.root.appending(path: "data/meridian/weekly")

  @Test func `the weeks observed, planned again at so many times their media, bring what Meridian says`() throws {
    var plan = try PlanFile.read(path: Self.weekly.appending(path: "plan.yaml").path).plan
    let posterior = try plan.posterior.read()
    plan.horizon = Horizon(
      periodCount: Placed(80), start: CalendarDate(posterior.dates[0]), carryOver: false)
    plan.budget = nil
    let arrays = try #require(try NPZ(path: Self.weekly.appending(path: "expected_per_draw.npz").path)).arrays
    let (multipliers, expected) = (try #require(arrays["multipliers"]), try #require(arrays["incremental_outcome"]))
    let channels = posterior.channels
    let spent = channels.map { channel -> Double in
      let cells = posterior.cells.filter { $0.labels[0] == channel }
      return cells.flatMap(\.spendHistory).reduce(0, +)
    }
    for row in 0..<multipliers.shape[0] {
      let times = (0..<channels.count).map { multipliers.values[row * channels.count + $0] }
      let allocation = Allocation(
        amounts: channels.indices.map {
          CellAmount(cell: Placed(channels[$0]), money: Placed(spent[$0] * times[$0]))
        })
      let draws = try CompiledPlan(plan, posterior, scoring: allocation).evaluate(record: RunRecord(version: "test"))
        .draws
      for draw in draws.indices {
        let total = channels.indices.reduce(0) {
          $0 + expected.values[(row * draws.count + draw) * channels.count + $1]
        }
        // Money goes through shares and prices: a few roundings more than the media themselves.
        #expect(abs(draws[draw] - total) <= 1e-12 * abs(total))
      }
    }
  }

  @Test func `the quarter ahead is planned at the prices and in the weeks of the last one, and proved`() throws {
    let plan = try PlanFile.read(path: Self.weekly.appending(path: "plan.yaml").path).plan
    let answer = try CompiledPlan(plan, plan.posterior.read()).optimise(record: RunRecord(version: "test"))
    #expect(answer.reachesGap)
    #expect(answer.cells.count == 3 && answer.modelDims == ["channel", "geo"])
    #expect(answer.cells[0].units.reduce(0, +) > 10 * answer.cells[0].total)
  }
}
