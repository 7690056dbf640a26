import Foundation
import NumericKernel
import Optimisation
import TestSupport
import Testing

/// The maximum of a concave function on the simplex of three: golden sections within golden sections.
func bestByGoldenSection(_ f: ([Double]) -> Double) -> Double {
  golden(0, 1) { a in golden(0, 1 - a) { b in f([a, b, max(0, 1 - a - b)]) } }
}

/// The maximum of a concave function of one variable.
private func golden(_ low: Double, _ high: Double, _ f: (Double) -> Double) -> Double {
  let ratio = (5.0.squareRoot() - 1) / 2
  var (a, b) = (low, high)
  var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
  var (fc, fd) = (f(c), f(d))
  for _ in 0..<60 {
    if fc > fd {
      (b, d, fd) = (d, c, fc)
      c = b - ratio * (b - a)
      fc = f(c)
    } else {
      (a, c, fc) = (c, d, fd)
      d = a + ratio * (b - a)
      fd = f(d)
    }
  }
  return max(fc, fd, f(low), f(high))
}

/// `β (1 − e⁻ˡˣ)` with random parameters.
func saturatingObjective(
  _ count: Int, draws: Int, outer: any OuterFunction, seed: UInt64, scale: Double = 1, shift: Double = 0
) -> CompositeObjective {
  var random = Xorshift(seed: seed)
  let beta = (0..<count).map { _ in (0..<draws).map { _ in exp(0.6 * random.normal()) } }
  let rate = (0..<count).map { _ in (0..<draws).map { _ in Double(count) * 0.5 * exp(0.4 * random.normal()) } }
  return CompositeObjective(dimension: count, drawCount: draws, outer: outer) { d, j, x in
    let (b, l) = (scale * beta[j][d], rate[j][d])
    let e = exp(-l * x)
    return ((j == 0 ? shift : 0) + b * (1 - e), b * l * e, -b * l * l * e)
  }
}

@Suite struct PolishTests {
  let polish = Polish()

  @Test func `The largest least of straight lines is where the lines say`() throws {
    // min(a, 2b, 4c) on the simplex: a = 2b = 4c, so a = 4/7, b = 2/7, c = 1/7 and the value is 4/7.
    let objective = CompositeObjective(dimension: 3, drawCount: 3, outer: WorstTailOuter(tail: 1.0 / 3)) { d, j, x in
      let slope = d == j ? [1.0, 2, 4][j] : 0
      return (slope * x, slope, 0)
    }
    let solution = try #require(polish.maximum(of: objective, over: simplex(3), from: [0, 0, 1]))
    #expect(isClose(solution.point, [4.0 / 7, 2.0 / 7, 1.0 / 7], 1e-12))
    #expect(abs(solution.value - 4.0 / 7) < 1e-12)
    // One more unit of budget is worth 4/7: the supergradient that proves it is the same in every variable.
    #expect(isClose(solution.gradient, [4.0 / 7, 4.0 / 7, 4.0 / 7], 1e-9))
    #expect(abs(solution.rowMultipliers[0] - 4.0 / 7) < 1e-9)
    #expect(solution.termination == .converged)
  }

  @Test func `An optimum in the middle of a face of lines ends in the corner that is best`() throws {
    // min(a + 2b, 2a + b) + nothing for c: the middle of a and b, value 3/2.
    let objective = CompositeObjective(dimension: 3, drawCount: 2, outer: WorstTailOuter(tail: 0.5)) { d, j, x in
      let slope = j == 2 ? 0 : d == j ? 1.0 : 2
      return (slope * x, slope, 0)
    }
    let solution = try #require(polish.maximum(of: objective, over: simplex(3), from: [0.1, 0.2, 0.7]))
    #expect(isClose(solution.point, [0.5, 0.5, 0], 1e-12))
    #expect(solution.point[2] == 0)
    // c is worth nothing where money is worth 3/2.
    #expect(isClose(solution.boundMultipliers, [0, 0, -1.5], 1e-9))
  }

  @Test(arguments: 0..<12) func `The mean of the worst draws is maximised to the last digits`(seed: Int) throws {
    let tail = [0.05, 0.1, 0.37, 0.5][seed % 4]
    let objective = saturatingObjective(
      3, draws: 40, outer: WorstTailOuter(tail: tail), seed: UInt64(seed) + 1)
    let solution = try #require(polish.maximum(of: objective, over: simplex(3), from: [0.3, 0.3, 0.4]))
    let best = bestByGoldenSection(objective.value)
    #expect(solution.value >= best - 1e-14 * abs(best))
    // The golden sections are exact to the square root of rounding in the point, so to rounding where smooth and to 1e-8
    // across a kink.
    #expect(solution.value <= best + 1e-7)
    #expect(solution.residual <= 1e-8)
    #expect(solution.termination == .converged)
  }

  @Test func `It converges in a handful of models`() throws {
    let objective = CountingObjective(
      saturatingObjective(8, draws: 300, outer: WorstTailOuter(tail: 0.1), seed: 4))
    let start = [Double](repeating: 0.125, count: 8)
    let smoothed = try #require(TrustRegionSQP().maximum(of: objective, over: simplex(8), from: start))
    let before = objective.count
    #expect(smoothed.evaluations == before)
    let solution = try #require(polish.maximum(of: objective, over: simplex(8), from: smoothed.point))
    #expect(solution.evaluations == objective.count - before)
    #expect(solution.evaluations <= 10)
    #expect(solution.value > smoothed.value)
    #expect(solution.residual <= 1e-8)
    // The supergradient is one number wherever money may move.
    for j in 0..<8 where solution.point[j] > 0 {
      #expect(abs(solution.gradient[j] - solution.rowMultipliers[0]) < 1e-7 * abs(solution.rowMultipliers[0]))
    }
  }

