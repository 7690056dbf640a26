import NumericKernel
import TestSupport
import Testing

@testable import Optimisation

@Suite struct MasterProblemTests {
  /// Far more cuts than are at work at a time, made in one box and another, so that cuts rest, come back and are there when points
  /// are put between others.
  @Test func `cuts at rest are no loss: the answer is that of all cuts`() throws {
    let objective = CompositeObjective.hills(WorstTailOuter(tail: 0.3), exponents: 1...6, seed: 7)
    let polytope = Polytope.budget(4, isExact: true)
    var grid = ChordGrid(objective, over: polytope, points: polytope.lower.map { _ in (0...8).map { Double($0) / 8 } })
    let master = MasterProblem(polytope)
    var random = Xorshift(seed: 11)
    for round in 0..<160 {
      let x = polytope.lower.indices.map { _ in Double(Int(random.uniform(0, 8.99))) / 8 }
      let cut = try #require(objective.outerCut(at: grid.inner(at: Mixture(at: x))))
      grid.add(cut)
      if round % 40 == 20 { grid.refine(round / 40, after: 3, at: [0.4, 0.45]) }
      let half = grid.place(of: 0.5, on: 0)
      let last = grid.axes[0].points.count - 1
      var box = grid.box(from: polytope.lower, to: polytope.upper)
      box.ranges[0] = round % 32 < 16 ? 0...half : half...last
      let worked = try #require(master.answer(on: grid, over: box))
      let whole = try #require(MasterProblem(polytope).answer(on: grid, over: box))
      let bounds = [worked, whole].compactMap { grid.bound($0.multipliers, over: box, of: polytope) }
      #expect(bounds.count == 2)
      // Both within the simplex method's tolerance of the one optimum.
      #expect(abs(bounds[0] - bounds[1]) <= 1e-5 * abs(bounds[1]), "round \(round)")
    }
    #expect(master.cutsAtWork < grid.cuts.count)
  }
}
