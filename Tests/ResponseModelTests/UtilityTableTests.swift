import Foundation
import NumericKernel
import ResponseModel
import TestSupport
import Testing

/// Each utility by hand on the draws 6, 1, 3, 2: mean 3, deviations 3, −2, 0, −1 with squares 9 + 4 + 0 + 1 = 14, so
/// variance 14/3; in order 1, 2, 3, 6.
struct UtilityTableTests {
  let draws: [Double] = [6, 1, 3, 2]
  let deviation = (14.0 / 3).squareRoot()

  /// Weights and values are sums of a few quotients: equal to a few units in the last place.
  func expect(
    _ utility: any Utility, _ value: Double, _ weights: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let score = utility.weighted(draws)
    #expect(abs(score.value - value) < 1e-14, sourceLocation: sourceLocation)
    for (found, expected) in zip(score.weights, weights) {
      #expect(abs(found - expected) < 1e-14, sourceLocation: sourceLocation)
    }
  }

  @Test func `Mean by hand`() {
    // (6 + 1 + 3 + 2) / 4
    expect(Mean(), 3, [0.25, 0.25, 0.25, 0.25])
  }

  @Test func `Quantile by hand`() {
    // Position 0.25 · 3 = 0.75: a quarter of the lowest, three quarters of the next, 1 + 0.75 (2 − 1).
    expect(Quantile(level: 0.25), 1.75, [0, 0.25, 0, 0.75])
    // Positions 0 and 3: the ends.
    expect(Quantile(level: 0), 1, [0, 1, 0, 0])
    expect(Quantile(level: 1), 6, [1, 0, 0, 0])
    // Draws 1, 2, 2, 2, 3 at position 1.5: between two of three that tie, which share.
    let tied = Quantile(level: 0.375).weighted([2.0, 1, 2, 3, 2])
    #expect(tied.value == 2)
    #expect(zip(tied.weights, [1.0 / 3, 0, 1.0 / 3, 0, 1.0 / 3]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func `Expected shortfall by hand`() {
    // A quarter of four draws is the worst one; 0.375 of four is the worst and half of the next, (1 + 2/2) / 1.5.
    expect(ExpectedShortfall(tail: 0.25), 1, [0, 1, 0, 0])
    expect(ExpectedShortfall(tail: 0.375), 4.0 / 3, [0, 2.0 / 3, 0, 1.0 / 3])
    // Less than one draw is the worst draw; all of them the mean.
    expect(ExpectedShortfall(tail: 0.1), 1, [0, 1, 0, 0])
    expect(ExpectedShortfall(tail: 1), 3, [0.25, 0.25, 0.25, 0.25])
    // Draws 1, 2, 2, 3, worst half: the 1 and one of the two 2s, which share its weight.
    let tied = ExpectedShortfall(tail: 0.5).weighted([2.0, 1, 3, 2])
    #expect(tied.value == 1.5)
    #expect(tied.weights == [0.25, 0.5, 0, 0.25])
  }

  @Test(
    arguments: [
      // Draws 1...n: (1 + 2 + 3/2)/2.5; (1 + 2)/2; 1; (1 + ... + 5)/5; (1 + 2 + 3 + 0.7 · 4)/3.7.
      (10, 0.25, 1.8), (4, 0.5, 1.5), (20, 0.05, 1.0), (100, 0.05, 3.0), (37, 0.1, 8.8 / 3.7),
    ]) func `Expected shortfall of the first numbers counts the boundary draw in part`(
      count: Int, tail: Double, value: Double
    )
  {
    let draws = (1...count).map(Double.init)
    #expect(abs(ExpectedShortfall(tail: tail).value(of: draws) - value) < 1e-14)
    #expect(count != 37 || abs(value - 2.3784) < 5e-5)
  }

  @Test(arguments: [(10, 0.25, 2.0), (37, 0.1, 2.5)])
  func `The mean below a quantile counts whole draws`(count: Int, level: Double, value: Double) {
    // Of 1...10 the quantile is 1 + 0.25 · 9 = 3.25, and three draws are below: (1 + 2 + 3)/3. Of 1...37 it is 4.6: 10/4.
    #expect(abs(MeanBelowQuantile(level: level).value(of: (1...count).map(Double.init)) - value) < 1e-14)
  }

