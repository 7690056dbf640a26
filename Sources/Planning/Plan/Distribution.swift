/// How a cell's money is spread over the periods.
public enum Distribution: Sendable, Equatable {
  /// History's where the posterior knows what was spent, else uniform.
  case automatic
  /// The same in every period, and in every part of what is decided.
  case uniform
  /// The shares of the observed periods planned for, or of the last ones, as many as are planned.
  case history(TextPosition?)
  /// Shares of the named cells, a sum of one each, or of their parts, a sum of one over all parts of a cell; the others uniform.
  case shares([CellSeries])
}
