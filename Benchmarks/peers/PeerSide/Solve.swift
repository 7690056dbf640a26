import Apportion
import Samples

/// A plan's answer, and how long compiling and solving it took, each time anew.
struct Solve: Encodable {
  /// Money over the horizon, by cell.
  var allocation: [Double]
  var utility: Double
  var evaluations: Int
  var termination: String
  var compiling: [Seconds]
  var solving: [Seconds]

  init(_ plan: Plan, _ posterior: Posterior, count: Int) throws {
    precondition(count > 0, "A plan is solved at least once.")
    compiling = []
    solving = []
    var answer: Recommendation?
    for _ in 0..<count {
      let (compiled, compileTime) = try timed { try CompiledPlan(plan, posterior) }
      let (solved, solveTime) = try timed { try compiled.optimise(record: RunRecord()) }
      compiling.append(compileTime)
      solving.append(solveTime)
      precondition(
        answer.map { $0.cells.map(\.total) == solved.cells.map(\.total) } ?? true, "The same plan, the same answer.")
      answer = solved
    }
    guard let answer, let solver = answer.solver else { preconditionFailure("A solved plan says how it was solved.") }
    allocation = answer.cells.map(\.total)
    utility = answer.utility.value
    evaluations = solver.evaluations
    termination = solver.termination.rawValue
  }
}
