import NumericKernel
import Optimisation
public import ResponseModel

/// A plan and a posterior made into numbers: what is maximised, within what limits, and the way back to names and money.
public struct CompiledPlan: Sendable {
  /// What was asked for, and of which model.
  public internal(set) var plan: Plan
  /// The same with what it leaves to the posterior settled: whether observed media carry over into it, how money is spread over the
  /// periods, and what media cost.
  public internal(set) var settledPlan: Plan
  /// The model, as it was given, with the plan's evidence in it.
  public let posterior: Posterior
  /// The amounts that are decided.
  let spendCells: SpendCells
  /// How each amount is spent.
  var pattern: SpendPattern
  /// How each amount of the current plan is spent; the plan's own pattern without one.
  let currentPattern: SpendPattern
  /// By the model's cells, then by period: how money becomes media.
  let prices: [[MediaPrice]]
  /// Where prices in tiers change.
  let tierEnds: TierEnds
  /// Money over the horizon; nil where the plan has no budget.
  let budget: Double?
  /// Each amount under the current plan; nil without one.
  let current: [Double]?
  let limits: SpendLimits
  var objective: PlanObjective
  /// Shares of the money that a search begins at beside its own starts: the best plan of a plan much like this one; nil without one.
  var knownPlan: [Double]?
  /// The target and limits of risk; nil for a plan without.
  var goal: PlanGoal?
  /// What is maximised in their pursuit; the objective without them.
  var sought: PlanObjective
  /// Whether the budget is no wish of the plan's, but the most that was thought of in pursuit of its target.
  let hasOwnCap: Bool
  /// The same with money spent as the current plan spends it, whatever the pattern of a given allocation.
  let currentObjective: PlanObjective
  /// What reports say of single cells, where that is not what is measured.
  var reported: OutcomeSurfaces.Reported
  /// What the surfaces above were made by.
  let surfaces: OutcomeSurfaces
  /// The plan by period, where periods are decided: all else is then of the same plan with each cell's money spread over them by its
  /// distribution, bounds and constraints left out.
  var calendar: PeriodPlan?
  /// The utility's name, and the same with its options.
  let utilityName: String
  let utilityDescription: String
  /// The money by cell of the allocation to be scored; nil for a plan to be optimised.
  var allocated: [Double]?
  /// What was spent on each amount in single observed periods; nil where that is not known.
  let observedRanges: [ObservedSpend]?
  /// What the user should know before trusting the answer, in sentences.
  public private(set) var warnings: [String]

  /// The unit of the solvers' variables: the budget, or without one what the given allocation spends (1 where that is
  /// nothing).
  var money: Double { objective.money }

  /// Compiles a plan to be optimised, or, with an allocation, to be scored; an allocation needs no budget. From then on the
  /// process's BLAS runs on one thread, so that answers have the same bits on any number of cores.
  ///
  /// - Parameter own: a utility of the caller's own, in place of the one that the plan names.
  /// - Throws: `PlanProblems` where the plan and the posterior do not fit (a misspelt channel, a carry-in that the file
  ///   does not have); `InfeasiblePlan` where the limits cannot all be met.
  public init(
    _ plan: Plan, _ posterior: Posterior, scoring allocation: Allocation? = nil, utility own: (any Utility)? = nil
  ) throws {
    let posterior = try plan.reweighted(posterior)
    self =
      plan.decision.isByPeriod
      ? try CompiledPlan(byPeriod: plan, posterior, scoring: allocation, utility: own)
      : plan.target != nil && allocation == nil
        ? try CompiledPlan.aimed(plan, posterior, utility: own)
        : try CompiledPlan(spread: plan, posterior, scoring: allocation, utility: own)
    guard plan.decision.isByPeriod else { return }
    // What is settled of a plan by period was settled of the same plan spread over its periods.
    let settled = settledPlan
    settledPlan = self.plan
    settledPlan.horizon = settled.horizon
    settledPlan.distribution = settled.distribution
    settledPlan.costPerUnit = settled.costPerUnit
  }

