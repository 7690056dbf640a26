import NumericKernel
import Synchronization
import TestSupport
import Testing

@testable import Optimisation

/// How often the chords of a variable were asked for.
private final class ChordCounter: SeparableObjective {
  private let base: CompositeObjective
  private let asked = Mutex(0)

  init(_ base: CompositeObjective) { self.base = base }

  var count: Int { asked.withLock { $0 } }
  var dimension: Int { base.dimension }
  var isSmooth: Bool { base.isSmooth }
  var hasConcaveInner: Bool { base.hasConcaveInner }
  var innerConstant: [Double] { base.innerConstant }
  func value(at x: [Double]) -> Double { base.value(at: x) }
  func expansion(at x: [Double], smoothing: Double) -> Expansion { base.expansion(at: x, smoothing: smoothing) }
  func localModel(at x: [Double]) -> (any LocalModel)? { base.localModel(at: x) }
  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) { base.inner(at: x) }
  func outerCut(at inner: [Double]) -> OuterCut? { base.outerCut(at: inner) }

  func chords(of variable: Int, at points: [Double], inner: Range<Int>) -> CurveChords {
    asked.withLock { $0 += 1 }
    return base.chords(of: variable, at: points, inner: inner)
  }
}

@Suite struct GridProofTests {
  private func point(_ x: Double) -> Mixture { Mixture(at: [x, 1 - x]) }

