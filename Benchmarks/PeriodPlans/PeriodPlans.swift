import Apportion
import ArgumentParser
import Foundation
import Samples
import TestSupport

/// Gaps and times of plans by period: concave curves under carryover, a season, ramps and a budget, one thread.
@main
struct PeriodPlans: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "PeriodPlans",
    abstract:
      "Solves generated plans by period, and prints how long it took and how near to the best they are proved to be.")

  /// The goals: 8 x 26 below 0.8 s and 10 x 52 below 3 s of the processor, to a gap of 1e-5.
  static let sizes = [(channels: 8, periods: 26), (channels: 10, periods: 52)]

  @Option(help: "Posterior draws.")
  var draws = 2000

  @Option(help: "The seed of the plans.")
  var seed: UInt64 = 1

  @Option(help: "Solves of each plan, of which the medians are printed.")
  var repeats = 5

  @Option(help: "A file for every solve and the plans themselves, as JSON.")
  var json: String?

  func validate() throws {
    guard draws > 1, repeats > 0 else { throw ValidationError("At least two draws, and a solve.") }
  }

  func run() throws {
    Parallel.use(threads: 1)
    useOneBLASThread()
    var record = Record(draws: draws)
    print("plan | utility | gap | iterations | wall s | cpu s")
    for size in Self.sizes {
      let plan = CalendarPlan(channels: size.channels, periods: size.periods, draws: draws, seed: seed)
      record.plans.append(Record.Plan(plan, size.channels, size.periods))
      let even = plan.objective(Mean()).outcome(at: plan.even)
      for utility in Self.utilities(even) {
        let solve = PeriodSolve(plan, utility, repeats: repeats)
        precondition(
          plan.polytope.violation(at: solve.point) <= 1e-9 * plan.polytope.width, "A plan within its limits.")
        print("\(size.channels) x \(size.periods) | \(utility.name) | \(solve.line)")
        record.solves.append(Record.Solve(solve, utility, channels: size.channels, periods: size.periods))
      }
    }
    if let json { try JSONEncoder().encode(record).write(to: URL(filePath: json)) }
  }

  /// What a utility is called, its number, and itself.
  struct Measured {
    var name: String
    var option: Double
    var utility: any Utility
  }

  /// Risk aversion is scaled to the spread of an even plan.
  static func utilities(_ even: [Double]) -> [Measured] {
    let gamma = 2 / Moments(even.span).deviation
    return [
      Measured(name: "mean", option: 0, utility: Mean()),
      Measured(name: "expected_shortfall", option: 0.1, utility: ExpectedShortfall(tail: 0.1)),
      Measured(name: "entropic", option: gamma, utility: Entropic(gamma: gamma)),
    ]
  }
}
