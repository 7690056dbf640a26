import NumericKernel

/// `mean r`: the risk-neutral score.
public struct Mean: Utility {
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: true)

  public init() {}

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let share = 1 / Double(outcome.count)
    for draw in 0..<outcome.count { weights[draw] = share }
    return mean(outcome)
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    SmoothScore(value: mean(outcome), weights: [Double](repeating: 1 / Double(outcome.count), count: outcome.count))
  }
}

extension Mean {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(name: "mean", summary: "mean r: risk-neutral", options: [.compat]) { _ in
    Mean()
  }
}
