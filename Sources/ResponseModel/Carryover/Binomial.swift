import Foundation

/// `(1 − l / (L + 1))^(1/α − 1)` in a window of L lags: weights that would come to nothing at lag `L + 1`.
///
/// PyMC-Marketing's `BinomialAdstock`, L its `l_max`.
public enum Binomial: Carryover {
  public static let name = "binomial"
  public static let parameters = [ModelParameter("alpha", .unitInterval)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    fill(&weights, retention: parameters[0], end: weights.count + 1)
  }

  /// `(1 − l / end)^(1/α − 1)`; only lag 0 at α = 0, all alike at α = 1.
  static func fill(_ weights: inout MutableSpan<Double>, retention: Double, end: Int) {
    for lag in 0..<weights.count { weights[lag] = pow(1 - Double(lag) / Double(end), 1 / retention - 1) }
  }
}