  @Test func `The mean below a quantile by hand`() {
    // Position 1.5, quantile 2.5: (1 + 2)/2.
    expect(MeanBelowQuantile(level: 0.5), 1.5, [0, 0.5, 0, 0.5])
    // Draws 0, 1, 1, 1, position 1.5, quantile 1: all that tie count, 3/4.
    let tied = MeanBelowQuantile(level: 0.5)
    #expect(tied.value(of: [1.0, 0, 1, 1]) == 0.75)
    #expect(tied.surrogate(at: [1.0, 0, 1, 1]) == nil)
  }

  @Test func `Mean less deviation by hand`() {
    // Each weight 1/4 − 2 · deviation/(3 sd).
    expect(
      MeanDeviation(lambda: 2), 3 - 2 * deviation, [3.0, -2, 0, -1].map { 0.25 - 2 * $0 / (3 * deviation) })
  }

  @Test func `Mean less variance by hand`() {
    // 3 − 0.3 · 14/3; each weight 1/4 − 0.3 · 2 deviation/3.
    expect(MeanVariance(lambda: 0.3), 1.6, [-0.35, 0.65, 0.25, 0.45])
  }

  @Test func `Mean less semideviation by hand`() {
    // Shortfalls 0, 2, 0, 1: s = sqrt(5/4), their mean 3/4. Each weight (1 − (3/4 − shortfall)/s)/4.
    let s = 1.25.squareRoot()
    expect(MeanSemideviation(lambda: 1), 3 - s, [0.0, 2, 0, 1].map { (1 - (0.75 - $0) / s) / 4 })
  }

  @Test func `The entropic score by hand`() {
    // gamma = ln 2: powers of a half, 1/64 + 1/2 + 1/8 + 1/4 = 57/64, mean 57/256, score −log2 of it.
    expect(Entropic(gamma: log(2)), log2(256.0 / 57), [1.0 / 57, 32.0 / 57, 8.0 / 57, 16.0 / 57])
  }

  @Test func `The entropic score keeps its digits at both ends of aversion`() {
    // To second order mean − gamma/2 · variance with ddof 0, here 14/4; the third order is 1e-18.
    #expect(abs((Entropic(gamma: 1e-9).value(of: draws) - 3) + 1e-9 / 2 * 3.5) < 1e-15)
    // Far out only the worst draw is left, and the log of its share: 1 + log(4)/gamma.
    #expect(abs(Entropic(gamma: 1e4).value(of: draws) - (1 + log(4) / 1e4)) < 1e-15)
    #expect(Entropic(gamma: 1e300).value(of: [-1e300, 1e300]) == -1e300)
  }

  @Test func `Mean less shortfall by hand`() {
    // Missing to 4: 0, 3, 1, 2, mean 1.5; 3 − 2 · 1.5. Draws below weigh (1 + 2)/4.
    expect(Shortfall(target: 4, lambda: 2), 0, [0.25, 0.75, 0.75, 0.75])
    // A draw at the target has met it.
    expect(Shortfall(target: 3, lambda: 2), 1.5, [0.25, 0.75, 0.25, 0.75])
  }

  @Test func `Target probability by hand`() {
    // 6 and 3 reach 3.
    expect(TargetProbability(target: 3), 0.5, [0, 0, 0, 0])
    expect(TargetProbability(target: 3.1), 0.25, [0, 0, 0, 0])
  }

  @Test func `Blends by hand`() {
    // 0.2 · 3 + 0.8 · 1.75, and 0.2 · 3 + 0.8 · 1.
    expect(Blend(aversion: 0.8, with: Quantile(level: 0.25)), 2, [0.05, 0.25, 0.05, 0.65])
    expect(Blend(aversion: 0.8, with: ExpectedShortfall(tail: 0.25)), 1.4, [0.05, 0.85, 0.05, 0.05])
  }

  @Test func `Tail distance by hand`() {
    // Q(0.75) at position 2.25 is 3 + 0.25 · 3 = 3.75, Q(0.25) is 1.75: 0.75 + 1.25. The mean drops out.
    expect(TailDistance(level: 0.75), 2, [0.25, -0.25, 0.75, -0.75])
    // Draws 0, 0, 0, 8, level 0.5: both quantiles are 0, the mean 2: 2 + 2.
    #expect(TailDistance(level: 0.5).value(of: [0.0, 8, 0, 0]) == 4)
  }