  @Test func `cuts that no leaf rests on are left out, and the others keep their order`() {
    let proof = GridProof(
      points: [[0, 1], [0, 1]], cuts: [0.1, 0.2, 0.3, 0.4].map(point),
      tree: [
        .split(variable: 0, at: 0.5, below: 1, above: 2), .leaf(cuts: [0.5, 0, 0.5], rows: [2]),
        .leaf(cuts: [1, 0], rows: [3]),
      ])
    let trimmed = proof.trimmed()
    #expect(trimmed.cuts == [0.1, 0.3].map(point) && trimmed.points == proof.points)
    #expect(
      trimmed.tree == [
        .split(variable: 0, at: 0.5, below: 1, above: 2), .leaf(cuts: [0.5, 0.5], rows: [2]),
        .leaf(cuts: [1], rows: [3]),
      ])
  }

  @Test(arguments: [1.0...1.0, 2.0...5.0]) func `a proof in other units proves the same of the function in these`(
    exponents: ClosedRange<Double>
  ) throws {
    let objective = CompositeObjective.hills(WorstTailOuter(tail: 0.3), exponents: exponents, seed: 2)
    let polytope = Polytope.budget(4, isExact: true)
    let start = try #require(
      LocalSearch().maximum(
        of: objective, over: polytope, from: [LocalSearch.Start(name: "even", point: [0.25, 0.25, 0.25, 0.25])])
    ).solution
    let proved = try #require(BranchAndBound().prove(objective, over: polytope, from: start))
    let bound = try #require(proved.proof.value(of: objective, over: polytope))
    // Three times as many of a smaller unit, each worth a third.
    let hills = objective
    var smaller = CompositeObjective(dimension: 4, drawCount: objective.drawCount, outer: objective.outer) {
      draw, j, x in
      var at = [Double](repeating: 0, count: 4)
      at[j] = x / 3
      let (values, slopes) = hills.inner(at: at)
      return (values[draw], slopes[draw, j] / 3, 0)
    }
    smaller.inflection = { 3 * hills.inflection($0, $1) }
    var wide = polytope
    wide.upper = polytope.upper.map { 3 * $0 }
    (wide.rows[0].lower, wide.rows[0].upper) = (3, 3)
    wide.thresholds = wide.lower
    var moved = proved.proof.scaled(points: 3, prices: 1.0 / 3)
    let isSettled = moved.settle(in: wide)
    #expect(isSettled)
    // Sums of products of numbers that are rounded once more.
    #expect(abs(try #require(moved.value(of: smaller, over: wide)) - bound) <= 1e-9 * abs(bound))
    // The ends are not those of the limits in the old unit.
    var wrong = proved.proof.scaled(points: 3, prices: 1.0 / 3)
    let isWrong = !wrong.settle(in: polytope)
    #expect(isWrong)
  }

  @Test func `a mixture is moved into a box, and back onto its row`() throws {
    let polytope = Polytope(
      lower: [0, 0], upper: [1, 1], rows: [Polytope.Row(label: "sum", coefficients: [1, 1], lower: 1, upper: 1)])
    // (0.8, 0.2) clipped is (0.5, 0.2): 0.3 of the 0.8 to the corner (0.5, 1) is missing, and 0.2 + 0.8 · 0.375 = 0.5.
    let moved = try #require(point(0.8).moved(into: [0, 0], [0.5, 1], of: polytope))
    #expect(abs(moved.mean[0] - 0.5) <= 1e-15 && abs(moved.mean[1] - 0.5) <= 1e-15)
    // (0.2, 0.8) clipped from below is (0.6, 0.8): 0.4 too much, all of the way to the corner (0.6, 0.4).
    let down = try #require(point(0.2).moved(into: [0.6, 0.4], [1, 1], of: polytope))
    #expect(abs(down.mean[0] - 0.6) <= 1e-15 && abs(down.mean[1] - 0.4) <= 1e-15)
    // A box below the row.
    #expect(point(0.8).moved(into: [0, 0], [0.4, 0.4], of: polytope) == nil)
  }

  @Test func `mixtures are mixed point by point, and points of next to no share are left out`() {
    let mixture = Mixture([[.init(x: 0, share: 0.5), .init(x: 1, share: 0.5)]])
    let other = Mixture([[.init(x: 1, share: 0.75), .init(x: 2, share: 0.25)]])
    // 0.6 of the one and 0.4 of the other: 0.3 at 0, 0.3 + 0.3 at 1, 0.1 at 2.
    let mixed = mixture.mixed(with: other, share: 0.4).shares[0]
    #expect(mixed.map(\.x) == [0, 1, 2])
    for (found, expected) in zip(mixed.map(\.share), [0.3, 0.6, 0.1]) { #expect(abs(found - expected) <= 1e-15) }
    #expect(mixture.mixed(with: other, share: 1e-7).shares[0].map(\.x) == [0, 1])
  }

  @Test func `weights of either sign are told apart, and cuts add up by their weights`() throws {
    let weights = GridBlock.SignedWeights([-2, 0.5, 0])
    #expect(weights.gains == [0, 0.5, 0] && weights.losses == [2, 0, 0] && weights.all == [-2, 0.5, 0])
    #expect(GridBlock.SignedWeights([1, 0]).losses == nil)
    let objective = CompositeObjective.hills(MeanOuter(), exponents: 1...2, drawCount: 3, seed: 1)
    let polytope = Polytope.budget(4, isExact: true)
    var grid = ChordGrid(objective, over: polytope, points: polytope.lower.map { _ in [0, 0.35, 0.7] })
    for intercept in [2.0, 6] { grid.add(OuterCut(intercept: intercept, weights: [1, 1, 1], near: [0, 0, 0])) }
    #expect(grid.combined([0.25, 0.75]).constant == 5)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `on the way from one mixture to another the crest is where it stops to rise`(seed: UInt64) throws {
    let objective = CompositeObjective.hills(MeanDeviationOuter(lambda: 2), exponents: 1...3, seed: seed)
    let polytope = Polytope.budget(4, isExact: false)
    let relaxation = Relaxation(
      objective, over: polytope, points: polytope.lower.map { _ in [0, 0.35, 0.7] }, byteLimit: 1 << 20)
    var crests = 0
    for from in 0..<4 {
      for to in 0..<4 where from != to {
        var (a, b) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
        (a[from], b[to]) = (0.7, 0.7)
        let centre = try #require(relaxation.touch(at: Mixture(at: a)))
        let end = try #require(relaxation.touch(at: Mixture(at: b)))
        let crest = relaxation.crest(from: centre, to: end)
        // Eight halvings leave 1/256 of the way, and a mixture leaves out shares of 1e-6.
        let values = try (0...256).map { step in
          let mixture = centre.mixture.mixed(with: end.mixture, share: Double(step) / 256)
          return try #require(relaxation.touch(at: mixture)).value
        }
        let top = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        if top > 0, top < 256 { crests += 1 }
        let near = values[max(top - 1, 0)...min(top + 1, 256)]
        #expect(crest.value >= (near.min() ?? 0) - 1e-5, "from \(from) to \(to), crest \(top)")
      }
    }
    #expect(crests > 0)
  }

  @Test func `inner functions are computed once where there is room to keep them, and come to the same without`() {
    let base = CompositeObjective.hills(WorstTailOuter(tail: 0.3), exponents: 1...3, seed: 2)
    let polytope = Polytope.budget(4, isExact: true)
    let cuts = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]].compactMap { base.outerCut(at: base.inner(at: $0).values) }
    func grid(byteLimit: Int) -> (parts: [[ChordGrid.Part]], computed: Int) {
      let objective = ChordCounter(base)
      var grid = ChordGrid(
        objective, over: polytope, points: polytope.lower.map { _ in [0, 0.35, 0.7] }, byteLimit: byteLimit)
      for cut in cuts { grid.add(cut) }
      return (grid.parts, objective.count)
    }
    let (kept, anew) = (grid(byteLimit: 1 << 20), grid(byteLimit: 0))
    // Once for each of four variables; without room again for each cut.
    #expect(kept.computed == 4 && anew.computed > 8)
    for (own, other) in zip(kept.parts.flatMap(\.self), anew.parts.flatMap(\.self)) {
      #expect(own.values == other.values && own.excess == other.excess)
    }
  }

  @Test func `a variable is on above the middle of what is left out`() {
    let polytope = Polytope(lower: [0.2, 0], upper: [1, 1], rows: [], thresholds: [0.6, 0])
    #expect(polytope.gaps == [0])
    #expect(polytope.isOn(0, at: [0.45, 0]) && !polytope.isOn(0, at: [0.35, 0]))
    let (on, off) = (polytope.part(0, isOn: true), polytope.part(0, isOn: false))
    #expect(on.lower[0] == 0.6 && on.upper[0] == 1 && on.gaps.isEmpty)
    #expect(off.lower[0] == 0.2 && off.upper[0] == 0.2 && off.gaps.isEmpty)
    #expect(polytope.part(around: [0.5, 0.3]).lower == [0.6, 0])
  }
}
