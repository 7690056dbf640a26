import NumericKernel
import TestSupport
import Testing

@testable import Optimisation

/// Limits of every kind, in three dimensions, where all points can be looked at.
@Suite struct RowTests {
  /// A polytope with a name.
  struct Limits: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var polytope: Polytope

    init(
      _ name: String, lower: [Double] = [0, 0, 0], upper: [Double] = [0.8, 0.8, 0.8],
      _ rows: ([Double], ClosedRange<Double>)...
    ) {
      testDescription = name
      polytope = Polytope(
        lower: lower, upper: upper,
        rows: rows.map {
          Polytope.Row(label: "", coefficients: $0.0, lower: $0.1.lowerBound, upper: $0.1.upperBound)
        })
    }
  }

  static let all: [Limits] = [
    Limits("no rows"),
    Limits("a budget", ([1, 1, 1], 1...1)),
    Limits("at most a budget", ([1, 1, 1], -.infinity...1)),
    Limits("at least a budget", ([1, 1, 1], 0.5 ... .infinity)),
    Limits("a group from above", ([1, 1, 1], 1...1), ([1, 1, 0], -.infinity...0.4)),
    Limits("a group from below", ([1, 1, 1], -.infinity...1), ([0, 1, 1], 0.7 ... .infinity)),
    Limits("groups from both sides", ([1, 1, 1], 1...1), ([1, 1, 0], 0.3...0.6), ([0, 1, 1], 0.5...0.8)),
    Limits("a ratio", ([1, 1, 1], 1...1), ([1, -2, 0], 0...0)),
    Limits("a ratio at most", ([1, 1, 1], -.infinity...1), ([1, -0.5, -0.5], -.infinity...0)),
    Limits("coefficients of both signs", ([-1, 0, 1], -.infinity...0.1), ([2, -1, 1], 0.2...0.7)),
    Limits("coefficients of many sizes", ([1, 1, 1], 1...1), ([1e-6, 1e3, 1], -.infinity...300)),
    Limits("a row twice", ([1, 1, 1], 1...1), ([2, 2, 2], 2...2), ([1, 0, 0], -.infinity...5)),
    Limits("a row of zeros", ([1, 1, 1], 1...1), ([0, 0, 0], -1...1)),
    Limits("rows nearly the same", ([1, 1, 1], 1...1), ([1, 1, 1.001], -.infinity...1.0003)),
    Limits("a segment", ([1, 1, 1], 1...1), ([1, -1, 0], 0.1...0.1)),
    Limits("a single point", ([1, 1, 1], 1...1), ([1, -1, 0], 0...0), ([0, 1, -1], 0...0)),
    Limits("a corner", ([1, 1, 1], 2.4 ... .infinity)),
    Limits("one variable held", lower: [0, 0.3, 0], upper: [0.8, 0.3, 0.8], ([1, 1, 1], 1...1)),
    Limits("all variables held", lower: [0.2, 0.3, 0.5], upper: [0.2, 0.3, 0.5], ([1, 1, 1], 1...1)),
  ]

  /// A lattice of the box, each point moved to the nearest of the polytope.
  private func points(of polytope: Polytope) -> [[Double]] {
    let steps = 5
    return (0..<steps * steps * steps).compactMap { index in
      let place = [index / (steps * steps), index / steps % steps, index % steps]
      return polytope.projection(
        of: place.indices.map { j in
          let (lower, upper) = (polytope.lower[j], polytope.upper[j])
          return lower + (upper - lower) * Double(place[j]) / Double(steps - 1)
        })
    }
  }

  private func outer(_ index: Int) -> any OuterFunction {
    [MeanOuter(), WorstTailOuter(tail: 0.2), MeanDeviationOuter(lambda: 2)][index]
  }

  /// The best of climbs from the best of the points.
  private func climbed(_ objective: CompositeObjective, _ limits: Limits, from points: [[Double]]) throws -> Solution {
    let order = points.sorted { objective.value(at: $0) > objective.value(at: $1) }
    let starts = order.prefix(3).map { LocalSearch.Start(name: "lattice", point: $0) }
    return try #require(LocalSearch().maximum(of: objective, over: limits.polytope, from: starts)).solution
  }

  @Test(arguments: all)
  func `tangents bound every point, and are closed where draws do not count against it`(limits: Limits) throws {
    let points = points(of: limits.polytope)
    for index in 0..<2 {
      let objective = CompositeObjective.hills(
        outer(index), exponents: 1...1, dimension: 3, drawCount: 20, seed: UInt64(index + 1))
      let solution = try climbed(objective, limits, from: points)
      #expect(limits.polytope.contains(solution.point))
      let (bound, value) = try #require(
        TangentBound.best(
          for: objective, at: solution.point, supports: solution.supports, over: limits.polytope))
      #expect(bound.value(of: objective, over: limits.polytope) == value)
      // A solution that misses a row by rounding may be better than the best by as much.
      #expect(value >= solution.value - 1e-11 && value - solution.value <= 1e-7)
      for x in points { #expect(objective.value(at: x) <= value + 1e-11) }
    }
  }

  @Test(arguments: all)
  func `boxes bound every point, and the gap is closed`(limits: Limits) throws {
    let points = points(of: limits.polytope)
    for index in 1..<3 {
      let objective = CompositeObjective.hills(
        outer(index), exponents: 2...6, dimension: 3, drawCount: 20, seed: UInt64(index + 11))
      let solution = try climbed(objective, limits, from: points)
      var solver = BranchAndBound()
      solver.gap = 1e-3
      let proof = try #require(solver.prove(objective, over: limits.polytope, from: solution))
      #expect(limits.polytope.contains(proof.solution.point))
      #expect(proof.upperBound - proof.solution.value <= 1e-3 * abs(proof.solution.value), "outer \(index)")
      let replayed = try #require(proof.proof.value(of: objective, over: limits.polytope))
      #expect(replayed >= proof.solution.value - 1e-11)
      for x in points { #expect(objective.value(at: x) <= replayed + 1e-11) }
    }
  }

  @Test func `rows that nothing meets have no best point, and no bound`() throws {
    let objective = CompositeObjective.hills(MeanOuter(), exponents: 2...6, dimension: 3, drawCount: 20, seed: 1)
    let start = try climbed(objective, Limits("a budget", ([1, 1, 1], 1...1)), from: [[0.3, 0.3, 0.4]])
    let apart = Limits("apart", ([1, 1, 1], 3 ... .infinity))
    #expect(
      LocalSearch().maximum(of: objective, over: apart.polytope, from: [.init(name: "", point: [0, 0, 0])]) == nil)
    #expect(BranchAndBound().prove(objective, over: apart.polytope, from: start) == nil)
    // Each row can be met, both cannot.
    let contrary = Limits("contrary", ([1, 1, 0], -.infinity...0.2), ([1, 1, 0], 0.4 ... .infinity))
    #expect(
      LocalSearch().maximum(of: objective, over: contrary.polytope, from: [.init(name: "", point: [0, 0, 0])]) == nil)
  }

  @Test func `prices that cancel leave no more than the slack allows`() throws {
    // The second row is the first three times, and rounded otherwise: of prices of 10^17 that cancel some units are left, and
    // no end of a row shows how large they were.
    let objective = CompositeObjective.hills(MeanOuter(), exponents: 1...1, dimension: 3, drawCount: 20, seed: 1)
    let limits = Limits(
      "against each other", ([1, 1, 1], 1...1), ([0.1, -0.7, 0], 0...0), ([0.3, -2.1, 0], 0...0))
    let solution = try climbed(objective, limits, from: [[0.7, 0.1, 0.2]])
    #expect(limits.polytope.contains(solution.point))
    let supports = [TangentBound.Support(step: [0, 0, 0], weight: 1)]
    let grid = (0..<3).map { _ in (0...8).map { 0.1 * Double($0) } }
    for power in 0..<60 {
      for sign in [1.0, -1] {
        let y = sign * pow10(power) / 3
        let rows = [0.3, 3 * y, -y]
        let tangents = TangentBound(point: solution.point, supports: supports, rowMultipliers: rows)
        let boxes = GridProof(
          points: grid, cuts: [Mixture(at: [0.1, 0.2, 0.3])], tree: [.leaf(cuts: [1], rows: rows)])
        if let value = tangents.value(of: objective, over: limits.polytope) { #expect(value >= solution.value, "\(y)") }
        var wide = limits.polytope
        wide.upper = grid.map { $0[8] }
        if let value = boxes.value(of: objective, over: wide) { #expect(value >= solution.value, "\(y)") }
      }
    }
  }

  private func pow10(_ power: Int) -> Double { (0..<power).reduce(1) { product, _ in product * 10 } }
}
