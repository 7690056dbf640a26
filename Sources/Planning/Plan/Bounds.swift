/// Limits on each cell's money over the horizon.
public struct Bounds: Sendable, Equatable {
  /// One cell's limit.
  public enum Limit: Sendable, Equatable {
    /// Money; nil for no limit on that side (0 below, the budget above).
    case money(lower: Placed<Double>?, upper: Placed<Double>?)
    /// Shares of the budget; nil as for money.
    case share(lower: Placed<Double>?, upper: Placed<Double>?)
    /// Within this share of the current plan's money, up or down.
    case relative(Placed<Double>)
    /// Multiples of what was spent in as many observed periods as are planned: those planned for, or the last ones; nil as for
    /// money.
    case history(lower: Placed<Double>?, upper: Placed<Double>?)
  }

  /// For cells not listed; nil for [0, budget].
  public var fallback: Placed<Limit>?
  /// The cells listed, each with its limit, in the plan's order.
  public var cells: [(cell: Placed<String>, limit: Placed<Limit>)]

  /// By default each cell's money is in [0, budget].
  public init(fallback: Placed<Limit>? = nil, cells: [(cell: Placed<String>, limit: Placed<Limit>)] = []) {
    self.fallback = fallback
    self.cells = cells
  }

  public static func == (a: Bounds, b: Bounds) -> Bool {
    a.fallback == b.fallback && a.cells.count == b.cells.count
      && zip(a.cells, b.cells).allSatisfy { $0.cell == $1.cell && $0.limit == $1.limit }
  }
}
