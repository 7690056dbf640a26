import NumericKernel
import Optimisation
import TestSupport
import Testing

@Suite struct InnerBoundsTests {
  private let points = (0..<4).map { _ in (0...64).map { 0.7 * Double($0) / 64 } }

  @Test(arguments: [1.0...1.0, 0.6...2.5, 3.0...6.0], [true, false])
  func `no point brings an inner function above its bound`(exponents: ClosedRange<Double>, isExact: Bool) {
    let objective = CompositeObjective.hills(MeanOuter(), exponents: exponents, seed: 3)
    let polytope = Polytope.budget(4, isExact: isExact)
    let bounds = objective.innerBounds(over: polytope, points: points)
    #expect(bounds.count == objective.drawCount)
    var random = Xorshift(seed: 4)
    for peakedness in 1...300 {
      let shares = random.shares(4, peakedness: 1 + peakedness % 4)
      guard let x = polytope.projection(of: shares) else { continue }
      for (value, bound) in zip(objective.inner(at: x).values, bounds) { #expect(value <= bound) }
    }
  }

  @Test func `each of many straight lines has the best of its own corners`() {
    // More than a piece of 1024. Slopes s and 1 under a budget of 1, none above 0.7: the better one has 0.7, the other 0.3.
    let count = 1100
    let objective = CompositeObjective(dimension: 2, drawCount: count, outer: MeanOuter()) { draw, variable, x in
      let slope = variable == 0 ? Double(draw) / 500 : 1
      return (slope * x, slope, 0)
    }
    let bounds = objective.innerBounds(over: .budget(2, isExact: true), points: Array(points.prefix(2)))
    #expect(bounds.count == count)
    for (draw, bound) in bounds.enumerated() {
      let slope = Double(draw) / 500
      let best = 0.7 * max(slope, 1) + 0.3 * min(slope, 1)
      // Above it by what is left to rounding alone: 1e-12 of all that was summed.
      #expect(bound >= best * (1 - 1e-15) && bound <= best * (1 + 4e-12))
    }
  }

  @Test func `a curve that bulges between the only two points is bounded at both`() {
    // x (0.7 − x) for two variables and a budget of 1: nothing at either point, 0.1 each at equal shares. Its slopes of ±0.7 at the
    // points meet at 0.245.
    let objective = CompositeObjective(dimension: 2, drawCount: 1, outer: MeanOuter()) { _, _, x in
      (x * (0.7 - x), 0.7 - 2 * x, -2)
    }
    let bound = objective.innerBounds(over: .budget(2, isExact: true), points: [[0, 0.7], [0, 0.7]])
    let best = objective.inner(at: [0.5, 0.5]).values
    #expect(best[0] <= bound[0] && bound[0] <= 0.491)
  }

  @Test func `what loses is bought only where the limit asks for it`() {
    let objective = CompositeObjective(dimension: 2, drawCount: 1, outer: MeanOuter()) { _, variable, x in
      let slope = variable == 0 ? -1.0 : -2
      return (slope * x, slope, 0)
    }
    // At most a budget: nothing. Exactly: 0.7 at a loss of 1 and 0.3 at a loss of 2.
    let free = objective.innerBounds(over: .budget(2, isExact: false), points: Array(points.prefix(2)))
    #expect(abs(free[0]) <= 1e-11)
    let bound = objective.innerBounds(over: .budget(2, isExact: true), points: Array(points.prefix(2)))
    #expect(abs(bound[0] + 1.3) <= 1e-11)
  }
}
