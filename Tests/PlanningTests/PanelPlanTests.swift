import NumericKernel
import ResponseModel
import Testing

@testable import Planning

/// Two channels in three geos: what is decided by channel, by channel and geo, and by geo.
@Suite struct PanelPlanTests {
  private let record = RunRecord(version: "test")
  private static let geos = ["north", "south", "west"]

  /// - Parameter prices: money for a unit of media, by channel, where the file knows it.
  static func panel(prices: [Double]? = nil, worth: CellWorth = .one) -> Posterior {
    let small = smallPosterior()
    var posterior = small
    posterior.dims = [
      Posterior.Dim(name: "channel", labels: ["tv", "radio"]), Posterior.Dim(name: "geo", labels: geos),
    ]
    posterior.cells = (0..<6).map { index in
      var cell = small.cells[index / 3]
      cell.labels = [["tv", "radio"][index / 3], geos[index % 3]]
      cell.history = (0..<10).map { Double(10 * (index + 1) + ($0 * (index + 2)) % 7) }
      if let prices { cell.spendHistory = cell.history.map { $0 * prices[index / 3] } }
      cell.outcomeScale = Double(100 * (index + 1))
      cell.worth = worth
      return cell
    }
    return posterior
  }

  private func compiled(_ text: String, _ posterior: Posterior = panel()) throws -> CompiledPlan {
    try smallPlan(text, posterior)
  }

  private func problems(_ text: String, _ posterior: Posterior = panel()) -> [String] {
    problemsOfSmallPlan(text, posterior)
  }

  private func scored(_ text: String, _ amounts: [(String, Double)], _ posterior: Posterior = panel()) throws
    -> Recommendation
  {
    let plan = try PlanFile.parse(
      "posterior: {file: small.nc}\nhorizon: {num_periods: 4}\n\(text)\n", source: "plan.yaml", folder: ".")
    let given = Allocation(amounts: amounts.map { CellAmount(cell: Placed($0.0), money: Placed($0.1)) })
    return try CompiledPlan(plan.plan, posterior, scoring: given).evaluate(record: record)
  }

  private let byGeo = "decide: {by: [channel, geo]}"

  @Test func `a cell without a response is warned of, and gets nothing`() throws {
    var posterior = Self.panel()
    posterior.cells[5].outcomeScale = 0
    let compiled = try compiled(byGeo, posterior)
    let sentence =
      "no response of radio/west in the model, whatever is spent there: a scale is 0, as where the data have none of the channel"
    #expect(compiled.warnings.contains(sentence))
    #expect(try !self.compiled(byGeo).warnings.contains { $0.hasPrefix("no response") })
    let answer = try compiled.optimise(record: record)
    #expect(answer.cells[5].total <= 1e-9 * 600 && answer.warnings.contains(sentence))
  }

