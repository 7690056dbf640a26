import Foundation
import NumericKernel
import TestSupport
import Testing

@testable import Optimisation

/// An outer function that one of its numbers counts against.
private struct DifferenceOuter: OuterFunction {
  let isSmooth = true
  let isConcave = true

  func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    (r[0] - r[1], [1, -1] + [Double](repeating: 0, count: r.count - 2))
  }

  func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    preconditionFailure("It is only bounded.")
  }

  func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? { self }
}

@Suite struct TangentBoundTests {
  /// `c_dj √(x + h_dj)`, concave; forty numbers of four variables.
  private func objective(_ outer: any OuterFunction, seed: UInt64 = 1) -> CompositeObjective {
    var random = Xorshift(seed: seed)
    let scales = (0..<160).map { _ in 0.2 + random.uniform(0, 1) }
    let offsets = (0..<160).map { _ in 0.01 + 0.3 * random.uniform(0, 1) }
    var objective = CompositeObjective(dimension: 4, drawCount: 40, outer: outer) { draw, variable, x in
      let index = 4 * draw + variable
      let root = (x + offsets[index]).squareRoot()
      return (scales[index] * root, 0.5 * scales[index] / root, -0.25 * scales[index] / (root * root * root))
    }
    objective.hasConcaveInner = true
    return objective
  }

  /// A budget of 1, exactly or at most, and a group of two variables that may have 0.4.
  private func polytope(isExact: Bool) -> Polytope {
    Polytope(
      lower: [0, 0.05, 0, 0], upper: [1, 0.6, 0.3, 1],
      rows: [
        Polytope.Row(label: "budget", coefficients: [1, 1, 1, 1], lower: isExact ? 1 : -.infinity, upper: 1),
        Polytope.Row(label: "group", coefficients: [1, 0, 0, 1], lower: -.infinity, upper: 0.4),
      ])
  }

  private func randomPoint(_ random: inout Xorshift, in polytope: Polytope) -> [Double]? {
    let raw = (0..<4).map { _ in -log(1 - random.uniform(0, 1)) }
    let sum = raw.reduce(0, +)
    return polytope.projection(of: raw.map { $0 / sum })
  }

  @Test(arguments: [1e-6, 1, 1e6]) func `what is summed for a bound is counted at its size, in any unit`(unit: Double) {
    // 2 x − 3 y from (0, 10), x between −4 and 1, y between 0 and 100, and twice 0.5 x + y ≤ 50 taken off: (2 − 1) x up to 1, and
    // (−3 − 2) y up to 0, and 100 for the row, and 30 for the 30 that are there at y = 10.
    let polytope = Polytope(
      lower: [-4 * unit, 0], upper: [unit, 100 * unit],
      rows: [Polytope.Row(label: "row", coefficients: [0.5, 1], lower: -.infinity, upper: 50 * unit)])
    let bound = polytope.linearBound([2, -3], from: [0, 10 * unit], multipliers: [2])
    #expect(abs(bound.value - 131 * unit) <= 1e-12 * 131 * unit)
    // What cancels counts: 2 and 1 at 4, 3 and 2 at 100, 100 for the row, 30 for the point.
    #expect(abs(bound.size - 642 * unit) <= 1e-12 * 642 * unit)
  }

  @Test(arguments: [true, false], [1.0, 0.3, 0.1, 0.025])
  func `the bound is just above the optimum, and no point above the bound`(isExact: Bool, tail: Double) throws {
    let objective = objective(tail == 1 ? MeanOuter() : WorstTailOuter(tail: tail))
    let polytope = polytope(isExact: isExact)
    let outcome = try #require(
      LocalSearch().maximum(
        of: objective, over: polytope, from: [LocalSearch.Start(name: "even", point: [0.25, 0.25, 0.25, 0.25])]))
    let solution = outcome.solution
    let (bound, value) = try #require(
      TangentBound.best(for: objective, at: solution.point, supports: solution.supports, over: polytope))
    #expect(bound.value(of: objective, over: polytope) == value)
    #expect(value >= solution.value)
    // The solver's own residual is 1e-8 at most.
    #expect(value - solution.value <= 1e-7 * abs(solution.value))
    var random = Xorshift(seed: 7)
    for _ in 0..<3000 {
      guard let x = randomPoint(&random, in: polytope) else { continue }
      #expect(objective.value(at: x) <= value)
    }
  }

  @Test func `any point, any supports and any multipliers prove a bound`() throws {
    let objective = objective(WorstTailOuter(tail: 0.2), seed: 3)
    let polytope = polytope(isExact: true)
    let best = try #require(
      LocalSearch().maximum(
        of: objective, over: polytope, from: [LocalSearch.Start(name: "even", point: [0.25, 0.25, 0.25, 0.25])]))
    var random = Xorshift(seed: 11)
    for _ in 0..<2000 {
      guard let x = randomPoint(&random, in: polytope) else { continue }
      let supports = (0..<3).map { _ in
        TangentBound.Support(
          step: (0..<4).map { _ in 0.4 * (random.uniform(0, 1) - 0.5) }, weight: random.uniform(0, 1))
      }
      let multipliers = (0..<2).map { _ in 20 * (random.uniform(0, 1) - 0.5) }
      let bound = TangentBound(point: x, supports: supports, rowMultipliers: multipliers)
      let value = try #require(bound.value(of: objective, over: polytope))
      #expect(value >= best.solution.value)
    }
  }

  @Test func `where the proof does not hold there is no bound`() {
    let polytope = polytope(isExact: true)
    let even = [0.25, 0.25, 0.25, 0.25]
    let supports = [TangentBound.Support(step: [0, 0, 0, 0], weight: 1)]
    func bound(_ objective: CompositeObjective, _ supports: [TangentBound.Support]) -> Double? {
      TangentBound.best(for: objective, at: even, supports: supports, over: polytope)?.value
    }
    #expect(bound(objective(MeanOuter()), supports) != nil)
    #expect(bound(objective(OrderStatisticOuter(rank: 3)), supports) == nil)
    #expect(bound(objective(DifferenceOuter()), supports) == nil)
    #expect(bound(objective(MeanOuter()), []) == nil)
    #expect(bound(objective(MeanOuter()), [TangentBound.Support(step: even, weight: 0)]) == nil)
    var unknown = objective(MeanOuter())
    unknown.hasConcaveInner = false
    #expect(bound(unknown, supports) == nil)
  }

  @Test func `a multiplier that pulls towards no end is left out`() throws {
    let objective = objective(MeanOuter())
    let polytope = polytope(isExact: false)
    let supports = [TangentBound.Support(step: [0, 0, 0, 0], weight: 1)]
    let point = [0.2, 0.3, 0.3, 0.2]
    func value(_ multipliers: [Double]) -> Double? {
      TangentBound(point: point, supports: supports, rowMultipliers: multipliers).value(of: objective, over: polytope)
    }
    // An at-most row has no lower end: a negative multiplier is as good as none.
    #expect(value([-3, 0]) == value([0, 0]))
    #expect(value([.nan, -.infinity]) == value([0, 0]))
    let zero = try #require(value([0, 0]))
    let some = try #require(value([0.5, 0]))
    #expect(some < zero)
  }
}
