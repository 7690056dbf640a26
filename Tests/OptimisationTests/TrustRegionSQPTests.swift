import Foundation
import NumericKernel
import Optimisation
import TestSupport
import Testing

/// `x ≥ 0`, `Σ x = total`.
func simplex(_ count: Int, total: Double = 1) -> Polytope {
  Polytope(
    lower: [Double](repeating: 0, count: count), upper: [Double](repeating: total, count: count),
    rows: [
      Polytope.Row(label: "budget", coefficients: [Double](repeating: 1, count: count), lower: total, upper: total)
    ])
}

/// `Σ a log(1 + x)` over the simplex: slopes `a / (1 + x) = s` where x > 0, s found by leaving out the smallest a
/// until all that remain are positive.
func waterFilling(_ a: [Double]) -> (point: [Double], slope: Double) {
  var wet = a.indices.sorted { a[$0] > a[$1] }
  while true {
    let slope = wet.reduce(0) { $0 + a[$1] } / (1 + Double(wet.count))
    guard let last = wet.last, a[last] <= slope else {
      return (a.map { max(0, $0 / slope - 1) }, slope)
    }
    wet.removeLast()
  }
}

/// `x² / (x² + k²)` with its derivatives: S-shaped.
func sShape(_ x: Double, _ k: Double) -> (Double, Double, Double) {
  let (x2, k2) = (x * x, k * k)
  let q = x2 + k2
  return (x2 / q, 2 * x * k2 / (q * q), 2 * k2 * (k2 - 3 * x2) / (q * q * q))
}

/// The best of a grid on the simplex of two or three.
func bestOnGrid(_ objective: any Objective, parts: Int) -> Double {
  var best = -Double.infinity
  for i in 0...parts {
    let a = Double(i) / Double(parts)
    if objective.dimension == 2 {
      best = max(best, objective.value(at: [a, 1 - a]))
      continue
    }
    for j in 0...(parts - i) {
      let b = Double(j) / Double(parts)
      best = max(best, objective.value(at: [a, b, max(0, 1 - a - b)]))
    }
  }
  return best
}

@Suite struct TrustRegionSQPTests {
  let solver = TrustRegionSQP()

  @Test(arguments: [[3.0, 1, 0.2], [5, 4, 3, 2, 1], [1, 1, 1], [9, 0.1]]) func `Logarithms fill like water`(
    a: [Double]
  ) throws {
    let objective = CountingObjective(
      SmoothObjective(dimension: a.count) { j, x in (a[j] * log1p(x), a[j] / (1 + x), -a[j] / (1 + x) / (1 + x)) })
    let start = a.indices.map { _ in 1 / Double(a.count) }
    let solution = try #require(solver.maximum(of: objective, over: simplex(a.count), from: start))
    let (point, slope) = waterFilling(a)
    #expect(isClose(solution.point, point, 1e-9))
    #expect(abs(solution.rowMultipliers[0] - slope) < 1e-8)
    for j in a.indices where point[j] == 0 {
      #expect(solution.point[j] == 0)
      // At a lower bound the price is what is missing to the common slope: a / 1 - s.
      #expect(abs(solution.boundMultipliers[j] - (a[j] - slope)) < 1e-8)
    }
    #expect(solution.termination == .converged)
    #expect(solution.residual <= 1e-9)
    #expect(abs(solution.point.reduce(0, +) - 1) <= 2e-16)
    #expect(solution.evaluations == objective.count && objective.count <= 15)
    #expect(objective.repetitions == 0)
  }

