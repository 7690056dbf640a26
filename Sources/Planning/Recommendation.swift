import NumericKernel
import Optimisation
public import ResponseModel

/// The answer in the plan's words: what every report is made from.
public struct Recommendation: Sendable {
  /// How the answer came to be.
  public enum Status: String, Sendable {
    /// A plan was found.
    case solved
    /// A given plan was scored.
    case evaluated
    /// A given plan was scored, and breaks a limit.
    case evaluatedOutsideLimits = "evaluated_outside_limits"
  }

  /// What is known of the best possible value.
  public enum BoundKind: String, Sendable {
    case certified, box
    case none
  }

  /// The utility, and what is known of its best value.
  public struct Score: Sendable, Equatable {
    /// As in the plan file: `expected_shortfall`.
    public var name: String
    /// As the plan has it with every default made visible: `expected_shortfall {tail: 0.1}`.
    public var description: String
    /// The utility of this plan's outcome draws, in the utility's own unit.
    public var value: Double
    /// The current plan's score; nil without one.
    public var current: Double?
    /// How `upperBound` was come by.
    public var bound: BoundKind
    /// Proved: no plan within the limits scores above it; nil where nothing is proved.
    public var upperBound: Double?
    /// How far `value` may be below the best, as a share; nil without a bound.
    public var gap: Double?

    public init(
      name: String, description: String, value: Double, current: Double?, bound: BoundKind, upperBound: Double?,
      gap: Double?
    ) {
      self.name = name
      self.description = description
      self.value = value
      self.current = current
      self.bound = bound
      self.upperBound = upperBound
      self.gap = gap
    }
  }

  /// The money asked for and spent, and what more of it would be worth.
  public struct BudgetResult: Sendable, Equatable {
    /// Money over the horizon; nil where the plan has no budget.
    public var requested: Double?
    /// The same divided by the number of periods; nil where the plan has no budget.
    public var perPeriod: Double?
    /// Money over the horizon, summed over cells.
    public var spent: Double
    /// Utility per further unit of money; nil where not known. On ends of tiers that of the next unit, which is less than the last
    /// one brought.
    public var shadowPrice: Double?

    public init(requested: Double?, perPeriod: Double?, spent: Double, shadowPrice: Double?) {
      self.requested = requested
      self.perPeriod = perPeriod
      self.spent = spent
      self.shadowPrice = shadowPrice
    }
  }

  /// A distribution over draws in a few numbers, in the units of the measure.
  public struct Summary: Sendable, Equatable {
    /// The mean over draws.
    public var mean: Double
    /// The sample standard deviation over draws (ddof 1): zero for a single draw.
    public var sd: Double
    /// The 5 % quantile, linearly interpolated between draws, as are those below.
    public var q05: Double
    /// The 25 % quantile.
    public var q25: Double
    /// The median.
    public var q50: Double
    /// The 75 % quantile.
    public var q75: Double
    /// The 95 % quantile.
    public var q95: Double
    /// The mean of the worst 5 % of draws.
    public var expectedShortfall05: Double
  }

  /// Whether the answer is proved to be as near to the best as the plan asks for. Above a best of nothing there is no share: there
  /// the proof says whether it came as near as can be told.
  public var reachesGap: Bool {
    guard let solver else { return false }
    if let target, target.kind == .outcome {
      // What rounding to a unit costs no solver can save.
      let exact = budget.spent - (rounding?.loss ?? 0)
      return target.leastSpend.map { exact - $0 <= solver.requestedGap * exact } ?? false
    }
    guard utility.bound == .certified else { return false }
    // What rounding to a unit costs no solver can save.
    if rounding != nil, let upper = utility.upperBound {
      return upper - unroundedUtility <= solver.requestedGap * abs(unroundedUtility)
    }
    return utility.gap.map { $0 <= solver.requestedGap }
      ?? solver.proof.map { $0.end == .closed || $0.end == .rounding } ?? true
  }

  /// The share of draws in which the outcome is below the current plan's by more than so much; nil without a current plan, and of one draw.
  public func probabilityOfLoss(beyond fall: Double) -> Double? {
    guard let currentDraws, draws.count > 1 else { return nil }
    return Double(zip(draws, currentDraws).count { $0.1 - $0.0 > fall }) / Double(draws.count)
  }

