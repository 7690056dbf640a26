import Foundation
import Testing

@testable import NumericKernel

@Suite struct StudentTTests {
  @Test func `probabilities by formula`() {
    // With one degree of freedom it is Cauchy's, with two 1/2 + t / (2 √(2 + t²)).
    for t in [-40.0, -3, -0.2, 0, 0.5, 2, 1000] {
      let one = StudentT(degreesOfFreedom: 1).probability(below: t)
      #expect(abs(one - (0.5 + atan(t) / .pi)) < 1e-14, "\(t)")
      let two = StudentT(degreesOfFreedom: 2).probability(below: t)
      #expect(abs(two - (0.5 + t / (2 * (2 + t * t).squareRoot()))) < 1e-14, "\(t)")
    }
  }

  @Test func `quantiles as tables have them`() {
    for (degrees, level, value) in [
      (1.0, 0.975, 12.706204736), (5, 0.95, 2.0150483733), (30, 0.975, 2.0422724563), (100, 0.05, -1.6602343261),
      (1e6, 0.975, 1.9599664), (4, 0.5, 0),
    ] {
      let found = StudentT(degreesOfFreedom: degrees).quantile(level)
      #expect(abs(found - value) < 1e-7 * max(1, abs(value)), "\(degrees): \(found)")
    }
  }

  @Test(arguments: [0.5, 1, 7, 100])
  func `chi-squared numbers have its mean and variance`(degrees: Double) {
    var random = RandomSource(seed: 5)
    let draws = (0..<20_000).map { _ in random.chiSquared(degreesOfFreedom: degrees) }
    // k and 2 k; the mean is off by √(2 k / 20,000), the variance by a few per cent.
    #expect(abs(mean(draws.span) - degrees) < 4 * (2 * degrees / 20_000).squareRoot())
    #expect(abs(variance(draws.span) / (2 * degrees) - 1) < 0.15)
    #expect(draws.allSatisfy { $0 > 0 })
  }
}
