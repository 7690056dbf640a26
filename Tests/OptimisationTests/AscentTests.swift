import NumericKernel
import TestSupport
import Testing

@testable import Optimisation

@Suite struct AscentTests {
  private func row(_ coefficients: [Double], _ lower: Double, _ upper: Double) -> Polytope.Row {
    Polytope.Row(label: "", coefficients: coefficients, lower: lower, upper: upper)
  }

  @Test func `a way up keeps rows that bind, and does not mind others`() throws {
    // At (0.5, 0.5, 0) the sum binds, x₀ + x₂ ≤ 0.9 does not, and x₂ is at its bound.
    let polytope = Polytope(
      lower: [0, 0, 0], upper: [1, 1, 1], rows: [row([1, 1, 1], 1, 1), row([1, 0, 1], -.infinity, 0.9)])
    let direction = try #require(
      ascentByCurvature(
        at: [0.5, 0.5, 0], gradient: [0.1, 0, 0], hessian: Matrix(diagonal: [1, 1, 5]), in: polytope))
    // (1, −1, 0) / √2, the way that the gradient rises.
    for (found, expected) in zip(direction, [(0.5).squareRoot(), -(0.5).squareRoot(), 0]) {
      #expect(abs(found - expected) <= 1e-14)
    }
    #expect(
      ascentByCurvature(at: [0.5, 0.5, 0], gradient: [0, 0, 0], hessian: Matrix(diagonal: [-1, -1, 5]), in: polytope)
        == nil)
  }

  @Test func `an exchange is cut to what either bound leaves`() throws {
    let objective = SmoothObjective(dimension: 2) { j, x in j == 0 ? (x, 1, 0) : (2 * x, 2, 0) }
    func exchanged(_ x: [Double]) -> [Double]? {
      let polytope = Polytope(
        lower: [0.1, 0.1], upper: [0.8, 0.8], rows: [row([1, 1], x[0] + x[1], x[0] + x[1])])
      var hills = Hills(search: LocalSearch(), objective: objective, polytope: polytope, deadline: nil)
      let here = Solution(
        point: x, value: objective.value(at: x), gradient: [1, 2], rowMultipliers: [0], boundMultipliers: [0, 0],
        residual: 1, termination: .stalled, evaluations: 0)
      // By default the point itself has all of the weight.
      #expect(here.supports == [TangentBound.Support(step: [0, 0], weight: 1)])
      let exchanged = hills.exchange([0.5], from: here)
      return exchanged
    }
    // 0.1 until the second is full; 0.1 until the first is empty.
    for (from, to) in [([0.3, 0.7], [0.2, 0.8]), ([0.2, 0.3], [0.1, 0.4])] {
      for (found, expected) in zip(try #require(exchanged(from)), to) { #expect(abs(found - expected) <= 1e-15) }
    }
    #expect(exchanged([0.1, 0.5]) == nil)
  }
}
