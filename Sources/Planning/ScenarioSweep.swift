import NumericKernel
public import ResponseModel

/// The best plan at each of several budgets.
///
/// One sweep: the model is made into response surfaces once, and read into one table where a search reads one; each budget's search begins at
/// the best plan of the budget before. Every answer is the one that the plan with that budget has, with a proof of its own.
public struct ScenarioSweep: Sendable {
  /// One budget, and what came of it.
  public struct Scenario: Sendable {
    /// As asked for.
    public var step: BudgetScenarios.Step
    /// Money over the horizon.
    public var budget: Double
    /// The best plan, or why there is none within the limits.
    public var outcome: Result<Recommendation, InfeasiblePlan>

    /// Nil where the limits cannot be met.
    public var answer: Recommendation? {
      if case .success(let answer) = outcome { answer } else { nil }
    }

    /// What is wrong with the limits; nil where there is an answer.
    public var conflict: InfeasiblePlan? {
      if case .failure(let conflict) = outcome { conflict } else { nil }
    }
  }

  /// In the order that was asked for.
  public var scenarios: [Scenario]
  /// The best plan at the plan's own budget; without a budget of its own that of the first scenario that has an answer.
  public var own: Recommendation?
  /// The plan that it answers.
  public var plan: CompiledPlan?
  /// The current plan at that budget; nil without one.
  public var current: Recommendation?
  /// The plan's own budget, money over the horizon; nil without one.
  public var ownBudget: Double?
  /// Whether every answer that can be proved to come as near to the best as is asked for is.
  public var reachesGap: Bool
  /// Whether it was interrupted, so that budgets may be missing.
  public var isInterrupted: Bool

  /// Whether every budget has a plan, the plan's own too, and none is further from the best than is asked for, as far as can be proved.
  public var isWhole: Bool { reachesGap && own != nil && scenarios.allSatisfy { $0.answer != nil } }

  /// Solves a plan for each budget of its `scenarios`, and for its own.
  ///
  /// - Parameters:
  ///   - own: a utility of the caller's own, in place of the one that the plan names.
  ///   - progress: told of each budget before its search. Where searches are interrupted, budgets that were not begun are left out.
  /// - Throws: `PlanProblems` where the plan and the posterior do not fit, or where scenarios say nothing of such a plan;
  ///   `InfeasiblePlan` where the limits can be met at none of the budgets: that of the plan's own, else of the first.
  public init(
    _ plan: Plan, _ posterior: Posterior, utility: (any Utility)? = nil, record: RunRecord = RunRecord(),
    progress: (SearchStep) -> Void = { _ in }
  ) throws {
    let broken = plan.scenarios.brokenConditions() + plan.brokenSweep()
    guard broken.isEmpty else { throw PlanProblems(broken) }
    let own = plan.budget?.total(periodCount: plan.horizon.periodCount.value)
    let asked = plan.scenarios.steps.compactMap { step in step.value.money(of: own).map { (step.value, $0) } }
    var answers: [Double: Result<Recommendation, InfeasiblePlan>] = [:]
    var reachesGap = true
    var latest: CompiledPlan?
    var plans: [Double: CompiledPlan] = [:]
    var start: [Double]?
    // From the least to the most: of neighbours the best plans are.
    let budgets = Set(asked.map(\.1) + [own].compactMap(\.self)).sorted()
    for (index, money) in budgets.enumerated() {
      if SearchClock.isInterrupted, !answers.isEmpty { break }
      progress(SearchStep(name: "budget \(SpendLimits.format(money))", number: index + 1, count: budgets.count))
      do {
        var compiled = try CompiledPlan(plan.budgeted(money, own: own), posterior, utility: utility, sharing: latest)
        compiled.knownPlan = start.map { spend in
          let spent = spend.reduce(0, +)
          return spend.map { spent > 0 ? $0 / spent : $0 }
        }
        latest = compiled
        let answer = try compiled.optimise(record: record)
        if compiled.isCertifiable, !answer.reachesGap { reachesGap = false }
        start = answer.cells.map(\.total)
        answers[money] = .success(answer)
        plans[money] = compiled
      } catch let error as InfeasiblePlan {
        answers[money] = .failure(error)
      }
    }
    scenarios = asked.compactMap { step, money in
      answers[money].map { Scenario(step: step, budget: money, outcome: $0) }
    }
    ownBudget = own
    self.reachesGap = reachesGap
    isInterrupted = SearchClock.isInterrupted
    let first = scenarios.first { $0.answer != nil }
    let shown = own ?? first?.budget
    if let shown, case .success(let answer)? = answers[shown] { self.own = answer }
    self.plan = shown.flatMap { plans[$0] }
    current = try self.plan?.evaluateCurrent(utility: utility, record: record)
    if first == nil, self.own == nil {
      if let own, case .failure(let conflict)? = answers[own] { throw conflict }
      if let conflict = scenarios.lazy.compactMap(\.conflict).first { throw conflict }
    }
  }
}

extension Plan {
  /// Why budgets one after the other say nothing of a plan; none where they do.
  fileprivate func brokenSweep() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    if let target {
      problems.append(
        PlanProblem(
          "scenarios are of budgets, expected none of target, which says itself how much is spent, found target.\(target.value.kind.rawValue)",
          at: target.position))
    }
    if let increment {
      problems.append(
        PlanProblem(
          "scenarios are of budgets, expected no increment, which is itself a change of the current plan, found one",
          at: increment.amount.position))
    }
    switch budget?.spend {
    case .range, .free:
      problems.append(
        PlanProblem(
          "scenarios are of budgets, expected spend: exactly or at_most, found one that no budget changes",
          at: budget?.amount.position))
    case .exactly, .atMost, nil: break
    }
    let changes = scenarios.steps.contains { step in if case .change = step.value { true } else { false } }
    if budget == nil, changes || scenarios.scalesBounds {
      problems.append(
        PlanProblem(
          "scenarios: expected budget: {total: MONEY} or {per_period: MONEY}, which changes in per cent are of, or amounts, found neither"
        ))
    }
    return problems
  }
}