  @Test(arguments: [-10.0, -0.75, 3]) func `Where nothing is does not matter, nor on which side of zero`(origin: Double)
    throws
  {
    let a = [3.0, 1, 0.2]
    let objective = SmoothObjective(dimension: 3) { j, x in
      let room = 1 + x - origin
      return (a[j] * log(room), a[j] / room, -a[j] / room / room)
    }
    let all = [origin, origin, origin]
    let polytope = Polytope(
      lower: all, upper: all.map { $0 + 1 },
      rows: [Polytope.Row(label: "budget", coefficients: [1, 1, 1], lower: 1 + 3 * origin, upper: 1 + 3 * origin)])
    let solution = try #require(solver.maximum(of: objective, over: polytope, from: [origin, origin, origin + 1]))
    let (point, slope) = waterFilling(a)
    #expect(isClose(solution.point, point.map { $0 + origin }, 1e-9))
    #expect(solution.termination == .converged && abs(solution.rowMultipliers[0] - slope) < 1e-8)
  }

  @Test func `Roots share by the squares of their weights`() throws {
    // a / (2 √x) = s: x is a² over the sum of squares. The slope at 0 is infinite, so the start must not be there.
    let a = [1.0, 2, 3, 0.01]
    let objective = SmoothObjective(dimension: 4) { j, x in
      (a[j] * x.squareRoot(), a[j] / 2 / x.squareRoot(), -a[j] / 4 / x / x.squareRoot())
    }
    let solution = try #require(solver.maximum(of: objective, over: simplex(4), from: [0.25, 0.25, 0.25, 0.25]))
    let squares = a.reduce(0) { $0 + $1 * $1 }
    #expect(isClose(solution.point, a.map { $0 * $0 / squares }, 1e-9))
    #expect(solution.termination == .converged)
  }

  @Test func `At the optimum it stays, after one look`() throws {
    let a = [3.0, 1, 0.2]
    let objective = SmoothObjective(dimension: 3) { j, x in
      (a[j] * log1p(x), a[j] / (1 + x), -a[j] / (1 + x) / (1 + x))
    }
    let optimum = waterFilling(a).point
    let solution = try #require(solver.maximum(of: objective, over: simplex(3), from: optimum))
    #expect(isClose(solution.point, optimum, 1e-15))
    #expect(solution.evaluations <= 2)
    #expect(solution.termination == .converged)
  }

  @Test func `A budget that need not be spent is left over at an inner maximum`() throws {
    // log(1 + x) - x / 2 rises until x = 1, so 2 of 5 are spent and the budget has no price.
    let objective = SmoothObjective(dimension: 2) { _, x in
      (log1p(x) - x / 2, 1 / (1 + x) - 0.5, -1 / (1 + x) / (1 + x))
    }
    var polytope = simplex(2, total: 5)
    polytope.rows[0].lower = -.infinity
    let solution = try #require(solver.maximum(of: objective, over: polytope, from: [5, 0]))
    #expect(isClose(solution.point, [1, 1], 1e-9))
    #expect(abs(solution.rowMultipliers[0]) < 1e-9)
    #expect(solution.termination == .converged)
  }

  @Test func `One variable, and one point, are problems too`() throws {
    let objective = SmoothObjective(dimension: 1) { _, x in (-(x - 0.3) * (x - 0.3), -2 * (x - 0.3), -2) }
    let line = Polytope(lower: [0], upper: [1], rows: [])
    #expect(isClose(try #require(solver.maximum(of: objective, over: line, from: [1])).point, [0.3], 1e-12))
    let point = Polytope(lower: [0.75], upper: [0.75], rows: [])
    let held = try #require(solver.maximum(of: objective, over: point, from: [0]))
    #expect(held.point == [0.75])
    #expect(held.termination == .converged)
    // The slope where it is held: -2 (0.75 - 0.3).
    #expect(abs(held.boundMultipliers[0] + 0.9) < 1e-12)
    let budget = Polytope(
      lower: [0], upper: [1], rows: [Polytope.Row(label: "budget", coefficients: [1], lower: 0.5, upper: 0.5)])
    #expect(try #require(solver.maximum(of: objective, over: budget, from: [0])).point == [0.5])
  }

  @Test func `A constant function is at its maximum anywhere`() throws {
    let objective = SmoothObjective(dimension: 3) { _, _ in (7, 0, 0) }
    let solution = try #require(solver.maximum(of: objective, over: simplex(3), from: [1, 0, 0]))
    #expect(solution.point == [1, 0, 0])
    #expect(solution.residual == 0)
  }

