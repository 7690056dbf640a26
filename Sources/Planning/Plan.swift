public import ResponseModel

/// Where in a plan's text something stands, counted from 1.
public struct TextPosition: Sendable, Equatable, Hashable {
  /// The file as the user gave it, or what stands for one: `--set budget.total`.
  public var source: String
  /// The line in the source, from 1.
  public var line: Int
  /// The column in the line, from 1.
  public var column: Int

  public init(source: String, line: Int, column: Int) {
    self.source = source
    self.line = line
    self.column = column
  }
}

/// A value and where it was written, so that a mistake found later can still say where.
public struct Placed<Value: Sendable>: Sendable {
  /// What was written there.
  public var value: Value
  /// Nil for a plan that was not read from text.
  public var position: TextPosition?

  public init(_ value: Value, at position: TextPosition? = nil) {
    self.value = value
    self.position = position
  }
}

extension Placed: Equatable where Value: Equatable {}

/// What the user asked for, in the user's words. Names of channels are not yet compared with a posterior.
public struct Plan: Sendable, Equatable {
  /// The file of draws, and how many of them.
  public var posterior: PosteriorChoice
  /// The periods planned for.
  public var horizon: Horizon
  /// Required by `optimise`; `evaluate` needs none.
  public var budget: Budget?
  /// How each cell's money is spread over the periods.
  public var distribution: Distribution
  /// Money per unit of media, by cell and period.
  public var costPerUnit: CostPerUnit
  /// Cells whose media have a price that changes with what is spent.
  public var prices: [CellPrice]
  /// What the response in planned periods is multiplied with, by cell; 1 where nothing is said.
  public var seasonality: [CellSeries]
  /// What is decided, and which cells the optimiser moves.
  public var decision: Decision
  /// The plan that the answer is compared with.
  public var current: CurrentPlan
  /// Money over the horizon that history's shares are of in the current plan; nil for the plan's own budget. Of several budgets each is held
  /// against the same current plan.
  public internal(set) var currentMoney: Double?
  /// What the outcome draws measure.
  public var measure: Measure
  /// Which of the outcome counts, and what it is worth.
  public var terms: OutcomeTerms
  /// What numbers are called in reports.
  public var labels: Labels
  /// The score of the outcome draws that is maximised.
  public var utility: UtilityChoice
  /// Limits on each cell's money over the horizon.
  public var bounds: Bounds
  /// Limits on sums of money, fixed amounts, and cells that are off or at least at an amount.
  public var constraints: [Constraint]
  /// What money is to come to; nil for the highest utility of a budget.
  public var target: Placed<Target>?
  /// What other utilities have to come to.
  public var riskLimits: [RiskLimit]
  /// How the current plan is changed; nil for a plan of its own.
  public var increment: Increment?
  /// Whether each cell's money stays, period by period, between the least and the most that was observed in one.
  public var keepInObservedRange: Placed<Bool>
  /// Money that each cell spends a multiple of; nil for any amount.
  public var rounding: Placed<Double>?
  /// How periods are decided, where they are.
  public var mode: PlanningMode
  /// The budgets that `ScenarioSweep` solves the plan for.
  public var scenarios: BudgetScenarios
  /// What tests from outside of the model say of channels' returns.
  public var reweight: [Placed<ReturnEvidence>]
  /// What a posterior that its own diagnostics speak against leads to.
  public var diagnostics: DiagnosticsGate
  /// What the model's own checks found; nil where the plan names no folder of them.
  public var diagnosticsReports: DiagnosticsReports?
  /// The solver's time and seed.
  public var solver: SolverOptions
  /// What is written, and where.
  public var output: Output

