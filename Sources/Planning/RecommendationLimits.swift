// What the answer says of limits: which hold it, how nearly, and what they cost.

extension Recommendation {
  /// A limit of the plan, how it is used, and what it costs.
  public struct LimitResult: Sendable, Equatable {
    /// `budget`, or the name of the limited cell.
    public var name: String
    /// Money over the horizon, spent under this plan: of a limit on single periods, in them. Of a flight, periods of its shortest run that begins
    /// and ends within the plan; infinite where there is none.
    public var value: Double
    /// The least money allowed; nil for no limit below.
    public var lower: Double?
    /// The most money allowed; nil for no limit above.
    public var upper: Double?
    /// Distance to the nearer end; negative where broken.
    public var slack: Double
    /// Whether the slack is zero to rounding, 1e-9 of the budget.
    public var isBinding: Bool
    /// d utility / d limit, per unit of money: negative at a lower end, 0 where none binds; nil where not known. Of a rounded plan
    /// that of the plan before it was rounded.
    public var shadowPrice: Double?
    /// The utility of the best plan found without this limit; nil where it does not bind, or was not looked for.
    public var relaxedUtility: Double?
    /// Whether `value`, its ends and `slack` are periods, not money.
    public var isInPeriods = false

    /// Whether the plan keeps it, to 1e-9 of the budget.
    public var isMet: Bool { slack >= 0 }
  }

  /// What became of a target.
  public struct TargetResult: Sendable, Equatable {
    /// What was asked for.
    public var kind: Target.Kind
    /// How much of it; nil for the most profit.
    public var asked: Double?
    /// What the plan comes to, in the same unit: of a marginal ROI what the next unit of money brings where it brings most. Nil where
    /// nothing is spent.
    public var reached: Double?
    /// Whether it comes to what is asked for, but for rounding.
    public var isMet: Bool
    /// The most money that was to be spent; nil for no limit on it.
    public var cap: Double?
    /// Whether that was no wish of the plan's, but the most that was thought of: several times what pays.
    public var isOwnCap: Bool
    /// How `leastSpend` was come by.
    public var bound: BoundKind
    /// Of an outcome that is to be reached: proved, no plan within the limits reaches it that spends less than this; nil where nothing
    /// is proved.
    public var leastSpend: Double?
    /// How far the money spent may be above the least, as a share; nil without a bound on that.
    public var gap: Double?
  }

  /// What is rounded, and at what cost.
  public struct Rounding: Sendable, Equatable {
    /// Money: cells spend multiples of it.
    public var unit: Double
    /// Cells that do not: held at another amount, or with the odd rest of the money.
    public var oddCells: [String]
    /// Utility that the rounding has cost; of an outcome that is to be reached by the least money, money.
    public var loss: Double
  }
}
