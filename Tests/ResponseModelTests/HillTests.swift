import Foundation
import NumericKernel
import TestSupport
import Testing

@testable import ResponseModel

@Suite struct HillTests {
  @Test func `the curve keeps the promises of its family`() {
    expectSaturation(
      Hill.self,
      parameters: [[1, 1, 1], [2.5, 0.3, 2], [1e6, 40, 3.5], [0.7, 2, 0.6], [3, 1e-3, 8], [1, 1e4, 1.01]])
  }

  @Test func `a curve by hand`() {
    // β = 10, κ = 3, n = 2 at x = 4: 10 · 16 / (9 + 16) = 6.4; slope β n κⁿ xⁿ⁻¹ / (κⁿ + xⁿ)² = 10 · 2 · 9 · 4 / 625;
    // curvature = slope / x · ((n − 1) − 2 n h) with h = 0.64, so 1.152 / 4 · (1 − 2.56).
    let parameters: [Double] = [10, 3, 2]
    let point = Hill.point(at: 4, parameters)
    #expect(abs(point.value - 6.4) <= 1e-14)
    #expect(abs(point.slope - 1.152) <= 1e-14)
    #expect(abs(point.curvature - 0.288 * -1.56) <= 1e-14)
    // Half of the ceiling at half saturation, and the inflection at κ ((n − 1) / (n + 1))^(1 / n) = 3 / √3.
    #expect(Hill.point(at: 3, parameters).value == 5)
    #expect(abs(Hill.inflection(parameters) - 3 / 3.0.squareRoot()) <= 1e-15)
    #expect(Hill.inflection([10, 3, 1]) == 0)
  }

  @Test func `at no media the value is nothing, and the slope that of a power`() {
    #expect(Hill.point(at: 0, [2, 4, 0.5]).slope == .infinity)
    #expect(Hill.point(at: 0, [2, 4, 1]) == CurvePoint(value: 0, slope: 0.5, curvature: -0.25))
    #expect(Hill.point(at: 0, [2, 4, 3]) == CurvePoint(value: 0, slope: 0, curvature: 0))
    #expect(Hill.point(at: .leastNonzeroMagnitude, [2, 4, 3]).value == 0)
  }

  @Test func `kernel and formula agree`() {
    let count = 50
    let parameters = DrawMatrix(
      columns: [
        (0..<count).map { 1 + Double($0) }, (0..<count).map { 0.5 + 0.1 * Double($0) },
        (0..<count).map { 0.5 + 0.07 * Double($0) },
      ], drawCount: count)
    let cell = Cell(
      labels: ["tv"], saturation: Hill.self, saturationParameters: parameters, carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [(0..<count).map { 0.9 * Double($0) / 50 }], drawCount: count),
      window: 5,
      isNormalized: true, mediaScale: 2, outcomeScale: 10, history: [1, 5, 0, 2])
    let surface = ResponseSurface(cells: [cell], mediaPerMoney: [[0.5, 0.25, 0.25]], carryIn: true, carryOver: true)
    for spend in [0, 0.1, 3, 500] {
      let point = surface.point(at: [spend])
      for draw in 0..<count {
        let (media, base) = (axis(cell, draw, [0.5, 0.25, 0.25]), axis(cell, draw, [0, 0, 0], history: cell.history))
        var value = 0.0
        var slope = 0.0
        for t in media.indices {
          let curve = Hill.point(at: base[t] + spend * media[t], (0..<3).map { parameters[draw, $0] })
          value += 10 * curve.value
          slope += media[t] == 0 ? 0 : 10 * curve.slope * media[t]
        }
        #expect(abs(point.responses[draw, 0] - value) <= 1e-13 * value)
        #expect(spend == 0 || abs(point.slopes[draw, 0] - slope) <= 1e-12 * slope)
      }
    }
  }

  /// Scaled media after carryover, of the three planned periods and the four after them.
  private func axis(_ cell: Cell, _ draw: Int, _ media: [Double], history: [Double] = []) -> [Double] {
    let weights = (0..<5).map { pow(cell.carryoverParameters[draw, 0], Double($0)) }
    let total = weights.reduce(0, +)
    let all = history + media + [0, 0, 0, 0]
    return (history.count..<all.count).map { t in
      (0..<5).reduce(0) { $0 + (t >= $1 ? weights[$1] / total * all[t - $1] / cell.mediaScale : 0) }
    }
  }
}

extension Hill {
  fileprivate static func point(at media: Double, _ parameters: [Double]) -> CurvePoint {
    point(at: media, parameters.span)
  }

  fileprivate static func inflection(_ parameters: [Double]) -> Double { inflection(parameters.span) }
}