  @Test func `A linear function ends in a corner`() throws {
    let a = [1.0, 3, 2]
    let objective = SmoothObjective(dimension: 3) { j, x in (a[j] * x, a[j], 0) }
    let solution = try #require(solver.maximum(of: objective, over: simplex(3), from: [0.4, 0.3, 0.3]))
    #expect(solution.point == [0, 1, 0])
    // The bound of the second is the budget's: a unit more would be worth 3, and is missed by 2 and 1 elsewhere.
    #expect(isClose(solution.rowMultipliers, [3]))
    #expect(isClose(solution.boundMultipliers, [-2, 0, -1]))
  }

  @Test func `An empty polytope has no answer`() {
    var polytope = simplex(2)
    polytope.rows[0].lower = 3
    polytope.rows[0].upper = 3
    let objective = SmoothObjective(dimension: 2) { _, x in (x, 1, 0) }
    #expect(solver.maximum(of: objective, over: polytope, from: [0, 1]) == nil)
  }

  @Test func `Equal S-shapes are not left equally shared where one alone does better`() throws {
    // At (½, ½) the gradient is balanced; with k = 1 the shapes still curve upward there, up to 1/√3.
    let objective = SmoothObjective(dimension: 2) { _, x in sShape(x, 1) }
    let solution = try #require(solver.maximum(of: objective, over: simplex(2), from: [0.5, 0.5]))
    // 2 · 0.25 / 1.25 = 0.4 against 1 / 2.
    #expect(abs(solution.value - 0.5) < 1e-15)
    #expect(solution.point == [1, 0] || solution.point == [0, 1])
  }

