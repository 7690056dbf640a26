/// Money over the horizon.
public struct Budget: Sendable, Equatable {
  /// Money as written: in all, or by period.
  public enum Amount: Sendable, Equatable {
    /// Over the horizon.
    case total(Double)
    /// Times the number of periods.
    case perPeriod(Double)
  }
  /// How much of the money has to be spent.
  public enum Spend: Sendable, Equatable {
    /// All of it.
    case exactly
    /// As much of it as pays.
    case atMost
    /// Any amount between these, whatever the budget, which is then what shares are of.
    case range(ClosedRange<Double>)
    /// What bounds and constraints allow, whatever the budget, which is then what shares are of.
    case free

    /// The least and the most that all cells together may spend of a budget; nil for no such limit.
    func ends(of budget: Double) -> (lower: Double, upper: Double)? {
      switch self {
      case .exactly: (budget, budget)
      case .atMost: (-.infinity, budget)
      case .range(let range): (range.lowerBound, range.upperBound)
      case .free: nil
      }
    }
  }

  /// The money, for the whole horizon or for each period.
  public var amount: Placed<Amount>
  /// How much of it has to be spent.
  public var spend: Spend

  /// By default all of it has to be spent.
  public init(amount: Placed<Amount>, spend: Spend = .exactly) {
    self.amount = amount
    self.spend = spend
  }

  /// Less money than this has no shares by cell and period that a number could hold.
  static let least = 1e-200

  /// Money over a horizon of so many periods.
  public func total(periodCount: Int) -> Double {
    switch amount.value {
    case .total(let money): money
    case .perPeriod(let money): money * Double(periodCount)
    }
  }
}
