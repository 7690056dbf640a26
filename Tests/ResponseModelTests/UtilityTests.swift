import NumericKernel
import ResponseModel
import TestSupport
import Testing

struct UtilityTests {
  @Test func `The mean keeps the promises of a utility`() {
    expectUtility(Mean(), translation: .equivariant)
  }

  @Test(arguments: [0, 0.05, 0.25, 0.5, 0.77, 1]) func `A quantile keeps the promises of a utility`(level: Double) {
    expectUtility(Quantile(level: level), translation: .equivariant)
  }

  @Test(arguments: [0.01, 0.1, 0.25, 0.5, 0.9, 1])
  func `Expected shortfall keeps the promises of a utility`(tail: Double) {
    expectUtility(ExpectedShortfall(tail: tail), translation: .equivariant)
  }

  @Test(arguments: [0, 0.1, 0.25, 0.5, 1])
  func `The mean below a quantile keeps the promises of a utility`(level: Double) {
    expectUtility(MeanBelowQuantile(level: level), translation: .equivariant)
  }

  @Test(arguments: [0, 0.5, 3]) func `Mean less deviation keeps the promises of a utility`(lambda: Double) {
    expectUtility(MeanDeviation(lambda: lambda), translation: .equivariant)
  }

  @Test func `Steadiness keeps the promises of a utility`() {
    expectUtility(Steadiness(), translation: .invariant)
    // The mean is 3, the squared distances 4, 1, 0, 1, 4: −√(10 / 4)
    #expect(Steadiness().value(of: [1.0, 2, 3, 4, 5]) == -(2.5.squareRoot()))
  }

  @Test(arguments: [0, 0.5, 3]) func `Mean less variance keeps the promises of a utility`(lambda: Double) {
    expectUtility(MeanVariance(lambda: lambda), translation: .equivariant)
  }

  @Test(arguments: [0, 0.5, 1]) func `Mean less semideviation keeps the promises of a utility`(lambda: Double) {
    expectUtility(MeanSemideviation(lambda: lambda), translation: .equivariant)
  }

  @Test(arguments: [0, 1e-12, 1e-3, 1, 50]) func `The entropic score keeps the promises of a utility`(gamma: Double) {
    expectUtility(Entropic(gamma: gamma), translation: .equivariant)
  }

  @Test(arguments: [0, 1, 4]) func `Mean less shortfall keeps the promises of a utility`(lambda: Double) {
    expectUtility(Shortfall(target: 10, lambda: lambda), translation: .none)
  }

  @Test func `Target probability keeps the promises of a utility`() {
    expectUtility(TargetProbability(target: 10), translation: .none)
  }

  @Test(arguments: [0, 0.4, 1]) func `Blends keep the promises of a utility`(aversion: Double) {
    expectUtility(Blend(aversion: aversion, with: Quantile(level: 0.2)), translation: .equivariant)
    expectUtility(Blend(aversion: aversion, with: ExpectedShortfall(tail: 0.2)), translation: .equivariant)
    expectUtility(Blend(aversion: aversion, with: MeanBelowQuantile(level: 0.2)), translation: .equivariant)
  }

  @Test(arguments: [0.1, 0.5, 0.55, 0.75, 1]) func `Tail distance keeps the promises of a utility`(level: Double) {
    expectUtility(TailDistance(level: level), translation: .invariant)
  }

  @Test(arguments: [0.5, 0.55, 0.75, 1]) func `Mean tightness keeps the promises of a utility`(level: Double) {
    expectUtility(MeanTightness(alpha: 0.5, level: level), translation: .none)
  }

  @Test(arguments: [0, 8, 12]) func `The Sharpe ratio keeps the promises of a utility`(reference: Double) {
    expectUtility(Sharpe(reference: reference), translation: .none)
  }
}
