import ResponseModel

@testable import Planning

extension Plan {
  /// The same plan as if it had not been read from text.
  var withoutPlaces: Plan {
    func bare<Value>(_ placed: Placed<Value>) -> Placed<Value> { Placed(placed.value) }
    func bare(_ series: CellSeries) -> CellSeries {
      CellSeries(cell: bare(series.cell), values: series.values.map(bare))
    }
    func bare(_ limit: Placed<Bounds.Limit>) -> Placed<Bounds.Limit> {
      switch limit.value {
      case .money(let lower, let upper): Placed(.money(lower: lower.map(bare), upper: upper.map(bare)))
      case .share(let lower, let upper): Placed(.share(lower: lower.map(bare), upper: upper.map(bare)))
      case .history(let lower, let upper): Placed(.history(lower: lower.map(bare), upper: upper.map(bare)))
      case .relative(let share): Placed(.relative(bare(share)))
      }
    }
    func bare(_ ends: ConstraintEnds) -> ConstraintEnds {
      ConstraintEnds(atLeast: ends.atLeast.map(bare), atMost: ends.atMost.map(bare))
    }
    func bare(_ rule: any ConstraintRule) -> any ConstraintRule {
      switch rule {
      case let rule as GroupConstraint: GroupConstraint(names: rule.names.map(bare), ends: bare(rule.ends))
      case let rule as LinearConstraint:
        LinearConstraint(
          terms: rule.terms.map { .init(cell: bare($0.cell), coefficient: bare($0.coefficient)) }, ends: bare(rule.ends)
        )
      case let rule as FixedConstraint: FixedConstraint(cell: bare(rule.cell), spend: bare(rule.spend))
      case let rule as OffOrAtLeastConstraint: OffOrAtLeastConstraint(cell: bare(rule.cell), spend: bare(rule.spend))
      case let rule as PeriodConstraint: PeriodConstraint(ends: bare(rule.ends))
      case let rule as DarkConstraint: DarkConstraint(cell: bare(rule.cell))
      case let rule as RampConstraint:
        RampConstraint(
          names: rule.names.map(bare), up: rule.up.map(bare), down: rule.down.map(bare), start: rule.start.map(bare),
          fromZero: rule.fromZero.map(bare))
      case let rule as FlightConstraint:
        FlightConstraint(
          cell: bare(rule.cell), onAtLeast: bare(rule.onAtLeast), offAtLeast: bare(rule.offAtLeast),
          spend: rule.spend.map(bare))
      default: rule
      }
    }
    var plan = self
    plan.posterior.file = bare(posterior.file)
    plan.posterior.draws = posterior.draws.map(bare)
    plan.horizon.periodCount = bare(horizon.periodCount)
    plan.horizon.carryIn = horizon.carryIn.map(bare)
    plan.horizon.includeHistory = bare(horizon.includeHistory)
    plan.constraints = constraints.map {
      Constraint(bare($0.rule), name: $0.name, periods: $0.periods.map(bare))
    }
    plan.seasonality = seasonality.map(bare)
    plan.keepInObservedRange = bare(keepInObservedRange)
    plan.rounding = rounding.map(bare)
    plan.mode.order = bare(mode.order)
    plan.scenarios.steps = scenarios.steps.map(bare)
    plan.reweight = reweight.map(bare)
    plan.mode.locked = mode.locked.map(bare)
    plan.budget = budget.map { Budget(amount: bare($0.amount), spend: $0.spend) }
    switch distribution {
    case .uniform, .automatic: break
    case .history: plan.distribution = .history(nil)
    case .shares(let series): plan.distribution = .shares(series.map(bare))
    }
    if case .history = costPerUnit { plan.costPerUnit = .history(nil) }
    if case .costs(let series) = costPerUnit { plan.costPerUnit = .costs(series.map(bare)) }
    plan.decision.by = decision.by.map(bare)
    plan.decision.except = decision.except.map(bare)
    if case .amounts(let amounts, _) = current {
      plan.current = .amounts(amounts.map { CellAmount(cell: bare($0.cell), money: bare($0.money)) }, position: nil)
    }
    plan.utility = UtilityChoice(
      name: bare(utility.name),
      options: utility.options.map { UtilityOption(name: bare($0.name), value: bare($0.value)) })
    func bare(_ series: OutcomeTerms.Series) -> OutcomeTerms.Series {
      switch series {
      case .same(let number): .same(bare(number))
      case .byPeriod(let numbers, position: _): .byPeriod(numbers.map(bare), position: nil)
      }
    }
    plan.terms = OutcomeTerms(
      labels: terms.labels.map { OutcomeTerms.CountedLabels(dim: bare($0.dim), labels: $0.labels.map(bare)) },
      window: terms.window.map(bare), value: terms.value.map(bare), margin: terms.margin.map(bare),
      discount: bare(terms.discount))
    plan.bounds = Bounds(
      fallback: bounds.fallback.map(bare), cells: bounds.cells.map { (bare($0.cell), bare($0.limit)) })
    return plan
  }
}
