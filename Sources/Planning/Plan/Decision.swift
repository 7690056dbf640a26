/// Which cells the optimiser moves.
public struct Decision: Sendable, Equatable {
  /// At no spend, or at the current plan's.
  public enum Hold: String, Sendable, CaseIterable { case zero, current }

  /// Dims of the model, in any order: an amount is decided for each combination of their labels. The others' share it as the
  /// distribution says. With `period` among them an amount is decided for each period, and bounds are of each.
  public var by: [Placed<String>]
  /// Cells that the optimiser does not move, by their labels joined by a slash.
  public var except: [Placed<String>]
  /// What the others are held at; their money counts in the budget.
  public var hold: Hold

  /// By default an amount is decided for each channel, and every one moves.
  public init(by: [Placed<String>] = [Placed("channel")], except: [Placed<String>] = [], hold: Hold = .zero) {
    self.by = by
    self.except = except
    self.hold = hold
  }
}

extension Decision {
  /// What `by` calls the plan's periods.
  static let period = "period"

  /// Whether an amount is decided for each period.
  public var isByPeriod: Bool { by.contains { $0.value == Decision.period } }

  /// The model's dims of `by`.
  public var dims: [Placed<String>] { by.filter { $0.value != Decision.period } }
}
