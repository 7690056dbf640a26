/// What the outcome draws measure.
public enum Measure: String, Sendable, CaseIterable {
  /// What the plan adds to nothing planned.
  case incremental
  /// Incremental, and what is paid at no spend; with `include_history` the plain sum over the whole axis.
  case response
  /// What the incremental response is worth at a margin, less what is spent.
  case profit
  /// Incremental, less the current plan's.
  case lift
  /// What the incremental response is worth by unit of money spent.
  case roi
}
