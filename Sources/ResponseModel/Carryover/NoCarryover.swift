/// 1 at lag 0: media are felt in their own period alone.
///
/// PyMC-Marketing's `NoAdstock`.
public enum NoCarryover: Carryover {
  public static let name = "none"
  public static let parameters: [ModelParameter] = []

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    for lag in 0..<weights.count { weights[lag] = lag == 0 ? 1 : 0 }
  }
}
