/// How a plan that decides periods is made.
public struct PlanningMode: Sendable, Equatable {
  /// Which periods are decided when.
  public enum Order: String, Sendable, CaseIterable {
    /// All at once.
    case simultaneous
    /// One after the other, each as if it were the last, and never changed after.
    case sequential
    /// The first ones are locked as they were spent, all others are decided at once with what is left.
    case rolling
  }

  /// What a period may spend where one is decided after the other, as far as limits permit.
  public enum Split: String, Sendable, CaseIterable {
    /// The budget by the number of periods.
    case equal
    /// By the mean of the cells' seasonality in the period.
    case season
    /// For as long as money brings more than the last unit of the budget does where all periods are decided at once.
    case prices
  }

  /// As written.
  public var order: Placed<Order>
  /// Of a sequential plan.
  public var split: Split
  /// Periods that a rolling plan finds spent, from the first.
  public var locked: Placed<Int>?
  /// Whether the search knows that effects carry over; what is reported always does.
  public var isAdstockAware: Bool

  /// By default all periods at once, and carryover known.
  public init(
    order: Placed<Order> = Placed(.simultaneous), split: Split = .equal, locked: Placed<Int>? = nil,
    isAdstockAware: Bool = true
  ) {
    self.order = order
    self.split = split
    self.locked = locked
    self.isAdstockAware = isAdstockAware
  }

  /// Whether the plan is the best that is found of all periods at once.
  var isPlain: Bool { order.value != .sequential && isAdstockAware }
}

extension PlanningMode {
  /// What must hold of it beside the rest of the plan.
  func brokenConditions(_ plan: Plan) -> [PlanProblem] {
    var problems: [PlanProblem] = []
    let count = plan.horizon.periodCount.value
    let isDefault = order.value == .simultaneous && split == .equal && locked == nil && isAdstockAware
    if !plan.decision.isByPeriod, !isDefault {
      problems.append(
        PlanProblem(
          "mode, sequential_budget, locked_periods and adstock_aware are of plans that decide periods, expected decide: {by: [channel, period]}",
          at: locked?.position ?? order.position))
    }
    if let locked, order.value != .rolling {
      problems.append(
        PlanProblem(
          "locked_periods: expected mode: rolling beside it, found \(order.value.rawValue)", at: locked.position))
    }
    if order.value == .rolling {
      guard let locked else {
        problems.append(
          PlanProblem("mode: rolling lacks locked_periods, expected how many are spent", at: order.position))
        return problems
      }
      if locked.value >= count {
        problems.append(
          PlanProblem(
            "locked_periods: expected fewer than the plan's \(count) periods, found \(locked.value)",
            at: locked.position))
      }
    }
    return problems
  }
}
