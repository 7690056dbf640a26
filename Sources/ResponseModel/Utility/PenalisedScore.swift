import NumericKernel

/// `a · u(r) − c · spend − Σᵢ Mᵢ (bᵢ − (αᵢ uᵢ(r) − γᵢ · spend))⁺`: what a plan is worth, and what it loses where it misses a
/// condition `αᵢ uᵢ(r) − γᵢ · spend ≥ bᵢ`, spend being all money over the horizon.
///
/// No plan that meets the conditions scores more than the best plan, whatever the penalties M: from it nothing is taken. With
/// penalties above the conditions' multipliers the best plan meets them itself (Han and Mangasarian, Exact penalty functions in
/// nonlinear programming, Math. Programming 17, 1979). Concave utilities make a concave score of outcome and spend.
public struct PenalisedScore: PlanUtility {
  /// What a plan has to come to.
  public struct Condition: Sendable {
    /// u, a score of the outcome alone.
    public var utility: any Utility
    /// α, not negative.
    public var worth: Double
    /// γ, not negative: what a unit of money takes from it.
    public var charge: Double
    /// b, finite.
    public var least: Double
    /// M, not negative.
    public var penalty: Double
    /// Missed by no more than this, the condition counts as met where a plane is asked for: which of two planes that is, rounding
    /// would else decide.
    public var tolerance = 0.0

    /// By default `u(r) ≥ least`.
    public init(_ utility: any Utility, worth: Double = 1, charge: Double = 0, least: Double, penalty: Double) {
      precondition(!(utility is any PlanUtility), "A condition is on a score of the outcome alone.")
      precondition(worth >= 0 && charge >= 0 && penalty >= 0, "Worth, charge and penalty are not negative.")
      self.utility = utility
      self.worth = worth
      self.charge = charge
      self.least = least
      self.penalty = penalty
    }

    /// How far a plan is above what it has to come to; negative where it misses.
    public func slack(score: Double, spend: Double) -> Double { worth * score - charge * spend - least }
  }

  /// u, a score of the outcome alone.
  public var utility: any Utility
  /// a, not negative.
  public var worth: Double
  /// c, not negative: what a unit of money costs.
  public var charge: Double
  /// What is to be met.
  public var conditions: [Condition]

  /// By default the utility alone.
  public init(_ utility: any Utility, worth: Double = 1, charge: Double = 0, conditions: [Condition] = []) {
    precondition(!(utility is any PlanUtility), "What is penalised is a score of the outcome alone.")
    precondition(worth >= 0 && charge >= 0, "Worth and charge are not negative.")
    self.utility = utility
    self.worth = worth
    self.charge = charge
    self.conditions = conditions
  }

  /// The utilities that count.
  private var parts: [any Utility] { (worth > 0 ? [utility] : []) + conditions.map(\.utility) }

  /// In the outcome, at fixed spend; what spend takes is linear, and what conditions take convex.
  public var properties: UtilityProperties {
    UtilityProperties(
      isConcave: parts.allSatisfy(\.properties.isConcave),
      isNondecreasing: parts.allSatisfy(\.properties.isNondecreasing),
      isSmooth: conditions.isEmpty && utility.properties.isSmooth)
  }

  /// The same under those conditions alone that are concave in the outcome, which nothing scores less under.
  public var withConcaveConditions: PenalisedScore {
    var own = self
    own.conditions = conditions.filter(\.utility.properties.isConcave)
    return own
  }

  /// The score and its derivatives: one weight per draw, and the slope in spend.
  public func score(_ outcome: Span<Double>, spend: Double) -> (value: Double, weights: [Double], slope: Double) {
    score(outcome, spend: spend) { $1 < 0 }
  }

  /// The value and the slopes of a plane above a concave score, which touches it but for the conditions' tolerances.
  public func plane(_ outcome: Span<Double>, spend: Double) -> (value: Double, weights: [Double], slope: Double) {
    score(outcome, spend: spend) { $1 < -$0.tolerance }
  }

  private func score(
    _ outcome: Span<Double>, spend: Double, isMissed: (Condition, _ slack: Double) -> Bool
  ) -> (value: Double, weights: [Double], slope: Double) {
    var value = -charge * spend
    var slope = -charge
    var weights = [Double](repeating: 0, count: outcome.count)
    func add(_ own: [Double], times factor: Double) {
      for draw in weights.indices { weights[draw] += factor * own[draw] }
    }
    if worth > 0 {
      let own = utility.weightedScore(outcome)
      value += worth * own.value
      add(own.weights, times: worth)
    }
    for condition in conditions {
      let own = condition.utility.weightedScore(outcome)
      let slack = condition.slack(score: own.value, spend: spend)
      guard isMissed(condition, slack) else { continue }
      value += condition.penalty * slack
      slope -= condition.penalty * condition.charge
      add(own.weights, times: condition.penalty * condition.worth)
    }
    return (value, weights, slope)
  }

  public func score(_ plan: ScoredPlan) -> PlanScore {
    let score = score(plan.outcome.span, spend: plan.spend.reduce(0, +))
    return PlanScore(
      value: score.value, outcomeWeights: score.weights, spendGradient: plan.spend.map { _ in score.slope })
  }

  /// Of each utility that counts its own.
  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    var own = self
    if worth > 0 {
      guard let surrogate = utility.concaveSurrogate(at: outcome) else { return nil }
      own.utility = surrogate
    }
    for index in conditions.indices {
      guard let surrogate = conditions[index].utility.concaveSurrogate(at: outcome) else { return nil }
      own.conditions[index].utility = surrogate
    }
    return own
  }
}
