import Foundation
import ResponseModel
import TestSupport
import Testing

@Suite struct SaturationFamilyTests {
  private func point(_ family: any Saturation.Type, at media: Double, _ parameters: [Double]) -> CurvePoint {
    family.point(at: media, parameters.span)
  }

  /// Each number within a few units in the last place of the expected one.
  private func expect(
    _ point: CurvePoint, _ value: Double, _ slope: Double, _ curvature: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let pairs = [(point.value, value), (point.slope, slope), (point.curvature, curvature)]
    for (found, expected) in pairs {
      #expect(abs(found - expected) <= 1e-15 * max(1, abs(expected)), sourceLocation: sourceLocation)
    }
  }

  @Test func `curves keep the promises of a saturation`() {
    expectSaturation(Exponential.self, parameters: [[1, 1], [0.3, 4], [25, 0.01], [2, 0], [0, 3]])
    expectSaturation(MichaelisMenten.self, parameters: [[1, 1], [0.3, 4], [25, 0.01], [0, 3]])
    expectSaturation(Log.self, parameters: [[1], [0.3], [25]])
    expectSaturation(Linear.self, parameters: [[1], [0.3], [0]])
    expectSaturation(Root.self, parameters: [[1, 1], [0.3, 0.5], [25, 0.01], [2, 0.9]])
    expectSaturation(
      HillSigmoid.self,
      parameters: [[1, 1, 1], [0.3, 4, 0.02], [25, 0.01, 300], [2, 3, 0], [1, 0, 5], [7, 10, 2]])
  }

  @Test func `the exponential curve by hand`() {
    // beta = 2, lam = ln 2 at x = 1: 2 (1 − 1/2); slope 2 ln 2 / 2, curvature −ln 2 times that.
    let rate = log(2.0)
    expect(point(Exponential.self, at: 1, [2, rate]), 1, rate, -rate * rate)
    expect(point(Exponential.self, at: 0, [2, rate]), 0, 2 * rate, -2 * rate * rate)
    // beta u to 1e-12, where 1 − e⁻ᵘ alone would have lost twelve digits.
    #expect(abs(point(Exponential.self, at: 1e-12, [1, 1]).value / 1e-12 - 1 + 5e-13) < 1e-15)
  }

  @Test func `the Michaelis-Menten curve by hand`() {
    // alpha = 10, lam = 4 at x = 1: 10 / 5; slope 10 · 4 / 25, curvature −2 · 10 · 4 / 125; half of alpha at lam.
    expect(point(MichaelisMenten.self, at: 1, [10, 4]), 2, 1.6, -0.64)
    expect(point(MichaelisMenten.self, at: 4, [10, 4]), 5, 0.625, -0.15625)
    expect(point(MichaelisMenten.self, at: 0, [10, 4]), 0, 2.5, -1.25)
  }

  @Test func `the logarithm by hand`() {
    // beta = 3 at x = 1: 3 ln 2, slope 3 / 2, curvature −3 / 4. At 1e-12 it is x − x² / 2.
    expect(point(Log.self, at: 1, [3]), 3 * log(2), 1.5, -0.75)
    expect(point(Log.self, at: 0, [3]), 0, 3, -3)
    #expect(abs(point(Log.self, at: 1e-12, [1]).value / 1e-12 - 1 + 5e-13) < 1e-15)
  }

  @Test func `a line by hand`() {
    expect(point(Linear.self, at: 7, [0.5]), 3.5, 0.5, 0)
  }

  @Test func `a root by hand`() {
    // beta = 3, alpha = 1/2 at x = 4: 3 · 2; slope 1/2 · 6 / 4, curvature −1/2 · 0.75 / 4.
    expect(point(Root.self, at: 4, [3, 0.5]), 6, 0.75, -0.09375)
    #expect(point(Root.self, at: 0, [3, 0.5]) == CurvePoint(value: 0, slope: .infinity, curvature: -.infinity))
    #expect(point(Root.self, at: 0, [3, 1]) == CurvePoint(value: 0, slope: 3, curvature: 0))
  }

  @Test func `the sigmoid by hand`() {
    // sigma = 2, beta = ln 3, lam = 1. At x = 2: e^(−beta (x − lam)) = 1/3, so 2 / (4/3) − 2 / (1 + 3) = 1.5 − 0.5; slope
    // 2 ln 3 · (1/3) / (4/3)² = 3/8 ln 3, curvature that times ln 3 (1/3 − 1) / (4/3).
    let rate: Double = log(3)
    let slope = 0.375 * rate
    expect(point(HillSigmoid.self, at: 2, [2, rate, 1]), 1, slope, -0.5 * rate * slope)
    // At lam half of sigma less the offset, and no curvature; far out sigma less the offset.
    expect(point(HillSigmoid.self, at: 1, [2, rate, 1]), 0.5, 0.5 * rate, 0)
    expect(point(HillSigmoid.self, at: 1e3, [2, rate, 1]), 1.5, 0, 0)
    // At 1e-12 it is the slope at zero, 2 ln 3 · 3/16, where the two terms share all their digits.
    #expect(abs(point(HillSigmoid.self, at: 1e-12, [2, rate, 1]).value / (slope * 1e-12) - 1) < 1e-11)
  }

  private func bound(_ family: any Saturation.Type, _ parameters: [Double]) -> Double? {
    family.fourthLogDerivative(parameters.span)
  }

  @Test func `fourth derivatives in the logarithm stay below what families say`() throws {
    let families: [(any Saturation.Type, [[Double]])] = [
      (Exponential.self, [[1, 1]]), (MichaelisMenten.self, [[1, 1]]), (Log.self, [[1]]), (Logistic.self, [[1, 1]]),
      (HillSigmoid.self, [[1, 1, 0], [1, 1, 0.5], [1, 1, 2], [1, 1, 6], [1, 1, 20]]),
      (Hill.self, [[1, 1, 1], [1, 1, 2.5], [1, 1, 0.5]]),
    ]
    for (family, rows) in families {
      for row in rows {
        let limit = try #require(bound(family, row))
        var greatest = 0.0
        // Fourth differences over steps of 0.02 in ln b: rounding of 1e-15 / 0.02⁴, and 4 % of a further derivative or two.
        for h in [0, 0.1, 0.5, 2, 7] {
          for place in 0..<700 {
            let middle = -6 + 0.0161 * Double(place)
            let values = (-2...2).map { family.point(at: h + exp(middle + 0.02 * Double($0)), row.span).value }
            let difference: Double = values[0] - 4 * values[1] + 6 * values[2] - 4 * values[3] + values[4]
            greatest = max(greatest, abs(difference) / 1.6e-7)
          }
        }
        #expect(greatest <= 1.001 * limit + 1e-7, "\(family.name) \(row)")
        // Nor is what they say idle, within a factor of the shape.
        #expect(greatest >= 0.2 * limit, "\(family.name) \(row): \(greatest) of \(limit)")
      }
    }
    #expect(bound(Root.self, [1, 0.5]) == nil && bound(Linear.self, [1]) == nil)
  }
}
