import Foundation
import NumericKernel
import Optimisation
import TestSupport
import Testing

/// `Σ (a x² − x⁴)`: nothing at nothing, and a hill of `a² / 4` where `x² = a / 2`.
private struct Humps: OverestimableObjective {
  let heights: [Double]
  /// Between these the squares stand on their chords: concave, nowhere below the function, and it at the ends.
  private var ends: (lower: [Double], upper: [Double])?
  private let sum: CompositeObjective

  init(_ heights: [Double], ends: (lower: [Double], upper: [Double])? = nil) {
    self.heights = heights
    self.ends = ends
    sum = CompositeObjective(dimension: heights.count, drawCount: 1, outer: MeanOuter()) { _, j, x in
      let a = heights[j]
      var (square, slope, bend) = (x * x, 2 * x, 2.0)
      if let ends {
        slope = ends.lower[j] + ends.upper[j]
        (square, bend) = (slope * x - ends.lower[j] * ends.upper[j], 0)
      }
      return (a * square - x * x * x * x, a * slope - 4 * x * x * x, a * bend - 12 * x * x)
    }
  }

  var dimension: Int { heights.count }
  var isSmooth: Bool { true }
  var hasConcaveInner: Bool { ends != nil }
  var innerConstant: [Double] { [0] }
  func value(at x: [Double]) -> Double { sum.value(at: x) }
  func expansion(at x: [Double], smoothing: Double) -> Expansion { sum.expansion(at: x, smoothing: smoothing) }
  func localModel(at x: [Double]) -> (any LocalModel)? { nil }
  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) { sum.inner(at: x) }
  func outerCut(at inner: [Double]) -> OuterCut? { sum.outerCut(at: inner) }

  func overestimator(from lower: [Double], to upper: [Double]) -> (any CertifiableObjective)? {
    Humps(heights, ends: (lower, upper))
  }

  func looseness(of overestimator: any CertifiableObjective, at x: [Double]) -> [Double] {
    guard let ends = (overestimator as? Humps)?.ends else { return x.map { _ in 1 } }
    return x.indices.map { heights[$0] * (x[$0] - ends.lower[$0]) * (ends.upper[$0] - x[$0]) }
  }
}

@Suite struct EnvelopeSearchTests {
  private let objective = Humps([1.2, 1.5, 1.35, 1.1, 1.45])

  /// So much in all, and at most one of each.
  private func polytope(_ budget: Double) -> SparsePolytope {
    SparsePolytope(
      lower: [Double](repeating: 0, count: 5), upper: [Double](repeating: 1, count: 5),
      rows: [
        SparsePolytope.Row(
          label: "budget", places: Array(0..<5), coefficients: [Double](repeating: 1, count: 5), lower: budget,
          upper: budget)
      ])
  }

  /// The best of all ways to spend a budget in hundredths, one variable after the other.
  private func best(_ budget: Double) -> Double {
    let steps = Int((100 * budget).rounded())
    var best = [Double](repeating: -.infinity, count: steps + 1)
    best[0] = 0
    for a in objective.heights {
      let gains = (0...100).map { a * pow(Double($0) / 100, 2) - pow(Double($0) / 100, 4) }
      best = best.indices.map { spent in
        (0...min(spent, 100)).reduce(-.infinity) { max($0, best[spent - $1] + gains[$1]) }
      }
    }
    return best[steps]
  }

  @Test(arguments: [0.7, 1.3, 1.9, 2.6]) func `the highest hills are found and proved, wherever the search begins`(
    budget: Double
  ) throws {
    let best = best(budget)
    for first in [0, 3] {
      var start = [Double](repeating: budget / 8, count: 5)
      start[first] = budget / 2
      let found = try #require(EnvelopeSearch().maximum(of: objective, over: polytope(budget), from: start))
      let bound = try #require(found.upperBound)
      // A hundredth's grid is below the best by its bend times a quarter of 1e-4 at most.
      #expect(found.value <= bound && found.value >= best - 1e-9 - 1e-3 * best)
      #expect(bound >= best && bound <= found.value * (1 + 1.001e-3))
      #expect(found.termination == .converged)
      #expect(polytope(budget).violation(at: found.point) <= 1e-9)
    }
  }

  @Test func `the more boxes, the lower the bound, and none is below the best`() throws {
    let best = best(1.9)
    var search = EnvelopeSearch()
    search.gap = 1e-6
    var bounds: [Double] = []
    for limit in 1...30 {
      search.boxLimit = limit
      let found = try #require(search.maximum(of: objective, over: polytope(1.9), from: [0.9, 0, 0, 1, 0]))
      bounds.append(try #require(found.upperBound))
      #expect(found.termination == .converged || found.termination == .iterationLimit && found.boxes >= limit)
    }
    #expect(bounds.allSatisfy { $0 >= best })
    // The loosest box is the next one to be split: whatever is open is below the bound before.
    #expect(bounds == bounds.sorted(by: >))
    #expect(bounds[29] < bounds[0])
  }

  @Test func `what is not above the function is not asked where the function is concave itself`() throws {
    let concave = Humps(objective.heights, ends: ([0, 0, 0, 0, 0], [1, 1, 1, 1, 1]))
    let found = try #require(
      EnvelopeSearch().maximum(of: concave, over: polytope(1.9), from: [0.4, 0.4, 0.4, 0.4, 0.3]))
    #expect(found.boxes == 0 && found.termination == .converged)
    // Each a x − x⁴, slopes a − 4 x³ equal: the bound is the interior point's own.
    #expect(try #require(found.upperBound) - found.value <= 1e-5 * found.value)
  }

  @Test func `limits without a point have no answer, and time over has a bound that holds`() throws {
    var impossible = polytope(1.9)
    impossible.upper = [0.1, 0.1, 0.1, 0.1, 0.1]
    #expect(EnvelopeSearch().maximum(of: objective, over: impossible, from: [0, 0, 0, 0, 0]) == nil)
    let late = EnvelopeSearch().maximum(
      of: objective, over: polytope(1.9), from: [0.38, 0.38, 0.38, 0.38, 0.38], until: .now - .seconds(1))
    if let late { #expect(late.upperBound.map { $0 >= best(1.9) } ?? true) }
  }
}
