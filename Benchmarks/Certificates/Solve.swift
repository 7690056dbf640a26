import Apportion
import Foundation
import Samples
import TestSupport

/// Which plan is solved, and how well.
struct Request {
  var family: PlanFamily
  var seed: UInt64
  var gap: Double
  var timeLimit: Double
}

/// One plan's answer, its certificate, and what both took. Compiling the plan is not in the times.
struct Solve: Encodable {
  var family: String
  var seed: UInt64
  var utility: ScaledUtility
  /// As a share of the best value.
  var gapAskedFor: Double
  /// Seconds of the processor, tables left out, that the solve is to take at most; nil where its size has no goal.
  var goal: Double?
  /// Proved; nil where nothing is.
  var gap: Double?
  var value: Double
  /// Proved: no plan within the limits is above it.
  var upperBound: Double?
  /// Money over the horizon, by channel.
  var allocation: [Double]
  var termination: String
  var evaluations: Int
  /// Looked at by the proof; zero where tangents at the answer were proof enough.
  var boxes: Int
  var cuts: Int
  /// Seconds of the processor, tables and certificate included.
  var cpu: Double
  /// Those of them that went into tables.
  var tables: Double
  var wall: Double

  init(_ instance: PlanInstance, _ utility: ScaledUtility, _ request: Request) throws {
    let solver = "solver: {gap: \(request.gap), time_limit: \(request.timeLimit)}"
    let compiled = try instance.compiled(utility.line, solver)
    let (answer, time) = try timed { try compiled.optimise(record: RunRecord()) }
    guard let solver = answer.solver else { preconditionFailure("A solved plan says how it was solved.") }
    family = request.family.rawValue
    seed = request.seed
    self.utility = utility
    gapAskedFor = request.gap
    goal = Goal.seconds(request.family, utility.name, channels: instance.lower.count)
    gap = answer.utility.gap
    value = answer.utility.value
    upperBound = answer.utility.upperBound
    allocation = answer.cells.map(\.total)
    termination = solver.termination.rawValue
    evaluations = solver.evaluations
    boxes = solver.proof?.boxes ?? 0
    cuts = solver.proof?.cuts ?? 0
    cpu = time.cpu
    tables = solver.proof?.tableTime ?? 0
    wall = time.wall
  }

  /// Seconds of the processor but for tables.
  var solving: Double { cpu - tables }

  /// Whether the gap asked for is proved.
  var isClosed: Bool { gap.map { $0 <= gapAskedFor } ?? false }

  /// For whoever watches.
  var line: String {
    let found = String(format: "%.3f s, tables %.3f s, gap %.1e", solving, tables, gap ?? .infinity)
    return "\(family) \(seed) \(utility.name.rawValue): \(found), \(boxes) boxes, \(cuts) cuts, \(termination)"
  }
}
