import Foundation

/// `2^(−l / h)`: half of a period's media is still felt h periods later.
///
/// PyMC-Marketing's `GeometricAdstock` by its half-life; geometric weights of `α = 0.5^(1 / h)`.
public enum GeometricHalfLife: Carryover {
  public static let name = "geometric_half_life"
  public static let parameters = [ModelParameter("halflife", .positive)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    for lag in 0..<weights.count { weights[lag] = exp2(-Double(lag) / parameters[0]) }
  }

  /// As `Geometric.unboundedWindow`: for the draws of a cell that of the longest half-life; nil for one above 77 periods.
  public static func unboundedWindow(halfLife: Double) -> Int? {
    Geometric.unboundedWindow(retention: exp2(-1 / halfLife))
  }
}
