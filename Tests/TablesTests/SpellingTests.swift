import Tables
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("budgte", "budget"), ("Budget", "budget"), ("num-periods", "num_periods"), ("numperiods", "num_periods"),
    ("distributon", "distribution"), ("tota", "total"), ("horizn", "horizon"),
  ])
  func `a slip of the pen has its word`(word: String, meant: String) {
    #expect(nearest(to: word, in: ["total", "horizon", "num_periods", "distribution", "budget"]) == meant)
  }

  @Test(arguments: ["", "x", "tv", "budgetary_planning", "noizroh"])
  func `a word of its own has none`(word: String) {
    #expect(nearest(to: word, in: ["total", "horizon", "budget", "by"]) == nil)
  }
}
