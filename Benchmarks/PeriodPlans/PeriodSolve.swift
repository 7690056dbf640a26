import Apportion
import Foundation
import Samples
import TestSupport

/// One plan solved again and again.
struct PeriodSolve {
  var point: [Double]
  /// In the utility's own unit.
  var value: Double
  var bound: Double
  var iterations: Int
  var times: [Seconds]

  init(_ plan: CalendarPlan, _ measured: PeriodPlans.Measured, repeats: Int) {
    var last: (outcome: InteriorPoint.Outcome, scale: Double)?
    times = (0..<repeats).map { _ in
      let (found, time) = timed { () -> (outcome: InteriorPoint.Outcome, scale: Double)? in
        let objective = plan.objective(measured.utility)
        return InteriorPoint().maximum(of: objective, over: plan.polytope, from: plan.even).map {
          ($0, objective.scale)
        }
      }
      last = found
      return time
    }
    guard let (outcome, scale) = last, let upper = outcome.upperBound else {
      preconditionFailure("A plan with a proof.")
    }
    precondition(upper >= outcome.value, "No bound is below what was found.")
    (point, iterations) = (outcome.point, outcome.iterations)
    (value, bound) = (outcome.value * scale, upper * scale)
  }

  var gap: Double { (bound - value) / abs(value) }

  var wall: Double { middle(\.wall) }
  var cpu: Double { middle(\.cpu) }

  private func middle(_ part: (Seconds) -> Double) -> Double { quantile(times.map(part).span, level: 0.5).value }

  var line: String {
    String(format: "%.1e | %d | %.3f | %.3f", gap, iterations, wall, cpu)
  }
}
