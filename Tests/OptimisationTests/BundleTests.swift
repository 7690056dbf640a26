import Foundation
import NumericKernel
import Synchronization
import TestSupport
import Testing

@testable import Optimisation

@Suite struct BundleTests {
  /// `min(p, 3.3e-15 − p)`, of which rounding leaves multiples of 2e-16.
  private final class Rounded: LocalModel {
    let calls = Mutex(0)

    func value(at step: [Double]) -> (value: Double, gradient: [Double]) {
      calls.withLock { $0 += 1 }
      let (rising, falling) = (step[0], 3.3e-15 - step[0])
      return ((1 + min(rising, falling)) - 1, [rising < falling ? 1 : -1])
    }

    func curvature(at step: [Double]) -> Matrix { Matrix(rowCount: 1, columnCount: 1) }
  }

  /// `min_i (g_i · p) − Σ (p_j − c_j)⁴`, concave with kinks: many cuts tell it well.
  private struct Quartic: LocalModel {
    let slopes: [[Double]]
    let centre: [Double]

    func value(at step: [Double]) -> (value: Double, gradient: [Double]) {
      let lines = slopes.map { dot($0.span, step.span) }
      let least = lines.indices.reduce(0) { lines[$1] < lines[$0] ? $1 : $0 }
      let away = step.minus(centre)
      return (
        lines[least] - away.reduce(0) { $0 + $1 * $1 * $1 * $1 },
        slopes[least].minus(away.map { 4 * $0 * $0 * $0 })
      )
    }

    func curvature(at step: [Double]) -> Matrix { Matrix(rowCount: 3, columnCount: 3) }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `a step gains what it says, and a hundredth less than the best at most`(seed: UInt64) throws {
    var random = Xorshift(seed: seed)
    let model = Quartic(
      slopes: (0..<4).map { _ in (0..<3).map { _ in random.uniform(-0.5, 1) } },
      centre: (0..<3).map { _ in random.uniform(-0.5, 0.5) })
    let bend = random.uniform(0, 6)
    let curvature = Matrix(diagonal: [-bend, -bend, -bend])
    let origin = model.value(at: [0, 0, 0])
    func gain(_ p: [Double]) -> Double {
      model.value(at: p).value - origin.value - 0.5 * bend * p.reduce(0) { $0 + $1 * $1 }
    }
    var bundle = Bundle(model: model, first: origin)
    let steps = Polytope(lower: [-1, -1, -1], upper: [1, 1, 1], rows: [])
    let found = bundle.maximum(curvature: curvature, over: steps)
    let ascent = try #require(found)
    #expect(abs(ascent.predicted - gain(ascent.step)) <= 1e-12)
    // Ever smaller exchanges from there on find the best of a concave function.
    var best = gain(ascent.step)
    var point = ascent.step
    for shrink in 0..<400 {
      let size = 0.3 * pow(0.97, Double(shrink))
      for _ in 0..<12 {
        let other = point.map { min(1, max(-1, $0 + random.uniform(-size, size))) }
        if gain(other) > best { (best, point) = (gain(other), other) }
      }
    }
    // A hundredth of the most that is left, which rounding does not see.
    #expect(ascent.predicted >= 0.99 * best - 1e-12)
  }

  @Test func `cuts end where the model cannot tell steps apart`() throws {
    let model = Rounded()
    var bundle = Bundle(model: model, first: model.value(at: [0]))
    let steps = Polytope(lower: [-1], upper: [1], rows: [])
    let ascent = bundle.maximum(curvature: Matrix(rowCount: 1, columnCount: 1), over: steps)
    #expect(try #require(ascent).predicted.magnitude <= 1e-14)
    // Two lines, and what rounding makes of them.
    #expect(model.calls.withLock { $0 } < 30)
  }
}
