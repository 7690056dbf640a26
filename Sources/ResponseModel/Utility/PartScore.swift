import NumericKernel

/// A utility of some of the draws alone: what a planner would score who has seen no others.
///
/// The others weigh nothing.
public struct PartScore: Utility {
  /// Scored by this,
  public let utility: any Utility
  /// of these draws, in this order.
  public let draws: [Int]
  public var properties: UtilityProperties { utility.properties }

  /// A score of the outcome alone, and at least one draw, none of them twice.
  public init(_ utility: any Utility, of draws: [Int]) {
    precondition(!(utility is any PlanUtility), "A part of the draws is scored by a utility of the outcome alone.")
    precondition(!draws.isEmpty, "A score has a draw.")
    self.utility = utility
    self.draws = draws
  }

  private func part(_ outcome: Span<Double>) -> [Double] { draws.map { outcome[$0] } }

  private func whole(_ part: [Double], count: Int) -> [Double] {
    var whole = [Double](repeating: 0, count: count)
    for (place, draw) in draws.enumerated() { whole[draw] = part[place] }
    return whole
  }

  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    let own = utility.weightedScore(part(outcome).span)
    for draw in 0..<outcome.count { weights[draw] = 0 }
    for (place, draw) in draws.enumerated() { weights[draw] = own.weights[place] }
    return own.value
  }

  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? {
    let seen = part(outcome)
    return utility.smoothed(seen.span, width: width).map { whole($0, count: outcome.count) }
  }

  public func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    let seen = part(outcome)
    return utility.rounded(seen.span, distance: distance).map { rounded in
      RoundedScore(smooth: whole(rounded.smooth, count: outcome.count), intercept: rounded.intercept)
    }
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? {
    let seen = part(outcome)
    return utility.concaveSurrogate(at: seen.span).map { PartScore($0, of: draws) }
  }

  public var rising: (any Utility)? { utility.rising.map { PartScore($0, of: draws) } }

  private func whole(_ score: SmoothScore, count: Int) -> SmoothScore {
    SmoothScore(
      value: score.value, weights: whole(score.weights, count: count),
      diagonal: score.diagonal.isEmpty ? [] : whole(score.diagonal, count: count),
      rankOnes: score.rankOnes.map {
        SmoothScore.RankOne(factor: $0.factor, vector: whole($0.vector, count: count))
      })
  }
}
