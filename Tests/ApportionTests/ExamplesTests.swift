import Apportion
import Foundation
import TestSupport
import Testing

/// The examples of AMMM's and DeepCausalMMM's documentation in data/examples: each has the optimum that others have certified, and, with budgets,
/// parameters, bounds and names of other values, what a grid search of the test's own finds.
@Suite struct ExamplesTests {
  private static let folder = PeerResponseTests.root.appending(path: "data/examples").path

  private func plan(_ name: String, _ settings: [String] = []) throws -> Plan {
    try PlanFile.read(path: "\(Self.folder)/\(name)", settings: settings).plan
  }

  /// As the command makes a plan of a table.
  private func plan(
    ofTable name: String, _ kind: PointCurves.Kind, budget: Double, periods: Int,
    _ bounds: [String: ClosedRange<Double>] = [:]
  ) -> Plan {
    var choice = PosteriorChoice("\(Self.folder)/\(name)")
    (choice.format, choice.curves) = (.curves, PointCurves(kind: kind))
    return Plan(posterior: choice, horizon: Horizon(periods: periods), budget: .total(budget), bounds: Bounds(bounds))
  }

  private func answer(_ plan: Plan) throws -> Recommendation {
    try CompiledPlan(plan, plan.posterior.read()).optimise()
  }

