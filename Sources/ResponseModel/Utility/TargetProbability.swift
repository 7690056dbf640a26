import NumericKernel

/// The share of draws with `r ≥ target`.
///
/// A staircase: its weights are zero everywhere, and a concave score that touches it without exceeding it is flat, so it has
/// no surrogate. Only the smoothed score says where to climb.
public struct TargetProbability: Utility {
  /// The outcome to be reached, finite.
  public let target: Double
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)

  /// A finite target.
  public init(target: Double) {
    precondition(target.isFinite, "A target is a finite number.")
    self.target = target
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    var reached = 0
    for draw in 0..<outcome.count {
      if outcome[draw] >= target { reached += 1 }
      weights[draw] = 0
    }
    return Double(reached) / Double(outcome.count)
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let distance = width * moments.deviation
    guard distance > 0 else { return unsmoothed(outcome) }
    let count = Double(outcome.count)
    let steps = (0..<outcome.count).map { SoftStep((outcome[$0] - target) / distance) }
    return SmoothScore(
      value: blockSum(count: steps.count) { steps[$0].value } / count,
      weights: steps.map { $0.density / (distance * count) },
      diagonal: steps.map { $0.bend / (distance * distance * count) }
    ).followingSpread(of: outcome, moments, centre: target, degree: 0)
  }
}

extension TargetProbability {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "target_probability", summary: "share of draws that reach the target",
    options: [.amount("target", "the outcome to reach")]
  ) { TargetProbability(target: $0.required("target")) }
}