  @Test func `Mean tightness by hand`() {
    // 1 − 0.5 · 2/3; weights 0.5 (2/9/4 − distance weight/3).
    expect(
      MeanTightness(alpha: 0.5, level: 0.75), 2.0 / 3, [0.25, -0.25, 0.75, -0.75].map { 0.5 * (2.0 / 36 - $0 / 3) })
    // Equal draws are tight, also at zero; draws around zero are infinitely loose, but for rounding.
    #expect(MeanTightness(alpha: 0.5, level: 0.75).value(of: [0.0, 0]) == 1)
    #expect(MeanTightness(alpha: 0.5, level: 0.75).value(of: [-1.0, 1]) < -1e15)
  }

  @Test func `The Sharpe ratio by hand`() {
    // (3 − 1)/sd; weights (1/4 − ratio · deviation/(3 sd))/sd.
    let ratio = 2 / deviation
    expect(
      Sharpe(reference: 1), ratio, [3.0, -2, 0, -1].map { (0.25 - ratio * $0 / (3 * deviation)) / deviation })
    // Without spread only the sign of the excess is left, and a size beyond any other.
    #expect(Sharpe(reference: 1).value(of: [3.0, 3]) > 1e15)
    #expect(Sharpe(reference: 4).value(of: [3.0]) < -1e15)
    #expect(Sharpe(reference: 0).value(of: [0.0, 0]) == 0)
    // What counts as spread is the rounding of the greatest number, draw or reference: 4 · 2⁻⁵², and 8 · 2⁻⁵².
    #expect(Sharpe(reference: 1).value(of: [4.0, 4]) == 3 / 0x1p-50)
    #expect(Sharpe(reference: 8).value(of: [4.0, 4]) == -4 / 0x1p-49)
    #expect(Sharpe(reference: 0).value(of: [4.0, 4]) == 4 / 0x1p-50)
  }

  @Test func `A part of the draws by hand`() {
    // Of the fourth and the second: their mean, and nothing for the others.
    expect(PartScore(Mean(), of: [3, 1]), (draws[3] + draws[1]) / 2, [0, 0.5, 0, 0.5])
  }

  @Test func `RAROC by hand`() {
    // (3 − 1)/(4 + 6); by spend −0.2/10. Per period of five: spend 2, so five times as much.
    let plan = ScoredPlan(outcome: draws, spend: [4, 6], responses: DrawMatrix(drawCount: 4, columnCount: 2))
    let score = RAROC(reference: 1).score(plan)
    #expect(score.value == 0.2)
    #expect(score.outcomeWeights == [0.025, 0.025, 0.025, 0.025])
    #expect(score.spendGradient.allSatisfy { abs($0 + 0.02) < 1e-17 })
    #expect(RAROC(reference: 1, periodCount: 5).score(plan).value == 1)
  }

  @Test func `The entropy of shares by hand`() {
    // Shares 1/4, 1/4, 1/2, 0: 2 · (1/4) log 4 + (1/2) log 2 = 1.5 log 2.
    let plan = ScoredPlan(outcome: draws, spend: [3, 3, 6, 0], responses: DrawMatrix(drawCount: 4, columnCount: 4))
    #expect(abs(EntropyOfShares().score(plan).value - 1.5 * log(2)) < 1e-15)
  }

  @Test func `The diversification ratio by hand`() {
    // Responses 0, 1, 2 and 2, 1, 0: both with sd 1, covariance −1. Shares 3/4 and 1/4: the portfolio's variance is
    // 9/16 + 1/16 − 2 · 3/16 = 1/4, the ratio 1/(1/2).
    let responses = DrawMatrix(columns: [[0, 1, 2], [2, 1, 0]], drawCount: 3)
    let plan = ScoredPlan(outcome: [2, 2, 2], spend: [30, 10], responses: responses)
    #expect(abs(DiversificationRatio().score(plan).value - 2) < 1e-15)
    // Even shares offset each other in full.
    let even = ScoredPlan(outcome: [2, 2, 2], spend: [10, 10], responses: responses)
    #expect(DiversificationRatio().score(even).value > 1e15)
  }
}
