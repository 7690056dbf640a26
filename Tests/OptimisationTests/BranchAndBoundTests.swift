import Foundation
import NumericKernel
import Optimisation
import TestSupport
import Testing

@Suite struct BranchAndBoundTests {
  private func local(_ objective: CompositeObjective, _ polytope: Polytope) throws -> Solution {
    let even = [Double](repeating: 1 / Double(polytope.dimension), count: polytope.dimension)
    return try #require(
      LocalSearch().maximum(
        of: objective, over: polytope, from: [LocalSearch.Start(name: "even", point: even)])
    ).solution
  }

  private func point(_ random: inout Xorshift, in polytope: Polytope) -> [Double]? {
    let raw = (0..<polytope.dimension).map { _ in -log(1 - random.uniform(0, 1)) }
    let sum = raw.reduce(0, +)
    return polytope.projection(of: raw.map { $0 / sum })
  }

  @Test(arguments: [1.0, 0.2], [1.0...1.0, 0.6...2.5, 3.0...6.0])
  func `S-shaped or not, the gap is closed and no point is above the bound`(
    tail: Double, slopes: ClosedRange<Double>
  ) throws {
    for seed in [1, 2, 3] as [UInt64] {
      for isExact in [true, false] {
        let objective = CompositeObjective.hills(
          tail == 1 ? MeanOuter() : WorstTailOuter(tail: tail), exponents: slopes, seed: seed)
        let polytope = Polytope.budget(4, isExact: isExact)
        var solver = BranchAndBound()
        solver.gap = 1e-3
        let start = try local(objective, polytope)
        let proof = try #require(solver.prove(objective, over: polytope, from: start))
        #expect(proof.solution.value >= start.value)
        #expect(proof.upperBound >= proof.solution.value)
        // Replayed from its numbers alone it is the same, but for sums in another order.
        let replayed = try #require(proof.proof.value(of: objective, over: polytope))
        #expect(abs(replayed - proof.upperBound) <= 1e-11 * abs(proof.upperBound) || replayed < proof.upperBound)
        #expect(proof.upperBound - proof.solution.value <= 1e-3 * proof.solution.value, "seed \(seed)")
        var random = Xorshift(seed: seed + 100)
        for _ in 0..<400 {
          guard let x = point(&random, in: polytope) else { continue }
          #expect(objective.value(at: x) <= proof.upperBound)
        }
        for _ in 0..<5 {
          guard let x = point(&random, in: polytope) else { continue }
          let found = LocalSearch().maximum(
            of: objective, over: polytope, from: [LocalSearch.Start(name: "random", point: x)])
          #expect(try #require(found).solution.value <= proof.upperBound)
        }
      }
    }
  }

  @Test func `stopped early, what it has proved still holds`() throws {
    let objective = CompositeObjective.hills(WorstTailOuter(tail: 0.1), exponents: 3...6, seed: 5)
    let polytope = Polytope.budget(4, isExact: true)
    let start = try local(objective, polytope)
    var best = start.value
    var bounds: [Double] = []
    for limit in [1, 2, 5, 20, 100] {
      var solver = BranchAndBound()
      solver.gap = 1e-6
      solver.boxLimit = limit
      solver.roundLimit = 3
      let proof = try #require(solver.prove(objective, over: polytope, from: start))
      best = max(best, proof.solution.value)
      bounds.append(proof.upperBound)
    }
    #expect(bounds.allSatisfy { $0 >= best })
  }

  @Test func `inner functions that there is no memory for are computed anew, and prove the same`() throws {
    let objective = CompositeObjective.hills(WorstTailOuter(tail: 0.3), exponents: 1...4, seed: 6)
    let polytope = Polytope.budget(4, isExact: true)
    let start = try local(objective, polytope)
    var solver = BranchAndBound()
    solver.gap = 1e-3
    let kept = try #require(solver.prove(objective, over: polytope, from: start))
    solver.byteLimit = 0
    let anew = try #require(solver.prove(objective, over: polytope, from: start))
    #expect(anew.upperBound == kept.upperBound && anew.solution.value == kept.solution.value)
  }

  @Test func `an outer function that is not concave has no bound`() throws {
    let objective = CompositeObjective.hills(OrderStatisticOuter(rank: 6), exponents: 1...1, seed: 1)
    let polytope = Polytope.budget(4, isExact: true)
    let start = try local(objective, polytope)
    #expect(BranchAndBound().prove(objective, over: polytope, from: start) == nil)
  }
}
