import Apportion
import ArgumentParser
import Foundation
import Samples
import TestSupport

/// Gaps and times of certificates on the generated families of plans, one thread, in processor time.
@main
struct Certificates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Certificates",
    abstract: "Solves generated plans, and prints how long it took and how near to the best they are proved to be.")

  @Option(
    parsing: .upToNextOption, help: "Families of plans. (default: all five)",
    transform: { name in
      guard let family = PlanFamily(rawValue: name) else {
        throw ValidationError("Families are \(PlanFamily.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      return family
    })
  var families: [PlanFamily] = []

  @Option(parsing: .upToNextOption, help: "Utilities.")
  var utilities = MeasuredUtility.certified

  @Option(help: "The first seed.")
  var first: UInt64 = 1

  @Option(help: "Instances of each family, one for each seed.")
  var seeds = 30

  @Option(help: "Channels of an instance.")
  var channels = 10

  @Option(help: "Posterior draws of an instance, an even number.")
  var draws = 4000

  @Option(help: "Periods of an instance.")
  var periods = 13

  @Option(help: "The gap asked for. (default: 1e-4, of traps 1e-3)")
  var gap: Double?

  @Option(help: "Seconds on the wall after which a solve stops where it is.")
  var timeLimit = 20.0

  @Flag(help: "A line for each solve, to standard error.")
  var each = false

  @Option(help: "A file for every solve and its plan, as JSON.")
  var json: String?

  @Option(help: "A folder for the instances' curves, one .npy file each.")
  var curves: String?

  func validate() throws {
    guard seeds > 0, channels > 1, draws > 1, draws.isMultiple(of: 2), periods > 0 else {
      throw ValidationError("At least one seed, two channels, an even number of draws and one period.")
    }
  }

  func run() throws {
    Parallel.use(threads: 1)
    var record = Record(channels: channels, draws: draws, periods: periods, timeLimit: timeLimit)
    print(SolveTable.head)
    for family in families.isEmpty ? PlanFamily.allCases : families {
      for seed in first..<first + UInt64(seeds) {
        let instance = family.instance(channels: channels, draws: draws, periods: periods, seed: seed)
        let asked = Request(family: family, seed: seed, gap: gap ?? family.gap, timeLimit: timeLimit)
        let even = try instance.evenOutcome()
        for utility in utilities {
          let solve = try Solve(instance, utility.scaled(to: even), asked)
          if each { FileHandle.standardError.write(Data((solve.line + "\n").utf8)) }
          record.solves.append(solve)
        }
        let file = try curves.map { try instance.writeCurves(to: $0, family, seed) }
        record.instances.append(Record.Instance(instance, family, seed, file: file))
      }
      for utility in utilities {
        let solves = record.solves.filter { $0.family == family.rawValue && $0.utility.name == utility }
        print(SolveTable.row(solves))
      }
    }
    try json.map { try record.write(to: $0) }
  }
}
