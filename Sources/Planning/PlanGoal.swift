import NumericKernel
import Optimisation
import ResponseModel

/// What a plan with a target or with limits of risk goes after, as a penalised score of outcome and spend.
struct PlanGoal: Sendable {
  /// A condition, and what messages say of it.
  struct Condition: Sendable {
    var condition: PenalisedScore.Condition
    /// What the condition is called in results, as `risk_limits` has it; nil for the target's own.
    var riskLimit: RiskLimit?
    /// What a search is held to beyond it, so that what rounding takes leaves it met.
    var margin: Double
  }

  let target: Target?
  /// The plan's own utility, and what it counts.
  let utility: any Utility
  let worth: Double
  let charge: Double
  private(set) var conditions: [Condition]

  /// Nil for a plan without either.
  ///
  /// - Parameters:
  ///   - reference: outcome draws at some spend, and at none: what penalties are first taken from.
  ///   - outcomeValue: money per unit of outcome.
  init?(
    _ plan: Plan, _ utility: any Utility, risks: [any Utility], outcomeValue: Double, money: Double,
    reference: (some: [Double], none: [Double])
  ) {
    let target = plan.target?.value
    guard (target != nil && target?.kind != .profit) || !plan.riskLimits.isEmpty else { return nil }
    self.target = target
    self.utility = utility
    let asked = target?.amount?.value ?? 0
    var conditions: [PenalisedScore.Condition] = []
    switch target?.kind {
    case .roi:
      (worth, charge) = (1, 0)
      conditions = [
        .init(utility, worth: outcomeValue, charge: asked, least: 0, penalty: Self.firstPenalty / outcomeValue)
      ]
    case .costPerOutcome:
      (worth, charge) = (1, 0)
      conditions = [.init(utility, charge: 1 / asked, least: 0, penalty: Self.firstPenalty)]
    case .marginalROI: (worth, charge) = (outcomeValue, asked)
    case .outcome:
      (worth, charge) = (0, 1)
      let (some, none) = reference
      let raised = utility.score(some.span) - utility.score(none.span)
      let cost = raised > 0 && raised.isFinite ? money / raised : money / max(abs(asked), .leastNormalMagnitude)
      conditions = [.init(utility, least: asked, penalty: Self.firstPenalty * cost)]
    case .profit, nil: (worth, charge) = (1, 0)
    }
    let unit = target?.kind == .outcome ? conditions[0].penalty : Self.firstPenalty * worth
    let own = conditions.count
    conditions += zip(plan.riskLimits, risks).map { limit, risk in
      // Of a ratio or a share of draws a unit is worth far more than one of outcome.
      let score = abs(risk.score(reference.some.span))
      let isUnitless = risk is any RatioUtility || risk is TargetProbability
      let own = isUnitless && score > 0 && score.isFinite ? max(1, abs(utility.score(reference.some.span)) / score) : 1
      return .init(risk, least: limit.atLeast.value, penalty: unit * own)
    }
    let some = reference.some
    self.conditions = conditions.enumerated().map { index, condition in
      let score = condition.utility.score(some.span)
      let size = condition.worth * abs(score) + condition.charge * money + abs(condition.least)
      return Condition(
        condition: condition, riskLimit: index < own ? nil : plan.riskLimits[index - own], margin: Self.margin * size)
    }
  }

  /// Times the multiplier that a condition would have where outcome costs what it does on average.
  private static let firstPenalty = 4.0
  /// Of the size of what is compared.
  private static let margin = 1e-9
  /// Of the margin: a thousand times what rounding may be.
  private static let indifference = 1e-3

  /// What is scored.
  var score: PenalisedScore {
    PenalisedScore(utility, worth: worth, charge: charge, conditions: conditions.map(\.condition))
  }

  /// What is climbed, and what is proved of.
  var searchedScore: PenalisedScore {
    var score = score
    for index in conditions.indices {
      score.conditions[index].least += conditions[index].margin
      score.conditions[index].tolerance = Self.indifference * conditions[index].margin
    }
    return score
  }

  /// What a plan that meets the conditions may lose by the margins.
  var marginCost: Double { conditions.reduce(0) { $0 + $1.condition.penalty * $1.margin } }

  /// Whether what is sought is the utility itself, under conditions.
  var isOfUtility: Bool { worth == 1 && charge == 0 }

  /// Of each condition, in order.
  var penalties: [Double] { conditions.map(\.condition.penalty) }

  /// The same with other penalties; nil where these are not as many, or less than nothing.
  func with(penalties: [Double]) -> PlanGoal? {
    guard penalties.count == conditions.count, penalties.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    var own = self
    for (index, penalty) in penalties.enumerated() { own.conditions[index].condition.penalty = penalty }
    return own
  }

  /// Without one of its conditions.
  func without(_ condition: Int) -> PlanGoal {
    var own = self
    own.conditions.remove(at: condition)
    return own
  }

  /// How far some outcome for its money is above each condition, beyond half of what rounding may take.
  func slacks(_ outcome: [Double], spend: Double) -> [Double] {
    conditions.map { own in
      let slack = own.condition.slack(score: own.condition.utility.score(outcome.span), spend: spend)
      return abs(slack) <= own.margin / 2 ? 0 : slack
    }
  }
}

extension CompiledPlan {
  /// The same in pursuit of another goal.
  func pursuing(_ goal: PlanGoal?) -> CompiledPlan {
    var own = self
    own.goal = goal
    own.sought = goal.map { objective.scoring($0.score) } ?? objective
    return own
  }

  /// The same in pursuit of a score alone.
  func seeking(_ utility: any Utility) -> CompiledPlan {
    var own = self
    own.goal = nil
    own.sought = objective.scoring(utility)
    return own
  }

  /// What a search climbs.
  var searched: PlanObjective { goal.map { sought.rescored($0.searchedScore) } ?? sought }

  /// What missing them costs some money, by the conditions' first penalties.
  func lack(spend: [Double]) -> Double {
    guard let goal else { return 0 }
    let slacks = goal.slacks(objective.reading(spend: spend).outcome, spend: spend.reduce(0, +))
    return zip(goal.penalties, slacks).reduce(0) { $0 + $1.0 * max(0, -$1.1) }
  }

  /// Conditions that some money does not meet.
  func missed(spend: [Double]) -> [Int] {
    guard let goal else { return [] }
    let slacks = goal.slacks(objective.reading(spend: spend).outcome, spend: spend.reduce(0, +))
    return slacks.indices.filter { !(slacks[$0] >= 0) }
  }
}
