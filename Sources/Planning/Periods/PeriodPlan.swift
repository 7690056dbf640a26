import NumericKernel
import Optimisation
import ResponseModel

/// A plan whose periods are decided made into numbers: what is maximised in each cell's money of each period, and within what limits.
struct PeriodPlan: Sendable {
  let cells: SpendCells
  let periodCount: Int
  /// Money for a unit of the solver's variables.
  let money: Double
  let limits: PeriodLimits
  /// All that is convex of the limits, in shares of the money; nil where a given allocation is scored.
  let polytope: SparsePolytope?
  /// A point within the polytope; with choices, one that makes them.
  private(set) var inside: [Double]
  let objective: PeriodObjective
  /// Which part of a period's money each of the model's cells has.
  let split: SpendPattern
  /// The current plan's money by cell and period; nil without one.
  let current: [Double]?
  /// Money by cell and period as the distribution spreads an even budget.
  let even: [Double]
  /// The allocation to be scored, by cell and period; nil for a plan to be optimised.
  let allocated: [Double]?
  /// What was asked for.
  let plan: Plan

  var variableCount: Int { cells.cells.count * periodCount }

  /// Every amount: `tv in period 3`.
  var amountNames: [String] { (0..<variableCount).map(limits.name) }

  func variable(_ cell: Int, _ period: Int) -> Int { cell * periodCount + period }

  /// A limit holds when it is missed by no more than this: 1e-9 of the budget.
  var tolerance: Double { 1e-9 * money }

  func score(spend: [Double]) -> Double {
    precondition(spend.count == variableCount, "A spend for each cell and period.")
    return objective.score(spend: spend)
  }

  func outcomeSize(spend: [Double]) -> Double {
    let outcome = objective.outcome(spend: spend)
    return zip(outcome, objective.offset).reduce(0) { $0 + abs($1.0) + 2 * abs($1.1) } / Double(max(outcome.count, 1))
  }

  /// What the utility comes to where all plans spend the same, and the plan says that they do; nil otherwise.
  var fixedSpendScore: FixedSpendScore? {
    limits.spendsExactly ? (objective.utility as? any PlanUtility)?.atFixedSpend : nil
  }

  /// What is climbed and bounded: the utility, or at fixed spend one of the outcome alone that prefers the same plans.
  var searched: PeriodObjective { fixedSpendScore.map { objective.scoring($0.utility) } ?? objective }

  /// What a bound on what is searched says of the utility.
  func concluded(_ bound: Double, _ searched: PeriodObjective) -> Double {
    let own = bound * searched.scale
    return fixedSpendScore.map { $0.score(own, money) } ?? own
  }

  /// Whether a bound on the utility can be proved: of a concave utility of the outcome, one that falls where a good draw rises included.
  var isCertifiable: Bool { searched.isOverestimable || searched.utility.rising != nil }

  /// What of its money each cell spends in each period, flattened.
  static func amounts(_ money: [Double], _ pattern: SpendPattern) -> [Double] {
    zip(money, pattern.shares).flatMap { money, parts in
      parts[0].indices.map { period in money * parts.reduce(0) { $0 + $1[period] } }
    }
  }

  /// Every limit that the plan states, in words and money; those that are the same in all periods once, and of ramps those whose money is known.
  var limitsInWords: [String] {
    let words = zip(limits.limits, limits.asAmounts.inWords(money: money)).map { $0.inWords($1) }
    let flights = limits.flights.map {
      "\($0.name): runs of at least \($0.onAtLeast) periods, at least \($0.offAtLeast) between them"
    }
    // What is said of a period, without its number.
    let common = zip(limits.limits, words).map { limit, words in
      limit.places.count == 1 && limit.kind == .bounds
        ? words.replacing("in period \(limit.places[0] % periodCount + 1)", with: "in each period") : words
    }
    let counts = Dictionary(common.map { ($0, 1) }, uniquingKeysWith: +)
    var seen: Set<String> = []
    return zip(zip(limits.limits, words), common).compactMap { stated, common in
      let (limit, words) = stated
      if limit.kind == .ramp, limit.places.count > 1 { return nil }
      guard words != common, counts[common] == periodCount else { return words }
      return seen.insert(common).inserted ? common : nil
    } + flights
  }

