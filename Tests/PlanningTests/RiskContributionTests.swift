import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// What each cell adds to the risk of the whole.
@Suite struct RiskContributionTests {
  @Test func `by hand, with a cell that does well where the other does badly`() throws {
    // Four draws; the whole is 4, 6, 8, 10, of variance 20/3.
    let responses = DrawMatrix(columns: [[1, 5, 7, 11], [3, 1, 1, -1]], drawCount: 4)
    let risks = RiskContribution.all(responses)
    let sd = (20.0 / 3).squareRoot()
    // Covariances: (-3)(-5) + (-1)(-1) + (1)(1) + (3)(5) = 32, and (-3)(2) + 0 + 0 + (3)(-2) = -12, by 3.
    expectEqual(risks.map(\.sd), [32 / 3 / sd, -12 / 3 / sd])
    expectEqual(risks.compactMap(\.sdShare), [1.6, -0.6])
    // The worst twentieth is the worst draw: 4, of a mean of 7.
    expectEqual(risks.map(\.shortfall05), [6 - 1, 1 - 3])
    expectEqual(risks.compactMap(\.shortfall05Share), [5.0 / 3, -2.0 / 3])
  }

  @Test func `what does not vary has no shares`() {
    let risks = RiskContribution.all(DrawMatrix(columns: [[0.1, 0.1, 0.1], [0.2, 0.2, 0.2]], drawCount: 3))
    #expect(risks.map(\.sdShare) == [nil, nil] && risks.map(\.shortfall05) == [0, 0])
    let one = RiskContribution.all(DrawMatrix(columns: [[1], [2]], drawCount: 1))
    #expect(one.map(\.sd) == [0, 0] && one.map(\.shortfall05Share) == [nil, nil])
  }

  @Test(arguments: ["channel", "channel, period"])
  func `of a plan they come to its spread and to its shortfall`(dims: String) throws {
    let answer = try smallPlan("decide: {by: [\(dims)]}\nutility: {expected_shortfall: {tail: 0.2}}").optimise()
    let risks = try answer.cells.map { try #require($0.risk) }
    expectEqual(risks.reduce(0) { $0 + $1.sd }, answer.outcome.sd)
    expectEqual(risks.reduce(0) { $0 + $1.shortfall05 }, answer.outcome.mean - answer.outcome.expectedShortfall05)
    expectEqual(risks.reduce(0) { $0 + ($1.sdShare ?? 0) }, 1)
  }
}