  /// The names of all that is decided: of cells, or where periods are decided of each cell in each.
  public var amountNames: [String] {
    cells.flatMap { cell in
      cell.periods.map { $0.indices.map { PeriodLimits.name(cell.name, $0) } } ?? [cell.name]
    }
  }

  /// The utility before the plan was rounded, if it was.
  public var unroundedUtility: Double { utility.value + (rounding?.loss ?? 0) }

  /// What was asked, of which periods.
  public var status: Status
  /// What the outcome draws measure.
  public var measure: Measure
  /// The names of the dims that spend is decided by, in the model's order.
  public var dims: [String]
  /// Periods planned for.
  public var periodCount: Int
  /// First day of each period (ISO 8601), or empty where periods have numbers only.
  public var periodStarts: [String]
  /// The score, the money, and each cell of spend in the posterior's order.
  public var utility: Score
  /// Money over the horizon: asked for, spent, and its shadow price.
  public var budget: BudgetResult
  /// One for each decided amount, held ones included.
  public var cells: [CellResult]
  /// For each decided dim its labels' sums over the cells; none where only one dim is decided.
  public var sums: [Sum]
  /// What the whole plan's incremental response is worth per unit of money; nil where nothing is spent.
  public var roi: Summary?
  /// What numbers are called.
  public var labels: Labels
  /// The names of the model's dims, `channel` first: of the cells' parts.
  public var modelDims: [String]
  /// Where periods are decided: what all cells together spend and bring in each, and bring in those after the plan; else none.
  public var periods: [PeriodResult] = []
  /// Nil for a plan whose periods were decided at once, or not at all.
  public var mode: ModeResult? = nil
  /// Outcome draws under the measure, chain after chain; the current plan's, nil without one.
  public var draws: [Double]
  /// The current plan's outcome, one number per draw, paired with `draws`; nil without one.
  public var currentDraws: [Double]?
  /// The distributions of the draws above.
  public var outcome: Summary
  /// The current plan's; nil without one.
  public var currentOutcome: Summary?
  /// The outcome less the current plan's, paired by draw; nil without a current plan.
  public var lift: Summary?
  /// Share of draws in which the outcome exceeds the current plan's; nil without a current plan.
  public var probabilityBetter: Double?
  /// The budget and every limit that the plan states.
  public var limits: [LimitResult]
  /// The utility of the best plan found without any limit but the budget; nil where it was not looked for.
  public var relaxedUtility: Double?
  /// That plan's money by cell, in the order of `cells`; nil where it was not looked for.
  public var relaxedSpend: [Double]? = nil
  /// How that plan leaves what was observed, cell by cell in words; nil where that is not known.
  public var relaxedDepartures: [String]? = nil
  /// Money per unit of outcome, where that is one number and the outcome is what is measured; nil where the outcome is money, or the
  /// measure counts it already.
  public var outcomeValue: Double? = nil
  /// What it would be worth to know more, and what the plan misses by not knowing it; nil where it was not looked for.
  public var information: ValueOfInformation? = nil
  /// What is left of the plan's promise on draws that did not choose it; nil where it was not looked for.
  public var outOfSample: OutOfSample? = nil
  /// What the current plan's money returns; nil without one.
  public var currentROI: Summary? = nil
  /// Falls below the current plan, from 0 on, for `probabilityOfLoss(beyond:)` in reports.
  public var lossLevels: [Double] = [0]
  /// How evidence weighs the draws; nil without any.
  public var reweighting: Reweighting? = nil
  /// What became of the plan's target; nil for a plan without one.
  public var target: TargetResult?
  /// What rounding has cost; nil for a plan that is not rounded.
  public var rounding: Rounding?
  /// What proves the bound in `utility`; nil where nothing is proved.
  public var certificate: Certificate?
  /// Nil for a plan that was only evaluated.
  public var solver: SolverResult?
  /// How well the sampler did.
  public var diagnostics: PosteriorDiagnostics
  /// Chains that the draws come from.
  public var chainCount: Int
  /// Draws of all chains together.
  public var drawCount: Int
  /// What the user should know before trusting the answer, in sentences.
  public var warnings: [String]
  /// What makes the run repeatable.
  public var reproducibility: Reproducibility
  /// What was asked for, with what it leaves to the posterior settled, and the model's dims that amounts are shared over; nil where that is not
  /// known.
  public var asked: (plan: Plan, sharedDims: [String])? = nil
  /// Why the answer is exploratory only, in sentences: checks of the model that are weak or absent. None where there is no such reason.
  public var explorations: [String] = []
}