  /// Certified values are given to four decimals, money to two.
  private func expect(
    _ answer: Recommendation, _ value: Double, _ money: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(answer.outcome.mean - value) <= 1e-4, "\(answer.outcome.mean)", sourceLocation: sourceLocation)
    #expect(answer.utility.gap.map { $0 <= 1e-4 } == true, sourceLocation: sourceLocation)
    for (cell, money) in zip(answer.cells, money) {
      #expect(abs(cell.total - money) <= 0.01, "\(cell.name): \(cell.total)", sourceLocation: sourceLocation)
    }
  }

  @Test func `AMMM's direct call needs no ranges`() throws {
    let found = try answer(plan(ofTable: "ammm.csv", .sigmoid, budget: 100_000, periods: 1))
    expect(found, 24_190.415993, [47_762.91, 31_342.25, 20_894.84])
    #expect(found.warnings.allSatisfy { !$0.contains("half way to its ceiling") })
  }

  @Test func `AMMM's runnable example keeps its ranges`() throws {
    expect(try answer(plan("ammm_ranges.yaml")), 24_190.415993, [47_762.91, 31_342.25, 20_894.84])
  }

  @Test func `AMMM's five scenarios have the certified contributions`() throws {
    let plan = try plan("ammm_scenarios.yaml")
    let posterior = try plan.posterior.read()
    let sweep = try ScenarioSweep(plan, posterior)
    let values = sweep.scenarios.map { $0.answer?.outcome.mean ?? .nan }
    for (value, known) in zip(values, [19_444.4712, 21_822.3493, 24_190.4160, 26_547.2242, 28_889.6429]) {
      #expect(abs(value - known) <= 1e-4, "\(value)")
    }
    #expect(sweep.isWhole && sweep.own?.outcome.mean == values[2])
    var free = plan
    free.bounds = Bounds()
    free.scenarios = BudgetScenarios(steps: [Placed(.change(20))])
    let last = try ScenarioSweep(free, posterior).scenarios[0].answer
    #expect(abs((last?.outcome.mean ?? .nan) - 28_891.4219) <= 1e-4)
  }

  @Test func `DeepCausalMMM's class example, with constraints and without`() throws {
    expect(try answer(plan("dcm.yaml")), 13_106_841.8966, [50_000, 100_000, 850_000])
    expect(try answer(plan("dcm.yaml", ["bounds={}"])), 15_049_569.7793, [0, 0, 1_000_000])
  }

  @Test func `DeepCausalMMM's set_constraints, where its default solver fails`() throws {
    expect(try answer(plan("dcm_set_constraints.yaml")), 7_724_973.2537, [500_000, 200_000, 300_000])
  }

  @Test func `DeepCausalMMM's table of curves in one call`() throws {
    let found = try answer(
      plan(ofTable: "dcm.csv", .hillBottom, budget: 1_000_000, periods: 52, ["TV": 100_000...600_000]))
    expect(found, 13_970_755.2064, [100_000, 0, 900_000])
  }

  @Test(arguments: SolverMethod.allCases)
  func `DeepCausalMMM's second usage option, by any method, of curves of a week and of a year`(method: SolverMethod)
    throws
  {
    let settings = ["solver.method=\(method.rawValue)"]
    let weekly = try answer(plan("dcm_option_2.yaml", settings))
    expect(weekly, 713_798.8029, [100_000, 150_000, 750_000])
    #expect(
      weekly.warnings.contains {
        $0.contains("less than a fifth of what brings a typical curve half way to its ceiling")
      })
    let yearly = try answer(plan("dcm_option_2.yaml", settings + ["horizon.num_periods=1"]))
    expect(yearly, 718_178.1617, [444_014.998, 325_559.022, 230_425.979])
    #expect(yearly.warnings.allSatisfy { !$0.contains("half way to its ceiling") })
  }

  @Test func `DeepCausalMMM's comparisons of scenarios, and of current and optimal`() throws {
    let plan = try plan("dcm.yaml")
    func given(_ name: String) throws -> PlanComparison.Source {
      .given(try Allocation.read(path: "\(Self.folder)/\(name)", over: plan.horizon, dims: ["channel"]))
    }
    let comparison = try PlanComparison(
      plan, plan.posterior.read(),
      of: [
        ("Current", given("dcm_current.csv")), ("Optimized", .optimum), ("Heavy TV", given("dcm_heavy_tv.csv")),
        ("current", .current),
      ])
    let values = comparison.entries.map(\.answer.outcome.mean)
    for (value, known) in zip(values, [7_179_495.8774, 13_106_841.8966, 7_158_539.5106, 7_179_495.8774]) {
      #expect(abs(value - known) <= 1e-4, "\(value)")
    }
    #expect(abs((comparison.entries[0].answer.roi?.mean ?? .nan) - 7.1795) <= 5e-5)
    // TV has 500,000 at most.
    #expect(comparison.entries.map { entry in entry.answer.limits.count { $0.slack < 0 } } == [0, 0, 1, 0])
    // Of the best plan nothing is regretted, of the current one what the best has more; each draw's best is bounded from above.
    let regrets = comparison.entries.map(\.regret)
    #expect(regrets[2] == nil)
    #expect(regrets[1].map { $0 >= 0 && $0 <= 1e-4 * values[1] } == true, "\(regrets[1] ?? .nan)")
    #expect(regrets[0].map { $0 >= values[1] - values[0] - 1e-6 && $0 <= (values[1] - values[0]) * 1.001 } == true)
    let best = comparison.entries[1].answer
    #expect(best.cells.map { ($0.change ?? .nan).rounded() } == [-350_000, -250_000, 600_000])
    let shares = best.cells.map { cell in (cell.change ?? .nan) / (cell.current ?? .nan) }
    for (share, known) in zip(shares, [-0.875, -0.714, 2.4]) { #expect(abs(share - known) <= 5e-4) }
  }

  // MARK: Against a grid search

  /// A plan of three channels, other than any in the documentation.
  private struct Perturbed: CustomTestStringConvertible {
    var name: String
    var kind: PointCurves.Kind
    var rows: [[Double]]
    var budget: Double
    var periods: Int
    var bounds: [ClosedRange<Double>]
    var testDescription: String { name }

    /// Response of a period, by the formulas of the documentation.
    func response(_ channel: Int, _ money: Double) -> Double {
      let row = rows[channel]
      let x = money / Double(periods)
      return switch kind {
      case .hillBottom:
        row[1] + (row[0] - row[1]) * (x > 0 ? 1 / (1 + pow(row[2] / x, row[3])) : 0)
      case .sigmoid: row[0] * (1 - exp(-row[1] * x)) / (1 + exp(-row[1] * x))
      case .michaelisMenten: row[0] * x / (row[1] + x)
      }
    }

    func value(_ money: [Double]) -> Double {
      Double(periods) * money.indices.reduce(0) { $0 + response($1, money[$1]) }
    }

    /// The best of a grid over two channels, the third with what is left, and of finer ones about its best points.
    var best: Double {
      var best = -Double.infinity
      var windows = [(bounds[0], bounds[1])]
      for _ in 0..<5 {
        var found: [(value: Double, point: (Double, Double), steps: (Double, Double))] = []
        for (first, second) in windows {
          let steps = ((first.upperBound - first.lowerBound) / 80, (second.upperBound - second.lowerBound) / 80)
          for i in 0...80 {
            for j in 0...80 {
              let point = (first.lowerBound + Double(i) * steps.0, second.lowerBound + Double(j) * steps.1)
              let rest = budget - point.0 - point.1
              guard bounds[2].contains(rest) else { continue }
              found.append((value([point.0, point.1, rest]), point, steps))
            }
          }
        }
        found.sort { $0.value > $1.value }
        best = max(best, found.first?.value ?? best)
        windows = found.prefix(6).map { place in
          (
            (place.point.0 - place.steps.0...place.point.0 + place.steps.0).clamped(to: bounds[0]),
            (place.point.1 - place.steps.1...place.point.1 + place.steps.1).clamped(to: bounds[1])
          )
        }
      }
      return best
    }

    static let all: [Perturbed] = {
      var random = TestRandom(seed: 8)
      return (0..<9).map { number in
        func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * random.uniform() }
        let kind = PointCurves.Kind.allCases[number % 3]
        let periods = kind == .hillBottom ? [52, 13, 1][number / 3] : 1
        let budget = between(5e4, 2e6)
        let scale = budget / Double(periods)
        let rows = (0..<3).map { _ -> [Double] in
          switch kind {
          case .hillBottom:
            [between(2e5, 1e6), between(0, 1e5), between(0.3, 3) * scale, between(0.7, 2.5)]
          case .sigmoid: [between(2e4, 8e4), between(0.5, 3) / scale]
          case .michaelisMenten: [between(2e4, 8e4), between(0.3, 3) * scale]
          }
        }
        let bounds = (0..<3).map { _ in between(0, 0.2) * budget...between(0.4, 1) * budget }
        return Perturbed(
          name: "\(kind.rawValue) \(number)", kind: kind, rows: rows, budget: budget, periods: periods, bounds: bounds)
      }
    }()
  }

  @Test(arguments: Perturbed.all)
  private func `with other numbers and names the optimum is that of a grid search`(problem: Perturbed) throws {
    let names = ["Außenwerbung", "paid search", "x, y"]
    let columns = problem.kind == .hillBottom ? "top,bottom,saturation,slope" : "alpha,lam"
    let rows = zip(names, problem.rows).map { name, row in "\"\(name)\",\(row.map { "\($0)" }.joined(separator: ","))" }
    let file = FileManager.default.temporaryDirectory.appending(path: "curves \(UUID().uuidString).csv")
    try Data("medium,\(columns)\n\(rows.joined(separator: "\n"))\n".utf8).write(to: file)
    defer { do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) } }
    var choice = PosteriorChoice(file.path)
    (choice.format, choice.curves) = (.curves, PointCurves(kind: problem.kind, channelColumn: "medium"))
    let plan = Plan(
      posterior: choice, horizon: Horizon(periods: problem.periods), budget: .total(problem.budget), measure: .response,
      bounds: Bounds(Dictionary(zip(names, problem.bounds), uniquingKeysWith: { first, _ in first })))
    let found = try answer(plan)
    let money = found.cells.map(\.total)
    // The formulas agree; nothing on the grid is better; and where curves are smooth the grid's best is nearly as good.
    #expect(abs(found.outcome.mean - problem.value(money)) <= 1e-9 * found.outcome.mean)
    let grid = problem.best
    #expect(found.outcome.mean >= grid - 1e-9 * grid, "\(grid)")
    #expect(found.outcome.mean <= grid + 1e-5 * grid, "\(grid)")
    for (cell, bound) in zip(found.cells, problem.bounds) {
      #expect(cell.total >= bound.lowerBound && cell.total <= bound.upperBound)
    }
  }
}
