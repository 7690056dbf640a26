import NumericKernel
import ResponseModel
import Testing

@Suite struct HalfSaturationTests {
  /// Families with the parameters, their ceiling and nothing below.
  static let families: [(any Saturation.Type, [Double], ceiling: Double)] = [
    (Hill.self, [3, 2, 1.7], 3), (Logistic.self, [3, 0.4], 3), (Exponential.self, [3, 0.4], 3),
    (MichaelisMenten.self, [3, 2], 3),
  ]

  @Test func `at its half-saturation a curve has half of its ceiling`() throws {
    for (family, parameters, ceiling) in Self.families {
      let half = family.halfSaturation(parameters.span)
      let media = try #require(half)
      // A few roundings of a logarithm and its exponential.
      #expect(abs(family.point(at: media, parameters.span).value - ceiling / 2) <= 1e-14 * ceiling, "\(family.name)")
    }
    let flat = [3.0, 0]
    let halves = [Logistic.halfSaturation(flat.span), Exponential.halfSaturation(flat.span)]
    #expect(halves == [nil, nil])
  }

  @Test func `a curve turns where its curvature changes sign, and nowhere if that is at nothing`() {
    for family in SaturationCatalogue.families where !(family is any DerivedSaturation.Type) {
      let parameters = family.parameters.map { _ in 0.6 }
      let turn = family.inflection(parameters.span)
      for media in stride(from: 0.05, through: 6, by: 0.05) {
        let bend = family.point(at: media, parameters.span).curvature
        // Next to where it turns its sign is rounding's.
        if media > turn + 1e-6 { #expect(bend <= 1e-12, "\(family.name) at \(media)") }
        if media < turn - 1e-6 { #expect(bend > 0, "\(family.name) at \(media)") }
      }
    }
  }

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
}