  /// What is worth a look before the plan is solved: ramps that nothing leads out of, and least amounts beyond what may be spent.
  func findings() -> [String] {
    var sentences: [String] = []
    for limit in limits.limits where limit.kind == .offOrAtLeast && limit.lower > limits.upper[limit.places[0]] {
      sentences.append(
        "\(limit.name): \(SpendLimits.format(limit.lower)) is more than the \(SpendLimits.format(limits.upper[limit.places[0]])) that may be spent there; it stays off"
      )
    }
    for limit in limits.limits where limit.kind == .ramp && limit.places.count == 1 && limit.upper == 0 {
      sentences.append(
        "\(limit.name): nothing was spent in the last observed period, and a share of nothing is nothing; from_zero lets it begin"
      )
    }
    return sentences
  }
}

extension SpendPattern {
  /// Of each period's money the part of each member: as the pattern has it, and in periods of none as over all of them.
  var ofPeriods: SpendPattern {
    SpendPattern(
      shares: shares.map { parts in
        let totals = parts.map { $0.reduce(0, +) }
        let whole = totals.reduce(0, +)
        return parts.indices.map { member in
          parts[member].indices.map { period in
            let sum = parts.reduce(0) { $0 + $1[period] }
            if parts.count == 1 { return 1 }
            return sum > 0
              ? parts[member][period] / sum : whole > 0 ? totals[member] / whole : 1 / Double(parts.count)
          }
        }
      })
  }
}

extension OutcomeSurfaces {
  /// As `measured`, of money by period: `split` says which part of it each of the model's cells has.
  func measured(byPeriod split: SpendPattern, spent: Double) -> PeriodSurface {
    switch plan.measure {
    case .incremental, .response, .lift: return byPeriod(split, in: .outcome)
    case .roi: return byPeriod(split, in: .value, times: 1 / spent)
    case .profit:
      let charges = split.shares.flatMap { parts in parts[0].indices.map { factors.worth(of: $0) } }
      return byPeriod(split, in: .profit).charged(charges)
    }
  }

  func byPeriod(_ split: SpendPattern, in unit: OutcomeFactors.Unit, times factor: Double = 1) -> PeriodSurface {
    PeriodSurface(planned(split, in: unit, times: factor), carryOver: plan.horizon.carryOver)
  }

  /// Whether the outcome's money is not the outcome.
  var hasValue: Bool { !factors.isOutcome(.value) }
}

// MARK: - Compiling

extension CompiledPlan {
  /// A plan that decides periods: the same plan by its distribution says all that does not depend on the limits.
  init(
    byPeriod plan: Plan, _ posterior: Posterior, scoring allocation: Allocation?, utility own: (any Utility)?
  ) throws {
    guard !plan.decision.dims.isEmpty else {
      throw PlanProblems([
        PlanProblem(
          "decide.by: expected a dim of the model beside period, such as [channel, period], found period alone",
          at: plan.decision.by.first?.position)
      ])
    }
    var spread = plan
    spread.decision.by = plan.decision.dims
    spread.bounds = Bounds()
    spread.constraints = []
    spread.keepInObservedRange.value = false
    spread.rounding = nil
    spread.mode = PlanningMode()
    // Without the bounds that it goes by.
    if spread.budget?.spend == .free, plan.measure != .roi { spread.budget?.spend = .atMost }
    let broken = plan.brokenConditions()
    guard broken.isEmpty else { throw PlanProblems(broken) }
    self = try CompiledPlan(spread: spread, posterior, scoring: allocation, utility: own)
    calendar = try PeriodPlan(plan, self, scoring: allocation)
    self.plan.decision.by = plan.decision.by
    self.plan.bounds = plan.bounds
    self.plan.constraints = plan.constraints
    self.plan.keepInObservedRange = plan.keepInObservedRange
    self.plan.rounding = plan.rounding
    self.plan.mode = plan.mode
    self.plan.budget = plan.budget
  }
}

