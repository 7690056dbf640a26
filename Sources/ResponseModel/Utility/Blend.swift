import NumericKernel

/// `(1 − a) · mean r + a · part(r)`, a in [0, 1], the part a quantile or an expected shortfall.
///
/// With `quantile(1 − c)` it is PyMC-Marketing's `adjusted_value_at_risk_score(c, a)`.
public struct Blend: Utility {
  /// The weight a of the part, in [0, 1]: 0 is the mean alone.
  public let aversion: Double
  /// What the mean is blended with.
  public let part: any Utility

  /// `aversion` in [0, 1].
  public init(aversion: Double, with part: any Utility) {
    precondition(aversion >= 0 && aversion <= 1, "A blend takes a share in [0, 1] of its part.")
    self.aversion = aversion
    self.part = part
  }

  /// Those of the part.
  public var properties: UtilityProperties { part.properties }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let value = part.score(outcome, weights: &weights)
    let share = (1 - aversion) / Double(outcome.count)
    for draw in 0..<outcome.count { weights[draw] = share + aversion * weights[draw] }
    return (1 - aversion) * mean(outcome) + aversion * value
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    part.smoothed(outcome, width: width).map { blended($0, outcome) }
  }

  public func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    part.rounded(outcome, distance: distance).map { rounded in
      RoundedScore(smooth: blended(rounded.smooth, outcome), intercept: rounded.intercept.map { aversion * $0 })
    }
  }

  private func blended(_ smooth: SmoothScore, _ outcome: Span<Double>) -> SmoothScore {
    let average = SmoothScore.mean(Moments(outcome), count: outcome.count)
    return SmoothScore.combining(
      [average, smooth], value: (1 - aversion) * average.value + aversion * smooth.value,
      slopes: [1 - aversion, aversion])
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    part.concaveSurrogate(at: outcome).map { Blend(aversion: aversion, with: $0) }
  }
}

extension Blend {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "blend", summary: "(1 - a) mean + a expected_shortfall(tail), or + a quantile(level)",
    options: [
      .share("a", "the share of the tail or quantile in the blend", defaultValue: 0.8),
      .tail("the worst share of draws, of which the expected shortfall is blended in"),
      .level("the level of the quantile that is blended in"), .compat,
    ],
    alternatives: [["tail", "level"]]
  ) { options in
    let part: any Utility
    if let level = options.number("level") {
      part = Quantile(level: level)
    } else {
      let tail = options.required("tail")
      part = options.isPyMC ? MeanBelowQuantile(level: tail) : ExpectedShortfall(tail: tail)
    }
    return Blend(aversion: options.required("a"), with: part)
  }
}
