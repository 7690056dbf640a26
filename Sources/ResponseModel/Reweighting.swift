/// What a lift test says of a channel: an estimate of its return on money, and how far that may be off.
public struct ReturnEvidence: Sendable, Equatable {
  public var channel: String
  /// Worth of incremental response per unit of money, at the money that the current plan spends on the channel.
  public var mean: Double
  /// Its standard error, above 0.
  public var sd: Double

  public init(channel: String, mean: Double, sd: Double) {
    (self.channel, self.mean, self.sd) = (channel, mean, sd)
  }
}

/// Draws that were drawn again, each as often as evidence from outside of the model makes it likely.
public struct Reweighting: Sendable, Equatable {
  /// What is known of a channel's return before and after.
  public struct Shift: Sendable, Equatable {
    public var evidence: ReturnEvidence
    /// Over the draws as they were.
    public var mean: Double
    public var sd: Double
    /// By weighted draws.
    public var weightedMean: Double
    /// Over the draws that were drawn again: as far from the weighted mean as drawing them has cost.
    public var newMean: Double
    public var newSD: Double

    public init(
      evidence: ReturnEvidence, mean: Double, sd: Double, weightedMean: Double, newMean: Double, newSD: Double
    ) {
      (self.evidence, self.mean, self.sd) = (evidence, mean, sd)
      (self.weightedMean, self.newMean, self.newSD) = (weightedMean, newMean, newSD)
    }
  }

  /// How the sentence about it begins.
  public static let noteStart = "draws are weighted by evidence"

  /// One for each piece of evidence.
  public var shifts: [Shift]
  /// `1 / Σ w²` of the weights, which sum to 1: so many equally weighted draws say as much (L. Kish, Survey Sampling, 1965).
  public var effectiveDraws: Double
  /// Of the draws that there were, how many are left.
  public var distinctDraws: Int

  public init(shifts: [Shift], effectiveDraws: Double, distinctDraws: Int) {
    (self.shifts, self.effectiveDraws, self.distinctDraws) = (shifts, effectiveDraws, distinctDraws)
  }
}
