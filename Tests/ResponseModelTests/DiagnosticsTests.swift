import Foundation
import Testing

@testable import ResponseModel

/// Expected values marked "ArviZ" are of arviz 1.3 (`rhat`, `ess` with their default methods) on the same numbers.
@Suite struct DiagnosticsTests {
  /// Two chains of 25 draws, an odd number, with ties.
  private let short: [Double] = [
    1.4, -0.8, -0.3, -0.6, -0.7, -0.7, -1.9, -1.5, -1.6, 1.2, 1.0, 0.4, 0.1, -0.4, -1.0, -1.0, -0.3, -0.4, 0.4, 0.1,
    0.1,
    1.2, 1.2, 0.5, 0.2,
    0.4, 1.6, 0.9, 0.5, 1.0, 0.1, -0.1, 0.5, 0.8, 0.6, 0.9, -1.4, -0.2, -0.8, -1.8, -1.0, -0.2, -0.5, -1.1, -0.7, -0.6,
    0.6, 0.9, 0.8, 1.3,
  ]

  /// The formulas are the same: only rounding differs.
  private let rounding = 1e-12

  // The macros of Swift Testing cannot hold a span.
  private func rHat(_ draws: [Double], chainCount: Int) -> Double? {
    rankNormalizedRHat(draws.span, chainCount: chainCount)
  }

  private func sampleSize(_ draws: [Double], chainCount: Int) -> Double? {
    bulkEffectiveSampleSize(draws.span, chainCount: chainCount)
  }

  @Test func `R-hat and effective sample size of two short chains are ArviZ's`() throws {
    let value = try #require(rHat(short, chainCount: 2))
    let size = try #require(sampleSize(short, chainCount: 2))
    #expect(abs(value - 1.0702170763382421) < rounding)
    #expect(abs(size / 23.924969629630063 - 1) < rounding)
  }

  @Test func `R-hat sees chains that differ in spread only`() throws {
    let spread = short.enumerated().map { $0 < 25 ? $1 : 4 * $1 }
    let value = try #require(rHat(spread, chainCount: 2))
    let size = try #require(sampleSize(spread, chainCount: 2))
    #expect(abs(value - 1.4966015118427016) < rounding)
    #expect(abs(size / 12.194903382172129 - 1) < rounding)
  }

