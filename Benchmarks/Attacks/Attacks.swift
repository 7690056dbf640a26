import Apportion
import ArgumentParser
import Foundation
import Samples
import TestSupport

/// Random plans and climbs against the bounds of generated problems of all kinds, and the page that says what came of it.
@main
struct Attacks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Attacks",
    abstract: "Seeks plans above the bounds of generated problems, and prints a page of what it found.")

  @Option(help: "Random plans within the limits, in all.")
  var points = 1_000_000

  @Option(help: "Climbs, in all.")
  var climbs = 5000

  @Option(help: "Problems that they are thrown at, each with a bound.")
  var problems = 500

  @Option(help: "The first seed.")
  var seed: UInt64 = 1

  func validate() throws {
    guard points > 0, climbs > 0, problems > 0 else { throw ValidationError("At least one of each.") }
  }

  func run() throws {
    Parallel.use(threads: 1)
    var findings: [Finding] = []
    var generated = 0
    let (_, time) = try timed {
      while findings.count < problems {
        let problem = AttackedProblem(number: generated, seed: seed)
        let number = findings.count
        generated += 1
        let finding = try Finding(problem, points: share(points, number), climbs: share(climbs, number))
        guard let finding else { continue }
        if finding.excess > 0 { FileHandle.standardError.write(Data("\(problem): \(finding.excess)\n".utf8)) }
        findings.append(finding)
      }
    }
    print(page(of: findings, withoutBound: generated - problems, seconds: time.wall))
  }

  /// Of all that is thrown, what one problem gets.
  private func share(_ all: Int, _ number: Int) -> Int { all * (number + 1) / problems - all * number / problems }

  private func page(of findings: [Finding], withoutBound: Int, seconds: Double) -> String {
    func count(_ number: Int) -> String { number.formatted(.number.locale(Locale(identifier: "en_US"))) }
    let rows = AttackedProblem.Kind.allCases.flatMap { kind in
      ["certified", "box"].compactMap { bound -> String? in
        let own = findings.filter { $0.kind == kind && $0.bound == bound }
        guard let worst = own.map(\.excess).max() else { return nil }
        let numbers = [
          own.count, own.reduce(0) { $0 + $1.points }, own.reduce(0) { $0 + $1.climbs },
          own.reduce(0) { $0 + $1.scored },
        ].map(count)
        return
          "| \(kind.rawValue) | `\(bound)` | \(numbers.joined(separator: " | ")) | \(String(format: "%.1e", worst)) |"
      }
    }
    let over = findings.count { $0.excess > 0 }
    return """
      ## What was found

      | plans | bound | problems | random plans | climbs | plans scored | largest excess |
      |---|---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      \(over == 0 ? "No plan was above a bound" : "**Above a bound were plans of \(over) problems**"): the largest excess of all is \
      \(String(format: "%.1e", findings.map(\.excess).max() ?? .nan)). \(count(withoutBound)) problems more have no bound. \(String(format: "%.0f", seconds)) s on one thread.
      """
  }
}
