import Foundation
import ResponseModel
import TestSupport
import Testing

struct LogisticTests {
  func logistic(_ media: Double, _ parameters: [Double]) -> CurvePoint { Logistic.point(at: media, parameters.span) }

  @Test func `The logistic curve keeps the promises of a saturation`() {
    expectSaturation(Logistic.self, parameters: [[1, 1], [0.3, 4], [25, 0.01], [2, 0], [0, 3]])
  }

  @Test func `The logistic curve at hand-computed media`() {
    // beta = 2, lam = ln 3. At x = 1: e^-u = 1/3, so 2 (1 - 1/3)/(1 + 1/3) = 1; slope 2 · 2 lam e/(1+e)² = 4 ln 3 · 3/16;
    // curvature −share · slope · lam = −1/2 · (3/4) ln 3 · ln 3. At x = 2: e^-u = 1/9, 2 (8/9)/(10/9) = 1.6.
    let rate: Double = log(3)
    let parameters = [2, rate]
    let one = logistic(1, parameters)
    #expect(abs(one.value - 1) < 1e-15)
    #expect(abs(one.slope - 0.75 * rate) < 1e-15)
    #expect(abs(one.curvature + 0.375 * rate * rate) < 1e-15)
    #expect(abs(logistic(2, parameters).value - 1.6) < 1e-15)
    // At zero the slope is beta lam / 2, and at infinity the ceiling is beta.
    #expect(logistic(0, parameters) == CurvePoint(value: 0, slope: rate, curvature: 0))
    #expect(logistic(1e6, parameters) == CurvePoint(value: 2, slope: 0, curvature: 0))
  }

  @Test func `The logistic curve keeps its digits at small media`() {
    // At u = 1e-12 the curve is beta u / 2 to 1e-24, where 1 − e⁻ᵘ alone would have lost twelve digits.
    let parameters = [2.0, 1e-3]
    let value = logistic(1e-9, parameters).value
    #expect(abs(value / 1e-12 - 1) < 1e-15)
  }
}
