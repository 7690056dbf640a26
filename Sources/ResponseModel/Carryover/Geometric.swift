/// `αˡ`: each period keeps the share α, the retention, of the period before.
public enum Geometric: Carryover {
  public static let name = "geometric"
  public static let parameters = [ModelParameter("alpha", .unitInterval)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    var weight = 1.0
    for lag in 0..<weights.count {
      weights[lag] = weight
      weight *= parameters[0]
    }
  }
}
