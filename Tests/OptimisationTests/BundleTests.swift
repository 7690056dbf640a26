import NumericKernel
import Synchronization
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
