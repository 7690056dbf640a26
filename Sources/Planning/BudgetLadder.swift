import NumericKernel
public import ResponseModel

/// What each budget brings, from half of the plan's own to twice of it, and the budget from which on the next unit of money brings less
/// than it should.
public struct BudgetLadder: Sendable {
  /// A plan for each rung, the plan's own budget among them.
  public var sweep: ScenarioSweep
  /// What the next unit of money is to bring, in money where the outcome's value is known: 1 where it is to pay for itself.
  public var level: Double
  /// The best plan at the budget where it brings just that, between two rungs, all larger ones bringing less; nil where there is none such.
  public var crossing: Recommendation?
  /// Rungs where it brings less already, and on a larger one as much again, by budget: where curves are S-shaped what more money brings falls and
  /// rises again.
  public var dips: [ScenarioSweep.Scenario] {
    let returns = Self.returns(sweep)
    guard let last = returns.last(where: { $0.next >= level }) else { return [] }
    return returns.filter { $0.next < level && $0.scenario.budget < last.scenario.budget }.map(\.scenario)
  }
  /// The rung that leaves most when what it brings is held against `level` times its money: the best of these budgets where money is to bring that
  /// much; nil where the sweep was interrupted.
  public var best: ScenarioSweep.Scenario? {
    guard !sweep.isInterrupted else { return nil }
    func left(_ scenario: ScenarioSweep.Scenario) -> Double? {
      scenario.answer.map { $0.utility.value * ($0.outcomeValue ?? 1) - level * $0.budget.spent }
    }
    return sweep.scenarios.filter { left($0) != nil }.max { (left($0) ?? 0) < (left($1) ?? 0) }
  }

  /// In per cent of the plan's own budget: half of it, to twice.
  public static let usual: [Double] = Array(stride(from: -50, through: 100, by: 10))

  /// Solves a plan for each budget of its rungs, and between the two where the next unit's worth falls below the level for the budget where it
  /// does.
  ///
  /// - Parameters:
  ///   - rungs: budgets as scenarios have them.
  ///   - own: a utility of the caller's own, in place of the one that the plan names.
  ///   - progress: told of each budget before its search. Where searches are interrupted, rungs that were not begun are left out.
  /// - Throws: as `ScenarioSweep.init` does.
  public init(
    _ plan: Plan, _ posterior: Posterior, rungs: BudgetScenarios? = nil, level: Double = 1,
    utility own: (any Utility)? = nil, record: RunRecord = RunRecord(),
    progress: (SearchStep) -> Void = { _ in }
  ) throws {
    self.level = level
    var asked = plan
    asked.scenarios =
      rungs
      ?? BudgetScenarios(steps: Self.usual.map { Placed(.change($0)) }, scalesBounds: plan.scenarios.scalesBounds)
    sweep = try ScenarioSweep(asked, posterior, utility: own, record: record, progress: progress)
    let returns = Self.returns(sweep)
    guard let last = returns.lastIndex(where: { $0.next >= level }), last + 1 < returns.count else { return }
    let pair = (returns[last].scenario, returns[last + 1].scenario)
    var (low, high) = (pair.0.budget, pair.1.budget)
    crossing = pair.0.answer
    for halving in 1...Self.halvings {
      guard !SearchClock.isInterrupted else {
        crossing = nil
        return
      }
      progress(SearchStep(name: "where money stops paying", number: halving, count: Self.halvings))
      let middle = 0.5 * (low + high)
      var between = plan
      between.currentMoney = sweep.ownBudget
      // All halvings together have the time of a plan, and each a second at least.
      between.solver.timeLimit = min(plan.solver.timeLimit, max(1, plan.solver.timeLimit / Double(Self.halvings)))
      // Where bounds do not follow the plan's own budget it need not be solved again.
      if !asked.scenarios.scalesBounds { between.budget?.amount = Placed(.total(middle)) }
      between.scenarios = BudgetScenarios(
        steps: [Placed(.money(middle))], scalesBounds: asked.scenarios.scalesBounds)
      let tried = try ScenarioSweep(between, posterior, utility: own, record: record).scenarios.first?.answer
      guard let answer = tried, let worth = answer.nextReturn else { break }
      if worth >= level {
        (low, crossing) = (middle, answer)
      } else {
        high = middle
      }
    }
  }

  /// Rungs of which it is known what the next unit of money brings, by budget.
  private static func returns(_ sweep: ScenarioSweep) -> [(scenario: ScenarioSweep.Scenario, next: Double)] {
    sweep.scenarios.sorted { $0.budget < $1.budget }.compactMap { scenario in
      scenario.answer?.nextReturn.map { (scenario, $0) }
    }
  }

  /// A budget is then within a two-hundredth of the step between two rungs.
  private static let halvings = 8
}

extension Recommendation {
  /// What the next unit of money brings, by what the outcome is worth where that is known; nil where it is not known.
  public var nextReturn: Double? { budget.shadowPrice.map { $0 * (outcomeValue ?? 1) } }
}
