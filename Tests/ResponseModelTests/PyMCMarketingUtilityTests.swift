import Foundation
import NumericKernel
import ResponseModel
import TestSupport
import Testing

/// `compat: pymc` gives the numbers of PyMC-Marketing 1.3.0.
struct PyMCMarketingUtilityTests {
  /// What `Tests/Fixtures/make_pymc_utilities.py` wrote.
  struct Fixture: Decodable {
    struct Case: Decodable {
      var responses: [[Double]]
      var spendPerPeriod: [Double]
      var values: [String: Double]
    }
    var periodCount: Int
    var cases: [Case]
  }

  static let testsFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// A name of ours and one number: a reference, or a confidence, which is 1 − level or 1 − tail.
  func utility(_ name: String, _ number: Double?, periodCount: Int) throws -> any Utility {
    var values: [String: UtilityEntry.Value] = ["compat": .word("pymc")]
    switch (name, number) {
    case ("quantile", let confidence?): values["level"] = .number(1 - confidence)
    case ("expected_shortfall", let confidence?): values["tail"] = .number(1 - confidence)
    case ("tail_distance", let confidence?): values["level"] = .number(confidence)
    case ("mean_tightness", let confidence?):
      values["alpha"] = .number(0.5)
      values["level"] = .number(confidence)
    case ("blend", let confidence?):
      values["a"] = .number(0.8)
      values["level"] = .number(1 - confidence)
    case (_, let reference?): values["reference"] = .number(reference)
    case (_, nil): break
    }
    let entry = try #require(UtilityCatalogue.entry(named: name))
    return entry.make(UtilityOptions(values, periodCount: periodCount))
  }

  func expect(_ utility: any Utility, of plan: ScoredPlan, is expected: Double, _ place: String) {
    let value = (utility as? any PlanUtility)?.score(plan).value ?? utility.value(of: plan.outcome)
    // Both sum the same draws in another order; distances lose digits to the mean, a thousand times as large at most.
    #expect(abs(value - expected) <= 1e-11 * abs(expected), "\(place)")
  }

  @Test func `Utilities equal PyMC-Marketing's own on committed draws`() throws {
    let file = PyMCMarketingUtilityTests.testsFolder.appending(path: "Fixtures/pymc_utilities.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    for example in fixture.cases {
      let drawCount = example.responses[0].count
      let plan = ScoredPlan(
        outcome: (0..<drawCount).map { draw in example.responses.reduce(0) { $0 + $1[draw] } },
        spend: example.spendPerPeriod.map { $0 * Double(fixture.periodCount) },
        responses: DrawMatrix(columns: example.responses, drawCount: drawCount))
      #expect(example.values.count == 27)
      for (key, expected) in example.values {
        let words = key.split(separator: " ").map(String.init)
        let number = words.count > 1 ? Double(words[1]) : nil
        let utility = try utility(words[0], number, periodCount: fixture.periodCount)
        expect(utility, of: plan, is: expected, "\(key) of \(drawCount) draws")
      }
    }
  }

  // MARK: The reference cases beside the repository, where they are

  static let cases = testsFolder.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/cases/pymc_weekly")

  struct Reference: Decodable {
    var labels: [String]
    var utilities: [String: [Double?]]
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: cases.path), "needs ../shared"),
    arguments: ["n13", "n13_dist_cpu"])
  func `Utilities equal PyMC-Marketing's on a fitted model's responses`(tag: String) throws {
    let path = PyMCMarketingUtilityTests.cases.appending(path: "responses_\(tag).npz").path
    let arrays = try #require(try NPZ(path: path)).arrays
    let allocations = try #require(arrays["allocations"]).values
    let responses = try #require(arrays["responses"]).values
    let reference = try JSONDecoder().decode(
      Reference.self,
      from: Data(contentsOf: PyMCMarketingUtilityTests.cases.appending(path: "utilities_\(tag).json")))
    let planCount = reference.labels.count
    let cellCount = allocations.count / planCount
    let drawCount = responses.count / planCount
    for (key, values) in reference.utilities {
      for plan in 0..<planCount {
        // PyMC-Marketing's entropy is not a number where a share is zero; ours is.
        guard let expected = values[plan] else {
          #expect(key == "portfolio_entropy" && reference.labels[plan] == "random2_half_zero")
          continue
        }
        let scored = ScoredPlan(
          outcome: Array(responses[(plan * drawCount)..<((plan + 1) * drawCount)]),
          spend: allocations[(plan * cellCount)..<((plan + 1) * cellCount)].map { $0 * 13 },
          responses: DrawMatrix(drawCount: drawCount, columnCount: cellCount))
        let ours = try utility(named: key)
        expect(ours, of: scored, is: expected, "\(key) of \(reference.labels[plan])")
      }
    }
  }

  func utility(named key: String) throws -> any Utility {
    let (name, number): (String, Double?) =
      switch key {
      case "average_response": ("mean", nil)
      case "value_at_risk_0.95": ("quantile", 0.95)
      case "value_at_risk_0.75": ("quantile", 0.75)
      case "conditional_value_at_risk_0.95": ("expected_shortfall", 0.95)
      case "conditional_value_at_risk_0.75": ("expected_shortfall", 0.75)
      case "tail_distance_0.75": ("tail_distance", 0.75)
      case "mean_tightness_score_0.5_0.75": ("mean_tightness", 0.75)
      case "sharpe_ratio_0": ("sharpe", 0)
      case "raroc_0": ("raroc", 0)
      case "adjusted_value_at_risk_score_0.95_0.8": ("blend", 0.95)
      case "portfolio_entropy": ("entropy_of_shares", nil)
      default: (key, nil)
      }
    return try utility(name, number, periodCount: 13)
  }
}
