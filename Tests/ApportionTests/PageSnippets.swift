import Apportion

/// The Swift of the pages, word for word: a test compares each part with its page, runs it, and compares what it prints with the
/// comments beside it.
struct PageSnippets {
  /// What was printed, line by line.
  private(set) var printed: [String] = []

  /// Stands in the way of the library's.
  private mutating func print(_ item: Any) { printed.append("\(item)") }

  mutating func readme() throws {
    // README.md
    let reading = try PlanFile.read(path: "data/weekly/plan.yaml")
    let posterior = try reading.plan.posterior.read()
    let answer = try CompiledPlan(reading.plan, posterior).optimise()
    print(answer.utility.value)  // 9786741.210953563
    print(answer.cells.map(\.name))  // ["tv", "search", "social", "display", "radio", "print"]
    print(answer.cells.map(\.total))  // [0.0, 1200000.0, 628278.0, 300000.0, 300000.0, 60000.0]

    /// The mean of the worst and the best draw (Hurwicz).
    struct MidRange: Utility {
      let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)

      func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
        var worst = 0
        var best = 0
        for draw in 0..<outcome.count {
          weights[draw] = 0
          if outcome[draw] < outcome[worst] { worst = draw }
          if outcome[draw] > outcome[best] { best = draw }
        }
        weights[worst] += 0.5
        weights[best] += 0.5
        return (outcome[worst] + outcome[best]) / 2
      }
    }

    let mine = try CompiledPlan(reading.plan, posterior, utility: MidRange()).optimise()
    print(mine.utility.bound)  // box
    // end
  }

  mutating func article() throws {
    // Sources/Apportion/Apportion.docc/Apportion.md
    var plan = Plan(
      posterior: PosteriorChoice("data/weekly/model.nc"), horizon: Horizon(periods: 13), budget: .total(2_488_278),
      bounds: Bounds(relative: 0.5))
    let posterior = try plan.posterior.read()
    let proposal = Allocation(["tv": 700_000, "search": 1_000_000, "social": 788_278])
    let proposed = try CompiledPlan(plan, posterior, scoring: proposal).evaluate()
    plan.utility = UtilityChoice("expected_shortfall", ["tail": 0.1])
    let best = try CompiledPlan(plan, posterior).optimise()
    print(quantile(proposed.draws.span, level: 0.1).value)  // 6689907.603909036
    print(quantile(best.draws.span, level: 0.1).value)  // 7805573.723850109
    // end
  }

  mutating func fittingCurves() throws {
    // Sources/Apportion/Apportion.docc/FittingCurves.md
    let history = try History.read("data/history/history.csv")
    let fitted = try FittedCurves(history, FitOptions(family: Hill.self, drawCount: 200, seed: 1))
    print(fitted.curves.map(\.name))  // ["tv", "search", "social", "radio"]
    print(fitted.curves[0].fit.parameters)  // [33809.56604883484, 20121.510345574985, 1.8275019644192034]
    let plan = Plan(
      posterior: PosteriorChoice("fitted/draws.csv"), horizon: Horizon(periods: 13), budget: .total(1_000_000))
    let answer = try CompiledPlan(plan, fitted.posterior).optimise()
    print(answer.utility.bound)  // certified
    // end
  }
}
