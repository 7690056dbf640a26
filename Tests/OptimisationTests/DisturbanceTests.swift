import NumericKernel
import Synchronization
import TestSupport
import Testing

@testable import Optimisation

/// What may go wrong with a linear program.
private enum Failure: CaseIterable, Sendable {
  case noAnswer, randomMultipliers, wrongSigns, notNumbers, huge, randomMixtures, everything
}

/// Makes some of a linear program's answers fail. Random, but the same in every run: one search asks in order.
private final class Disturbance: Sendable {
  private let failure: Failure
  private let state: Mutex<(random: Xorshift, met: [Set<Double>])>

  init(_ failure: Failure, polytope: Polytope, seed: UInt64) {
    self.failure = failure
    state = Mutex(
      (Xorshift(seed: seed), zip(polytope.lower, polytope.upper).map { [$0, $1] }))
  }

  func callAsFunction(_ answer: MasterProblem.Answer?) -> MasterProblem.Answer? {
    state.withLock { state in
      guard var answer else { return nil }
      for (j, shares) in answer.mixture.shares.enumerated() {
        for share in shares { state.met[j].insert(share.x) }
      }
      guard state.random.uniform(0, 1) < 0.4 else { return answer }
      let failure =
        failure == .everything ? Failure.allCases[Int(state.random.uniform(0, 5.999))] : failure
      switch failure {
      case .noAnswer: return nil
      case .randomMultipliers:
        answer.multipliers.cuts = answer.multipliers.cuts.map { _ in state.random.uniform(0, 1) }
        answer.multipliers.rows = answer.multipliers.rows.map { _ in state.random.uniform(-20, 20) }
      case .wrongSigns:
        answer.multipliers.cuts = answer.multipliers.cuts.map { state.random.uniform(0, 1) < 0.5 ? -$0 : $0 }
        answer.multipliers.rows = answer.multipliers.rows.map { -$0 }
      case .notNumbers:
        let wrong = [Double.nan, .infinity, -.infinity, .signalingNaN][Int(state.random.uniform(0, 3.999))]
        if state.random.uniform(0, 1) < 0.5 {
          answer.multipliers.cuts[Int(state.random.uniform(0, Double(answer.multipliers.cuts.count)))] = wrong
        } else {
          answer.multipliers.rows = answer.multipliers.rows.map { _ in wrong }
        }
      case .huge:
        let size = [1e20, 1e200, 1e308, 1e-300][Int(state.random.uniform(0, 3.999))]
        answer.multipliers.rows = answer.multipliers.rows.map { $0 * size }
        answer.multipliers.cuts = answer.multipliers.cuts.map { $0 * size }
      case .randomMixtures, .everything:
        answer.mixture = Mixture(
          state.met.map { points in
            let points = points.sorted()
            let shares = state.random.shares(2)
            return shares.map { share in
              Mixture.Share(x: points[Int(state.random.uniform(0, Double(points.count)))], share: share)
            }
          })
      }
      return answer
    }
  }
}

/// Solvers that fail: what is proved must hold all the same. The best point known is that of a search in which nothing fails, and of
/// climbs from many places.
@Suite struct DisturbanceTests {
  private struct Problem: Sendable {
    var name: String
    var objective: CompositeObjective
    var polytope: Polytope
    /// Where searches begin: no better than an even split.
    var start: Solution
    var undisturbed: BranchAndBound.Outcome
    var best: Double
  }

  private static let made = Result { try make() }

  private static func problems() throws -> [Problem] { try made.get() }

  private static func make() throws -> [Problem] {
    var problems: [Problem] = []
    let outers: [(String, any OuterFunction)] = [
      ("mean", MeanOuter()), ("worst fifth", WorstTailOuter(tail: 0.2)), ("deviation", MeanDeviationOuter(lambda: 2)),
    ]
    for (index, (name, outer)) in outers.enumerated() {
      let isExact = index != 1
      let seed = UInt64(20 + index)
      let objective = CompositeObjective.hills(outer, exponents: 2...6, drawCount: 40, seed: seed)
      let polytope = Polytope.budget(4, isExact: isExact)
      var search = LocalSearch()
      search.climb.evaluationLimit = 1
      let even = LocalSearch.Start(name: "even", point: [Double](repeating: 0.25, count: 4))
      let start = try #require(search.maximum(of: objective, over: polytope, from: [even])).solution
      var solver = BranchAndBound()
      solver.gap = 1e-3
      let undisturbed = try #require(solver.prove(objective, over: polytope, from: start))
      var random = Xorshift(seed: seed)
      let starts = (0..<12).map { LocalSearch.Start(name: "\($0)", point: random.shares(4, peakedness: 2)) }
      let climbed = try #require(LocalSearch().maximum(of: objective, over: polytope, from: starts))
      problems.append(
        Problem(
          name: "\(name) \(isExact)", objective: objective, polytope: polytope, start: start,
          undisturbed: undisturbed, best: max(undisturbed.solution.value, climbed.solution.value)))
    }
    return problems
  }

