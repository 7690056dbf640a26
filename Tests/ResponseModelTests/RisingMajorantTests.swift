import NumericKernel
import ResponseModel
import TestSupport
import Testing

/// What never falls and is least above scores that do.
@Suite struct RisingMajorantTests {
  static let falling: [any Utility] = [
    MeanDeviation(lambda: 0.3), MeanDeviation(lambda: 1), MeanDeviation(lambda: 3), MeanVariance(lambda: 0.1),
    MeanVariance(lambda: 2),
  ]

  @Test(arguments: falling.indices) func `It keeps the promises of a utility`(index: Int) throws {
    expectUtility(try #require(Self.falling[index].rising), translation: .equivariant)
  }

  @Test(arguments: falling.indices) func `It is nowhere below, and weighs no draw negatively`(index: Int) throws {
    let utility = Self.falling[index]
    let above = try #require(utility.rising)
    var random = TestRandom(seed: 3)
    for count in [2, 3, 10, 200] {
      let outcome = (0..<count).map { _ in 10 + random.normal() * (random.uniform() < 0.1 ? 10 : 1) }
      let (value, weights) = above.weightedScore(outcome.span)
      let own = utility.weightedScore(outcome.span)
      #expect(value >= own.value - 1e-12 * abs(own.value))
      #expect(weights.allSatisfy { $0 >= 0 } && abs(weights.reduce(0, +) - 1) <= 1e-12)
      // Where no draw counts against the score the two are one.
      if own.weights.allSatisfy({ $0 >= 0 }) { #expect(abs(value - own.value) <= 1e-12 * abs(own.value)) }
      // Its plane is above the score elsewhere, too.
      let rounded = above.rounded(outcome.span, distance: 1)
      let plane = try #require(rounded)
      let intercept = try #require(plane.intercept)
      for _ in 0..<20 {
        let other = outcome.map { $0 + 5 * random.normal() }
        let bound = intercept + dot(plane.smooth.weights.span, other.span)
        let score = utility.score(other.span)
        #expect(score <= bound + 1e-11 * (1 + abs(bound)))
      }
    }
  }

  /// Weights ½ ± λ z / 1 with z = ±√½: at λ = 1 the better draw's is negative, so that only the worse one counts.
  @Test func `Of two draws and a large aversion it is the worse one, without any their mean`() throws {
    let (above, mean) = (try #require(MeanDeviation(lambda: 1).rising), try #require(Mean().rising))
    let (worse, same) = (above.score([1.0, 3].span), mean.score([1.0, 3].span))
    #expect(worse == 1 && same == 2)
    // Without aversion a variance takes nothing off, and nothing is added.
    let indifferent = try #require(MeanVariance(lambda: 0).rising).score([1.0, 3].span)
    #expect(indifferent == 2)
    #expect(Quantile(level: 0.5).rising == nil && Sharpe(reference: 0).rising == nil)
  }
}