  @Test func `Diagnostics see ranks only`() {
    let curved = short.map { exp(3 * $0) }
    #expect(
      sampleSize(curved, chainCount: 2) == sampleSize(short, chainCount: 2))
  }

  @Test func `An autoregressive chain is worth (1 − φ) / (1 + φ) of its draws`() throws {
    // φ = 0.6: 2000 of 8000, in the limit; 4 × 2000 draws estimate it to about a tenth.
    let draws = autoregressive(0.6, chainCount: 4, length: 2000)
    let size = try #require(sampleSize(draws, chainCount: 4))
    #expect(abs(size - 2000) < 400)
    #expect(abs(size / 2326.2672228121332 - 1) < 1e-9, "ArviZ")
    let value = try #require(rHat(draws, chainCount: 4))
    #expect(abs(value - 1.0003664267397492) < 1e-9, "ArviZ")
  }

  @Test func `Chains that hardly move are worth what ArviZ says`() throws {
    // The same numbers in Python: s = (1103515245 s + 12345) mod 2³¹, x = 0.995 x + s / 2³¹ − 1/2.
    var state = 12345
    let draws = (0..<4).flatMap { _ in
      var value = 0.0
      return (0..<1000).map { _ -> Double in
        state = (state * 1_103_515_245 + 12345) % (1 << 31)
        value = 0.995 * value + (Double(state) * 0x1p-31 - 0.5)
        return value
      }
    }
    let size = try #require(sampleSize(draws, chainCount: 4))
    #expect(abs(size / 17.471073396049366 - 1) < 1e-11)
    let value = try #require(rHat(draws, chainCount: 4))
    #expect(abs(value - 1.191643955910886) < rounding)
    let scores = NormalScores(chainCount: 4, drawsPerChain: 1000)
    let shared = PosteriorDiagnostics.Parameter(name: "a", draws: draws.span, chainCount: 4, scores: scores)
    #expect(shared.rHat == value && shared.effectiveSampleSize == size)
  }

  @Test func `Alternating draws are worth more than independent ones, up to the cap`() throws {
    let draws: [Double] = [1, 2, 1, 2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 1, 2, 1]
    let size = try #require(sampleSize(draws, chainCount: 2))
    #expect(abs(size - 16 * log10(16)) < rounding)
    // All draws are equally far from the median: only their location is compared. B = 0, so √((n − 1) / n) with n = 4.
    let value = try #require(rHat(draws, chainCount: 2))
    #expect(abs(value - 0.75.squareRoot()) < rounding)
  }

  @Test func `Chains that stand still at different values have infinite R-hat`() {
    let draws: [Double] = [1, 1, 1, 1, 2, 2, 2, 2]
    #expect(rHat(draws, chainCount: 2) == .infinity)
  }

  @Test func `Equal draws say nothing`() {
    let draws = [Double](repeating: 3, count: 12)
    #expect(rHat(draws, chainCount: 2) == nil)
    #expect(sampleSize(draws, chainCount: 2) == nil)
  }

  @Test func `One chain has no R-hat but an effective sample size`() {
    #expect(rHat(short, chainCount: 1) == nil)
    #expect(sampleSize(short, chainCount: 1) != nil)
  }

  @Test(arguments: [1, 2, 3]) func `Chains of fewer than four draws say nothing`(length: Int) {
    let draws = (0..<(2 * length)).map(Double.init)
    #expect(rHat(draws, chainCount: 2) == nil)
    #expect(sampleSize(draws, chainCount: 2) == nil)
  }

  @Test func `The worst parameter speaks for the posterior`() {
    let mixed = PosteriorDiagnostics.Parameter(name: "a", draws: short.span, chainCount: 2)
    let unknown = PosteriorDiagnostics.Parameter(name: "b", rHat: nil, effectiveSampleSize: nil)
    let better = PosteriorDiagnostics.Parameter(name: "c", rHat: 1, effectiveSampleSize: 1000)
    let diagnostics = PosteriorDiagnostics(parameters: [better, unknown, mixed], divergences: nil)
    #expect(diagnostics.largestRHat == mixed.rHat)
    #expect(diagnostics.smallestEffectiveSampleSize == mixed.effectiveSampleSize)
  }

  @Test(arguments: [
    (1e-300, -37.0470962993612), (1e-12, -7.034483825301131), (0.001, -3.090232306167813),
    (0.075, -1.4395314709384563), (0.0750001, -1.4395307645017301), (0.3, -0.5244005127080409), (0.5, 0.0),
    (0.7, 0.5244005127080407), (0.975, 1.959963984540054), (0.999, 3.090232306167813),
  ]) func `Normal quantiles have all their digits`(p: Double, z: Double) {
    // SciPy's values; each branch of the algorithm claims about 1 in 10¹⁶, and rounding adds a few units.
    #expect(abs(standardNormalQuantile(p) - z) <= 2e-15 * abs(z))
  }

  /// `x[t] = φ x[t-1] + √(1 − φ²) ε`, from zero, by Knuth's MMIX generator with seed 1.
  private func autoregressive(_ correlation: Double, chainCount: Int, length: Int) -> [Double] {
    var state: UInt64 = 1
    var draws: [Double] = []
    for _ in 0..<chainCount {
      var x = 0.0
      for _ in 0..<length {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let uniform = (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
        x = correlation * x + (1 - correlation * correlation).squareRoot() * standardNormalQuantile(uniform)
        draws.append(x)
      }
    }
    return draws
  }
}