  private var solver: BranchAndBound {
    var solver = BranchAndBound()
    solver.gap = 1e-3
    solver.boxLimit = 30
    solver.roundLimit = 12
    return solver
  }

  /// Holds against every point known, and again when it is replayed.
  private func expectValid(_ proof: BranchAndBound.Outcome, of problem: Problem, _ what: String) throws {
    let best = max(problem.best, proof.solution.value)
    #expect(proof.upperBound >= best, "\(what), \(problem.name)")
    #expect(proof.solution.value == problem.objective.value(at: proof.solution.point), "\(what), \(problem.name)")
    #expect(problem.polytope.contains(proof.solution.point), "\(what), \(problem.name)")
    let replayed = try #require(proof.proof.value(of: problem.objective, over: problem.polytope))
    #expect(replayed >= best, "\(what), \(problem.name)")
    #expect(replayed <= proof.upperBound + 1e-11 * abs(proof.upperBound), "\(what), \(problem.name)")
  }

  @Test func `a linear program that fails, or lies, never breaks a bound, and without faults the gap is closed`() throws
  {
    for problem in try DisturbanceTests.problems() {
      try expectValid(problem.undisturbed, of: problem, "nothing")
      let missing = problem.undisturbed.upperBound - problem.best
      #expect(missing <= 1.001e-3 * abs(problem.best), "\(problem.name)")
      for failure in Failure.allCases {
        let disturbance = Disturbance(failure, polytope: problem.polytope, seed: 1)
        var solver = solver
        solver.disturbance = { disturbance($0) }
        let proof = try #require(solver.prove(problem.objective, over: problem.polytope, from: problem.start))
        try expectValid(proof, of: problem, "\(failure)")
      }
    }
  }

  @Test func `without any answer of the linear program the bound is that of the first cut, and holds`() throws {
    for problem in try DisturbanceTests.problems() {
      var solver = solver
      solver.disturbance = { _ in nil }
      let proof = try #require(solver.prove(problem.objective, over: problem.polytope, from: problem.start))
      try expectValid(proof, of: problem, "no answer ever")
    }
  }

  @Test(arguments: FailingObjective.Fault.allCases)
  func `a local search or a cut that fails never breaks a bound`(fault: FailingObjective.Fault) throws {
    for problem in try DisturbanceTests.problems() {
      for share in [0.4, 1] {
        var objective = FailingObjective(problem.objective, fault: fault)
        objective.share = share
        let proof = solver.prove(objective, over: problem.polytope, from: problem.start)
        // Without a first cut, or without numbers to bound it by, nothing is proved.
        let mayProveNothing = fault == .noCut || fault == .wrongCut || fault == .unknownChords
        #expect(proof != nil || mayProveNothing, "\(fault), \(problem.name)")
        if mayProveNothing && share == 1 { #expect(proof == nil, "\(fault), \(problem.name)") }
        if let proof { try expectValid(proof, of: problem, "\(fault)") }
      }
    }
  }

  @Test func `a local search without time never breaks a bound`() throws {
    for problem in try DisturbanceTests.problems() {
      var solver = solver
      solver.climb.timeLimit = .zero
      let proof = try #require(solver.prove(problem.objective, over: problem.polytope, from: problem.start))
      try expectValid(proof, of: problem, "no time to climb")
      let late = try #require(
        solver.prove(problem.objective, over: problem.polytope, from: problem.start, until: .now))
      try expectValid(late, of: problem, "no time at all")
      #expect(late.boxes == 1)
    }
  }

  @Test(arguments: [Double.nan, -.infinity])
  func `a start whose value is no number leaves the bound what it is`(value: Double) throws {
    let problem = try #require(try DisturbanceTests.problems().first)
    var start = problem.start
    start.value = value
    let proof = try #require(solver.prove(problem.objective, over: problem.polytope, from: start))
    let replayed = try #require(proof.proof.value(of: problem.objective, over: problem.polytope))
    #expect(replayed >= problem.best)
    #expect(proof.upperBound >= problem.best)
  }
}
