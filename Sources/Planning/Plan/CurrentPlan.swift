/// The plan to beat.
public enum CurrentPlan: Sendable, Equatable {
  /// History's shares at this budget.
  case history
  /// Money over the horizon by cell; cells not named spend nothing.
  case amounts([CellAmount], position: TextPosition?)
  /// Money of each period by cell; cells not named spend nothing.
  case byPeriod([CellSeries], position: TextPosition?)
}

/// A cell's money over the horizon, as written.
public struct CellAmount: Sendable, Equatable {
  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// As those of `CellSeries`.
  public var labels: [CellLabel]
  /// Money over the horizon.
  public var money: Placed<Double>

  /// By default the cell is the one of that name.
  public init(cell: Placed<String>, labels: [CellLabel] = [], money: Placed<Double>) {
    self.cell = cell
    self.labels = labels
    self.money = money
  }
}
