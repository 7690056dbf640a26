/// Budgets that a plan is solved for beside its own.
public struct BudgetScenarios: Sendable, Equatable {
  /// One of them, as written.
  public enum Step: Sendable, Equatable {
    /// Per cent of the plan's own budget, more or less: above -100.
    case change(Double)
    /// Money over the horizon, above 0.
    case money(Double)

    /// Money over the horizon; nil for a change of no budget.
    public func money(of own: Double?) -> Double? {
      switch self {
      case .change(let percent): own.map { $0 * (100 + percent) / 100 }
      case .money(let money): money
      }
    }
  }

  /// At least one.
  public var steps: [Placed<Step>]
  /// Whether bounds in money, and those by what was observed, are multiplied as the budget is. Shares of the budget, and bounds relative to a
  /// current plan of history's shares, follow it anyway; constraints and a current plan in money stay.
  public var scalesBounds: Bool

  /// By default a fifth and a tenth less, the budget itself, a tenth and a fifth more, with bounds that stay.
  public init(steps: [Placed<Step>] = Self.usual.map { Placed(.change($0)) }, scalesBounds: Bool = false) {
    self.steps = steps
    self.scalesBounds = scalesBounds
  }

  /// In per cent.
  public static let usual: [Double] = [-20, -10, 0, 10, 20]
}

extension BudgetScenarios {
  /// What must hold of the budgets of every plan.
  func brokenConditions() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    if steps.isEmpty { problems.append(PlanProblem("scenarios: expected at least one budget, found none")) }
    let changes = steps.count { step in if case .change = step.value { true } else { false } }
    if changes > 0, changes < steps.count {
      problems.append(PlanProblem("scenarios: expected changes in per cent or amounts of money, found both"))
    }
    for step in steps {
      switch step.value {
      case .change(let percent) where !(percent > -100 && percent.isFinite):
        problems.append(
          PlanProblem("scenarios: expected a change above -100 per cent, found \(percent)", at: step.position))
      case .money(let money) where !(money >= Budget.least && money.isFinite):
        problems.append(
          PlanProblem("scenarios: expected an amount of money above 0, found \(money)", at: step.position))
      case .change, .money: break
      }
    }
    return problems
  }
}

extension Plan {
  /// The same with another budget, and bounds that follow it where scenarios say so.
  func budgeted(_ money: Double, own: Double?) -> Plan {
    var plan = self
    plan.budget = Budget(amount: Placed(.total(money), at: budget?.amount.position), spend: budget?.spend ?? .exactly)
    plan.currentMoney = currentMoney ?? own
    if scenarios.scalesBounds, let own { plan.bounds = bounds.scaled(by: money / own) }
    return plan
  }
}

extension Bounds {
  /// Money, and multiples of what was observed, times a number.
  fileprivate func scaled(by factor: Double) -> Bounds {
    func scaled(_ end: Placed<Double>?) -> Placed<Double>? { end.map { Placed($0.value * factor, at: $0.position) } }
    func scaled(_ limit: Placed<Limit>) -> Placed<Limit> {
      switch limit.value {
      case .money(let lower, let upper):
        Placed(.money(lower: scaled(lower), upper: scaled(upper)), at: limit.position)
      case .history(let lower, let upper):
        Placed(.history(lower: scaled(lower), upper: scaled(upper)), at: limit.position)
      case .share, .relative: limit
      }
    }
    return Bounds(fallback: fallback.map(scaled), cells: cells.map { ($0.cell, scaled($0.limit)) })
  }
}
