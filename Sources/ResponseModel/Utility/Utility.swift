public import NumericKernel

/// What is true of a utility, and so what may be proved of its optimum.
public struct UtilityProperties: Sendable, Equatable {
  /// Concave in the outcome draws.
  public var isConcave: Bool
  /// Never lower when a draw is higher.
  public var isNondecreasing: Bool
  /// Its gradient is continuous wherever the draws are not all equal, and differentiable almost everywhere.
  public var isSmooth: Bool

  public init(isConcave: Bool, isNondecreasing: Bool, isSmooth: Bool) {
    self.isConcave = isConcave
    self.isNondecreasing = isNondecreasing
    self.isSmooth = isSmooth
  }
}

/// A score of outcome draws, larger being better. All draws weigh the same.
///
/// `properties` and `score` are all that a utility of one's own needs. The other two are for the solver, which without them
/// only takes longer, or, where the score has kinks, may stop short of the best.
public protocol Utility: Sendable {
  /// What is true of the score.
  var properties: UtilityProperties { get }

  /// The score of the draws. On return `weights[d]` is the derivative of the score in `outcome[d]`: at a kink one of the
  /// supergradients, where the score is concave.
  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double

  /// The score with its kinks rounded off over a distance of `width` standard deviations of the draws, and its curvature;
  /// a smooth score ignores `width`. The derivatives are those of this rounded score as a function of the draws, on which the
  /// distance depends too. At `width` zero, and where all draws are equal, a score with kinks may give its own value and
  /// weights without curvature. Nil, the default: the score offers no curvature.
  func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore?

  /// The score with its kinks rounded off over a distance that does not depend on the draws, above zero, in the outcome's unit; a
  /// smooth score ignores it. By default nil for a score with kinks, and for one that offers no curvature.
  func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore?

  /// A concave score that touches this one at `outcome` (same value, same weights) and that only a better outcome can
  /// exceed: wherever it is above its value here, so is this score. A concave score is its own surrogate, the default;
  /// others may offer one to be climbed exactly, or nil.
  func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)?

  /// A concave score that never falls when a draw rises and is nowhere below this one: itself where it is so, by default nil elsewhere.
  /// A bound on it is one on this score, where draws that count against it could not be bounded.
  var rising: (any Utility)? { get }
}

extension Utility {
  public func smoothed(_ outcome: Span<Double>, width: Double) -> SmoothScore? { nil }

  public func rounded(_ outcome: Span<Double>, distance: Double) -> RoundedScore? {
    guard properties.isSmooth, let smooth = smoothed(outcome, width: 0) else { return nil }
    return RoundedScore(touching: smooth, at: outcome, isConcave: properties.isConcave)
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? { properties.isConcave ? self : nil }

  public var rising: (any Utility)? { properties.isConcave && properties.isNondecreasing ? self : nil }

  /// The score alone.
  public func score(_ outcome: Span<Double>) -> Double {
    var weights = [Double](repeating: 0, count: outcome.count)
    var span = weights.mutableSpan
    return score(outcome, weights: &span)
  }

  /// The score and its weights.
  public func weightedScore(_ outcome: Span<Double>) -> (value: Double, weights: [Double]) {
    var weights = [Double](repeating: 0, count: outcome.count)
    var span = weights.mutableSpan
    let value = score(outcome, weights: &span)
    return (value, weights)
  }
}

/// A score that looks at spend, or at each cell's own response, beside the outcome; `properties` are then those at fixed
/// spend. The outcome alone does not score it, so of `Utility` it keeps the properties only.
public protocol PlanUtility: Utility {
  /// The score of a plan, and its derivatives.
  func score(_ plan: ScoredPlan) -> PlanScore

  /// A score of the outcome alone that prefers the same plans among those of one spend; nil, the default, for none.
  var atFixedSpend: FixedSpendScore? { get }
}

/// What a score that looks at spend comes to where all plans spend the same.
public struct FixedSpendScore: Sendable {
  /// A score of the outcome alone.
  public var utility: any Utility
  /// Makes of that score, and of all money over the horizon, the score itself: rising in the first.
  public var score: @Sendable (_ value: Double, _ spend: Double) -> Double

  public init(utility: any Utility, score: @escaping @Sendable (_ value: Double, _ spend: Double) -> Double) {
    self.utility = utility
    self.score = score
  }
}

extension PlanUtility {
  public var atFixedSpend: FixedSpendScore? { nil }

  /// A broken contract: such a utility scores plans.
  public func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    preconditionFailure("A utility that looks at spend or at the cells' responses scores a plan, not an outcome alone.")
  }

  public func concaveSurrogate(at outcome: Span<Double>) -> (any Utility)? { nil }

  public var rising: (any Utility)? { nil }
}

/// A plan as such a score sees it.
public struct ScoredPlan: Sendable {
  /// One per draw, under the plan's measure.
  public var outcome: [Double]
  /// Money over the horizon by cell, held cells included.
  public var spend: [Double]
  /// Draws by cells, under the plan's measure.
  public var responses: DrawMatrix

  public init(outcome: [Double], spend: [Double], responses: DrawMatrix) {
    self.outcome = outcome
    self.spend = spend
    self.responses = responses
  }
}

/// Such a score, and its derivatives in each of the three.
public struct PlanScore: Sendable {
  /// The score.
  public var value: Double
  /// One per draw.
  public var outcomeWeights: [Double]
  /// One per cell, holding the responses fixed.
  public var spendGradient: [Double]
  /// Draws by cells; nil for zero.
  public var responseWeights: DrawMatrix?

  /// By default the score does not depend on the cells' own responses.
  public init(
    value: Double, outcomeWeights: [Double], spendGradient: [Double], responseWeights: DrawMatrix? = nil
  ) {
    self.value = value
    self.outcomeWeights = outcomeWeights
    self.spendGradient = spendGradient
    self.responseWeights = responseWeights
  }
}
