import Foundation
import NumericKernel
import TestSupport
import Testing

@testable import Planning

/// The generated families' optima, certified once to a millionth, against what is found today.
///
/// With WRITE_OPTIMA=1 the table is made anew: a value that moves by more than its gap is a mistake, then or now.
@Suite struct FamilyOptimaTests {
  private static let file = packageRoot.appending(path: "Tests/Fixtures/family_optima.json")
  private static let cases = PlanFamily.allCases.flatMap { family in
    ["mean", "{expected_shortfall: {tail: 0.1}}", "{mean_deviation: {lambda: 1}}"].flatMap { utility in
      [1, 2].map { seed in
        BoundValidityTests.Case(family: family, seed: seed, utility: utility, channels: 5)
      }
    }
  }

  /// A plan's best value, and a bound that it is proved to be below.
  private struct Optimum: Codable {
    var plan: String
    var value: Double
    var upperBound: Double
  }

  private static func optimum(_ plan: BoundValidityTests.Case, gap: Double) throws -> Optimum {
    let answer = try plan.compiled(gap: gap, timeLimit: 60).optimise(record: RunRecord(version: "test"))
    return Optimum(
      plan: plan.testDescription, value: answer.utility.value, upperBound: try #require(answer.utility.upperBound))
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["WRITE_OPTIMA"] == "1"))
  func `the table is written`() throws {
    let optima = try Self.cases.map { try Self.optimum($0, gap: 1e-6) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(optima).write(to: Self.file)
  }

  @Test func `every family's optimum is the certified one`() throws {
    let table = try JSONDecoder().decode([Optimum].self, from: Data(contentsOf: Self.file))
    try #require(table.count == Self.cases.count)
    for (plan, certified) in zip(Self.cases, table) {
      #expect(certified.plan == plan.testDescription)
      #expect(certified.upperBound - certified.value <= 1.1e-6 * abs(certified.value))
      let found = try Self.optimum(plan, gap: 1e-3)
      // Another processor's last digits aside.
      let rounding = 1e-9 * abs(certified.value)
      #expect(found.value <= certified.upperBound + rounding, "\(plan.testDescription)")
      #expect(found.upperBound >= certified.value - rounding, "\(plan.testDescription)")
      #expect(found.value >= certified.value - 1.1e-3 * abs(certified.value), "\(plan.testDescription)")
    }
  }
}
