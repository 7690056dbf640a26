import Foundation
import NumericKernel
import TestSupport
import Testing

@testable import ResponseModel

/// Hill without its kernel: the generic loop must give the same.
private enum PlainHill: Saturation {
  static let name = "plain"
  static let parameters = Hill.parameters
  static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint { Hill.point(at: media, parameters) }
  static func inflection(_ parameters: Span<Double>) -> Double { Hill.inflection(parameters) }
}

@Suite struct CurveChordsTests {
  private let drawCount = 37

  private func draws(_ number: (Double) -> Double) -> [Double] { (0..<drawCount).map { number(Double($0)) } }

  private func surface(_ saturation: any Saturation.Type, _ parameters: [[Double]], history: [Double])
    -> ResponseSurface
  {
    let cell = Cell(
      labels: ["tv"], saturation: saturation,
      saturationParameters: DrawMatrix(columns: parameters, drawCount: drawCount), carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [draws { 0.02 * $0 }], drawCount: drawCount), window: 4,
      isNormalized: true, mediaScale: 100, outcomeScale: 10, history: history)
    return ResponseSurface(
      cells: [cell], mediaPerMoney: [[0.4, 0.3, 0, 0.2, 0.1]], carryIn: true, carryOver: true)
  }

  private func surfaces() -> [ResponseSurface] {
    let half = draws { 0.5 + 0.1 * $0 }
    let scale = draws { $0 - 5 }
    return [
      surface(Logistic.self, [scale, draws { 0.2 + 0.1 * $0 }], history: [30, 200, 10]),
      surface(Hill.self, [scale, half, draws { 1.1 + 0.2 * $0 }], history: []),
      surface(Hill.self, [scale, half, draws { 1.1 + 0.2 * $0 }], history: [100, 500]),
      surface(Hill.self, [scale, half, draws { 0.4 + 0.01 * $0 }], history: [0, 0, 0]),
      surface(Root.self, [scale, draws { 0.3 + 0.01 * $0 }], history: []),
      surface(HillSigmoid.self, [draws { 1 + $0 }, draws { 1 + 0.1 * $0 }, draws { 0.1 * $0 }], history: [10, 90]),
      surface(PlainHill.self, [scale, half, draws { 1.1 + 0.2 * $0 }], history: [100, 500]),
    ]
  }

  @Test func `between two spends the curve is within the bounds of the chord`() {
    let spends = [0, 0.5, 20, 90, 100, 130, 400, 1e4]
    for (number, surface) in surfaces().enumerated() {
      let chords = surface.chords(of: 0, at: spends)
      for k in spends.indices.dropLast() {
        for part in [0.0, 0.01, 0.2, 0.5, 0.77, 0.99, 1] {
          let exact = surface.responses(at: [spends[k] + part * (spends[k + 1] - spends[k])])
          for draw in 0..<drawCount {
            let (a, b) = (chords.values[draw, k], chords.values[draw, k + 1])
            let offset = exact[draw, 0] - (a + part * (b - a))
            let rounding = 1e-13 * (abs(a) + abs(b))
            #expect(offset <= chords.above[draw, k] + rounding, "surface \(number), draw \(draw), \(k) + \(part)")
            #expect(-offset <= chords.below[draw, k] + rounding, "surface \(number), draw \(draw), \(k) + \(part)")
          }
        }
      }
    }
  }

  @Test func `the bounds shrink with the square of the interval`() {
    for (number, surface) in surfaces().enumerated() {
      let coarse = surface.chords(of: 0, at: (0...32).map { 100 + 10 * Double($0) })
      let fine = surface.chords(of: 0, at: (0...64).map { 100 + 5 * Double($0) })
      for draw in 0..<drawCount {
        func total(_ chords: CurveChords) -> Double {
          (0..<chords.spends.count - 1).reduce(0) {
            $0 + (chords.above[draw, $1] + chords.below[draw, $1]) * (chords.spends[1] - chords.spends[0])
          }
        }
        let (a, b) = (total(coarse), total(fine))
        // A quarter, but for the few intervals that hold an inflection.
        #expect(b <= 0.34 * a + 1e-9, "surface \(number), draw \(draw): \(a) to \(b)")
      }
    }
  }

  @Test func `kernel and generic loop agree, and values are the responses`() {
    let spends = [0, 0.5, 20, 90, 400, 1e4]
    let (a, b) = (surfaces()[2].chords(of: 0, at: spends), surfaces()[6].chords(of: 0, at: spends))
    for draw in 0..<drawCount {
      for k in spends.indices {
        let size = 1e-12 * abs(b.values[draw, k])
        #expect(abs(a.values[draw, k] - b.values[draw, k]) <= size)
        #expect(abs(a.values[draw, k] - surfaces()[2].responses(at: [spends[k]])[draw, 0]) <= size)
        guard k > 0 else { continue }
        #expect(abs(a.above[draw, k - 1] - b.above[draw, k - 1]) <= 1e-9 * abs(b.above[draw, k - 1]) + size)
        #expect(abs(a.below[draw, k - 1] - b.below[draw, k - 1]) <= 1e-9 * abs(b.below[draw, k - 1]) + size)
      }
    }
  }

  @Test func `chords of some draws are those draws of all chords`() {
    let spends = [0, 0.5, 20, 90, 400, 1e4]
    for surface in surfaces() {
      let all = surface.chords(of: 0, at: spends)
      for draws in [16..<37, 32..<37, 16..<32] {
        let some = surface.chords(of: 0, at: spends, draws: draws)
        for k in spends.indices {
          #expect(some.values.column(k) == Array(all.values.column(k)[draws]))
          guard k > 0 else { continue }
          #expect(some.above.column(k - 1) == Array(all.above.column(k - 1)[draws]))
          #expect(some.below.column(k - 1) == Array(all.below.column(k - 1)[draws]))
        }
      }
    }
  }
}
