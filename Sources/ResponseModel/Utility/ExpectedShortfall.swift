import NumericKernel

/// The mean of the worst `tail` share of the draws, the boundary draw counted in part: the exact value of
/// `max_v v − mean (v − r)⁺ / tail`, tail in (0, 1] (Rockafellar and Uryasev, J. Risk 2000).
///
/// Draws that tie at the boundary share its weight equally. A tail below one draw is the worst draw; a tail of 1 is the mean.
public struct ExpectedShortfall: Utility {
  /// The share of draws that count, in (0, 1].
  public let tail: Double
  public let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: false)

  /// `tail` in (0, 1].
  public init(tail: Double) {
    precondition(tail > 0 && tail <= 1, "A tail is a share in (0, 1].")
    self.tail = tail
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    worstTail(outcome, tail: tail, weights: &weights)
  }

  /// The derivatives of `rounded` at a distance that follows the spread of the draws.
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let moments = Moments(outcome)
    let distance = width * moments.deviation
    guard distance > 0, tail < 1, let rounded = rounded(outcome, distance: distance) else {
      let (value, weights) = weightedScore(outcome)
      return SmoothScore(value: value, weights: weights)
    }
    return rounded.smooth.followingSpread(of: outcome, moments, centre: moments.mean, degree: 1)
  }

  /// A weight may be above `1 / (tail D)` by this share, which is rounding.
  private static let roundedShare = 1e-13

  /// `max_v v − t mean log(1 + exp((v − r)/t)) / tail`: with p the logistic of `(v − r)/t` at the best v, the weights are
  /// `p / (tail D)`, and with `h = p (1 − p) / (tail D t)` the Hessian is `−diag(h) + h hᵀ / Σh`.
  ///
  /// The score is the least of `Σ w r` over all weights w from 0 to `1 / (tail D)` that sum to one, as these do: the plane's
  /// intercept is zero.
  public func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    guard distance > 0, tail < 1 else {
      let (value, weights) = weightedScore(outcome)
      return RoundedScore(smooth: SmoothScore(value: value, weights: weights), intercept: 0)
    }
    let count = outcome.count
    let size = tail * Double(count)
    let boundary = orderStatistic(outcome, rank: min(Int(size), count - 1))
    let level = SoftStep.level(ofShare: tail, in: outcome, distance: distance, start: boundary)
    let steps = (0..<count).map { SoftStep((level - outcome[$0]) / distance) }
    // Σ p is the tail's size but for rounding: dividing by it makes the weights sum to 1.
    let total = blockSum(count: count) { steps[$0].value }
    let bends = steps.map { $0.density / (size * distance) }
    let bend = blockSum(count: count) { bends[$0] }
    return RoundedScore(
      smooth: SmoothScore(
        value: level - distance * blockSum(count: count) { steps[$0].ramp } / size,
        weights: steps.map { $0.value / total }, diagonal: bends.map { -$0 },
        rankOnes: bend > 0 ? [SmoothScore.RankOne(factor: bend, vector: bends.map { $0 / bend })] : []),
      intercept: total >= size * (1 - ExpectedShortfall.roundedShare) ? 0 : nil)
  }
}

extension ExpectedShortfall {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "expected_shortfall", summary: "mean of the worst tail share of draws, the boundary draw counted in part",
    options: [.tail("the share of draws, the worst, that counts", defaultValue: 0.05), .compat]
  ) {
    let tail = $0.required("tail")
    return $0.isPyMC ? MeanBelowQuantile(level: tail) : ExpectedShortfall(tail: tail)
  }
}