extension PeriodPlan {
  /// - Parameter compiled: the same plan by its distribution, without bounds and constraints.
  fileprivate init(_ plan: Plan, _ compiled: CompiledPlan, scoring allocation: Allocation?) throws {
    var names = CellNames(compiled.posterior, decidedBy: plan.decision.dims)
    let window = compiled.surfaces.window
    let costs = names.costs(compiled.plan.costPerUnit, over: window)
    let (money, count) = (compiled.money, window.periodCount)
    let planned = names.pattern(compiled.plan.distribution, costs: costs, over: window)
    func amounts(money: Double) -> [Double]? {
      guard compiled.current != nil else { return nil }
      return names.current(compiled.plan.current, costs: costs, money: money, base: planned).map {
        PeriodPlan.amounts($0.money, $0.pattern)
      }
    }
    // Bounds relative to the current plan follow the budget, whatever is compared.
    let current = amounts(money: money)
    self.current = plan.currentMoney == nil ? current : amounts(money: plan.currentMoney ?? money)
    let limits = names.periodLimits(
      plan, budget: compiled.budget,
      current: current.map { current in
        stride(from: 0, to: current.count, by: count).map { Array(current[$0..<$0 + count]) }
      }, costs: costs, over: window)
    guard names.problems.isEmpty else { throw PlanProblems(names.problems) }
    self.plan = plan
    self.money = money
    self.limits = limits
    periodCount = count
    cells = compiled.spendCells
    split = compiled.pattern.ofPeriods
    let even = PeriodPlan.amounts(
      cells.cells.map { [cells] _ in money / Double(cells.cells.count) }, compiled.pattern)
    self.even = even
    let allocated = compiled.allocated.map { PeriodPlan.amounts($0, compiled.pattern) }
    self.allocated = allocated
    objective = PeriodObjective(
      compiled.surfaces.measured(byPeriod: split, spent: compiled.allocated?.reduce(0, +) ?? money),
      compiled.objective.utility, offset: compiled.objective.offset, money: money, reference: allocated ?? even)
    guard allocation == nil else {
      (polytope, inside) = (nil, [])
      return
    }
    let start = (current ?? even).map { $0 / money }
    let found = try limits.room(money: money, near: start)
    (polytope, inside) = (found.polytope, found.point)
    if limits.hasChoices { inside = try PeriodChoices(self, found.polytope).somePlan(near: start) }
    if let raroc = objective.utility as? RAROC, limits.leastSpend == 0 {
      let idle = zip(objective.surface.atRest.rowSums(), objective.offset).map { $0 + $1 }
      try limits.asAmounts.checkPositiveSpend(returnsAtNothing: mean(idle.span) >= raroc.reference)
    }
  }
}

extension PeriodLimits {
  /// What all amounts may spend at least and at most, and the budget: of hundreds of amounts this is told without asking which.
  private func checkSums() throws {
    guard let budget = limits.first, budget.kind == .budget, zip(lower, upper).allSatisfy({ $0 <= $1 }) else { return }
    let (least, most) = (lower.reduce(0, +), upper.reduce(0, +))
    let (words, money) = (budget.lower == budget.upper ? ", to be spent exactly," : "", SpendLimits.format)
    if most < budget.lower {
      throw InfeasiblePlan(
        "budget \(money(budget.lower))\(words) exceeds what all cells may spend in all periods by their own limits, \(money(most)), by "
          + "\(money(budget.lower - most)); it would be enough to lower the budget to \(money(most))"
          + (budget.lower == budget.upper ? "; spend: at_most would leave the rest unspent" : ""),
        limits: ["budget"] + limits.filter { $0.kind == .bounds || $0.isOfOneAlone }.map(\.name))
    }
    if least > budget.upper {
      throw InfeasiblePlan(
        "what all cells have to spend in all periods by their own limits, \(money(least)), exceeds budget \(money(budget.upper))\(words) by "
          + "\(money(least - budget.upper)); it would be enough to raise the budget to \(money(least))",
        limits: ["budget"] + limits.filter { ($0.kind == .bounds || $0.isOfOneAlone) && $0.lower > 0 }.map(\.name))
    }
  }

  /// Room for limits that leave points, and none inside of them, in widths of the polytope: a tenth of what a limit may be missed by.
  static let widening = 1e-10

  /// The polytope and a point inside of it; a sentence on the limits that conflict where there is none.
  fileprivate func room(money: Double, near start: [Double]) throws -> (polytope: SparsePolytope, point: [Double]) {
    if let whole = polytope(money: money), let reduced = whole.reduced() {
      for polytope in [reduced, reduced.widened(by: PeriodLimits.widening)] {
        if case .inside(let point) = polytope.room(near: start) { return (polytope, point) }
      }
    }
    try checkSums()
    let amounts = asAmounts
    if let endless = zip(lower, upper).enumerated().first(where: { $0.element.1 == .infinity }),
      limits.first?.kind != .budget
    {
      throw PlanProblems([
        PlanProblem("spend: free needs an upper limit for each cell, found none for \(name(of: endless.offset))")
      ])
    }
    try amounts.checkFeasible(money: money)
    throw InfeasiblePlan(
      "the limits leave no plan that arithmetic could tell from none: they miss each other by little more than rounding"
    )
  }
}
