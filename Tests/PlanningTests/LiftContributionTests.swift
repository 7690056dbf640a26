import ResponseModel
import Testing

@testable import Planning

/// What each cell adds to the difference from the current plan, and what the next unit of money brings under that.
@Suite struct LiftContributionTests {
  private static let plans = [
    "utility: mean", "utility: {expected_shortfall: {tail: 0.2}}\nmeasure: response",
    "measure: profit\noutcome_value: 2",
    "measure: roi\noutcome_value: 2", "measure: lift", "decide: {by: [channel, period]}",
    "decide: {by: [channel, period]}\nmeasure: profit", "current: {tv: 300, radio: 10}",
  ]

  @Test(arguments: plans)
  func `cells' parts come to the lift`(text: String) throws {
    let answer = try smallPlan(text).optimise()
    // The lift over the current plan is measured from it: what is measured is the lift itself.
    let lift = try #require(answer.lift)
    let parts = try answer.cells.map { try #require($0.lift).mean }
    #expect(lift.mean != 0)
    expectEqual([parts.reduce(0, +)], [lift.mean])
    #expect(Set(parts).count == 3)
  }

  @Test func `the current plan's own parts are nothing`() throws {
    let plan = try smallPlan("bounds: {default: {relative: 0}}")
    let answer = try plan.optimise()
    #expect(answer.cells.allSatisfy { $0.lift?.mean == 0 && $0.lift?.sd == 0 })
    expectEqual(answer.cells.compactMap(\.currentMarginalROI), answer.cells.map(\.marginalROI))
  }

  @Test func `without a current plan nothing is known of either`() throws {
    let answer = try smallPlan("", smallPosterior(history: false)).optimise()
    #expect(answer.cells.allSatisfy { $0.lift == nil && $0.currentMarginalROI == nil })
  }

  /// Of two plans that differ by little money in one cell: a difference of second order, by their distance.
  @Test(arguments: ["", "decide: {by: [channel, period]}"])
  func `what the next unit brings under the current plan is a difference of two plans`(text: String) throws {
    let step = 1e-3
    func value(_ radio: Double) throws -> Double {
      try #require(
        try smallPlan("\(text)\ncurrent: {tv: 200, radio: \(radio), search: 200}").optimise().utility.current)
    }
    let answer = try smallPlan("\(text)\ncurrent: {tv: 200, radio: 200, search: 200}").optimise()
    let slope = try (value(200 + step) - value(200 - step)) / (2 * step)
    let found = try #require(answer.cells[1].currentMarginalROI)
    // Rounding of values of about 10^4 over a step of 2e-3: 1e-9 of them; the curvature's part is far smaller.
    #expect(abs(found - slope) <= 1e-5 * abs(slope))
  }
}
