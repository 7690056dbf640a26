/// What one unit of a cell's media costs, in money.
public enum CostPerUnit: Sendable, Equatable {
  /// History's where the posterior knows what was spent, else 1: media are money.
  case automatic
  /// Spend by media, cell by cell, of the observed periods that the distribution `history` takes.
  case history(TextPosition?)
  /// Of the named cells; the others 1.
  case costs([CellSeries])
}

/// How the price of a cell's media changes with what is spent on it in a period.
public struct CellPrice: Sendable, Equatable {
  /// As written.
  public enum Rule: Sendable, Equatable {
    /// The cost per unit holds at the reference spend, money of one period in each of the model's cells, and rises as a power of
    /// what is spent; without a reference it is history's mean over periods with spend.
    case elasticity(Placed<Double>, reference: Placed<Double>?)
    /// From each start, money of one period in each of the model's cells, a unit costs the price beside it.
    case tiers([(start: Placed<Double>, price: Placed<Double>)])

    public static func == (a: Rule, b: Rule) -> Bool {
      switch (a, b) {
      case (.elasticity(let a, let aReference), .elasticity(let b, let bReference)): a == b && aReference == bReference
      case (.tiers(let a), .tiers(let b)):
        a.count == b.count && zip(a, b).allSatisfy { $0.start == $1.start && $0.price == $1.price }
      case (.elasticity, .tiers), (.tiers, .elasticity): false
      }
    }
  }

  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// One of the two.
  public var rule: Rule

  public init(cell: Placed<String>, rule: Rule) {
    self.cell = cell
    self.rule = rule
  }
}
