import NumericKernel

/// `mean r − lambda · mean (target − r)⁺`, lambda ≥ 0: what is missing to the target costs extra. A draw at the target
/// counts as having met it.
public struct Shortfall: Utility {
  /// The outcome to be reached, finite.
  public let target: Double
  /// The extra cost of a unit of outcome missing to the target; not negative.
  public let lambda: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: false)

  /// A finite target, and `lambda ≥ 0`.
  public init(target: Double, lambda: Double) {
    precondition(target.isFinite, "A target is a finite number.")
    precondition(lambda >= 0, "An aversion is not negative.")
    self.target = target
    self.lambda = lambda
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let count = Double(outcome.count)
    for draw in 0..<outcome.count { weights[draw] = (outcome[draw] < target ? 1 + lambda : 1) / count }
    return mean(outcome) - lambda * blockSum(count: outcome.count) { max(0, target - outcome[$0]) } / count
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let distance = width * moments.deviation
    guard distance > 0, let rounded = rounded(outcome, distance: distance) else { return unsmoothed(outcome) }
    return rounded.smooth.followingSpread(of: outcome, moments, centre: target, degree: 1)
  }

  /// With p the logistic of `(target − r)/t`, and for every r, `−(target − r)⁺ ≤ −p (target − r)`: the plane's intercept is
  /// `−lambda · target · mean p`.
  public func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    guard distance > 0 else {
      return RoundedScore(touching: unsmoothed(outcome), at: outcome, isConcave: true)
    }
    let count = Double(outcome.count)
    let steps = (0..<outcome.count).map { SoftStep((target - outcome[$0]) / distance) }
    return RoundedScore(
      smooth: SmoothScore(
        value: mean(outcome) - lambda * distance * blockSum(count: steps.count) { steps[$0].ramp } / count,
        weights: steps.map { (1 + lambda * $0.value) / count },
        diagonal: steps.map { -lambda * $0.density / (distance * count) }),
      intercept: -lambda * target * blockSum(count: steps.count) { steps[$0].value } / count)
  }
}

extension Shortfall {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "shortfall", summary: "mean - lambda mean of what draws lack to the target",
    options: [
      .amount("target", "the outcome to reach"),
      .aversion("lambda", "what a unit of outcome missing costs beside itself", defaultValue: 1),
    ]
  ) { Shortfall(target: $0.required("target"), lambda: $0.required("lambda")) }
}
