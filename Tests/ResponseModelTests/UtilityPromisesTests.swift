import NumericKernel
import ResponseModel
import TestSupport
import Testing

@Suite struct UtilityPromisesTests {
  @Test func `the outcome beyond which a draw counts against a score is where its weight is nothing`() {
    // Four others and one at x: where x = turn(outcome) its weight changes sign.
    let others: [Double] = [1, 2, 4, 8]
    for utility in [MeanVariance(lambda: 0.3), MeanVariance(lambda: 0.05), MeanDeviation(lambda: 2)]
      as [any TurningUtility]
    {
      var (low, high) = (0.0, 1000.0)
      for _ in 0..<100 {
        let x = 0.5 * (low + high)
        if utility.weightedScore((others + [x]).span).weights[4] > 0 { low = x } else { high = x }
      }
      #expect(abs(utility.turn((others + [low]).span) - low) <= 1e-9 * low)
    }
  }

  @Test func `draws that tie at a quantile's bound share its weight, and all come to one`() {
    for level in [0.25, 0.3, 0.5, 0.6, 0.75, 0.9] {
      let outcome: [Double] = [5, 1, 5, 5, 2, 7, 5, 2, 7, 1]
      for surrogate in [Quantile(level: level).concaveSurrogate(at: outcome.span)].compactMap(\.self) {
        let (value, weights) = surrogate.weightedScore(outcome.span)
        #expect(abs(weights.reduce(0, +) - 1) <= 1e-15)
        #expect(abs(zip(weights, outcome).reduce(0) { $0 + $1.0 * $1.1 } - value) <= 1e-14)
      }
    }
  }

  @Test func `a plan is worth its score less its money, and less what it misses`() {
    // 2 · mean − 0.5 · 4 = 4, and 10 times the 1 that 3 · mean − 0.25 · 4 = 8 lacks to 9.
    let score = PenalisedScore(
      Mean(), worth: 2, charge: 0.5,
      conditions: [
        .init(Mean(), worth: 3, charge: 0.25, least: 9, penalty: 10), .init(Mean(), least: 3, penalty: 7),
      ])
    let plan = ScoredPlan(
      outcome: [2, 4], spend: [1, 3], responses: DrawMatrix(columns: [[1, 2], [1, 2]], drawCount: 2))
    let own = score.score(plan)
    #expect(own.value == -6)
    // (2 + 10 · 3) / 2 for each draw, and −0.5 − 10 · 0.25 for money.
    #expect(own.outcomeWeights == [16, 16] && own.spendGradient == [-3, -3])
    #expect(score.withConcaveConditions.conditions.count == 2)
  }

  @Test func `draws between two ends score best where those that turn stand at the turn`() {
    var random = Xorshift(seed: 8)
    for utility in [MeanVariance(lambda: 0.3), MeanDeviation(lambda: 2)] as [any TurningUtility] {
      for _ in 0..<20 {
        let lower = (0..<8).map { _ in random.uniform(0, 6) }
        let upper = lower.map { $0 + random.uniform(0, 4) }
        let best = utility.best(from: lower, to: upper)
        #expect(zip(best, zip(lower, upper)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 })
        let score = utility.value(of: best)
        for _ in 0..<50 {
          let other = zip(lower, upper).map { random.uniform($0, $1) }
          #expect(utility.value(of: other) <= score + 1e-12)
          // Next to the best none is better either.
          let near = zip(best, zip(lower, upper)).map { min(max($0 + random.uniform(-0.1, 0.1), $1.0), $1.1) }
          #expect(utility.value(of: near) <= score + 1e-12)
        }
      }
    }
  }

  @Test func `a domain has its ends, or has them not`() {
    func domain(_ lowerIncluded: Bool, _ upperIncluded: Bool) -> UtilityEntry.Option.Domain {
      .number(lower: 0, upper: 1, lowerIncluded: lowerIncluded, upperIncluded: upperIncluded, inWords: "")
    }
    for (x, expected) in [
      (-0.1, [false, false]), (0, [true, false]), (0.5, [true, true]), (1, [true, false]), (2, [false, false]),
    ] {
      #expect(domain(true, true).contains(UtilityEntry.Value.number(x)) == expected[0])
      #expect(domain(false, false).contains(UtilityEntry.Value.number(x)) == expected[1])
    }
    #expect(!domain(true, true).contains(UtilityEntry.Value.number(.nan)))
  }
}