  /// By default every channel moves, and the mean incremental response is maximised.
  public init(
    posterior: PosteriorChoice, horizon: Horizon, budget: Budget?, distribution: Distribution = .automatic,
    costPerUnit: CostPerUnit = .automatic, prices: [CellPrice] = [], seasonality: [CellSeries] = [],
    decision: Decision = Decision(), current: CurrentPlan = .history,
    measure: Measure = .incremental, terms: OutcomeTerms = OutcomeTerms(), labels: Labels = Labels(),
    utility: UtilityChoice = UtilityChoice(name: Placed("mean")), bounds: Bounds = Bounds(),
    constraints: [Constraint] = [], target: Placed<Target>? = nil, riskLimits: [RiskLimit] = [],
    increment: Increment? = nil, keepInObservedRange: Placed<Bool> = Placed(false), rounding: Placed<Double>? = nil,
    mode: PlanningMode = PlanningMode(), scenarios: BudgetScenarios = BudgetScenarios(),
    reweight: [Placed<ReturnEvidence>] = [], diagnostics: DiagnosticsGate = .warn,
    diagnosticsReports: DiagnosticsReports? = nil,
    solver: SolverOptions = SolverOptions(),
    output: Output = Output()
  ) {
    self.posterior = posterior
    self.horizon = horizon
    self.budget = budget
    self.distribution = distribution
    self.costPerUnit = costPerUnit
    self.prices = prices
    self.seasonality = seasonality
    self.decision = decision
    self.current = current
    self.measure = measure
    self.terms = terms
    self.labels = labels
    self.utility = utility
    self.bounds = bounds
    self.constraints = constraints
    self.target = target
    self.riskLimits = riskLimits
    self.increment = increment
    self.keepInObservedRange = keepInObservedRange
    self.rounding = rounding
    self.mode = mode
    self.scenarios = scenarios
    self.reweight = reweight
    self.diagnostics = diagnostics
    self.diagnosticsReports = diagnosticsReports
    self.solver = solver
    self.output = output
  }
}

/// Which posterior, and how much of it.
public struct PosteriorChoice: Sendable, Equatable {
  /// What the posterior is read as; `auto` goes by the file itself.
  public enum Format: String, Sendable, CaseIterable {
    case auto
    case pymcMarketing = "pymc-marketing"
    case meridian
    case curves
    case cmdstan
    case csv
    case npz
    case generic
    case robyn
    /// Our own, which `apportion convert` writes.
    case apportion
  }

  /// Paths and patterns, at least one, already resolved against the plan file's folder.
  public var files: [Placed<String>]
  /// What the file is read as.
  public var format: Format
  /// Nil for all draws, else so many of them, thinned evenly.
  public var draws: Placed<Int>?
  /// How a table of point curves is read; nil for other formats.
  public var curves: PointCurves?
  /// What the variables of a file of draws mean; nil for a file that says so itself.
  public var model: ModelMapping?
  /// What a file of Meridian's does not hold, and which of its groups is read; nil for other formats.
  public var meridian: MeridianModel?

  /// By default the format is the file's own, and every draw is kept.
  public init(
    file: Placed<String>, format: Format = .auto, draws: Placed<Int>? = nil, curves: PointCurves? = nil,
    model: ModelMapping? = nil, meridian: MeridianModel? = nil
  ) {
    self.files = [file]
    self.format = format
    self.draws = draws
    self.curves = curves
    self.model = model
    self.meridian = meridian
  }

  /// The only file, or the first of several.
  public var file: Placed<String> {
    get { files[0] }
    set { files[0] = newValue }
  }
}

/// The periods planned for, and what else of time counts.
public struct Horizon: Sendable, Equatable {
  /// How long a period is: that of the model.
  public enum Step: String, Sendable, CaseIterable { case day, week, month }

  /// At least 1.
  public var periodCount: Placed<Int>
  /// The first period's first day; nil where periods have numbers only.
  public var start: CalendarDate?
  /// The length of a period.
  public var step: Step
  /// Nil: where the posterior has a contiguous history.
  public var carryIn: Placed<Bool>?
  /// Whether the effect after the last period counts.
  public var carryOver: Bool
  /// Whether the response over the observed periods counts, under the measure `response`.
  public var includeHistory: Placed<Bool>

