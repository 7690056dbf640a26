import Foundation
import Optimisation
import Planning
import Testing

@testable import Reporting

@Suite struct JSONReportTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The fields that the interface promises.
  @Test func `every documented field is there, null where there is nothing to say`() throws {
    let report = try object(MadeUp.recommendation.jsonReport)
    let fields = [
      "status", "termination", "utility", "budget", "allocation", "outcome", "lift", "probability_better", "regret",
      "evpi", "out_of_sample", "loss", "reweighting",
      "constraints", "diagnostics", "exploratory", "warnings", "reproducibility",
    ]
    #expect(Set(fields).isSubset(of: report.keys))
    #expect(report["regret"] is NSNull)
    #expect(report["evpi"] is NSNull)
    let utility = try #require(report["utility"] as? [String: Any])
    #expect(utility["name"] as? String == "expected_shortfall")
    #expect(utility["bound"] as? String == "none")
    #expect(utility["upper_bound"] is NSNull && utility["gap"] is NSNull)
    let budget = try #require(report["budget"] as? [String: Any])
    #expect(budget["requested"] as? Double == 1_000_000 && budget["shadow_price"] as? Double == 0.7423)
    let cells = try #require(report["allocation"] as? [[String: Any]])
    let cellFields: Set = [
      "channel", "total", "per_period", "units", "current", "change", "lower", "upper", "binding", "marginal_roi",
      "roi",
      "response", "parts", "response_per_period", "observed", "risk", "curve", "lift", "current_marginal_roi",
      "next_unit", "current_roi", "current_next_unit",
    ]
    #expect(cells.map { Set($0.keys) } == Array(repeating: cellFields, count: 4))
    #expect(cells[0]["per_period"] as? [Double] == [250_000, 250_000])
    #expect(cells[0]["change"] as? Double == 87_499.5)
    #expect((cells[1]["roi"] as? [String: Double])?.keys.sorted() == ["mean", "q05", "q50", "q95"])
    #expect(cells[1]["channel"] as? String == "paid, \"search\"")
    #expect(cells[1]["binding"] is NSNull)
    #expect(cells[3]["roi"] is NSNull)
    let outcomeFields = ["expected_shortfall_05", "mean", "q05", "q25", "q50", "q75", "q95", "sd"]
    #expect((report["outcome"] as? [String: Double])?.keys.sorted() == outcomeFields)
    #expect((report["lift"] as? [String: Double])?.keys.sorted() == outcomeFields)
    let constraint = try #require((report["constraints"] as? [[String: Any]])?.last)
    #expect(constraint["limit"] as? Double == 500_000 && constraint["slack"] as? Double == 0)
    let reproducibility = try #require(report["reproducibility"] as? [String: Any])
    #expect(reproducibility["plan"] as? String == "horizon: {num_periods: 2}\n")
    #expect((reproducibility["inputs"] as? [[String: String]]) == [["path": "plan.yaml", "sha256": "00ff"]])
  }

  @Test func `without a current plan or a solver their fields are null`() throws {
    var given = MadeUp.recommendation
    given.lift = nil
    given.currentOutcome = nil
    given.probabilityBetter = nil
    given.solver = nil
    given.budget.requested = nil
    let report = try object(given.jsonReport)
    for name in ["lift", "current_outcome", "probability_better", "solver", "termination"] {
      #expect(report[name] is NSNull, "\(name)")
    }
    #expect((report["budget"] as? [String: Any])?["requested"] is NSNull)
  }

  @Test func `further dims stand beside the channel`() throws {
    var recommendation = MadeUp.recommendation
    recommendation.dims = ["channel", "geo"]
    recommendation.cells = [MadeUp.cell(["tv", "north"], [1, 2], current: nil, nil, marginalROI: 1, roi: nil)]
    let cell = try #require((try object(recommendation.jsonReport)["allocation"] as? [[String: Any]])?.first)
    #expect(cell["channel"] as? String == "tv" && cell["geo"] as? String == "north")
  }

  @Test func `members keep their order, and numbers read back as the same numbers`() throws {
    let numbers = [0.1, 1.0 / 3, Double.leastNonzeroMagnitude, -1.7976931348623157e308, 1e16, 123_456_789.123]
    let document = JSONValue.object([
      ("b", JSONValue(numbers)), ("a", .number(.nan)), ("c", .number(.infinity)), ("d", .array([])), ("e", .object([])),
    ]).document
    #expect(document.hasPrefix("{\n  \"b\": [0.1, "))
    #expect(document.hasSuffix("\"a\": null,\n  \"c\": null,\n  \"d\": [],\n  \"e\": {}\n}\n"))
    #expect(try object(document)["b"] as? [Double] == numbers)
  }

  @Test func `text with quotes, line ends and control characters comes back whole`() throws {
    let text = "a\"b\\c\nd\te\u{1}\u{1F}\u{7F} é 日本 🎉 /"
    #expect(try object(JSONValue.object([("t", .text(text))]).document)["t"] as? String == text)
  }

  @Test func `a certificate says what of it can be replayed`() throws {
    var answer = MadeUp.recommendation
    #expect(CertificateFile(answer).proof == "none")
    #expect(CertificateFile(answer).searchedBound == nil)
    // A bound without a certificate took a search.
    (answer.utility.bound, answer.utility.upperBound) = (.certified, 2_000_000)
    let searched = try CertificateFile(json: Data(CertificateFile(answer).json.utf8))
    #expect(searched.proof == "none" && searched.upperBound == nil && searched.certificate == nil)
    #expect(searched.searchedBound == 2_000_000)
    answer.certificate = Certificate(
      proof: .tangents(TangentBound(point: [1, 2, 3, 4], supports: [], rowMultipliers: [1])), upperBound: 2_000_000)
    #expect(CertificateFile(answer).proof == "tangents")
    #expect(CertificateFile(answer).searchedBound == nil)
  }
}
