public import ResponseModel

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