  /// By default weeks, carry-in where the history is contiguous, carry-over, and no history in the response.
  public init(
    periodCount: Placed<Int>, start: CalendarDate? = nil, step: Step = .week, carryIn: Placed<Bool>? = nil,
    carryOver: Bool = true, includeHistory: Placed<Bool> = Placed(false)
  ) {
    self.periodCount = periodCount
    self.start = start
    self.step = step
    self.carryIn = carryIn
    self.carryOver = carryOver
    self.includeHistory = includeHistory
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CalendarDate: Sendable, Equatable, Comparable {
  /// As written: 2024.
  public var year: Int
  /// From 1 to 12.
  public var month: Int
  /// Of the month, from 1.
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  public static func < (a: CalendarDate, b: CalendarDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }
}

/// Money over the horizon.
public struct Budget: Sendable, Equatable {
  /// Money as written: in all, or by period.
  public enum Amount: Sendable, Equatable {
    /// Over the horizon.
    case total(Double)
    /// Times the number of periods.
    case perPeriod(Double)
  }
  /// How much of the money has to be spent.
  public enum Spend: Sendable, Equatable {
    /// All of it.
    case exactly
    /// As much of it as pays.
    case atMost
    /// Any amount between these, whatever the budget, which is then what shares are of.
    case range(ClosedRange<Double>)
    /// What bounds and constraints allow, whatever the budget, which is then what shares are of.
    case free

    /// The least and the most that all cells together may spend of a budget; nil for no such limit.
    func ends(of budget: Double) -> (lower: Double, upper: Double)? {
      switch self {
      case .exactly: (budget, budget)
      case .atMost: (-.infinity, budget)
      case .range(let range): (range.lowerBound, range.upperBound)
      case .free: nil
      }
    }
  }

  /// The money, for the whole horizon or for each period.
  public var amount: Placed<Amount>
  /// How much of it has to be spent.
  public var spend: Spend

  /// By default all of it has to be spent.
  public init(amount: Placed<Amount>, spend: Spend = .exactly) {
    self.amount = amount
    self.spend = spend
  }

  /// Less money than this has no shares by cell and period that a number could hold.
  static let least = 1e-200

  /// Money over a horizon of so many periods.
  public func total(periodCount: Int) -> Double {
    switch amount.value {
    case .total(let money): money
    case .perPeriod(let money): money * Double(periodCount)
    }
  }
}

/// One number per period of some cells, as written.
public struct CellSeries: Sendable, Equatable {
  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// The labels by dim, where a table's columns have them: they then say which cell it is, whatever it is called. Else none.
  public var labels: [CellLabel]
  /// One per period, in order; or a single number that holds for every period.
  public var values: [Placed<Double>]

  /// By default the cell is the one of that name.
  public init(cell: Placed<String>, labels: [CellLabel] = [], values: [Placed<Double>]) {
    self.cell = cell
    self.labels = labels
    self.values = values
  }
}

/// How a cell's money is spread over the periods.
public enum Distribution: Sendable, Equatable {
  /// History's where the posterior knows what was spent, else uniform.
  case automatic
  /// The same in every period, and in every part of what is decided.
  case uniform
  /// The shares of the observed periods planned for, or of the last ones, as many as are planned.
  case history(TextPosition?)
  /// Shares of the named cells, a sum of one each, or of their parts, a sum of one over all parts of a cell; the others uniform.
  case shares([CellSeries])
}

/// What one unit of a cell's media costs, in money.
public enum CostPerUnit: Sendable, Equatable {
  /// History's where the posterior knows what was spent, else 1: media are money.
  case automatic
  /// Spend by media, cell by cell, of the observed periods that the distribution `history` takes.
  case history(TextPosition?)
  /// Of the named cells; the others 1.
  case costs([CellSeries])
}

/// How the price of a cell's media changes with what is spent on it in a period.
public struct CellPrice: Sendable, Equatable {
  /// As written.
  public enum Rule: Sendable, Equatable {
    /// The cost per unit holds at the reference spend, money of one period in each of the model's cells, and rises as a power of
    /// what is spent; without a reference it is history's mean over periods with spend.
    case elasticity(Placed<Double>, reference: Placed<Double>?)
    /// From each start, money of one period in each of the model's cells, a unit costs the price beside it.
    case tiers([(start: Placed<Double>, price: Placed<Double>)])

    public static func == (a: Rule, b: Rule) -> Bool {
      switch (a, b) {
      case (.elasticity(let a, let aReference), .elasticity(let b, let bReference)): a == b && aReference == bReference
      case (.tiers(let a), .tiers(let b)):
        a.count == b.count && zip(a, b).allSatisfy { $0.start == $1.start && $0.price == $1.price }
      case (.elasticity, .tiers), (.tiers, .elasticity): false
      }
    }
  }

  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// One of the two.
  public var rule: Rule

  public init(cell: Placed<String>, rule: Rule) {
    self.cell = cell
    self.rule = rule
  }
}

/// The plan to beat.
public enum CurrentPlan: Sendable, Equatable {
  /// History's shares at this budget.
  case history
  /// Money over the horizon by cell; cells not named spend nothing.
  case amounts([CellAmount], position: TextPosition?)
  /// Money of each period by cell; cells not named spend nothing.
  case byPeriod([CellSeries], position: TextPosition?)
}

/// A cell's money over the horizon, as written.
public struct CellAmount: Sendable, Equatable {
  /// The cell's labels joined by a slash: `tv`, or `tv/north`.
  public var cell: Placed<String>
  /// As those of `CellSeries`.
  public var labels: [CellLabel]
  /// Money over the horizon.
  public var money: Placed<Double>

  /// By default the cell is the one of that name.
  public init(cell: Placed<String>, labels: [CellLabel] = [], money: Placed<Double>) {
    self.cell = cell
    self.labels = labels
    self.money = money
  }
}

/// What the outcome draws measure.
public enum Measure: String, Sendable, CaseIterable {
  /// What the plan adds to nothing planned.
  case incremental
  /// Incremental, and what is paid at no spend; with `include_history` the plain sum over the whole axis.
  case response
  /// What the incremental response is worth at a margin, less what is spent.
  case profit
  /// Incremental, less the current plan's.
  case lift
  /// What the incremental response is worth by unit of money spent.
  case roi
}

/// A utility by its name in plan files, with its options.
public struct UtilityChoice: Sendable, Equatable {
  /// As plan files spell it: `expected_shortfall`.
  public var name: Placed<String>
  /// In the catalogue's order where a file was read; those not listed have their defaults.
  public var options: [UtilityOption]

  public init(name: Placed<String>, options: [UtilityOption] = []) {
    self.name = name
    self.options = options
  }
}

/// One option of a utility: `tail: 0.1`, `compat: pymc`.
public struct UtilityOption: Sendable, Equatable {
  /// As plan files spell it: `tail`.
  public var name: Placed<String>
  /// A number or a word.
  public var value: Placed<UtilityEntry.Value>

  public init(name: Placed<String>, value: Placed<UtilityEntry.Value>) {
    self.name = name
    self.value = value
  }
}

/// Limits on each cell's money over the horizon.
public struct Bounds: Sendable, Equatable {
  /// One cell's limit.
  public enum Limit: Sendable, Equatable {
    /// Money; nil for no limit on that side (0 below, the budget above).
    case money(lower: Placed<Double>?, upper: Placed<Double>?)
    /// Shares of the budget; nil as for money.
    case share(lower: Placed<Double>?, upper: Placed<Double>?)
    /// Within this share of the current plan's money, up or down.
    case relative(Placed<Double>)
    /// Multiples of what was spent in as many observed periods as are planned: those planned for, or the last ones; nil as for
    /// money.
    case history(lower: Placed<Double>?, upper: Placed<Double>?)
  }

  /// For cells not listed; nil for [0, budget].
  public var fallback: Placed<Limit>?
  /// The cells listed, each with its limit, in the plan's order.
  public var cells: [(cell: Placed<String>, limit: Placed<Limit>)]

  /// By default each cell's money is in [0, budget].
  public init(fallback: Placed<Limit>? = nil, cells: [(cell: Placed<String>, limit: Placed<Limit>)] = []) {
    self.fallback = fallback
    self.cells = cells
  }

  public static func == (a: Bounds, b: Bounds) -> Bool {
    a.fallback == b.fallback && a.cells.count == b.cells.count
      && zip(a.cells, b.cells).allSatisfy { $0.cell == $1.cell && $0.limit == $1.limit }
  }
}

/// What is written, and where.
public struct Output: Sendable, Equatable {
  /// `tables`: JSON and CSV; `figures`: pictures too; `full`: also what limits cost.
  public enum Report: String, Sendable, CaseIterable { case full, figures, tables }

  /// The path, already resolved against the plan file's folder; nil when the plan names none.
  public var folder: String?
  /// How much is written.
  public var report: Report
  /// Falls below the current plan that the answer says the probability of being worse than, in units of the measure: each at least 0.
  public var lossLevels: [Double]

  /// By default no folder and the full report.
  public init(folder: String? = nil, report: Report = .full, lossLevels: [Double] = []) {
    self.folder = folder
    self.report = report
    self.lossLevels = lossLevels
  }
}
