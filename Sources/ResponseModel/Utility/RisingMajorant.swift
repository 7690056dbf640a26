import NumericKernel

/// What is least above a score that falls when a good draw rises, and never falls itself: `min ⟨w, r⟩ + penalty · Σ (w − 1/D)²` over weights that are
/// none of them negative and sum to one, `Σ w² ≤ size`.
///
/// The mean less `lambda` deviations is the same minimum with negative weights allowed, `size = 1/D + lambda² / (D − 1)` and no penalty; the mean
/// less `lambda` variances with any size, and a penalty of `(D − 1) / (4 lambda)`. Where no weight would be negative, the two are equal. What is proved of
/// the one holds for the other: any such weights make a plane that is above both.
///
/// The weights are `a − b · r` where that is above nothing: of the n worst draws. Of a fixed size these have the mean less
/// `√((size − 1/n)(n − 1))` of their deviations.
struct RisingMajorant: Utility {
  enum Limit: Sendable {
    /// Of the mean less so many deviations.
    case deviation(Double)
    /// Of the mean less so many variances.
    case variance(Double)
  }

  let limit: Limit
  let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: true)

  /// The draws that weigh something, and how their weights fall with the draw.
  private struct Worst {
    var draws: [Int]
    var mean: Double
    /// Of draws that weigh something, `1/n − slope · (r − mean)`.
    var slope: Double
    /// `‖r − mean‖` over them.
    var spread: Double
  }

  private func worst(_ outcome: Span<Double>) -> Worst {
    var draws = (0..<outcome.count).map(\.self)
    while true {
      let count = Double(draws.count)
      let mean = draws.reduce(0) { $0 + outcome[$1] } / count
      var spread = draws.reduce(0) { $0 + (outcome[$1] - mean) * (outcome[$1] - mean) }.squareRoot()
      // Equal draws have a spread of what their mean is rounded by.
      if spread <= 4 * .ulpOfOne * abs(mean) * count.squareRoot() { spread = 0 }
      let all = Double(outcome.count)
      let slope: Double
      switch limit {
      case .deviation(let lambda):
        let room = all > 1 ? 1 / all + lambda * lambda / (all - 1) - 1 / count : 0
        slope = spread > 0 && room > 0 ? room.squareRoot() / spread : 0
      case .variance(let lambda): slope = all > 1 ? 2 * lambda / (all - 1) : 0
      }
      let kept = draws.filter { 1 / count - slope * (outcome[$0] - mean) > 0 }
      if kept.count == draws.count || kept.isEmpty {
        return Worst(draws: draws, mean: mean, slope: slope, spread: spread)
      }
      draws = kept
    }
  }

  private func value(_ worst: Worst, count: Int) -> Double {
    switch limit {
    case .deviation: worst.mean - worst.slope * worst.spread * worst.spread
    case .variance(let lambda):
      // ⟨w, r⟩ and the penalty, which is none where nothing is taken off.
      worst.mean - worst.slope * worst.spread * worst.spread
        + (lambda > 0 ? Double(count - 1) / (4 * lambda) * penalty(worst, count: count) : 0)
    }
  }

  /// `Σ (w − 1/D)²` over all draws.
  private func penalty(_ worst: Worst, count: Int) -> Double {
    let (all, own) = (Double(count), Double(worst.draws.count))
    let squares = 1 / own + worst.slope * worst.slope * worst.spread * worst.spread
    return max(0, squares - 1 / all)
  }

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let worst = worst(outcome)
    for draw in 0..<outcome.count { weights[draw] = 0 }
    for draw in worst.draws {
      weights[draw] = 1 / Double(worst.draws.count) - worst.slope * (outcome[draw] - worst.mean)
    }
    return value(worst, count: outcome.count)
  }

  /// That of the draws that weigh something, which change only where a weight is nothing.
  func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let worst = worst(outcome)
    let (value, weights) = weightedScore(outcome)
    let share = 1 / Double(worst.draws.count)
    var score = SmoothScore(value: value, weights: weights, diagonal: [Double](repeating: 0, count: outcome.count))
    guard worst.slope > 0 else { return score }
    var (ones, standardized) = (score.diagonal, score.diagonal)
    for draw in worst.draws {
      score.diagonal[draw] = -worst.slope
      ones[draw] = 1
      standardized[draw] = worst.spread > 0 ? (outcome[draw] - worst.mean) / worst.spread : 0
    }
    score.rankOnes = [SmoothScore.RankOne(factor: worst.slope * share, vector: ones)]
    if case .deviation = limit {
      score.rankOnes.append(SmoothScore.RankOne(factor: worst.slope, vector: standardized))
    }
    return score
  }

  /// The plane of the weights, which all of them are above.
  func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    guard let smooth = smoothed(outcome, width: 0) else { return nil }
    return RoundedScore(touching: smooth, at: outcome, isConcave: true)
  }
}

extension MeanDeviation {
  public var rising: (any Utility)? { RisingMajorant(limit: .deviation(lambda)) }
}

extension MeanVariance {
  public var rising: (any Utility)? { RisingMajorant(limit: .variance(lambda)) }
}
