import Foundation
import NumericKernel
import Testing

@testable import ResponseModel

/// The logistic family without its kernel: the generic loop must give the same.
private enum PlainLogistic: Saturation {
  static let name = "plain"
  static let parameters = Logistic.parameters
  static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    Logistic.point(at: media, parameters)
  }
  static func inflection(_ parameters: Span<Double>) -> Double { 0 }
}

@Suite struct ResponseSurfaceTests {
  /// Nineteen draws, so that a tile is left unfilled.
  private let drawCount = 19

  private func cell(_ saturation: any Saturation.Type, window: Int = 4, history: [Double] = [3, 0, 50, 20, 10]) -> Cell
  {
    Cell(
      labels: ["tv"], saturation: saturation,
      saturationParameters: DrawMatrix(
        columns: [(0..<drawCount).map { 0.3 + 0.1 * Double($0) }, (0..<drawCount).map { 2 - 0.1 * Double($0) }],
        drawCount: drawCount),
      carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [(0..<drawCount).map { 0.05 * Double($0) }], drawCount: drawCount),
      window: window, isNormalized: true, mediaScale: 40, outcomeScale: 1000, history: history)
  }

  /// The sum over the axis written as plainly as it can be: history, plan and tail in one array.
  private func plain(
    _ cell: Cell, draw: Int, media: [Double], carryIn: Bool, carryOver: Bool, from first: Int
  ) -> Double {
    let history = carryIn ? Array(cell.history.suffix(cell.window)) : []
    let axis = history + media + [Double](repeating: 0, count: carryOver ? cell.window : 0)
    let alpha = cell.carryoverParameters[draw, 0]
    var weights = (0..<cell.window).map { pow(alpha, Double($0)) }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    let beta = cell.saturationParameters[draw, 0]
    let lam = cell.saturationParameters[draw, 1]
    var total = 0.0
    for t in (history.isEmpty ? 0 : first)..<axis.count {
      var z = 0.0
      for lag in 0..<cell.window where t - lag >= 0 { z += weights[lag] * axis[t - lag] / cell.mediaScale }
      total += beta * (1 - exp(-lam * z)) / (1 + exp(-lam * z))
    }
    return total * cell.outcomeScale
  }

  @Test(arguments: [true, false], [true, false])
  func `a cell's response is the sum over the axis`(carryIn: Bool, carryOver: Bool) {
    let cell = cell(Logistic.self)
    let pattern = [0.5, 0.25, 0, 0.125, 0.125]
    let surface = ResponseSurface(
      cells: [cell], mediaPerMoney: [pattern.map { $0 / 2 }], carryIn: carryIn, carryOver: carryOver)
    for spend in [0, 1, 300, 1e6] {
      let response = surface.responses(at: [spend])
      for draw in 0..<drawCount {
        let expected = plain(
          cell, draw: draw, media: pattern.map { $0 * spend / 2 }, carryIn: carryIn, carryOver: carryOver,
          from: cell.window)
        // A dozen terms of order one, each good to a few units in the last place.
        #expect(abs(response[draw, 0] - expected) <= 1e-13 * max(abs(expected), 1000))
      }
    }
  }

  @Test func `what was carried in is the response of the observed periods`() {
    let cell = cell(Logistic.self)
    let surface = ResponseSurface(cells: [cell, cell], mediaPerMoney: [[1], [1]], carryIn: true, carryOver: true)
    for draw in 0..<drawCount {
      let whole = plain(cell, draw: draw, media: [0], carryIn: true, carryOver: true, from: 0)
      #expect(abs(surface.carriedIn[draw] + surface.atRest.rowSums()[draw] - 2 * whole) <= 1e-10)
    }
    let cold = ResponseSurface(cells: [cell], mediaPerMoney: [[1]], carryIn: false, carryOver: true)
    #expect(cold.carriedIn.allSatisfy { $0 == 0 })
    #expect((0..<drawCount).allSatisfy { cold.atRest[$0, 0] == 0 })
  }

  @Test func `slopes and curvatures are those of the response`() {
    let surface = ResponseSurface(
      cells: [cell(Logistic.self)], mediaPerMoney: [[0.5, 0.25, 0, 0.25]], carryIn: true, carryOver: true)
    let spend = 120.0
    let step = 1e-2
    let point = surface.point(at: [spend])
    let up = surface.point(at: [spend + step])
    let down = surface.point(at: [spend - step])
    for draw in 0..<drawCount {
      let slope = (up.responses[draw, 0] - down.responses[draw, 0]) / (2 * step)
      let curvature = (up.slopes[draw, 0] - down.slopes[draw, 0]) / (2 * step)
      // Central differences: step² / 6 of a third derivative of order 1e-5, and rounding of 1e-13 / step.
      #expect(abs(point.slopes[draw, 0] - slope) <= 1e-8)
      #expect(abs(point.curvatures[draw, 0] - curvature) <= 1e-8)
      #expect(point.responses[draw, 0] == surface.responses(at: [spend])[draw, 0])
    }
  }

  @Test func `a family without a kernel gives the same`() {
    let pattern = [[0.5, 0.5], [0.1, 0.9]]
    let fast = ResponseSurface(
      cells: [cell(Logistic.self), cell(Logistic.self, window: 1)], mediaPerMoney: pattern, carryIn: true,
      carryOver: true)
    let slow = ResponseSurface(
      cells: [cell(PlainLogistic.self), cell(PlainLogistic.self, window: 1)], mediaPerMoney: pattern, carryIn: true,
      carryOver: true)
    let a = fast.point(at: [100, 7])
    let b = slow.point(at: [100, 7])
    for draw in 0..<drawCount {
      for index in 0..<2 {
        #expect(abs(a.responses[draw, index] - b.responses[draw, index]) <= 1e-14 * abs(b.responses[draw, index]))
        #expect(abs(a.slopes[draw, index] - b.slopes[draw, index]) <= 1e-14 * abs(b.slopes[draw, index]))
        #expect(abs(a.curvatures[draw, index] - b.curvatures[draw, index]) <= 1e-13 * abs(b.curvatures[draw, index]))
      }
    }
  }

  @Test func `a history shorter than the window counts as zero before it`() {
    let short = ResponseSurface(
      cells: [cell(Logistic.self, history: [10])], mediaPerMoney: [[0, 0]], carryIn: true, carryOver: true)
    let padded = ResponseSurface(
      cells: [cell(Logistic.self, history: [0, 0, 0, 10])], mediaPerMoney: [[0, 0]], carryIn: true, carryOver: true)
    #expect(short.atRest == padded.atRest)
    #expect(short.carriedIn == padded.carriedIn)
  }
}