  /// The same of a plan that differs from an earlier one in its budget and bounds only: with the surfaces and the table of that one.
  init(_ plan: Plan, _ posterior: Posterior, utility own: (any Utility)?, sharing earlier: CompiledPlan?) throws {
    let posterior = try plan.reweighted(posterior)
    self =
      plan.decision.isByPeriod
      ? try CompiledPlan(plan, posterior, utility: own)
      : try CompiledPlan(spread: plan, posterior, utility: own, sharing: earlier)
  }

  /// A plan whose money is spread over the periods by a distribution.
  ///
  /// - Parameters:
  ///   - cap: without a budget, the most that is spent, times what is spent now.
  ///   - useful: the most money that is worth looking at.
  ///   - earlier: of a plan that differs in its budget and bounds only.
  init(
    spread plan: Plan, _ posterior: Posterior, scoring allocation: Allocation? = nil, utility own: (any Utility)? = nil,
    cap: Double? = nil, useful: Double = .infinity, sharing earlier: CompiledPlan? = nil
  ) throws {
    useOneBLASThread()
    let asked = plan.aimed
    let periodCount = plan.horizon.periodCount.value
    let broken = asked.brokenConditions() + (allocation?.brokenConditions(periodCount: periodCount) ?? [])
    guard broken.isEmpty else { throw PlanProblems(broken) }
    var names = CellNames(posterior, decidedBy: asked.decision.dims)
    // Of no decided dim nothing more can be said.
    guard !names.spendCells.dims.isEmpty else { throw PlanProblems(names.problems) }
    let plan = names.named(asked)
    let allocation = allocation.map { names.named($0) }
    let doubts = plan.diagnostics == .off ? [] : posterior.diagnostics.doubts
    if plan.diagnostics == .strict, !(doubts + plan.explorations).isEmpty {
      throw PlanProblems(
        doubts.map { PlanProblem("diagnostics.gate is strict, expected a posterior without doubts, found: \($0)") }
          + plan.explorations.map { PlanProblem("diagnostics.gate is strict, expected checks that pass, found: \($0)") }
      )
    }
    var warnings = posterior.warnings(doubts: doubts) + posterior.reweightingNotes

    let window = names.window(plan.horizon)
    let carriesIn = names.carryIn(plan.horizon, over: window, warnings: &warnings)
    if carriesIn { names.checkFollowing(window, plan.horizon, warnings: &warnings) }
    names.checkWorths(plan.horizon, over: window, warnings: &warnings)
    let costs = names.costs(plan.costPerUnit, over: window)
    let prices = names.prices(plan, costs: costs)
    let seasons = names.seasons(plan.seasonality, over: window)
    let planned = names.pattern(plan.distribution, costs: costs, over: window)
    let given = allocation.map { names.amounts($0.amounts, series: $0.distribution ?? [], base: planned) }
    let allocated = given?.money
    let observed = names.observedSpend(costs: costs, over: window)
    let spent = allocated?.reduce(0, +)
    let total = plan.budget?.total(periodCount: periodCount)
    // Without a budget history is compared at its own money, and without that, and nothing spent, its shares are shares of nothing.
    let isOfHistory = plan.current == .history
    let spendsNow = plan.budget == nil && (cap != nil || plan.increment != nil) ? observed?.reduce(0, +) : nil
    let hasNoMoney = total == nil && spendsNow == nil && plan.currentMoney == nil
    let comparesNothing = hasNoMoney && (spent == 0 || cap != nil) && isOfHistory
    let allocatedMoney = spent.flatMap { $0 > 0 ? $0 : nil } ?? 1
    let shared = total ?? spendsNow ?? allocatedMoney
    func comparison(at money: Double) -> SpendAmounts? {
      comparesNothing ? nil : names.current(plan.current, costs: costs, money: money, base: planned)
    }
    let compared = comparison(at: plan.currentMoney ?? shared)
    let current = compared?.money
    // Bounds relative to the current plan follow the budget, whatever is compared.
    let bounding = plan.currentMoney == nil ? current : comparison(at: shared)?.money
    let now = current?.reduce(0, +)
    let budget =
      allocation == nil || plan.increment != nil ? names.budget(of: plan, asked: total, now: now, cap: cap) : total
    if budget == nil && allocation == nil && names.problems.isEmpty {
      names.problems.append(
        PlanProblem("the plan has no budget, expected budget: {total: MONEY} or {per_period: MONEY}"))
    }
    if case .range(let range)? = plan.budget?.spend, let total, !range.contains(total) {
      warnings.append(
        "budget.total \(SpendLimits.format(total)) is outside of budget.spend, \(SpendLimits.format(range.lowerBound)) to "
          + "\(SpendLimits.format(range.upperBound)), which is what may be spent: of the total are shares alone")
    }
    let money = min(budget ?? shared, useful)
    if current == nil {
      warnings.append(
        "there is no current plan to compare with: expected a whole history of spend in the posterior, or current: "
          + "{file: …} in the plan")
    }
    var limits = names.limits(
      plan, budget: budget, shares: cap == nil ? budget : nil, current: bounding, observed: observed,
      keeping: names.observedLimits(plan, planned, costs: costs))
    limits.useful = useful
    limits.currency = plan.labels.currency
    limits.hasIncrement = plan.increment != nil
    let utility = own ?? names.utility(plan.utility, periodCount: periodCount)
    let risks = plan.riskLimits.map { names.utility($0.utility, periodCount: periodCount) }
    names.checkGoal(plan, utility, risks)
    if allocation == nil, own == nil, let caution = UtilityCatalogue.entry(named: plan.utility.name.value)?.caution {
      warnings.append(caution)
    }
    guard names.problems.isEmpty else { throw PlanProblems(names.problems) }
    if allocation == nil {
      try limits.checkBounded(
        money: money,
        costsNothing: utility.properties.isNondecreasing && !(utility is any PlanUtility) && plan.measure != .profit
          && plan.target == nil)
      try limits.checkFeasible(money: money)
    }

    for (cell, costs) in zip(posterior.cells, costs) where !costs.allSatisfy({ (money / $0).isFinite }) {
      names.problems.append(
        PlanProblem("\(cell.name): the budget buys more media at this cost per unit than a number can hold"))
    }
    guard names.problems.isEmpty else { throw PlanProblems(names.problems) }
    if plan.measure == .roi, allocation == nil, plan.budget?.spend != .exactly {
      names.problems.append(
        PlanProblem(
          "measure: roi is highest where next to nothing is spent, expected spend: exactly beside it, or measure: profit"
        ))
    }
    let currentSpent = current?.reduce(0, +)
    if plan.measure == .roi, spent == 0 || currentSpent == 0 {
      names.problems.append(
        PlanProblem("measure: roi: expected money that is spent, by the current plan too, found none"))
    }
    if plan.measure == .lift, current == nil {
      names.problems.append(PlanProblem("measure: lift: expected a current plan to measure from, found none"))
    }
    let factors = names.factors(plan.terms, over: plan.horizon)
    guard names.problems.isEmpty else { throw PlanProblems(names.problems) }
    let surfaces = OutcomeSurfaces(
      plan, names, factors: factors, prices: prices, seasons: seasons, carriesIn: carriesIn, over: window)
    let pattern = given?.pattern ?? planned
    // What is measured by the money spent is another surface at another budget.
    let alike = plan.measure == .roi ? nil : earlier
    let surface = alike?.objective.surface ?? surfaces.measured(pattern, spent: spent ?? money)
    let most = zip(limits.upper, allocated ?? limits.upper).map { $0.isFinite ? $0 : $1.isFinite ? $1 : money }
    names.checkFinite(surface, at: most)
    guard names.problems.isEmpty else { throw PlanProblems(names.problems) }
    let currentPattern = compared?.pattern ?? planned
    let isAlike = currentPattern == pattern && (plan.measure != .roi || currentSpent == spent ?? money)
    let currentSurface =
      isAlike
      ? surface
      : alike?.currentObjective.surface ?? surfaces.measured(currentPattern, spent: currentSpent ?? money)
    let currentResponse = plan.measure == .lift ? current.map { currentSurface.responses(at: $0).rowSums() } : nil
    func offset(of surface: ResponseSurface) -> [Double] {
      switch plan.measure {
      case .response where plan.horizon.includeHistory.value: surface.carriedIn
      // What curves pay at no spend counts as response; what history still does in the window does not.
      case .response: surface.bottoms.minus(surface.atRest).rowSums()
      case .incremental, .profit, .roi, .lift: (currentResponse ?? surface.atRest.rowSums()).map { -$0 }
      }
    }
    if allocation == nil, let raroc = utility as? RAROC {
      let idle = zip(surface.atRest.rowSums(), offset(of: surface)).map { $0 + $1 }
      try limits.checkPositiveSpend(returnsAtNothing: mean(idle.span) >= raroc.reference)
    }
    let even = limits.lower.indices.map { _ in money / Double(limits.lower.count) }
    let reference = (allocated ?? even).map { $0 / money }
    func objective(on surface: ResponseSurface) -> PlanObjective {
      PlanObjective(
        surface: surface, utility: utility, offset: offset(of: surface), money: money, reference: reference)
    }
    self.objective = alike.map { objective(on: surface).sharingTable(of: $0.objective) } ?? objective(on: surface)
    goal = PlanGoal(
      plan, utility, risks: risks, outcomeValue: plan.terms.value?.number(of: 0) ?? 1, money: money,
      reference: (
        self.objective.reading(spend: even).outcome, self.objective.reading(spend: even.map { _ in 0 }).outcome
      ))
    sought = goal.map { [plain = self.objective] in plain.scoring($0.score) } ?? self.objective
    hasOwnCap = cap != nil && !(useful.isFinite && plan.target?.value.kind.isOfReturn == true)
    currentObjective = isAlike ? self.objective : objective(on: currentSurface)
    reported = earlier?.reported ?? surfaces.reported(pattern)
    self.surfaces = surfaces
    utilityName = own.map { "\(type(of: $0))" } ?? plan.utility.name.value
    utilityDescription = own.map { "\(type(of: $0))" } ?? plan.utility.description
    self.plan = plan
    var settled = plan
    settled.horizon.carryIn = plan.horizon.carryIn ?? Placed(carriesIn)
    if plan.distribution == .automatic {
      settled.distribution = names.keepsFlighting(plan.distribution, over: window) ? .history(nil) : .uniform
    }
    if plan.costPerUnit == .automatic {
      settled.costPerUnit = posterior.cells.contains { !$0.spendHistory.isEmpty } ? .history(nil) : .costs([])
    }
    settledPlan = settled
    self.posterior = posterior
    self.pattern = pattern
    self.currentPattern = currentPattern
    spendCells = names.spendCells
    self.prices = prices
    tierEnds = TierEnds(names.spendCells, pattern, prices)
    self.budget = budget
    self.current = current
    self.limits = limits
    self.allocated = allocated
    self.warnings = warnings
    observedRanges = names.observedRanges(costs: costs)
    self.warnings += unitWarning + currentMoneyWarning
  }

  /// Whether there is a plan to beat.
  public var hasCurrentPlan: Bool { current != nil }

  /// The model's dims that an amount is not decided for, and is shared over.
  public var sharedDims: [String] { posterior.dims.map(\.name).filter { !spendCells.dims.contains($0) } }

  /// Every limit that the plan states, in words and money.
  public var limitsInWords: [String] { calendar?.limitsInWords ?? limits.inWords(money: money) }
}
