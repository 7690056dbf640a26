import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Posteriors at the ends of what there is: every utility has a plan of them that keeps the limits, or says why not.
@Suite struct ExtremePosteriorTests {
  private func expectSound(_ posterior: Posterior, _ text: String, _ name: String = "") throws {
    // Nothing is asked of how near it comes.
    let plan = try smallPlan(text + "\nsolver: {time_limit: 2}", posterior)
    let answer = try plan.optimise()
    #expect(abs(answer.budget.spent - 600) <= 1e-6, "\(name) \(text)")
    #expect(answer.cells.allSatisfy { $0.total >= 0 && $0.total.isFinite }, "\(name) \(text)")
    #expect(answer.utility.value.isFinite && answer.draws.allSatisfy(\.isFinite), "\(name) \(text)")
    if let bound = answer.utility.upperBound {
      #expect(bound >= answer.utility.value - 1e-9 * abs(answer.utility.value), "\(name) \(text)")
    }
  }

  /// By channel a ceiling for each draw.
  private func posterior(_ ceilings: [(Int) -> Double], draws: Int = 24) -> Posterior {
    var posterior = smallPosterior(draws: draws)
    for index in posterior.cells.indices {
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [(0..<draws).map(ceilings[index]), (0..<draws).map { 2 + 0.2 * Double(($0 * 3 + index) % 7) }],
        drawCount: draws)
    }
    return posterior
  }

  private static let utilities = [
    "", "utility: {expected_shortfall: {tail: 0.1}}", "utility: {quantile: {level: 0.1}}",
    "utility: {mean_deviation: {lambda: 1}}", "utility: mean_semideviation", "utility: {entropic: {gamma: 0.001}}",
  ]

  @Test(arguments: utilities) func `a channel without effect, and one with all of it`(utility: String) throws {
    let one: [(Int) -> Double] = [{ 1 + 0.1 * Double($0 % 5) }, { _ in 0 }, { _ in 0 }]
    try expectSound(posterior(one), utility)
    let none: [(Int) -> Double] = [{ _ in 0 }, { _ in 0 }, { _ in 0 }]
    try expectSound(posterior(none), utility, "none")
  }

  @Test(arguments: utilities) func `ceilings of nothing and below it`(utility: String) throws {
    let mixed: [(Int) -> Double] = [{ 1 + 0.1 * Double($0 % 5) }, { $0 % 3 == 0 ? -0.5 : 0.8 }, { _ in -1 }]
    try expectSound(posterior(mixed), utility)
  }

  @Test(arguments: utilities) func `all draws equal, and one draw`(utility: String) throws {
    let same: [(Int) -> Double] = [{ _ in 1 }, { _ in 1.5 }, { _ in 0.7 }]
    try expectSound(posterior(same), utility)
    var one = smallPosterior().keeping([3])
    (one.chainCount, one.drawsPerChain) = (1, 1)
    try expectSound(one, utility)
  }

  /// Squares of it are beyond all numbers.
  @Test func `one draw of 1e200`() throws {
    let plan = try smallPlan(
      "", posterior([{ $0 == 7 ? 1e200 : 1 + 0.1 * Double($0 % 5) }, { _ in 1.5 }, { _ in 0.7 }]))
    let answer = plan.testing(plan.informing(plan.relaxing(try plan.optimise())))
    #expect(answer.utility.value.isFinite && answer.cells.allSatisfy { $0.total.isFinite })
    let information = try #require(answer.information)
    #expect(information.perfect.value.isFinite && information.cells.allSatisfy { $0.estimate.value.isFinite })
  }

  @Test func `a thousand cells`() throws {
    var posterior = smallPosterior()
    let first = posterior.cells
    posterior.cells = (0..<1000).map { index in
      var cell = first[index % 3]
      cell.labels = ["channel \(index)"]
      return cell
    }
    posterior.dims = [Posterior.Dim(name: "channel", labels: posterior.cells.map { $0.labels[0] })]
    // What is not proved by then is said.
    let answer = try smallPlan("solver: {time_limit: 10}", posterior).optimise()
    #expect(answer.cells.count == 1000 && abs(answer.budget.spent - 600) <= 1e-6)
    let gap = try #require(answer.utility.gap)
    #expect(gap >= 0 && gap < 0.1)
  }

  @Test func `a million draws`() throws {
    let answer = try smallPlan("solver: {time_limit: 10}", smallPosterior(draws: 1_000_000)).optimise()
    #expect(answer.draws.count == 1_000_000 && abs(answer.budget.spent - 600) <= 1e-6)
    let bound = try #require(answer.utility.upperBound)
    #expect(bound >= answer.utility.value)
  }
}
