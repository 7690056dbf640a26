import Foundation
import ResponseModel
import TestSupport
import Testing

@Suite struct CarryoverFamilyTests {
  private func weights(_ family: any Carryover.Type, _ parameters: [Double], window: Int) -> [Double] {
    var weights = [Double](repeating: .nan, count: window)
    var span = weights.mutableSpan
    family.fill(&span, parameters.span)
    return weights
  }

  /// Each weight within a few units in the last place.
  private func expect(_ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= 1e-15, "\(found) for \(expected)", sourceLocation: sourceLocation)
    }
  }

  @Test func `weights keep the promises of a carryover`() {
    expectCarryover(GeometricHalfLife.self, parameters: [[0.1], [3], [1e6]])
    expectCarryover(Delayed.self, parameters: [[0.3, 0], [0.9, 4.5], [1, 3], [0, 0]])
    expectCarryover(DelayedHalfLife.self, parameters: [[1, 0], [4, 4.5], [1e6, 3]])
    expectCarryover(Binomial.self, parameters: [[0], [0.3], [0.99], [1], [1e-300]])
    expectCarryover(MeridianBinomial.self, parameters: [[0], [0.3], [0.99], [1], [1e-300]])
    expectCarryover(
      WeibullPDF.self, parameters: [[1, 1], [2, 3], [30, 2], [5, 0.5], [0.01, 3], [1e3, 1], [1e-9, 300]])
    expectCarryover(
      WeibullCDF.self, parameters: [[1, 1], [2, 3], [30, 2], [5, 0.5], [0.01, 3], [1e3, 1], [1e-9, 300]])
    expectCarryover(NoCarryover.self, parameters: [[]])
  }

  @Test func `half-lives by hand`() {
    // Two periods: 1, 1/√2, 1/2, and again half of each two periods later.
    expect(weights(GeometricHalfLife.self, [2], window: 4), [1, 0.5.squareRoot(), 0.5, 0.125.squareRoot()])
    // Half of the peak, at 2, two periods from it; 2^(−1/4) one period from it.
    let near = pow(2, -0.25)
    expect(weights(DelayedHalfLife.self, [2, 2], window: 5), [0.5, near, 1, near, 0.5])
  }

  @Test func `delayed weights by hand`() {
    // A half at a delay of one: 1/2 to the powers 1, 0, 1, 4. Nothing retained: the delay's own period.
    expect(weights(Delayed.self, [0.5, 1], window: 4), [0.5, 1, 0.5, 0.0625])
    expect(weights(Delayed.self, [0, 2], window: 4), [0, 0, 1, 0])
  }

  @Test func `binomial weights by hand`() {
    // A third: squares of 1 − l / 4 in PyMC-Marketing's window of three, of 1 − l / 3 in Meridian's.
    expect(weights(Binomial.self, [1.0 / 3], window: 3), [1, 0.5625, 0.25])
    expect(weights(MeridianBinomial.self, [1.0 / 3], window: 3), [1, 4.0 / 9, 1.0 / 9])
    // Nothing retained, and everything.
    expect(weights(Binomial.self, [0], window: 3), [1, 0, 0])
    expect(weights(Binomial.self, [1], window: 3), [1, 1, 1])
  }

  @Test func `Weibull weights by hand`() {
    // k = 1, lam = 1 / ln 2: the density halves each period, 1, 1/2, 1/4 of the first; less 1/4, over 3/4.
    expect(weights(WeibullPDF.self, [1 / log(2), 1], window: 3), [1, 1.0 / 3, 0])
    // Of the distribution 1/2, 1/4, 1/8 are left after 1, 2, 3 periods: products 1, 1/2, 1/8, 1/64.
    expect(weights(WeibullCDF.self, [1 / log(2), 1], window: 4), [1, 0.5, 0.125, 1.0 / 64])
    // One lag, or lags of one density, weigh alike.
    expect(weights(WeibullPDF.self, [2, 3], window: 1), [1])
    // Densities of 1e-4000 and less still have an order.
    expect(weights(WeibullPDF.self, [0.1, 4], window: 3), [1, 0, 0])
  }

  @Test func `a window without end reaches as far as anything is left`() {
    #expect(Geometric.unboundedWindow(retention: 0) == 1)
    // 0.5^54 = 5.6e-17, 0.5^53 = 1.1e-16.
    #expect(Geometric.unboundedWindow(retention: 0.5) == 54)
    #expect(GeometricHalfLife.unboundedWindow(halfLife: 1) == 54)
    #expect(GeometricHalfLife.unboundedWindow(halfLife: 1e-9) == 1)
    for retention in [0.1, 0.9, 0.99, 0.991] {
      guard let window = Geometric.unboundedWindow(retention: retention) else {
        Issue.record("no window for \(retention)")
        continue
      }
      #expect(pow(retention, Double(window)) <= 1e-16 && pow(retention, Double(window - 1)) > 1e-16)
    }
    for retention in [0.992, 1 - 1e-12, 1, .nan] { #expect(Geometric.unboundedWindow(retention: retention) == nil) }
    #expect(GeometricHalfLife.unboundedWindow(halfLife: 77) != nil)
    #expect(GeometricHalfLife.unboundedWindow(halfLife: 78) == nil)
  }
}
