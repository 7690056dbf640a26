import Foundation
import Optimisation
import Testing

@testable import Planning
@testable import Reporting

/// A gap of zero is said of no other.
@Suite struct GapTextTests {
  private func recommendation(gap: Double) -> Recommendation {
    var recommendation = MadeUp.recommendation
    recommendation.utility.bound = .certified
    recommendation.utility.gap = gap
    recommendation.utility.upperBound = recommendation.utility.value * (1 + gap)
    return recommendation
  }

  private static let tiny = [1e-307, 1e-300, 1e-17, 2.2e-16, 3e-9, 9.99e-6, 1.0001e-5, 4.9e-5, 1e-3, -1e-17, -3e-9]

  @Test(arguments: tiny)
  func `a tiny gap is a number of its own in JSON`(gap: Double) throws {
    let text = recommendation(gap: gap).jsonReport
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let utility = try #require(object["utility"] as? [String: Any])
    #expect(text.contains("\"gap\": \(gap.description)"))
    #expect((utility["gap"] as? Double) == gap)
  }

  @Test(arguments: tiny + [0, -0.0])
  func `text never rounds a gap to zero`(gap: Double) {
    let text = recommendation(gap: gap).textReport().replacing("\n", with: " ")
    let proved = text[text.range(of: "Proved:")!.upperBound...]
    let said = String(proved[..<proved.range(of: " %")!.upperBound])
    for zero in [" 0 %", " 0.0 %", " 0.00 %", " 0.000 %", " -0"] { #expect(!said.contains(zero), "\(gap): \(said)") }
    #expect(said.contains(gap < 1e-5 ? "scores 0.001 %" : "a gap of 0."), "\(gap): \(said)")
  }

  @Test(arguments: [
    (BranchAndBound.End.timeLimit, "the time limit came first"), (.boxLimit, "limit of boxes"),
    (.rounding, "rounding hides"),
    (.stalled, "nor a split"),
  ])
  func `a gap wider than asked for says so, and why`(end: BranchAndBound.End, reason: String) throws {
    var missed = recommendation(gap: 3e-7)
    missed.solver?.requestedGap = 1e-8
    missed.solver?.proof = .init(end: end, boxes: 3, cuts: 5, points: 90, tableTime: 0.1)
    let text = missed.textReport().replacing("\n", with: " ")
    #expect(text.contains("scores 0.000030 % more. The plan asks for a gap of 0.000001 %: "), "\(text)")
    #expect(text.contains(reason))
    #expect(missed.jsonReport.contains("\"requested_gap\": 1e-08") && missed.jsonReport.contains("\"end\": \""))
    missed.solver?.requestedGap = 1e-6
    #expect(!missed.textReport().contains("asks for a gap"))
    missed.utility.bound = .none
    #expect(missed.textReport().contains("before the time limit") == (end == .timeLimit))
  }

  @Test func `zero is zero in JSON, whatever its sign`() {
    #expect(recommendation(gap: 0).jsonReport.contains("\"gap\": 0.0"))
    #expect(recommendation(gap: -0.0).jsonReport.contains("\"gap\": -0.0"))
  }

  @Test func `a share that is not zero is never zero per cent`() {
    for share in [1e-307, 1e-17, 3e-9, 1e-4] {
      #expect(percentText(share) == "<0.1 %")
      #expect(numberText(share, significantDigits: 2).contains(where: { ("1"..."9").contains($0) }))
    }
    #expect(percentText(0) == "0 %")
    #expect(percentText(-0.0) == "0 %")
  }

  @Test(arguments: [1_655_400.4, 12.345_678_4, 0.001_234_562, 9_999_994, 99_999_999.4])
  func `the bound in text is nowhere below the bound`(upper: Double) throws {
    var recommendation = recommendation(gap: 1e-2)
    recommendation.utility.upperBound = upper
    let text = recommendation.textReport().replacing("\n", with: " ")
    let words = text.split(separator: " ")
    let place = try #require(words.lastIndex(of: "above"))
    let digits = words[place + 1].replacing(",", with: "").prefix { !$0.isLetter && $0 != "×" }
    let unit =
      words[place + 1].contains("k")
      ? 1e3 : words[place + 1].contains("M") ? 1e6 : words[place + 1].contains("×10^-3") ? 1e-3 : 1
    let shown = try #require(Double(digits.last == "," || digits.last == "." ? digits.dropLast() : digits)) * unit
    #expect(shown >= upper * (1 - 1e-15), "\(words[place + 1])")
  }
}