  @Test func `At its own answer it stays`() throws {
    let objective = saturatingObjective(5, draws: 100, outer: WorstTailOuter(tail: 0.2), seed: 9)
    let first = try #require(polish.maximum(of: objective, over: simplex(5), from: [0.2, 0.2, 0.2, 0.2, 0.2]))
    let second = try #require(polish.maximum(of: objective, over: simplex(5), from: first.point))
    #expect(second.value >= first.value)
    #expect(second.value - first.value <= 1e-14 * abs(first.value))
    #expect(isClose(first.point, second.point, 1e-7))
    #expect(second.evaluations <= 4)
  }

  @Test(arguments: 0..<20) func `An order statistic is never lowered and ends where no surrogate shows a way up`(
    seed: Int
  ) throws {
    let objective = saturatingObjective(
      4, draws: 60, outer: OrderStatisticOuter(rank: 3 + seed), seed: UInt64(seed) + 31)
    let start = [0.4, 0.3, 0.2, 0.1]
    let solution = try #require(polish.maximum(of: objective, over: simplex(4), from: start))
    #expect(solution.value >= objective.value(at: start))
    #expect(solution.value == objective.value(at: solution.point))
    let model = try #require(objective.localModel(at: solution.point))
    let here = model.value(at: [0, 0, 0, 0]).value
    // To first order no short move of money lifts all the draws that matter.
    for give in 0..<4 where solution.point[give] > 1e-5 {
      for take in 0..<4 where take != give {
        var step = [0.0, 0, 0, 0]
        step[give] = -1e-5
        step[take] = 1e-5
        #expect(model.value(at: step).value <= here + 1e-9)
      }
    }
  }

  @Test(arguments: [1e-9, 1e-3, 1e6, 1e9]) func `The unit of the value changes nothing`(scale: Double) throws {
    let outer = WorstTailOuter(tail: 0.1)
    let start = [Double](repeating: 0.2, count: 5)
    let plain = saturatingObjective(5, draws: 100, outer: outer, seed: 12)
    let scaled = saturatingObjective(5, draws: 100, outer: outer, seed: 12, scale: scale)
    let a = try #require(polish.maximum(of: plain, over: simplex(5), from: start))
    let b = try #require(polish.maximum(of: scaled, over: simplex(5), from: start))
    #expect(isClose(a.point, b.point, 1e-8))
    #expect(b.termination == .converged)
  }

  @Test func `A constant added to the value costs the digits that it takes`() throws {
    let outer = WorstTailOuter(tail: 0.1)
    let start = [Double](repeating: 0.2, count: 5)
    let plain = saturatingObjective(5, draws: 100, outer: outer, seed: 12)
    let shifted = saturatingObjective(5, draws: 100, outer: outer, seed: 12, shift: 1e4)
    let a = try #require(polish.maximum(of: plain, over: simplex(5), from: start))
    let b = try #require(polish.maximum(of: shifted, over: simplex(5), from: start))
    // Values to 2e-12, so points to its root.
    #expect(isClose(a.point, b.point, 1e-5))
    #expect(abs(plain.value(at: b.point) - a.value) < 1e-10)
  }

  @Test func `Inner functions that curve upward are climbed too`() throws {
    for seed in 0..<10 {
      var random = Xorshift(seed: UInt64(seed) + 5)
      let k = (0..<3).map { _ in (0..<30).map { _ in random.uniform(0.1, 0.6) } }
      let objective = CompositeObjective(dimension: 3, drawCount: 30, outer: WorstTailOuter(tail: 0.2)) { d, j, x in
        let s = sShape(x, k[j][d])
        return (value: s.0, slope: s.1, curvature: s.2)
      }
      let start = [0.5, 0.3, 0.2]
      let solution = try #require(polish.maximum(of: objective, over: simplex(3), from: start))
      #expect(solution.value > objective.value(at: start))
      #expect(solution.residual < 1e-6)
    }
  }

  @Test func `A single feasible point and a single variable are polished`() throws {
    let objective = saturatingObjective(1, draws: 10, outer: WorstTailOuter(tail: 0.3), seed: 2)
    let line = Polytope(lower: [0], upper: [2], rows: [])
    #expect(try #require(polish.maximum(of: objective, over: line, from: [0.5])).point == [2])
    let point = Polytope(lower: [1], upper: [1], rows: [])
    let held = try #require(polish.maximum(of: objective, over: point, from: [0]))
    #expect(held.point == [1])
    #expect(held.termination == .converged)
  }

  @Test func `A region that is too small at first grows`() throws {
    // At its first size sixty steps would lead a sixteenth of the way.
    let objective = saturatingObjective(3, draws: 40, outer: WorstTailOuter(tail: 0.1), seed: 2)
    var patient = polish
    patient.firstRadius = 1e-3
    let solution = try #require(patient.maximum(of: objective, over: simplex(3), from: [0, 0, 1]))
    let best = try #require(polish.maximum(of: objective, over: simplex(3), from: [0.3, 0.3, 0.4])).value
    #expect(abs(solution.value - best) <= 1e-12 * abs(best) && solution.termination == .converged)
  }

  @Test func `Without a local model there is nothing to polish`() {
    let objective = SmoothObjective(dimension: 1) { _, x in (x, 1, 0) }
    #expect(polish.maximum(of: objective, over: Polytope(lower: [0], upper: [1], rows: []), from: [0]) == nil)
  }
}
