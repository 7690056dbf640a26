/// One of the searches that an analysis makes one after the other, as those are told who watch it.
public struct SearchStep: Sendable, Equatable {
  /// What is sought: `budget 2,488,278`, `expected_shortfall {tail: 0.1}`.
  public var name: String
  /// From 1.
  public var number: Int
  /// Nil where it is not known how many there will be.
  public var count: Int?
}
