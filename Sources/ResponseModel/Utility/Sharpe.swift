import NumericKernel

/// `(mean r − reference) / sd r` (ddof 1): PyMC-Marketing's `sharpe_ratio(reference)`.
///
/// A spread below the rounding error of the greatest draw, as that of equal draws or a single one, counts as that error: the score
/// is then huge, of the sign of `mean r − reference`, and still a number. With all draws and the reference zero it is zero.
public struct Sharpe: Utility {
  /// The outcome that is had without risk, finite.
  public let reference: Double
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: true)

  /// A finite reference.
  public init(reference: Double) {
    precondition(reference.isFinite, "A reference is a finite number.")
    self.reference = reference
  }

  /// The spread that counts, or nil where it is the draws' own.
  private func leastSpread(_ moments: Moments) -> Double? {
    let rounding = max(moments.rounding, abs(reference) * .ulpOfOne)
    return moments.deviation > rounding ? nil : max(rounding, .leastNormalMagnitude)
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let moments = Moments(outcome)
    let least = leastSpread(moments)
    let spread = least ?? moments.deviation
    let ratio = (moments.mean - reference) / spread
    let share = 1 / Double(outcome.count)
    let slope = least == nil ? ratio / Double(outcome.count - 1) : 0
    for draw in 0..<outcome.count {
      weights[draw] = (share - slope * moments.standardized(outcome[draw])) / spread
    }
    return ratio
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let (value, weights) = weightedScore(outcome)
    guard leastSpread(moments) == nil else { return SmoothScore(value: value, weights: weights) }
    let spread = moments.deviation
    return SmoothScore.combining(
      [SmoothScore.mean(moments, count: outcome.count), SmoothScore.deviation(outcome, moments)], value: value,
      slopes: [1 / spread, -value / spread],
      curvatures: [[0, -1 / (spread * spread)], [-1 / (spread * spread), 2 * value / (spread * spread)]])
  }

  /// `s₀ + (mean r − reference − s₀ · sd r) / sd₀`, s₀ ≥ 0 and sd₀ the score and the spread at the outcome: above s₀ only
  /// where the score is (Dinkelbach, Manag. Sci. 1967). Nil where the score is negative or there is no spread.
  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    let moments = Moments(outcome)
    let value = score(outcome)
    guard value >= 0, leastSpread(moments) == nil else { return nil }
    return Surrogate(reference: reference, value: value, spread: moments.deviation)
  }

  private struct Surrogate: Utility {
    let reference, value, spread: Double
    let properties = UtilityProperties(isConcave: true, isNondecreasing: false, isSmooth: true)

    func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
      let excess = MeanDeviation(lambda: value).score(outcome, weights: &weights) - reference
      for draw in 0..<outcome.count { weights[draw] /= spread }
      return value + excess / spread
    }
  }
}

extension Sharpe: RatioUtility {
  public var isPerSpend: Bool { false }

  /// `mean r − ratio · sd r ≤ reference`, for ratios that are not negative: a spread that counts for more than the draws' own
  /// makes the score smaller still.
  public func test(of ratio: Double) -> RatioTest? {
    ratio >= 0 ? RatioTest(utility: MeanDeviation(lambda: ratio), threshold: reference) : nil
  }
}

extension Sharpe {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "sharpe", summary: "(mean - reference) / standard deviation",
    options: [.amount("reference", "the outcome that is had without risk", defaultValue: 0), .compat], minimumDraws: 2
  ) { Sharpe(reference: $0.required("reference")) }
}
