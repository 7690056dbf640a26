import Foundation
import Optimisation
import TestSupport
import Testing

@Suite struct DifferentialEvolutionTests {
  /// `Σ x_j sin(9 x_j + j)` over shares: many hills, one of them the highest.
  private struct Waves: Objective {
    let dimension = 4
    let isSmooth = true
    func value(at x: [Double]) -> Double { zip(1..., x).reduce(0) { $0 + $1.1 * sin(9 * $1.1 + Double($1.0)) } }
    func expansion(at x: [Double], smoothing: Double) -> Expansion { preconditionFailure("Only values are asked for.") }
    func localModel(at x: [Double]) -> (any LocalModel)? { nil }
  }

  private static let shares = Polytope(
    lower: [0, 0, 0.05, 0], upper: [1, 0.6, 1, 1],
    rows: [Polytope.Row(label: "all", coefficients: [1, 1, 1, 1], lower: 1, upper: 1)])

  private static func random(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = Xorshift(seed: seed)
    return (0..<count).map { _ in (0..<4).map { _ in random.uniform(0, 1) } }
  }

  @Test func `the highest hill is found, and every point is in the polytope`() {
    // A grid of hundredths, which is within 1e-2 of the best.
    var best = -Double.infinity
    for a in 0...100 {
      for b in 0...min(60, 100 - a) {
        for c in 0...(100 - a - b) where c >= 5 {
          best = max(best, Waves().value(at: [a, b, c, 100 - a - b - c].map { Double($0) / 100 }))
        }
      }
    }
    for seed in 1...5 as ClosedRange<UInt64> {
      var evolution = DifferentialEvolution()
      evolution.seed = seed
      let (members, evaluations) = evolution.population(
        of: Waves(), over: Self.shares, from: Self.random(40, seed: seed))
      #expect(members.count == 40 && evaluations == 40 * 61)
      #expect(members[0].value > best - 1e-3)
      #expect(zip(members, members.dropFirst()).allSatisfy { $0.value >= $1.value })
      for member in members {
        #expect(Self.shares.contains(member.point) && member.value == Waves().value(at: member.point))
      }
    }
  }

  /// The same everywhere.
  private struct Flat: Objective {
    let dimension = 4
    let isSmooth = true
    func value(at x: [Double]) -> Double { 1 }
    func expansion(at x: [Double], smoothing: Double) -> Expansion { preconditionFailure("Only values are asked for.") }
    func localModel(at x: [Double]) -> (any LocalModel)? { nil }
  }

  @Test func `two generations in which nothing rises are the last`() {
    let flat = DifferentialEvolution().population(of: Flat(), over: Self.shares, from: Self.random(12, seed: 1))
    #expect(flat.evaluations == 12 * 3)
  }

  @Test(arguments: 1...4) func `with a polish the small hills are climbed, and each is kept once`(seed: Int) {
    // An order statistic of 80 draws: a hill for many choices of the draws below it.
    let kinked = saturatingObjective(4, draws: 80, outer: OrderStatisticOuter(rank: 8), seed: 22)
    let points = Self.random(12, seed: UInt64(seed))
    var evolution = DifferentialEvolution()
    evolution.generationLimit = 4
    let byValues = evolution.population(of: kinked, over: Self.shares, from: points).members
    evolution.polish = Polish()
    let members = evolution.population(of: kinked, over: Self.shares, from: points).members
    #expect(members[0].value > byValues[0].value)
    for (place, member) in members.enumerated() {
      #expect(Self.shares.contains(member.point) && member.value == kinked.value(at: member.point))
      for other in members[..<place] {
        #expect(zip(member.point, other.point).contains { abs($0 - $1) > 1e-7 })
      }
    }
  }

  @Test func `a seed is a population, and time that is over leaves the first one`() {
    let points = Self.random(12, seed: 3)
    let evolution = DifferentialEvolution()
    let all = evolution.population(of: Waves(), over: Self.shares, from: points).members
    #expect(all == evolution.population(of: Waves(), over: Self.shares, from: points).members)
    var other = evolution
    other.seed = 2
    #expect(all != other.population(of: Waves(), over: Self.shares, from: points).members)
    let first = evolution.population(of: Waves(), over: Self.shares, from: points, until: .now)
    #expect(first.evaluations == 12 && first.members.count == 12)
    // Twelve evaluations to begin with and twelve a generation: after 24 another begins, after 36 none.
    var limited = evolution
    limited.evaluationLimit = 30
    #expect(limited.population(of: Waves(), over: Self.shares, from: points).evaluations == 36)
  }
}
