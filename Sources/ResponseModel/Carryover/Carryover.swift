/// A family of lag weights (adstock): how much of a period's media is still felt `l` periods later.
public protocol Carryover: Sendable {
  /// The spelling in plan files.
  static var name: String { get }
  /// The family's parameters, in the order `fill` takes them.
  static var parameters: [ModelParameter] { get }
  /// Writes the weights of lags 0, 1, …, one per element, not yet normalised.
  static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>)
}
