import Apportion
import Foundation
import Samples
import TestSupport

@main struct Main {
  static func main() {
    Parallel.use(threads: 1)
    useOneBLASThread()
    for (channels, periods) in [(8, 26), (10, 52)] {
      for (name, utility) in [
        ("mean", Mean() as any Utility), ("es 0.1", ExpectedShortfall(tail: 0.1)),
        ("es 0.05", ExpectedShortfall(tail: 0.05)),
      ] {
        let plan = CalendarPlan(channels: channels, periods: periods, draws: 2000)
        let (objective, setup) = timed { plan.objective(utility) }
        let (outcome, time) = timed { InteriorPoint().maximum(of: objective, over: plan.polytope, from: plan.even) }
        guard let outcome else {
          print("none")
          continue
        }
        let v = outcome.value
        let u = outcome.upperBound ?? .nan
        print(
          channels, periods, name, "value", v * objective.scale, "gap", (u - v) / abs(v), outcome.termination,
          outcome.iterations, "smoothing", outcome.smoothing, "violation", plan.polytope.violation(at: outcome.point),
          "cpu", time.cpu, "setup", setup.cpu)
      }
    }
  }
}
