/// `(1 − l / W)^(1/α − 1)` in a window of W lags: weights that would come to nothing at lag W, the first outside it.
///
/// Meridian's binomial decay, W its `max_lag + 1`.
public enum MeridianBinomial: Carryover {
  public static let name = "binomial_meridian"
  public static let parameters = [ModelParameter("alpha", .unitInterval)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    Binomial.fill(&weights, retention: parameters[0], end: weights.count)
  }
}
