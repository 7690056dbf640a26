import Foundation
import NumericKernel
import Optimisation
import Synchronization
import TestSupport
import Testing

@Suite struct InteriorPointTests {
  private typealias Row = SparsePolytope.Row

  private func simplex(_ count: Int, upper: Double = 1) -> SparsePolytope {
    SparsePolytope(
      lower: [Double](repeating: 0, count: count), upper: [Double](repeating: upper, count: count),
      rows: [
        Row(
          label: "budget", places: Array(0..<count), coefficients: [Double](repeating: 1, count: count), lower: 1,
          upper: 1)
      ])
  }

  /// `Σ log(a + x)`.
  private func waterFilling(_ a: [Double]) -> SmoothObjective {
    SmoothObjective(dimension: a.count) { j, x in (log(a[j] + x), 1 / (a[j] + x), -1 / ((a[j] + x) * (a[j] + x))) }
  }

  @Test func `logarithms on a simplex fill like water`() throws {
    // The level is (1 + 0.1 + 0.3) / 2 = 0.7: the first gets 0.6, the second 0.4, the third stands above it.
    let outcome = try #require(
      InteriorPoint().maximum(of: waterFilling([0.1, 0.3, 0.9]), over: simplex(3), from: [0, 0, 1]))
    #expect(outcome.termination == .converged)
    for (found, expected) in zip(outcome.point, [0.6, 0.4, 0]) { #expect(abs(found - expected) <= 1e-7) }
    // Held at its bound, it is there to the last bit, and the others meet the budget.
    #expect(outcome.point[2] == 0 && abs(outcome.point.reduce(0, +) - 1) <= 1e-15)
    #expect(abs(outcome.value - log(0.7) * 2 - log(0.9)) <= 1e-9)
    // The water's price is 1 / level; what the third bound costs is what it lacks to it.
    #expect(abs(outcome.rowMultipliers[0] - 1 / 0.7) <= 1e-6)
    #expect(abs(outcome.boundMultipliers[2] - (1 / 0.9 - 1 / 0.7)) <= 1e-6)
  }

  @Test func `rows that bind at either end have prices of either sign`() throws {
    // −(x − 4)² − (y + 2)² with 2x ≤ 2 and y − x ≥ −1: along y = x − 1 it rises to x = 1.5, so that both bind.
    let objective = SmoothObjective(dimension: 2) { j, x in
      j == 0 ? (-(x - 4) * (x - 4), -2 * (x - 4), -2) : (-(x + 2) * (x + 2), -2 * (x + 2), -2)
    }
    let polytope = SparsePolytope(
      lower: [-5, -5], upper: [5, 5],
      rows: [
        Row(label: "cap", places: [0], coefficients: [2], lower: -.infinity, upper: 2),
        Row(label: "floor", places: [1, 0], coefficients: [1, -1], lower: -1, upper: .infinity),
      ])
    let outcome = try #require(InteriorPoint().maximum(of: objective, over: polytope, from: [0, 0]))
    #expect(abs(outcome.point[0] - 1) <= 1e-6 && abs(outcome.point[1]) <= 1e-6)
    // At (1, 0) the gradient is (6, −4): −4 times (−1, 1) of the floor, and once (2, 0) of the cap.
    #expect(abs(outcome.rowMultipliers[1] + 4) <= 1e-5 && abs(outcome.rowMultipliers[0] - 1) <= 1e-5)
  }