  @Test func `a channel's money is spread evenly over the geos that are not decided`() throws {
    let whole = try scored("", [("tv", 300), ("radio", 120)])
    let parts = try scored(
      byGeo, Self.geos.flatMap { [("tv/\($0)", 100), ("radio/\($0)", 40)] })
    expectEqual(whole.draws, parts.draws)
    #expect(whole.dims == ["channel"] && whole.modelDims == ["channel", "geo"])
    #expect(
      whole.cells.map(\.name) == ["tv", "radio"] && parts.cells.map(\.name).prefix(2) == ["tv/north", "tv/south"])
    #expect(whole.cells[0].parts.map(\.labels) == Self.geos.map { ["tv", $0] })
    #expect(whole.cells[0].perPeriod == [75, 75, 75, 75] && whole.cells[0].parts[1].perPeriod == [25, 25, 25, 25])
  }

  @Test func `with history's distribution it is spread over geos and periods as it was`() throws {
    let plan = try compiled("distribution: history")
    let observed = (0..<3).map { geo in (0..<4).map { Self.panel().cells[geo].history[6 + $0] } }
    let total = observed.joined().reduce(0, +)
    #expect(plan.pattern.shares[0] == observed.map { $0.map { $0 / total } })
    let byCell = try compiled("distribution: history\n\(byGeo)")
    #expect(byCell.pattern.shares[1] == [observed[1].map { $0 / observed[1].reduce(0, +) }])
  }

  @Test func `a posterior that knows what was spent keeps its flighting and its prices`() throws {
    let plan = try compiled("", Self.panel(prices: [2, 0.5]))
    #expect(plan.prices[0] == Array(repeating: .constant(2), count: 4))
    #expect(plan.prices[5] == Array(repeating: .constant(0.5), count: 4))
    let plain = try compiled("distribution: history\ncost_per_unit: {tv: 2, radio: 0.5}")
    for (shares, others) in zip(plan.pattern.shares.joined(), plain.pattern.shares.joined()) {
      expectEqual(shares, others)
    }
    // The plan to beat is what was spent, by channel.
    let spent = [0, 3].map { first in
      (first..<first + 3).reduce(0) { $0 + Self.panel(prices: [2, 0.5]).cells[$1].spendHistory.reduce(0, +) }
    }
    expectEqual(try #require(plan.current), spent.map { $0 / spent.reduce(0, +) * 600 })
    let unpriced = try compiled("distribution: uniform\ncost_per_unit: {}", Self.panel(prices: [2, 0.5]))
    #expect(unpriced.prices[0] == Array(repeating: .constant(1), count: 4))
  }

  @Test func `a plan over observed periods takes their own media, prices and worths`() throws {
    let worths = (0..<10).map { 1 + 0.1 * Double($0) }
    let posterior = Self.panel(prices: [2, 0.5], worth: .observed(worths))
    let start = CalendarDate(year: 2024, month: 1, day: 1).adding(days: 14)
    let text = "posterior: {file: small.nc}\nhorizon: {num_periods: 4, start: \(start), carry_over: false}\n"
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: ".").plan
    // What was spent in those periods brings what they brought, carried in from the two before.
    func spend(_ first: Int) -> Double {
      (first..<first + 3).reduce(0) { $0 + posterior.cells[$1].spendHistory[2..<6].reduce(0, +) }
    }
    let given = Allocation(
      amounts: [("tv", 0), ("radio", 3)].map { name, first in
        CellAmount(cell: Placed(name), money: Placed(spend(first)))
      })
    let answer = try CompiledPlan(plan, posterior, scoring: given).evaluate(record: record)
    let surface = ResponseSurface(
      posterior.cells.map { cell in
        [
          PlannedCell(
            cell, mediaPerMoney: Array(cell.history[2..<6]), carriedIn: Array(cell.history[0..<2]),
            worths: .shared(Array(worths[0..<6])))
        ]
      }, carryOver: false)
    let expected = surface.responses(at: [1, 1, 1, 1, 1, 1]).minus(surface.atRest).rowSums()
    expectEqual(answer.draws, expected)
    #expect(answer.warnings.allSatisfy { !$0.contains("earns") })
    let future = try compiled("", posterior)
    #expect(
      future.warnings.contains { $0.hasPrefix("what a unit of the outcome earns is known for the observed periods") })
  }

  @Test func `worths beyond what was observed are those of as many periods at its end, over and over`() throws {
    let posterior = Self.panel(worth: .observed((0..<10).map { Double($0) }))
    let names = CellNames(posterior, decidedBy: [Placed("channel")])
    let window = ObservedWindow(count: 10, first: 10, periodCount: 4)
    guard case .shared(let worths) = names.worths(posterior.cells[0], carriedIn: 4, carryOver: true, over: window)
    else {
      Issue.record("observed worths are the same under every draw")
      return
    }
    #expect(worths == [6, 7, 8, 9, 6, 7, 8, 9, 6, 7, 8])
  }

  @Test func `bounds, holds and costs of a channel are those of each of its cells, and a cell's own go before them`()
    throws
  {
    let plan = try compiled(
      """
      \(byGeo)
      bounds: {tv: [10, 200], tv/south: [20, 30], radio: {west: {relative: 0.5}}}
      cost_per_unit: {tv: 2, radio: {north: 4}}
      """)
    #expect(plan.limits.lower.prefix(3) == [10, 20, 10] && plan.limits.upper.prefix(3) == [200, 30, 200])
    let current = try #require(plan.current)
    #expect(plan.limits.upper[5] == 1.5 * current[5] && plan.limits.upper[4] == 600)
    #expect(plan.prices.map { $0[0] } == [2, 2, 2, 4, 1, 1].map { .constant($0) })
    let held = try compiled("decide: {by: [channel, geo], except: [radio], hold: current}")
    #expect(held.limits.lower.suffix(3) == held.limits.upper.suffix(3))
  }

  @Test func `money by geo is decided over all channels`() throws {
    let plan = try compiled("decide: {by: [geo]}")
    #expect(plan.spendCells.names == Self.geos && plan.spendCells.cells[1].members == [1, 4])
    let whole = try scored("decide: {by: [geo]}", [("south", 200)])
    let parts = try scored(byGeo, [("tv/south", 100), ("radio/south", 100)])
    expectEqual(whole.draws, parts.draws)
  }

  @Test func `finer amounts than are decided keep their split, in the plan and in the plan to beat`() throws {
    let fine = [("tv/north", 50.0), ("tv/south", 150), ("radio/west", 100)]
    let whole = try scored("current: {tv/north: 50, tv/south: 150, radio/west: 100}", fine)
    let parts = try scored(byGeo, fine)
    expectEqual(whole.draws, parts.draws)
    expectEqual(try #require(whole.currentDraws), parts.draws)
    #expect(whole.cells.map(\.total) == [200, 100] && whole.cells.map(\.current) == [200, 100])
  }

  @Test func `sums over each of several dims`() throws {
    let answer = try scored(byGeo, [("tv/north", 50), ("tv/south", 150), ("radio/south", 100)])
    #expect(answer.sums.map(\.dim) == ["channel", "channel", "geo", "geo", "geo"])
    #expect(answer.sums.map(\.label) == ["tv", "radio"] + Self.geos)
    #expect(answer.sums.map(\.total) == [200, 100, 50, 250, 0])
    let south = answer.sums[3]
    #expect(
      abs(south.response.mean - answer.cells[1].response.mean - answer.cells[4].response.mean) <= 1e-12
        * south.response.mean)
    #expect(answer.sums[4].roi == nil)
    #expect(try scored("", [("tv", 5)]).sums.isEmpty)
  }

  @Test func `shares of parts sum to one over all of them`() throws {
    let halves = "[0.125, 0.125, 0.125, 0.125]"
    let plan = try compiled("distribution: {tv: {north: \(halves), west: \(halves)}}")
    #expect(plan.pattern.shares[0].map { $0.reduce(0, +) } == [0.5, 0, 0.5])
    #expect(
      problems("distribution: {tv: {north: \(halves)}}") == [
        "plan.yaml:4:21: error: distribution of tv: expected shares of its parts that sum to 1 over all of them, found a sum of 0.5"
      ])
  }

  @Test(arguments: [
    (
      "decide: {by: [channel, region]}",
      "plan.yaml:4:24: error: decide.by: expected dims of the model, channel, geo, found region"
    ),
    (
      "decide: {by: [country]}",
      "plan.yaml:4:15: error: decide.by: expected dims of the model, channel, geo, found country"
    ),
    (
      "bounds: {tv: {south: [0, 5]}}",
      "plan.yaml:4:15: error: tv/south is part of tv, which is decided as one; decide.by: [channel, geo] would decide it apart"
    ),
    (
      "decide: {by: [channel, geo]}\ncurrent: {tv: 5}",
      "plan.yaml:5:11: error: tv stands for 3 amounts, expected each by its own name: tv/north, tv/south, tv/west"
    ),
    (
      "current: {tv: 5, tv/south: 5}", "plan.yaml:4:18: error: tv/south is named twice, expected once"
    ),
    (
      "decide: {by: [channel, geo]}\nbounds: {tv/nroth: [0, 5]}",
      "plan.yaml:5:10: error: unknown cell, expected one of tv/north, tv/south, tv/west, radio/north, radio/south, radio/west, found tv/nroth, did you mean tv/north?"
    ),
    (
      "cost_per_unit: history",
      "plan.yaml:4:16: error: cost_per_unit: history needs observed spend and media of tv, found media only; give its cost"
    ),
  ])
  func `what does not fit the panel is told`(text: String, line: String) {
    #expect(problems(text).first == line)
  }

  @Test func `media that cost nothing, and money that bought nothing, have no price`() {
    var posterior = Self.panel(prices: [2, 0.5])
    posterior.cells[1].spendHistory[7] = 0
    #expect(
      problems("cost_per_unit: history", posterior) == [
        "plan.yaml:4:16: error: cost_per_unit: history expects both spend and media of tv/south in a period, or neither, found 0.00 and 20.0 in observed period 8; give its cost"
      ])
    posterior.cells[1].history[7] = 0
    #expect(problems("cost_per_unit: history", posterior) == [])
    // Once for all the periods of a cell, and of an unknown spend as such.
    (posterior.cells[1].spendHistory[6], posterior.cells[1].spendHistory[8]) = (.nan, 0)
    #expect(
      problems("cost_per_unit: history", posterior) == [
        "plan.yaml:4:16: error: cost_per_unit: history expects both spend and media of tv/south in a period, or neither, found an unknown spend and 24.0 in observed period 7 and the like in 1 more; give its cost",
        "error: distribution: history needs 4 observed periods with some spend in tv, found 1 in which it is not known",
      ])
  }

  @Test func `history's plan is the same whatever is decided`() throws {
    for distribution in ["uniform", "history"] {
      let plans = try ["[channel]", "[geo]", "[channel, geo]"].map {
        try compiled("decide: {by: \($0)}\ndistribution: \(distribution)", Self.panel(prices: [2, 0.5]))
      }
      let draws = try plans.map { plan in
        plan.currentObjective.reading(spend: try #require(plan.current)).outcome
      }
      expectEqual(draws[0], draws[2])
      expectEqual(draws[1], draws[2])
    }
  }

  @Test(arguments: ["mean", "{expected_shortfall: {tail: 0.2}}"])
  func `what is decided by channel is proved`(utility: String) throws {
    let answer = try compiled("utility: \(utility)").optimise(record: record)
    let gap = try #require(answer.utility.gap)
    #expect(answer.utility.bound == .certified && gap <= 1e-6)
    #expect(answer.cells.count == 2)
    let finer = try compiled("\(byGeo)\nutility: \(utility)").optimise(record: record)
    #expect(finer.utility.value >= answer.utility.value)
  }
}
