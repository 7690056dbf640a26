import NumericKernel
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// What a limit's next unit is worth, against plans solved again with the limit moved.
@Suite struct ShadowPriceTests {
  private static let utilities = [
    "mean", "expected_shortfall", "{mean_deviation: {lambda: 1}}", "{mean_variance: {lambda: 1e-3}}",
    "{entropic: {gamma: 1e-3}}", "{shortfall: {target: 9000}}", "sharpe", "raroc",
  ]

  private func answer(
    _ utility: String, _ posterior: Posterior, budget: Double = 600, tv: Double = 90, radio: Double = 280
  ) throws -> Recommendation {
    try smallPlan(
      "utility: \(utility)\nbounds: {tv: [0, \(tv)], radio: [\(radio), 600]}", posterior,
      budget: "budget: {total: \(budget)}"
    ).optimise(record: RunRecord(version: "test"))
  }

  /// S-shaped curves for every channel.
  private var steep: Posterior {
    var posterior = smallPosterior()
    let draws = posterior.drawCount
    for index in posterior.cells.indices {
      let half = (0..<draws).map { 0.25 + 0.02 * Double(($0 * 3 + index) % 7) }
      let slope = (0..<draws).map { 1.8 + 0.05 * Double(($0 + index) % 5) }
      posterior.cells[index].saturation = Hill.self
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [posterior.cells[index].saturationParameters.column(0), half, slope], drawCount: draws)
    }
    return posterior
  }

  /// The price lies between what the last unit brought and what the next one brings, where utility and responses are concave; at a
  /// smooth optimum of others those two differ by little.
  private func expect(
    _ price: Double?, _ name: String, between moved: (Double) throws -> Recommendation, isConcave: Bool
  ) throws {
    let price = try #require(price, "\(name) has a price")
    let step = 0.05
    let (less, here, more) = (
      try moved(-step).utility.value, try moved(0).utility.value, try moved(step).utility.value
    )
    let (last, next) = ((here - less) / step, (more - here) / step)
    // Values are those of optima to 1e-10 or so.
    let rounding = 2e-9 * abs(here) / step
    let play = isConcave ? rounding : 2e-3 * (abs(price) + abs(next)) + rounding
    #expect(price >= min(last, next) - play && price <= max(last, next) + play, "\(name): \(next) ≤ \(price) ≤ \(last)")
  }

  @Test(arguments: utilities, [false, true])
  func `the price of each limit is what its next unit is worth`(utility: String, isSteep: Bool) throws {
    let posterior = isSteep ? steep : smallPosterior()
    let found = try answer(utility, posterior)
    let isConcave = !isSteep && utility != "sharpe" && utility != "raroc"
    try expect(
      found.budget.shadowPrice, "budget", between: { try answer(utility, posterior, budget: 600 + $0) },
      isConcave: isConcave)
    let limits = Dictionary(uniqueKeysWithValues: found.limits.map { ($0.name, $0) })
    #expect(found.limits.count == 3)
    if let tv = limits["tv"], tv.isBinding {
      try expect(
        tv.shadowPrice, "tv", between: { try answer(utility, posterior, tv: 90 + $0) }, isConcave: isConcave)
    }
    if let radio = limits["radio"], radio.isBinding {
      try expect(
        radio.shadowPrice, "radio", between: { try answer(utility, posterior, radio: 280 + $0) }, isConcave: isConcave)
    }
    if utility == "mean" && !isSteep { #expect(limits["radio"]?.isBinding == true && limits["tv"]?.isBinding == true) }
    for limit in found.limits where !limit.isBinding { #expect(limit.shadowPrice == 0) }
  }
}
