import Apportion
import ArgumentParser
import Foundation
import Samples
import TestSupport

/// What caution costs: the plan for each utility, scored by all of them, over every posterior of `data/` and generated families.
@main
struct Utilities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Utilities",
    abstract:
      "Finds the best plan by each of nine utilities, scores it by all of them, and writes a page of what that costs.")

  @Argument(help: "Posteriors: NetCDF files that say all of their model.")
  var posteriors: [String] = []

  @Option(help: "Instances of each generated family, one for each seed.")
  var seeds = 1

  @Option(help: "Posterior draws of an instance, an even number.")
  var draws = 1000

  @Option(help: "Seconds on the wall after which one solve stops where it is.")
  var timeLimit = 5.0

  func run() throws {
    var problems = try posteriors.map { try Problem(file: URL(fileURLWithPath: $0)) }
    let fileCount = problems.count
    for family in PlanFamily.allCases {
      for seed in 0..<seeds { problems.append(try Problem(family, seed: UInt64(seed) + 1, draws: draws)) }
    }
    var page = Page(fileCount: fileCount, generatedCount: problems.count - fileCount, timeLimit: timeLimit)
    for problem in problems {
      var plan = problem.plan
      plan.solver.timeLimit = timeLimit
      let utilities = try problem.utilities()
      let (matrix, time) = try timed { try UtilityMatrix(plan, problem.posterior, utilities: utilities) }
      FileHandle.standardError.write(Data("\(problem.name): \(String(format: "%.2f", time.wall)) s\n".utf8))
      page.add(matrix, of: problem, time)
    }
    print(page.text, terminator: "")
  }
}
