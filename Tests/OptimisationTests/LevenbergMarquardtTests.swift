import NumericKernel
import Testing

@testable import Optimisation

/// Residuals and their derivatives by two closures.
private struct Made: LeastSquaresProblem {
  var residualCount: Int
  var residuals: ([Double]) -> [Double]
  var slopes: ([Double]) -> [[Double]]

  func evaluate(at point: [Double], residuals: inout [Double], jacobian: inout Matrix) {
    residuals = self.residuals(point)
    for (i, row) in slopes(point).enumerated() {
      for (j, slope) in row.enumerated() { jacobian[i, j] = slope }
    }
  }
}

@Suite struct LevenbergMarquardtTests {
  /// Rosenbrock's valley: least, nothing, at (1, 1).
  private let valley = Made(
    residualCount: 2, residuals: { [10 * ($0[1] - $0[0] * $0[0]), 1 - $0[0]] },
    slopes: { [[-20 * $0[0], 10], [-1, 0]] })
  private let open = ([-Double.infinity, -Double.infinity], [Double.infinity, Double.infinity])

  @Test func `a curved valley is followed to its end`() {
    let solution = LevenbergMarquardt().minimise(valley, from: [-1.2, 1], lower: open.0, upper: open.1)
    #expect(solution.sumOfSquares < 1e-24 && solution.termination != .iterationLimit)
    #expect(abs(solution.point[0] - 1) < 1e-10 && abs(solution.point[1] - 1) < 1e-10)
    #expect(solution.isAtLimit == [false, false] && solution.evaluations < 60)
  }

  @Test func `a limit holds, and is said to hold`() {
    // At x ≤ 0.5 the least is at (0.5, 0.25), of (1 − 0.5)².
    let solution = LevenbergMarquardt().minimise(valley, from: [-1.2, 1], lower: open.0, upper: [0.5, 9])
    #expect(solution.point[0] == 0.5 && abs(solution.point[1] - 0.25) < 1e-12)
    #expect(abs(solution.sumOfSquares - 0.25) < 1e-15 && solution.isAtLimit == [true, false])
    #expect(solution.termination == .converged)
  }

  @Test func `a held coordinate stays`() {
    let solution = LevenbergMarquardt().minimise(
      valley, from: [-1.2, 1], lower: open.0, upper: open.1, held: [true, false])
    #expect(solution.point[0] == -1.2 && abs(solution.point[1] - 1.44) < 1e-12 && solution.isAtLimit == [false, false])
  }

  @Test func `residuals that remain do not blur the point`() {
    // The mean of 1, 2 and 6 by least squares, and a slope: x + y t at t = 0, 1, 2 has the line 0.5 + 2.5 t.
    let line = Made(
      residualCount: 3, residuals: { p in [1.0, 2, 6].enumerated().map { p[0] + p[1] * Double($0) - $1 } },
      slopes: { _ in [[1, 0], [1, 1], [1, 2]] })
    let solution = LevenbergMarquardt().minimise(line, from: [100, -50], lower: open.0, upper: open.1)
    #expect(abs(solution.point[0] - 0.5) < 1e-14 && abs(solution.point[1] - 2.5) < 1e-14)
    #expect(solution.termination == .converged && abs(solution.sumOfSquares - 1.5) < 1e-14)
  }

  @Test func `without a tolerance it ends where rounding leaves nothing to gain`() {
    // A parabola far from where it is measured, through what is no parabola at all.
    let times = (0...20).map { 10 + Double($0) / 20 }
    let parabola = Made(
      residualCount: 21,
      residuals: { p in
        times.enumerated().map { p[0] + p[1] * $1 + p[2] * $1 * $1 - ($0.isMultiple(of: 2) ? 1 : -1) }
      },
      slopes: { _ in times.map { [1, $0, $0 * $0] } })
    let all = [Double](repeating: .infinity, count: 3)
    let solution = LevenbergMarquardt(tolerance: 0).minimise(
      parabola, from: [0, 0, 0], lower: all.map { -$0 }, upper: all)
    #expect(solution.termination == .converged && solution.evaluations < 60)
  }

  @Test func `a coordinate that does not matter is left where it is`() {
    let flat = Made(residualCount: 2, residuals: { [$0[0] - 3, 1] }, slopes: { _ in [[1, 0], [0, 0]] })
    let solution = LevenbergMarquardt().minimise(flat, from: [0, 7], lower: open.0, upper: open.1)
    #expect(abs(solution.point[0] - 3) < 1e-12 && solution.point[1] == 7, "\(solution)")
  }

  @Test func `a step into no number is taken back`() {
    let log = Made(
      residualCount: 1, residuals: { [$0[0] > 0 ? 10 * ($0[0] - 2) : .nan] }, slopes: { _ in [[-10]] })
    let solution = LevenbergMarquardt(iterationLimit: 50).minimise(
      log, from: [1], lower: [-.infinity], upper: [.infinity])
    #expect(solution.point[0].isFinite && solution.sumOfSquares <= 100)
  }
}
