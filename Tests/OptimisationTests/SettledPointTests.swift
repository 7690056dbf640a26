import NumericKernel
import Testing

@testable import Optimisation

@Suite struct SettledPointTests {
  private let polytope = SparsePolytope(
    lower: [0.1, 0.1, 0.1, 0.1], upper: [0.5, 0.5, 0.5, 0.5],
    rows: [SparsePolytope.Row(label: "sum", places: [0, 1, 2, 3], coefficients: [1, 1, 1, 1], lower: 1, upper: 1)])

  @Test func `what a variable at its bound gives back goes to the others by the squares of their rooms`() throws {
    let limits = try #require(InteriorLimits(polytope))
    let x = [0.1 + 1e-8, 0.2, 0.25, 0.45 - 1e-8]
    let settled = limits.settled(x, prices: [-1, 0, 0, 0])
    #expect(settled[0] == 0.1 && abs(settled.reduce(0, +) - 1) <= 1e-15)
    // Rooms 0.1 and 0.15 from below and 0.05 from above: 100, 225 and 25 of 350.
    for (j, share) in [(1, 100.0 / 350), (2, 225.0 / 350), (3, 25.0 / 350)] {
      // 0.45 is rounded by 3e-17, and so 1e-8 by a share of 3e-9.
      #expect(abs((settled[j] - x[j]) / 1e-8 - share) <= 1e-6)
    }
  }

  @Test func `what is not held at a bound, or not near one, stays`() throws {
    let limits = try #require(InteriorLimits(polytope))
    let x = [0.1 + 1e-8, 0.2, 0.25, 0.45 - 1e-8]
    #expect(limits.settled(x, prices: [1, 0, 0, 0])[0] == x[0])
    #expect(limits.settled([0.15, 0.2, 0.25, 0.4], prices: [-1, 0, 0, 0])[0] == 0.15)
    let high = limits.settled([0.15, 0.15, 0.2 + 1e-8, 0.5 - 1e-8], prices: [0, 0, 0, 1])
    #expect(high[3] == 0.5 && abs(high.reduce(0, +) - 1) <= 1e-15)
  }
}
