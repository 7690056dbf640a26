import NumericKernel
public import Optimisation
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

  /// What keeps a cell where it stands: an end of its limits, or of a tier of prices.
  public enum Binding: String, Sendable {
    case lower, upper
    /// Lower and upper bound are the same, or the cell is held.
    case fixed
    /// The next unit of some of its media has another price than the last one: what money brings is not the same above and below.
    case tier
  }

  /// One cell of spend.
  public struct CellResult: Sendable {
    /// Along each dim, channel first.
    public var labels: [String]
    /// Money over the horizon.
    public var total: Double
    /// What it is spent in: one of the model's cells, or several.
    public var parts: [Part]
    /// The current plan's money; nil without one.
    public var current: Double?
    /// The least money over the horizon that the plan allows the cell.
    public var lower: Double
    /// The most money over the horizon that the plan allows the cell; infinite where nothing limits it.
    public var upper: Double
    /// The end that the cell stands on; nil strictly between, and at an upper end that the plan does not state.
    public var binding: Binding?
    /// d utility / d money at the plan; on the end of a tier that of the next unit of money.
    public var marginalROI: Double
    /// What the incremental response is worth per unit of money; nil where nothing is spent.
    public var roi: Summary?
    /// Incremental response.
    public var response: Summary
    /// Where periods are decided, each of them; nil where money is spread over them by a distribution. The ends above are then sums over
    /// periods, and what money brings is that of more of the same calendar.
    public var periods: [CellPeriod]? = nil
    /// What was spent in single observed periods; nil where that is not known.
    public var observed: ObservedSpend? = nil
    /// What it adds to the risk of the whole.
    public var risk: RiskContribution? = nil
    /// What it adds to the lift, draw by draw, under the measure: over cells the means come to the lift's. Nil without a current plan.
    public var lift: Summary? = nil
    /// d utility / d money at the current plan; nil without one, and where it is not known.
    public var currentMarginalROI: Double? = nil

    /// The point curve that it stands on; nil for draws, and where the model carries over or has several cells here.
    public var curve: PointCurveResult? = nil

    /// Money by period, over all parts.
    public var perPeriod: [Double] { sums(\.perPeriod) }
    /// Media units by period, over all parts.
    public var units: [Double] { sums(\.units) }
    /// Change from the current plan, in money.
    public var change: Double? { current.map { total - $0 } }

    private func sums(_ numbers: (Part) -> [Double]) -> [Double] {
      parts.dropFirst().reduce(parts.first.map(numbers) ?? []) { sum, part in
        zip(sum, numbers(part)).map { $0 + $1 }
      }
    }

    /// The labels joined by a slash: `tv`, or `tv/north`.
    public var name: String { labels.joined(separator: "/") }
  }

  /// A curve that is known as one number a parameter, and what is paid by it.
  public struct PointCurveResult: Sendable, Equatable {
    /// The family's parameters by name, in its order.
    public var parameters: [(name: String, value: Double)]
    /// Money of a period at which the curve has come half way to its ceiling; nil where it has none.
    public var halfSaturation: Double?
    /// Response over the horizon that is paid at no spend too.
    public var bottom: Double
    /// The share of variance that the fit explains; nil where the file does not say.
    public var rSquared: Double?

    public init(
      parameters: [(name: String, value: Double)], halfSaturation: Double?, bottom: Double, rSquared: Double?
    ) {
      self.parameters = parameters
      self.halfSaturation = halfSaturation
      self.bottom = bottom
      self.rSquared = rSquared
    }

    /// Of the Hill families; nil for others.
    public var slope: Double? { parameters.first { $0.name == "slope" }?.value }

    public static func == (a: Self, b: Self) -> Bool {
      a.parameters.map(\.name) == b.parameters.map(\.name) && a.parameters.map(\.value) == b.parameters.map(\.value)
        && a.halfSaturation == b.halfSaturation && a.bottom == b.bottom && a.rSquared == b.rSquared
    }
  }

  /// Money in one of the model's cells.
  public struct Part: Sendable {
    /// Along each of the model's dims, channel first.
    public var labels: [String]
    /// Money by period.
    public var perPeriod: [Double]
    /// The media units that it buys, by period.
    public var units: [Double]
    /// What it brings, by planned period; nil where periods are not decided.
    public var periods: [PeriodResult]? = nil
  }

  /// What all cells with one label of a dim come to.
  public struct Sum: Sendable {
    /// One of the decided dims.
    public var dim: String
    /// One of its labels.
    public var label: String
    /// Money over the horizon.
    public var total: Double
    /// The current plan's money; nil without one.
    public var current: Double?
    /// What the incremental response is worth per unit of money; nil where nothing is spent.
    public var roi: Summary?
    /// Incremental response.
    public var response: Summary
  }

  /// A limit of the plan, how it is used, and what it costs.
  public struct LimitResult: Sendable, Equatable {
    /// `budget`, or the name of the limited cell.
    public var name: String
    /// Money over the horizon, spent under this plan: of a limit on single periods, in them. Of a flight, periods of its shortest run that begins
    /// and ends within the plan; infinite where there is none.
    public var value: Double
    /// The least money allowed; nil for no limit below.
    public var lower: Double?
    /// The most money allowed; nil for no limit above.
    public var upper: Double?
    /// Distance to the nearer end; negative where broken.
    public var slack: Double
    /// Whether the slack is zero to rounding, 1e-9 of the budget.
    public var isBinding: Bool
    /// d utility / d limit, per unit of money: negative at a lower end, 0 where none binds; nil where not known. Of a rounded plan
    /// that of the plan before it was rounded.
    public var shadowPrice: Double?
    /// The utility of the best plan found without this limit; nil where it does not bind, or was not looked for.
    public var relaxedUtility: Double?
    /// Whether `value`, its ends and `slack` are periods, not money.
    public var isInPeriods = false

    /// Whether the plan keeps it, to 1e-9 of the budget.
    public var isMet: Bool { slack >= 0 }
  }

  /// What became of a target.
  public struct TargetResult: Sendable, Equatable {
    /// What was asked for.
    public var kind: Target.Kind
    /// How much of it; nil for the most profit.
    public var asked: Double?
    /// What the plan comes to, in the same unit: of a marginal ROI what the next unit of money brings where it brings most. Nil where
    /// nothing is spent.
    public var reached: Double?
    /// Whether it comes to what is asked for, but for rounding.
    public var isMet: Bool
    /// The most money that was to be spent; nil for no limit on it.
    public var cap: Double?
    /// Whether that was no wish of the plan's, but the most that was thought of: several times what pays.
    public var isOwnCap: Bool
    /// How `leastSpend` was come by.
    public var bound: BoundKind
    /// Of an outcome that is to be reached: proved, no plan within the limits reaches it that spends less than this; nil where nothing
    /// is proved.
    public var leastSpend: Double?
    /// How far the money spent may be above the least, as a share; nil without a bound on that.
    public var gap: Double?
  }

  /// What is rounded, and at what cost.
  public struct Rounding: Sendable, Equatable {
    /// Money: cells spend multiples of it.
    public var unit: Double
    /// Cells that do not: held at another amount, or with the odd rest of the money.
    public var oddCells: [String]
    /// Utility that the rounding has cost; of an outcome that is to be reached by the least money, money.
    public var loss: Double
  }

  /// One cell in one period that is decided.
  public struct CellPeriod: Sendable, Equatable {
    /// Money in the period.
    public var spend: Double
    /// The current plan's money in it; nil without one.
    public var current: Double?
    /// The least and the most money that the cell's own limits allow in the period.
    public var lower: Double
    public var upper: Double
    /// As that of a cell.
    public var binding: Binding?
    /// d utility / d money of the period.
    public var marginalROI: Double
    /// What ramps leave of these after what the period before spends.
    public var rampLower: Double?
    public var rampUpper: Double?
  }

  /// What a period brings: incremental response in units of the outcome.
  public struct PeriodResult: Sendable, Equatable {
    /// From 1; those after the plan go on counting.
    public var period: Int
    /// Its first day; nil where periods have numbers only.
    public var start: String?
    /// Money spent in it; zero after the plan.
    public var spend: Double
    /// What is felt in the period.
    public var response: Summary
    /// Of its mean what is left without the period's own spend: the carryover of earlier periods.
    public var carriedOver: Double
    /// The least and the most money that limits on the whole period allow; nil without one.
    public var lower: Double? = nil
    public var upper: Double? = nil

    /// Of the response's mean what the period's own spend adds.
    public var immediate: Double { response.mean - carriedOver }

    init(period: Int, start: String?, spend: Double, _ response: [Double], carriedOver: [Double]) {
      (self.period, self.start, self.spend) = (period, start, spend)
      self.response = Summary(response)
      self.carriedOver = mean(carriedOver.span)
    }
  }

  /// How the solver ended, and how nearly stationary its point is.
  public struct SolverResult: Sendable, Equatable {
    /// As the plan asked.
    public var method: SolverMethod
    /// Why the climbs stopped: `timeLimit` where any was cut short.
    public var termination: Termination
    /// Whether the search was interrupted before it ended by itself.
    public var isInterrupted: Bool
    /// The gap that the plan asks for, as a share.
    public var requestedGap: Double
    /// The projected-gradient residual of `Solution.residual`.
    public var residual: Double
    /// How often the objective was evaluated, over all starts.
    public var evaluations: Int
    /// Local solves that were run, and the start the best came from: "uniform", "current", "mean optimum", "random 3".
    public var starts: [String]
    /// One of `starts`; of equally good ones the earliest.
    public var bestStart: String
    /// Nil where nothing was left to prove by boxes.
    public var proof: ProofEffort?
  }

  /// How a plan by period was made, and the best of all periods at once beside it.
  public struct ModeResult: Sendable, Equatable {
    public var mode: PlanningMode
    /// The utility of the best plan found of all periods at once; the bound is on that, too.
    public var simultaneous: Double
  }

  /// What a proof by boxes has cost.
  public struct ProofEffort: Sendable, Equatable {
    /// Why it ended; of several proofs the last that was not closed.
    public var end: BranchAndBound.End
    /// Looked at.
    public var boxes: Int
    /// Supergradients taken.
    public var cuts: Int
    /// On the grid, over all cells.
    public var points: Int
    /// Seconds of processor time for responses at those points.
    public var tableTime: Double
  }

  /// What makes the run repeatable.
  public struct Reproducibility: Sendable, Equatable {
    /// Of the program that made the answer.
    public var version: String
    /// The plan's.
    public var seed: Int
    /// SHA-256 in hexadecimal of each input, by the path as the user gave it, in order.
    public var inputs: [Input]
    /// The plan as read, every default made visible, as YAML.
    public var plan: String

    /// One file that was read.
    public struct Input: Sendable, Equatable {
      /// As the user gave it.
      public var path: String
      /// Of its bytes, in hexadecimal.
      public var sha256: String
      public init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
      }
    }

    public init(version: String, seed: Int, inputs: [Input], plan: String) {
      self.version = version
      self.seed = seed
      self.inputs = inputs
      self.plan = plan
    }
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
  /// Money per unit of outcome, where that is one number and the outcome is what is measured; nil where the outcome is money, or the
  /// measure counts it already.
  public var outcomeValue: Double? = nil
  /// What it would be worth to know more, and what the plan misses by not knowing it; nil where it was not looked for.
  public var information: ValueOfInformation? = nil
  /// What is left of the plan's promise on draws that did not choose it; nil where it was not looked for.
  public var outOfSample: OutOfSample? = nil
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
