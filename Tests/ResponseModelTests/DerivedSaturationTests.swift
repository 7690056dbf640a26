import Foundation
import ResponseModel
import TestSupport
import Testing

@Suite struct DerivedSaturationTests {
  private func point(_ family: any Saturation.Type, at media: Double, _ parameters: [Double]) -> CurvePoint {
    family.point(at: media, parameters.span)
  }

  @Test func `derived curves keep the promises of a saturation`() {
    expectSaturation(Tanh.self, parameters: [[1, 1], [0.3, 4], [25, 0.01]])
    expectSaturation(TanhBaselined.self, parameters: [[1, 1, 0.5, 1], [0.3, 4, 0.01, 2], [25, 0.01, 0.999, 3]])
    expectSaturation(InverseScaledLogistic.self, parameters: [[1, 1], [0.3, 4], [25, 0.01], [0, 3]])
    expectSaturation(HillBottom.self, parameters: [[3, 1, 1, 2], [2, -1, 0.1, 0.7], [5, 5, 2, 1], [1e3, 0, 7, 4]])
  }

  @Test func `tanh by hand`() {
    // b = 2, c = 0.25, so b c = 1/2. At x = ln 3 / 4, tanh(ln 3 / 2) = (3 − 1) / (3 + 1) = 1/2: value 1; slope
    // (1 − 1/4) / c = 3; curvature −2 · 1/2 · 3 / (b c) = −6. At zero the slope is 1 / c.
    let point = point(Tanh.self, at: log(3) / 4, [2, 0.25])
    #expect(abs(point.value - 1) <= 1e-15)
    #expect(abs(point.slope - 3) <= 1e-14)
    #expect(abs(point.curvature + 6) <= 1e-14)
    #expect(self.point(Tanh.self, at: 0, [2, 0.25]) == CurvePoint(value: 0, slope: 4, curvature: 0))
  }

  @Test func `tanh by its reference point, by hand`() {
    // x0 = 5, gain = 0.6, r = 0.75, beta = 2: at x0 beta gain x0 = 6, the ceiling 6 / 0.75 = 8.
    let parameters = [5, 0.6, 0.75, 2]
    #expect(abs(point(TanhBaselined.self, at: 5, parameters).value - 6) <= 1e-14)
    #expect(abs(point(TanhBaselined.self, at: 1e6, parameters).value - 8) <= 1e-14)
    // atanh(3/4) = ln 7 / 2, the slope at zero 8 ln 7 / 10.
    #expect(abs(point(TanhBaselined.self, at: 0, parameters).slope - 0.8 * log(7)) <= 1e-14)
  }

  @Test func `the logistic curve by its half saturation, by hand`() {
    // beta = 2, lam = 5: half of beta at 5; at 10, u = 2 ln 3, 2 (1 − 1/9) / (1 + 1/9) = 1.6.
    #expect(abs(point(InverseScaledLogistic.self, at: 5, [2, 5]).value - 1) <= 1e-15)
    #expect(abs(point(InverseScaledLogistic.self, at: 10, [2, 5]).value - 1.6) <= 1e-15)
    // At zero beta ln 3 / (2 lam).
    #expect(abs(point(InverseScaledLogistic.self, at: 0, [2, 5]).slope - log(3) / 5) <= 1e-16)
  }

  @Test func `the Hill curve with a bottom, by hand`() {
    // top = 12, bottom = 2, k = 3, n = 2 at x = 4: 2 + 10 · 16 / 25 = 8.4, and what it is of at no media: 2.
    let parameters: [Double] = [12, 2, 3, 2]
    let point = point(HillBottom.self, at: 4, parameters)
    #expect(abs(point.value - 8.4) <= 1e-14)
    #expect(abs(point.slope - 1.152) <= 1e-14)
    let origin = self.point(HillBottom.self, at: 0, parameters)
    #expect(origin.value == 2 && origin.slope == 0 && abs(origin.curvature - 20.0 / 9) <= 1e-15)
    #expect(abs(HillBottom.inflection(parameters) - 3 / 3.0.squareRoot()) <= 1e-15)
  }
}

extension HillBottom {
  fileprivate static func inflection(_ parameters: [Double]) -> Double { inflection(parameters.span) }
}
