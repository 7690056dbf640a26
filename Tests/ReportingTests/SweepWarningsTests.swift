import Testing

@testable import Planning
@testable import Reporting

@Suite struct SweepWarningsTests {
  /// Two periods of each channel, of which so much was observed at most.
  private func answer(most: [Double?], saying sentences: [String] = []) -> Recommendation {
    var answer = MadeUp.recommendation
    for (index, most) in most.enumerated() {
      answer.cells[index].observed = most.map { ObservedSpend(least: 0, most: $0) }
    }
    answer.warnings =
      sentences
      + (answer.cells.inWords.isEmpty
        ? [] : [[Recommendation.CellResult].departureStart + ": " + answer.cells.inWords.joined(separator: ", ")])
    return answer
  }

  @Test func `what all plans say is said once, and what some say with their names`() {
    let plans = [("a", answer(most: [], saying: ["all", "some"])), ("b", answer(most: [], saying: ["all"]))]
    #expect(warnings(of: plans) == ["all", "some (a)"])
  }

  @Test func `plans that leave what was observed are one sentence, with the cells of each`() {
    let plans = [
      ("low", answer(most: [250_000, 200_000, 120_000, 0])), ("high", answer(most: [200_000, 100_000])),
      ("other", answer(most: [100_000])),
    ]
    #expect(
      warnings(of: plans) == [
        [Recommendation.CellResult].departureStart
          + ", in 2 of 3 plans. high: tv 1.25 times the most, paid, \"search\" 2 times the most; other: tv 2.5 times the most"
      ])
  }

  @Test func `many plans, and many cells of a plan, are counted`() {
    let far = answer(most: [1, 1, 1])
    let plans = (1...6).map { ("plan \($0)", answer(most: [125_000], saying: $0 < 6 ? ["five"] : [])) }
    let found = warnings(of: plans)
    #expect(found.first == "five (plan 1, plan 2, plan 3, plan 4 and 1 more)")
    #expect(found.last?.hasSuffix("plan 4: tv 2 times the most; and in 2 more") == true)
    var crowded = far
    crowded.cells += far.cells
    #expect(warnings(of: [("all", crowded)]).last?.hasSuffix(" and 2 more") == true)
  }
}
