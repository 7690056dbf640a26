import Apportion
import Foundation
import TestSupport

/// What came of the attacks on one problem's bound.
struct Finding {
  let kind: AttackedProblem.Kind
  /// `certified` or `box`.
  let bound: String
  let points: Int
  let climbs: Int
  /// Plans scored, those on the way of climbs too.
  let scored: Int
  /// By how much the best plan is above the bound, or above what its certificate proves when it is replayed, as a share of it: below zero where it
  /// is not.
  let excess: Double

  /// Nil where nothing is proved that could be attacked.
  init?(_ problem: AttackedProblem, points: Int, climbs: Int) throws {
    let plan = try problem.compiled()
    let answer = try plan.optimise()
    let bounds = [answer.utility.upperBound, answer.certificate.flatMap { plan.upperBound(by: $0) }].compactMap(\.self)
    guard let least = bounds.min() else { return nil }
    kind = problem.kind
    bound = answer.utility.bound.rawValue
    (self.points, self.climbs) = (points, climbs)
    var attack = problem.attack(on: plan, seed: UInt64(points + climbs))
    let feasible = attack.shot().plan
    precondition(plan.isWithinLimits(feasible), "What is thrown is within the limits.")
    for _ in 1..<max(points, 1) { attack.shot() }
    for _ in 0..<climbs { attack.climb() }
    scored = attack.count
    let best = max(attack.best, answer.utility.value)
    excess = (best - least) / max(abs(least), .leastNormalMagnitude)
  }
}
