/// One number per period of some cells, as written.
public struct CellSeries: Sendable, Equatable {
  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// The labels by dim, where a table's columns have them: they then say which cell it is, whatever it is called. Else none.
  public var labels: [CellLabel]
  /// One per period, in order; or a single number that holds for every period.
  public var values: [Placed<Double>]

  /// By default the cell is the one of that name.
  public init(cell: Placed<String>, labels: [CellLabel] = [], values: [Placed<Double>]) {
    self.cell = cell
    self.labels = labels
    self.values = values
  }
}
