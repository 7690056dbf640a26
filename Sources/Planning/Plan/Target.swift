/// What money is to come to, for a plan that asks for that instead of for a way to spend a budget; the budget is then the most
/// that may be spent.
public struct Target: Sendable, Equatable {
  /// What is asked for; by `utility` is meant the plan's, of its outcome draws.
  public enum Kind: String, Sendable, CaseIterable {
    /// The highest utility at which each unit of money still brings so much on average: `outcome_value · utility ≥ roi · spend`.
    case roi
    /// Money is spent for as long as the next unit brings so much: the highest `outcome_value · utility − marginal_roi · spend`.
    case marginalROI = "marginal_roi"
    /// The highest utility at which a unit of outcome costs no more than so much: `spend ≤ cost_per_outcome · utility`.
    case costPerOutcome = "cost_per_outcome"
    /// The least money at which the utility comes to so much.
    case outcome
    /// The highest utility of profit, whatever is spent for it.
    case profit

    /// Whether each unit of money has to bring something back.
    var isOfReturn: Bool { self == .roi || self == .marginalROI || self == .costPerOutcome }
  }

  /// What is asked for.
  public var kind: Kind
  /// How much of it; nil for the most profit.
  public var amount: Placed<Double>?

  /// An amount for all kinds but profit.
  public init(_ kind: Kind, _ amount: Placed<Double>? = nil) {
    self.kind = kind
    self.amount = amount
  }
}

/// A limit on risk: what a utility of the outcome draws has to come to, beside the one that is maximised.
public struct RiskLimit: Sendable, Equatable {
  /// Of the plan's outcome draws.
  public var utility: UtilityChoice
  /// What it has to come to, in its own unit.
  public var atLeast: Placed<Double>
  /// What reports call it; nil for what it says.
  public var name: String?

  public init(_ utility: UtilityChoice, atLeast: Placed<Double>, name: String? = nil) {
    self.utility = utility
    self.atLeast = atLeast
    self.name = name
  }

  var title: String { name ?? utility.description }
}

/// A change of the current plan: so much more money, or less, in some cells; the others stay as they are.
///
/// Where there is more of it no cell has less than under the current plan, where there is less none has more.
public struct Increment: Sendable, Equatable {
  /// Above zero for more money.
  public enum Amount: Sendable, Equatable {
    /// Over the horizon.
    case money(Double)
    /// Of what the current plan spends.
    case share(Double)
  }

  /// How much more, or less.
  public var amount: Placed<Amount>
  /// Cells whose money may change; none named, all.
  public var only: [Placed<String>]

  /// By default in all cells.
  public init(_ amount: Placed<Amount>, only: [Placed<String>] = []) {
    self.amount = amount
    self.only = only
  }

  /// Money, added to what the current plan spends.
  func money(of current: Double) -> Double {
    switch amount.value {
    case .money(let money): money
    case .share(let share): share * current
    }
  }
}

extension Plan {
  /// Whether it says how much is spent, or what for: what a plan needs to be optimised.
  public var saysHowMuch: Bool { budget != nil || target != nil || increment != nil }

  /// What must hold of targets, limits of risk and increments, however they were made.
  func brokenGoals() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    func expect(_ holds: Bool, _ message: @autoclosure () -> String, at position: TextPosition?) {
      if !holds { problems.append(PlanProblem(message(), at: position)) }
    }
    if decision.isByPeriod {
      for (key, position) in [
        ("target", target?.position), ("risk_limits", riskLimits.first?.atLeast.position),
        ("increment", increment?.amount.position),
      ]
      where key == "target" && target != nil || key == "risk_limits" && !riskLimits.isEmpty
        || key == "increment" && increment != nil
      {
        problems.append(
          PlanProblem(
            "\(key) goes with money that is spread over the periods, expected decide: {by: [channel]} beside it, found period",
            at: position))
      }
    }
    if let target = target?.value {
      let name = "target.\(target.kind.rawValue)"
      let position = target.amount?.position ?? self.target?.position
      expect(
        (target.amount == nil) == (target.kind == .profit),
        "\(name): expected \(target.kind == .profit ? "no number" : "a number"), found "
          + (target.amount.map { "\($0.value)" } ?? "none"), at: position)
      if let amount = target.amount {
        expect(
          amount.value.isFinite && (target.kind == .outcome || amount.value > 0),
          "\(name): expected a number\(target.kind == .outcome ? "" : " above 0"), found \(amount.value)", at: position)
      }
      expect(
        increment == nil, "\(name): an increment says how much is spent, expected one of the two, found both",
        at: position)
      switch target.kind {
      case .roi, .marginalROI, .costPerOutcome:
        expect(
          measure == .incremental,
          "\(name) is of the incremental response, expected measure: incremental, found \(measure.rawValue)",
          at: position)
        if target.kind != .costPerOutcome, let worth = terms.value?.numbers.first {
          // Its inverse has to be a number, too.
          expect(
            worth.value >= 1e-150 && worth.value <= 1e150,
            "\(name): expected an outcome_value above 0, found \(worth.value)", at: worth.position ?? position)
        }
        if target.kind != .costPerOutcome, case .byPeriod(let numbers, let place) = terms.value, numbers.count > 1 {
          expect(
            false, "\(name): expected one outcome_value for all periods, found one for each", at: place ?? position)
        }
      case .outcome:
        expect(
          measure != .roi,
          "\(name): expected another measure than roi, which is highest where next to nothing is spent",
          at: position)
      case .profit: break
      }
    }
    for limit in riskLimits {
      expect(
        limit.atLeast.value.isFinite, "risk_limits: expected a number in at_least, found \(limit.atLeast.value)",
        at: limit.atLeast.position)
      problems += limit.utility.brokenConditions()
    }
    if let increment {
      let number = increment.money(of: 1)
      expect(number.isFinite, "increment: expected an amount of money, found \(number)", at: increment.amount.position)
      if case .share(let share) = increment.amount.value {
        expect(share > -1, "increment: expected a share above -1, found \(share)", at: increment.amount.position)
      }
      if let spend = budget?.spend {
        expect(
          spend == .exactly, "increment says how much is spent, expected no budget.spend beside it, found one",
          at: increment.amount.position)
      }
    }
    return problems
  }

  /// The same with what a target says of other keys: a budget is the most that may be spent, and the most profit is of profit.
  var aimed: Plan {
    guard let target = target?.value else { return self }
    var own = self
    if own.budget?.spend == .exactly { own.budget?.spend = .atMost }
    if target.kind == .profit { own.measure = .profit }
    return own
  }
}
