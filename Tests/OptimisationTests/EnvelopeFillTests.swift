import Foundation
import NumericKernel
import Optimisation
import TestSupport
import Testing

/// The best of sums of curves under one limit, against every way to spend on a grid.
@Suite struct EnvelopeFillTests {
  private func even(_ count: Int, to end: Double) -> [Double] {
    (0..<count).map { end * Double($0) / Double(count - 1) }
  }

  private func best(_ fill: EnvelopeFill, _ curves: [(Double) -> Double]) -> (x: [Double], value: Double) {
    let x = fill.best(zip(fill.points, curves).map { $0.map($1) }) { curves[$0]($1) }
    return (x, zip(x, curves).reduce(0) { $0 + $1.1($1.0) })
  }

  @Test func `concave curves are filled to where their slopes are one`() {
    // a log(1 + x): slopes a/(1 + x) are equal at x = a (budget + 3) / sum a - 1.
    let curves: [(Double) -> Double] = [1.0, 2, 3].map { a in { a * log(1 + $0) } }
    let fill = EnvelopeFill(points: curves.map { _ in even(801, to: 8) }, lower: 6, upper: 6)
    let found = best(fill, curves)
    #expect(abs(found.x.reduce(0, +) - 6) <= 1e-12)
    // Between points 0.01 apart.
    for (x, a) in zip(found.x, [1.0, 2, 3]) { #expect(abs(x - (a * 9 / 6 - 1)) <= 0.011) }
  }

  @Test func `what lowers the sum is bought only where it must be`() {
    let curves: [(Double) -> Double] = [{ $0 - $0 * $0 }, { -$0 }]
    let points = curves.map { _ in even(101, to: 1) }
    #expect(abs(best(EnvelopeFill(points: points, lower: 0, upper: 2), curves).x[0] - 0.5) <= 0.011)
    #expect(best(EnvelopeFill(points: points, lower: 0, upper: 2), curves).x[1] == 0)
    let forced = best(EnvelopeFill(points: points, lower: 1.5, upper: 2), curves).x
    #expect(abs(forced.reduce(0, +) - 1.5) <= 1e-12)
    let free = best(EnvelopeFill(points: points, lower: -.infinity, upper: .infinity), curves).x
    #expect(abs(free[0] - 0.5) <= 0.011 && free[1] == 0)
  }

  @Test(arguments: 1...40) func `S-shaped curves come near the best of a grid, and never leave their limits`(seed: Int)
  {
    var random = TestRandom(seed: UInt64(seed))
    let curves = (0..<3).map { _ -> (Double) -> Double in
      let (top, half, slope) = (
        Double.random(in: 1...3, using: &random), Double.random(in: 0.2...0.7, using: &random),
        Double.random(in: 1...5, using: &random)
      )
      return { top * pow($0, slope) / (pow(half, slope) + pow($0, slope)) }
    }
    let fill = EnvelopeFill(points: curves.map { _ in even(61, to: 1) }, lower: 1, upper: 1)
    let found = best(fill, curves)
    #expect(abs(found.x.reduce(0, +) - 1) <= 1e-12 && found.x.allSatisfy { $0 >= -1e-12 && $0 <= 1 + 1e-12 })
    var grid = 0.0
    for a in 0...60 {
      for b in 0...(60 - a) {
        let x = [Double(a), Double(b), Double(60 - a - b)].map { $0 / 60 }
        grid = max(grid, zip(x, curves).reduce(0) { $0 + $1.1($1.0) })
      }
    }
    // One variable may be left at a poor place: no more than a fiftieth.
    #expect(found.value >= 0.98 * grid, "\(found.value / grid)")
  }
}
