import Foundation
import NumericKernel
import TestSupport
import Testing

@testable import ResponseModel

/// A family that says nothing of its fourth derivative.
private enum Unknown: Saturation {
  static let name = "unknown"
  static let parameters = Logistic.parameters
  static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint {
    Logistic.point(at: media, parameters)
  }
  static func inflection(_ parameters: Span<Double>) -> Double { 0 }
}

@Suite struct ResponseTableTests {
  private let drawCount = 37

  private func cell(
    _ saturation: any Saturation.Type, _ parameters: [[Double]], history: [Double] = [],
    order: TransformationOrder = .carryoverFirst
  ) -> Cell {
    Cell(
      labels: ["tv"], saturation: saturation,
      saturationParameters: DrawMatrix(columns: parameters, drawCount: drawCount), carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [draws { 0.02 * $0 }], drawCount: drawCount), window: 4,
      isNormalized: true, order: order, mediaScale: 100, outcomeScale: 1000, history: history)
  }

  private func draws(_ number: (Double) -> Double) -> [Double] { (0..<drawCount).map { number(Double($0)) } }

  /// A logistic cell, a Hill cell that is S-shaped, one that is not, and one that cannot be tabulated, with history in two.
  private func surface() -> ResponseSurface {
    let cells = [
      cell(Logistic.self, [draws { 0.5 + $0 }, draws { 0.2 + 0.1 * $0 }], history: [30, 200, 10]),
      cell(Hill.self, [draws { 1 + 0.1 * $0 }, draws { 0.5 + 0.1 * $0 }, draws { 1 + 0.1 * $0 }]),
      cell(
        Hill.self, [draws { 1 + 0.1 * $0 }, draws { 0.5 + 0.1 * $0 }, draws { 0.4 + 0.01 * $0 }], history: [50, 300]),
      cell(Unknown.self, [draws { 0.5 + $0 }, draws { 0.2 + 0.1 * $0 }]),
    ]
    return ResponseSurface(
      cells: cells, mediaPerMoney: Array(repeating: [0.4, 0.3, 0, 0.2, 0.1], count: 4), carryIn: true, carryOver: true)
  }

  private let spends = (0..<400).map { 1000 * exp(-12 + 0.041 * Double($0)) }

  @Test(arguments: [0.02, 0.1, 0.3])
  func `the table is nowhere further from the surface than its bound says`(step: Double) {
    let surface = surface()
    let table = ResponseTable(of: surface, unit: 1000, step: step)
    var nearest = [Double](repeating: 0, count: 4)
    for spend in spends {
      let exact = surface.responses(at: Array(repeating: spend, count: 4))
      let read = table.responses(at: Array(repeating: spend, count: 4))
      for j in 0..<3 {
        guard let bounds = table.errorBounds(of: j) else {
          Issue.record("cell \(j) is not tabulated")
          return
        }
        for draw in 0..<drawCount {
          let error = abs(read[draw, j] - exact[draw, j])
          // Beside the cubic's error there is the rounding of a sum of a dozen terms.
          #expect(error <= bounds[draw] + 1e-14 * exact[draw, j])
          nearest[j] = max(nearest[j], error / bounds[draw])
        }
      }
      #expect(read.column(3) == exact.column(3))
    }
    #expect(table.errorBounds(of: 3) == nil)
    // The bound is not idle: some draw somewhere comes near it, as far as rounding lets this be seen.
    if step > 0.02 { #expect(nearest[0] > 0.2 && nearest[1] > 0.2) }
  }

  @Test(arguments: [TransformationOrder.carryoverFirst, .saturationFirst])
  func `every family that has a bound keeps it, in either order`(order: TransformationOrder) throws {
    let (beta, rate) = (draws { 0.5 + $0 }, draws { 0.2 + 0.1 * $0 })
    let families: [(any Saturation.Type, [[Double]])] = [
      (Exponential.self, [beta, rate]), (MichaelisMenten.self, [beta, rate]), (Log.self, [beta]),
      (Tanh.self, [beta, rate]),
      (HillSigmoid.self, [beta, rate, draws { 0.05 * $0 }]), (HillBottom.self, [beta, draws { 0.1 * $0 }, rate, rate]),
    ]
    let cells = families.map { cell($0.0, $0.1, history: [30, 200, 10], order: order) }
    let surface = ResponseSurface(
      cells: cells, mediaPerMoney: Array(repeating: [0.4, 0.3, 0, 0.2, 0.1], count: cells.count), carryIn: true,
      carryOver: true)
    let table = ResponseTable(of: surface, unit: 1000, step: 0.2)
    let bounds = try cells.indices.map { try #require(table.errorBounds(of: $0)) }
    for spend in spends {
      let place = Array(repeating: spend, count: cells.count)
      let (exact, read) = (surface.responses(at: place), table.responses(at: place))
      for j in cells.indices {
        let isWithin = (0..<drawCount).allSatisfy { draw in
          // Beside the cubic's error there is the rounding of a sum of a dozen terms.
          abs(read[draw, j] - exact[draw, j]) <= bounds[j][draw] + 1e-14 * exact[draw, j]
        }
        #expect(isWithin, "\(families[j].0.name) at \(spend)")
      }
    }
  }

  @Test func `slopes and curvatures are the cubics'`() {
    let table = ResponseTable(of: surface(), unit: 1000)
    for spend in [0.7, 40, 999, 25_000] {
      let step = 1e-5 * spend
      let point = table.point(at: Array(repeating: spend, count: 4))
      let up = table.point(at: Array(repeating: spend + step, count: 4))
      let down = table.point(at: Array(repeating: spend - step, count: 4))
      #expect(point.responses == table.responses(at: Array(repeating: spend, count: 4)))
      for j in 0..<3 {
        for draw in 0..<drawCount {
          let slope = (up.responses[draw, j] - down.responses[draw, j]) / (2 * step)
          let curvature = (up.slopes[draw, j] - down.slopes[draw, j]) / (2 * step)
          // Rounding of 1e-16 of the value over a step of 1e-5 of the spend.
          let unit = (abs(point.responses[draw, j]) + point.slopes[draw, j] * spend) / spend
          #expect(abs(point.slopes[draw, j] - slope) <= 1e-9 * unit)
          #expect(abs(point.curvatures[draw, j] - curvature) <= 1e-7 * unit / spend)
        }
      }
    }
  }

  @Test func `below the floor, and without memory, the table is the surface`() {
    let surface = surface()
    let table = ResponseTable(of: surface, unit: 1000)
    for spend in [0, 1e-9, 0.000_999] {
      let place = Array(repeating: spend, count: 4)
      #expect(table.responses(at: place) == surface.responses(at: place))
    }
    let crowded = ResponseTable(of: surface, unit: 1000, byteLimit: 0)
    let place = [1.0, 2, 3, 4]
    #expect(crowded.responses(at: place) == surface.responses(at: place))
    #expect(crowded.point(at: place).curvatures == surface.point(at: place).curvatures)
  }

  @Test func `cells without money are the surface's own, whatever the others spend`() {
    let surface = surface()
    let table = ResponseTable(of: surface, unit: 1000)
    for spend in [[0.0, 300, 0, 0], [200, 0, 0, 50]] {
      let (point, exact) = (table.point(at: spend), surface.point(at: spend))
      for cell in spend.indices where spend[cell] == 0 {
        #expect(table.responses(at: spend).column(cell) == exact.responses.column(cell))
        #expect(point.responses.column(cell) == exact.responses.column(cell))
        #expect(point.slopes.column(cell) == exact.slopes.column(cell))
        #expect(point.curvatures.column(cell) == exact.curvatures.column(cell))
      }
    }
  }
}