  @Test func `fixed variables stay, and rows know of them`() throws {
    var polytope = simplex(3)
    (polytope.lower[0], polytope.upper[0]) = (0.25, 0.25)
    let outcome = try #require(
      InteriorPoint().maximum(of: waterFilling([1, 0.1, 0.1]), over: polytope, from: [0.25, 0.5, 0.25]))
    #expect(outcome.point[0] == 0.25)
    #expect(abs(outcome.point[1] - 0.375) <= 1e-7 && outcome.boundMultipliers[0] == 0)
    (polytope.lower, polytope.upper) = ([0.2, 0.3, 0.5], [0.2, 0.3, 0.5])
    let only = try #require(InteriorPoint().maximum(of: waterFilling([1, 1, 1]), over: polytope, from: [0, 0, 0]))
    #expect(only.point == [0.2, 0.3, 0.5] && only.value == waterFilling([1, 1, 1]).value(at: [0.2, 0.3, 0.5]))
  }

  @Test func `limits that contradict each other have no point`() {
    let objective = waterFilling([1, 1, 1])
    #expect(InteriorPoint().maximum(of: objective, over: simplex(3, upper: 0.3), from: [0, 0, 0]) == nil)
    var ramps = simplex(3)
    ramps.rows.append(Row(label: "ramp", places: [0, 1], coefficients: [1, -1], lower: 0.5, upper: 0.6))
    ramps.rows.append(Row(label: "back", places: [1, 0], coefficients: [1, -1], lower: -0.4, upper: 0.4))
    #expect(InteriorPoint().maximum(of: objective, over: ramps, from: [1, 0, 0]) == nil)
    // Fixed variables alone break a row.
    let fixed = SparsePolytope(
      lower: [1, 0], upper: [1, 1], rows: [Row(label: "row", places: [0], coefficients: [1], lower: 2, upper: 3)])
    #expect(InteriorPoint().maximum(of: waterFilling([1, 1]), over: fixed, from: [1, 0]) == nil)
  }

  @Test func `rows that say the same twice do no harm`() throws {
    var polytope = simplex(3)
    polytope.rows.append(polytope.rows[0])
    polytope.rows.append(Row(label: "half", places: [0, 1, 2], coefficients: [0.5, 0.5, 0.5], lower: 0, upper: 0.6))
    let outcome = try #require(
      InteriorPoint().maximum(of: waterFilling([0.1, 0.3, 0.9]), over: polytope, from: [0.3, 0.3, 0.4]))
    #expect(abs(outcome.point[0] - 0.6) <= 1e-6 && abs(outcome.point.reduce(0, +) - 1) <= 1e-9)
  }

  @Test func `where a function curves upward it is climbed all the same`() throws {
    // S-shaped in each of four variables, 2.5 of money: the climb ends where no small exchange helps.
    let objective = SmoothObjective(dimension: 4) { j, x in
      let e = exp(-8 * (x - 0.4 - 0.05 * Double(j)))
      let h = 1 / (1 + e)
      return (h, 8 * h * (1 - h), 64 * h * (1 - h) * (1 - 2 * h))
    }
    var polytope = simplex(4, upper: 1)
    (polytope.rows[0].lower, polytope.rows[0].upper) = (2.5, 2.5)
    let start = [0.625, 0.625, 0.625, 0.625]
    let outcome = try #require(InteriorPoint().maximum(of: objective, over: polytope, from: start))
    #expect(outcome.termination == .converged && outcome.value >= objective.value(at: start))
    #expect(outcome.bound == nil && outcome.upperBound == nil)
    let gradient = objective.expansion(at: outcome.point, smoothing: 0).gradient
    for j in 0..<4 where outcome.point[j] > 1e-6 && outcome.point[j] < 1 - 1e-6 {
      #expect(abs(gradient[j] - outcome.rowMultipliers[0]) <= 1e-5)
    }
  }

  /// `c_dj √(x + h_dj)`, concave; forty numbers of six variables.
  private func roots(_ outer: any OuterFunction) -> CompositeObjective {
    var random = Xorshift(seed: 5)
    let scales = (0..<240).map { _ in 0.2 + random.uniform(0, 1) }
    let offsets = (0..<240).map { _ in 0.01 + 0.3 * random.uniform(0, 1) }
    var objective = CompositeObjective(dimension: 6, drawCount: 40, outer: outer) { draw, variable, x in
      let index = 6 * draw + variable
      let root = (x + offsets[index]).squareRoot()
      return (scales[index] * root, 0.5 * scales[index] / root, -0.25 * scales[index] / (root * root * root))
    }
    objective.hasConcaveInner = true
    return objective
  }

  /// A budget of 1, and ramps from each variable to the next.
  private var ramps: SparsePolytope {
    var polytope = simplex(6, upper: 0.4)
    for j in 1..<6 {
      polytope.rows.append(
        Row(label: "ramp", places: [j - 1, j], coefficients: [-1.2, 1], lower: -.infinity, upper: 0))
      polytope.rows.append(
        Row(label: "ramp", places: [j - 1, j], coefficients: [-0.8, 1], lower: 0, upper: .infinity))
    }
    return polytope
  }

  @Test(arguments: [1.0, 0.3, 0.1])
  func `the proof is just above the answer, and no point above the proof`(tail: Double) throws {
    let objective = roots(tail == 1 ? MeanOuter() : WorstTailOuter(tail: tail))
    let outcome = try #require(
      InteriorPoint().maximum(of: objective, over: ramps, from: [Double](repeating: 1 / 6, count: 6)))
    let bound = try #require(outcome.upperBound)
    // The outer function with kinks proves by planes that touch: at a kink one of them leaves a gap.
    #expect(bound >= outcome.value && bound - outcome.value <= (tail == 1 ? 1e-8 : 0.02) * outcome.value)
    #expect(ramps.violation(at: outcome.point) <= 1e-10)
    #expect(try #require(outcome.bound).value(of: objective, over: ramps) == bound)
    // The same as another solver finds.
    let dense = Polytope(
      lower: ramps.lower, upper: ramps.upper,
      rows: ramps.rows.map { row in
        var coefficients = [Double](repeating: 0, count: 6)
        for (place, coefficient) in zip(row.places, row.coefficients) { coefficients[place] = coefficient }
        return Polytope.Row(label: row.label, coefficients: coefficients, lower: row.lower, upper: row.upper)
      })
    #expect(SparsePolytope(dense) == ramps)
    let other = try #require(
      LocalSearch().maximum(of: objective, over: dense, from: [.init(name: "even", point: outcome.point)]))
    #expect(other.solution.value <= bound && other.solution.value >= outcome.value - 1e-9)
    #expect(outcome.value >= other.solution.value * (1 - 1e-3))
    #expect(abs(dense.violation(at: outcome.point) - ramps.violation(at: outcome.point)) <= 1e-15)
    var random = Xorshift(seed: 11)
    for _ in 0..<50 {
      let raw = (0..<6).map { _ in random.uniform(0, 0.4) }
      let point = try #require(dense.projection(of: raw))
      #expect(objective.value(at: point) <= bound)
    }
  }

  @Test func `any multipliers prove something, and it holds`() throws {
    let objective = roots(MeanOuter())
    let outcome = try #require(
      InteriorPoint().maximum(of: objective, over: ramps, from: [Double](repeating: 1 / 6, count: 6)))
    var bound = try #require(outcome.bound)
    var random = Xorshift(seed: 3)
    for _ in 0..<20 {
      bound.rowMultipliers = bound.rowMultipliers.map { $0 + random.uniform(-0.5, 0.5) }
      let value = try #require(bound.value(of: objective, over: ramps))
      #expect(value >= outcome.value)
    }
    bound.point[0] = 0.5
    #expect(bound.value(of: objective, over: ramps) == nil, "outside of the box")
  }

  @Test func `an answer is the same from wherever the search begins`() throws {
    let objective = roots(MeanDeviationOuter(lambda: 0.5))
    let even = try #require(
      InteriorPoint().maximum(of: objective, over: ramps, from: [Double](repeating: 1 / 6, count: 6)))
    let far = try #require(InteriorPoint().maximum(of: objective, over: ramps, from: [1, 0, 0, 0, 0, 0]))
    #expect(abs(even.value - far.value) <= 1e-8 * even.value)
  }

  /// Three in ten factorisations are of another matrix: a step by them does not keep the budget.
  @Test(arguments: [1e200, -1.7, 0.3, 1.001], 1...8 as ClosedRange<UInt64>)
  func `a factorisation that lies leads nowhere outside of the polytope`(factor: Double, seed: UInt64) {
    let random = Mutex(Xorshift(seed: seed))
    let fault = Interference.Faults { routine in
      guard routine == .cholesky, random.withLock({ $0.uniform(0, 1) }) < 0.3 else { return nil }
      return .numbers { $0 * factor + factor }
    }
    let start = [Double](repeating: 1 / 6, count: 6)
    for objective in [roots(MeanOuter()), roots(WorstTailOuter(tail: 0.3))] {
      let found = Interference.$fault.withValue(fault) {
        InteriorPoint().maximum(of: objective, over: ramps, from: start)
      }
      guard let found else { continue }
      #expect(ramps.violation(at: found.point) <= 1e-9, "\(found.point)")
      if let bound = found.upperBound { #expect(bound >= found.value) }
    }
  }

  @Test func `time over, the best so far is given`() throws {
    let outcome = try #require(
      InteriorPoint().maximum(
        of: waterFilling([0.1, 0.3, 0.9]), over: simplex(3), from: [0, 0, 1], until: ContinuousClock.now))
    #expect(outcome.termination == .timeLimit && simplex(3).violation(at: outcome.point) <= 1e-12)
  }
}
