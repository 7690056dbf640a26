public import Optimisation
import Synchronization

/// Counts what a solver asks of an objective, and whether it asks the same twice.
public final class CountingObjective<Base: Objective>: Objective {
  private struct Question: Hashable {
    var kind: String
    var point: [Double]
  }

  private let base: Base
  private let asked = Mutex<[Question: Int]>([:])

  public init(_ base: Base) { self.base = base }

  public var dimension: Int { base.dimension }
  public var isSmooth: Bool { base.isSmooth }

  /// All that was asked.
  public var count: Int { asked.withLock { $0.values.reduce(0, +) } }
  /// All of one kind: `value`, `expansion` or `model`.
  public func count(of kind: String) -> Int {
    asked.withLock { $0.reduce(0) { $0 + ($1.key.kind.hasPrefix(kind) ? $1.value : 0) } }
  }
  /// What was asked again.
  public var repetitions: Int { asked.withLock { $0.values.reduce(0) { $0 + $1 - 1 } } }

  private func note(_ kind: String, _ point: [Double]) {
    asked.withLock { $0[Question(kind: kind, point: point), default: 0] += 1 }
  }

  public func value(at x: [Double]) -> Double {
    note("value", x)
    return base.value(at: x)
  }

  public func expansion(at x: [Double], smoothing: Double) -> Expansion {
    note("expansion \(smoothing)", x)
    return base.expansion(at: x, smoothing: smoothing)
  }

  public func localModel(at x: [Double]) -> (any LocalModel)? {
    note("model", x)
    return base.localModel(at: x)
  }
}