  @Test(arguments: 0..<40) func `From every corner and the middle, S-shapes reach the best of a fine grid`(
    seed: Int
  ) throws {
    var random = Xorshift(seed: UInt64(seed) + 3)
    let count = 2 + seed % 2
    let a = (0..<count).map { _ in random.uniform(0.5, 2) }
    let k = (0..<count).map { _ in random.uniform(0.05, 0.8) }
    let objective = SmoothObjective(dimension: count) { j, x in
      let s = sShape(x, k[j])
      return (a[j] * s.0, a[j] * s.1, a[j] * s.2)
    }
    var starts = (0..<count).map { corner in (0..<count).map { $0 == corner ? 1.0 : 0 } }
    starts.append([Double](repeating: 1 / Double(count), count: count))
    for corner in 0..<count { starts.append((0..<count).map { $0 == corner ? 0 : 1 / Double(count - 1) }) }
    let solutions = try starts.map { try #require(solver.maximum(of: objective, over: simplex(count), from: $0)) }
    for (start, solution) in zip(starts, solutions) { #expect(solution.value >= objective.value(at: start)) }
    let best = solutions.map(\.value).max() ?? 0
    // The grid's step is 1/400: it misses the maximum by less than a curvature of a hundred times half its square.
    #expect(best >= bestOnGrid(objective, parts: 400) - 1e-12)
  }

  @Test(arguments: [1e-9, 1e-6, 1, 1e6, 1e9]) func `The unit of the value changes nothing`(scale: Double) throws {
    let a = [3.0, 1, 0.2, 2.5]
    let objective = SmoothObjective(dimension: 4) { j, x in
      (scale * a[j] * log1p(x), scale * a[j] / (1 + x), -scale * a[j] / (1 + x) / (1 + x))
    }
    let solution = try #require(solver.maximum(of: objective, over: simplex(4), from: [0.25, 0.25, 0.25, 0.25]))
    #expect(isClose(solution.point, waterFilling(a).point, 1e-9))
    #expect(solution.termination == .converged)
  }

  @Test(arguments: [-1e6, 1e3, 1e9]) func `A constant added to the value changes nothing but its digits`(
    shift: Double
  ) throws {
    let a = [3.0, 1, 0.2, 2.5]
    let objective = SmoothObjective(dimension: 4) { j, x in
      ((j == 0 ? shift : 0) + a[j] * log1p(x), a[j] / (1 + x), -a[j] / (1 + x) / (1 + x))
    }
    let solution = try #require(solver.maximum(of: objective, over: simplex(4), from: [0.25, 0.25, 0.25, 0.25]))
    // Gradients lead the last steps, so the point keeps its digits even where the value has lost them.
    #expect(isClose(solution.point, waterFilling(a).point, 1e-9))
  }

  @Test func `Many draws of many curves are solved in a few looks`() throws {
    var random = Xorshift(seed: 8)
    let (count, draws) = (12, 200)
    let beta = (0..<count).map { _ in (0..<draws).map { _ in exp(random.normal()) } }
    let rate = (0..<count).map { _ in (0..<draws).map { _ in 6 * exp(0.5 * random.normal()) } }
    let objective = CompositeObjective(dimension: count, drawCount: draws, outer: MeanOuter()) { d, j, x in
      let (b, l) = (beta[j][d], rate[j][d])
      let e = exp(-l * x)
      return (b * (1 - e), b * l * e, -b * l * l * e)
    }
    let start = [Double](repeating: 1 / Double(count), count: count)
    let solution = try #require(solver.maximum(of: objective, over: simplex(count), from: start))
    #expect(solution.termination == .converged)
    #expect(solution.evaluations <= 15)
  }

  @Test func `A slope that is not finite ends the climb where it began`() throws {
    let objective = SmoothObjective(dimension: 2) { _, x in
      (x.squareRoot(), 0.5 / x.squareRoot(), -0.25 / x / x.squareRoot())
    }
    let solution = try #require(solver.maximum(of: objective, over: simplex(2), from: [1, 0]))
    #expect(solution.point == [1, 0])
    #expect(solution.termination == .stalled)
    #expect(solution.residual == .infinity)
  }

  @Test func `Past its deadline it returns the start`() throws {
    let objective = SmoothObjective(dimension: 2) { j, x in (Double(j) * x - x * x, Double(j) - 2 * x, -2) }
    let solution = try #require(
      solver.maximum(of: objective, over: simplex(2), from: [0.5, 0.5], until: ContinuousClock.now))
    #expect(solution.point == [0.5, 0.5])
    #expect(solution.termination == .timeLimit)
    #expect(solution.evaluations == 1)
  }

  @Test func `Leaving the bottom of a valley it does not leap over a row that did not bind`() throws {
    let valley = SmoothObjective(dimension: 2) { _, x in ((x - 0.3) * (x - 0.3), 2 * (x - 0.3), 2) }
    let polytope = Polytope(
      lower: [0, 0], upper: [1, 1],
      rows: [Polytope.Row(label: "sum", coefficients: [1, 1], lower: -.infinity, upper: 0.8)])
    var wide = solver
    wide.firstRadius = 10
    let solution = try #require(wide.maximum(of: valley, over: polytope, from: [0.3, 0.3]))
    #expect(polytope.contains(solution.point))
    // The best corner is (0.8, 0): 0.25 + 0.09.
    #expect(solution.value > 0.1 && solution.value <= 0.34 + 1e-12)
  }

  @Test func `Where a row leaves next to no room it leaves the bottom of a valley on the other side`() throws {
    let valley = SmoothObjective(dimension: 1) { _, x in (1 + (x - 0.3) * (x - 0.3), 2 * (x - 0.3), 2) }
    let polytope = Polytope(
      lower: [0], upper: [1],
      rows: [Polytope.Row(label: "most", coefficients: [1], lower: -.infinity, upper: 0.3 + 1e-8)])
    let solution = try #require(solver.maximum(of: valley, over: polytope, from: [0.3]))
    #expect(isClose(solution.point, [0], 1e-9) && abs(solution.value - 1.09) < 1e-9)
  }
}
