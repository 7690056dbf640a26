import NumericKernel

/// `(mean r − reference) / spend`: risk-adjusted return on capital, spend being all money over the horizon.
///
/// PyMC-Marketing's `raroc(reference)` divides by the spend of one period, and so is `periodCount` times as much. Where
/// nothing is spent there is no capital to earn a return on, and the score is zero with zero derivatives.
public struct RAROC: PlanUtility {
  /// The outcome that is had without spending, finite.
  public let reference: Double
  /// Spend is divided by this many periods: 1 for the spend over the horizon.
  public let periodCount: Int
  /// At fixed spend the score is an increasing line in the mean; where spend may move it is neither concave nor increasing.
  public let properties = UtilityProperties(isConcave: false, isNondecreasing: false, isSmooth: true)

  public var atFixedSpend: FixedSpendScore? {
    FixedSpendScore(utility: Mean()) { mean, spend in (mean - reference) / (spend / Double(periodCount)) }
  }

  /// A finite reference and at least one period; by default the spend over the horizon counts whole.
  public init(reference: Double, periodCount: Int = 1) {
    precondition(reference.isFinite, "A reference is a finite number.")
    precondition(periodCount >= 1, "A plan has at least one period.")
    self.reference = reference
    self.periodCount = periodCount
  }

  public func score(_ plan: ScoredPlan) -> PlanScore {
    let spend = plan.spend.reduce(0, +) / Double(periodCount)
    let count = plan.outcome.count
    guard spend > 0 else {
      return PlanScore(
        value: 0, outcomeWeights: [Double](repeating: 0, count: count),
        spendGradient: [Double](repeating: 0, count: plan.spend.count))
    }
    let value = (mean(plan.outcome.span) - reference) / spend
    return PlanScore(
      value: value, outcomeWeights: [Double](repeating: 1 / spend / Double(count), count: count),
      spendGradient: [Double](repeating: -value / spend / Double(periodCount), count: plan.spend.count))
  }
}

extension RAROC: RatioUtility {
  public var isPerSpend: Bool { true }

  /// `mean (r − ratio · spend) ≤ reference`.
  public func test(of ratio: Double) -> RatioTest? {
    RatioTest(utility: Mean(), charge: ratio / Double(periodCount), threshold: reference)
  }
}

extension RAROC {
  /// The utility as plan files spell it.
  public static let entry = UtilityEntry(
    name: "raroc", summary: "(mean - reference) / spend over the horizon",
    options: [.amount("reference", "the outcome that is had without spending", defaultValue: 0), .compat]
  ) { RAROC(reference: $0.required("reference"), periodCount: $0.isPyMC ? $0.periodCount : 1) }
}
