import NumericKernel

/// `mean r − lambda · sd r` (ddof 1), lambda ≥ 0.
///
/// Not nondecreasing: a very good draw costs more in spread than it brings. Equal draws, and a single one, have no spread;
/// the weights are then those of the mean, a supergradient there.
public struct MeanDeviation: Utility {
  /// The outcome given up per unit of standard deviation; not negative.
  public let lambda: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: true)

  /// `lambda ≥ 0`.
  public init(lambda: Double) {
    precondition(lambda >= 0, "An aversion is not negative.")
    self.lambda = lambda
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let moments = Moments(outcome)
    let share = 1 / Double(outcome.count)
    // Where there is no spread, and so perhaps a single draw, the second term is zero.
    let slope = moments.deviation > 0 ? lambda / Double(outcome.count - 1) : 0
    for draw in 0..<outcome.count { weights[draw] = share - slope * moments.standardized(outcome[draw]) }
    return moments.mean - lambda * moments.deviation
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let average = SmoothScore.mean(moments, count: outcome.count)
    guard moments.deviation > 0 else { return average }
    return SmoothScore.combining(
      [average, SmoothScore.deviation(outcome, moments)], value: moments.mean - lambda * moments.deviation,
      slopes: [1, -lambda])
  }
}

extension MeanDeviation {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "mean_deviation", summary: "mean - lambda standard deviation",
    options: [.aversion("lambda", "what a unit of standard deviation costs", defaultValue: 1)]
  ) { MeanDeviation(lambda: $0.required("lambda")) }
}
