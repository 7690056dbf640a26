import ResponseModel

/// Every key of plan files.
enum PlanKeys {
  static let root = PlanMapping(
    "a plan: a mapping with posterior and horizon",
    [
      PlanKey("posterior", .mapping(posterior), isRequired: true, "The fitted model, and how much of it."),
      PlanKey("horizon", .mapping(horizon), isRequired: true, "The periods planned for, and what else of time counts."),
      PlanKey("budget", .mapping(budget), "Money over the horizon; optimise needs it, evaluate does not."),
      PlanKey(
        "distribution",
        .either([
          .words(["uniform", "history"]), .mapping(file("period,channel,share")),
          .mapping(PlanMapping("{channel: [shares]}", others: .nested(shares))),
        ]),
        "How a channel's money is spread over the periods: shares by period, a sum of 1 for each channel. By default history's "
          + "where the posterior knows what was spent, else uniform. Dims that are not decided take part in the spreading."
      ),
      PlanKey(
        "cost_per_unit",
        .either([
          .words(["history"]), .mapping(file("period,channel,cost")),
          .mapping(PlanMapping("{channel: cost}", others: .nested(costs))),
        ]),
        "Money for one unit of a channel's media: one number, or one by period; 1 for channels not given. By default history's "
          + "spend by its media where the posterior knows what was spent, else 1."),
      PlanKey(
        "price", .mapping(PlanMapping("{channel: {elasticity: share}}", others: .nested(price))), fallback: "{}",
        "Media whose price changes with what is spent in a period: by an elasticity, or in tiers."),
      PlanKey(
        "seasonality",
        .either([
          .words(["none"]), .mapping(file("period,channel,multiplier")),
          .mapping(PlanMapping("{channel: [multipliers]}", others: .nested(multipliers))),
        ]), fallback: "{}",
        "What a channel's response in each planned period is multiplied with, beside what the model knows; 1 for channels not given, and outside of the plan."
      ),
      PlanKey("decide", .mapping(decide), "What is decided, and which channels the optimiser moves."),
      PlanKey(
        "current",
        .either([
          .words(["history"]), .mapping(file("channel,spend")),
          .mapping(PlanMapping("{channel: money}", others: .nested(amounts))),
        ]), fallback: "history",
        "The plan to beat: money over the horizon, or of each period, or history's shares at this budget."),
      PlanKey(
        "measure",
        .words(Measure.allCases.map(\.rawValue)), fallback: "incremental",
        "What the outcome draws measure: the response that the plan adds; all of it; what that is worth at the margin less what is spent; what it adds to the current plan's; or what it is worth by unit of money."
      ),
      PlanKey(
        "response",
        .mapping(
          PlanMapping(
            "a mapping of channels, geos and window",
            [
              PlanKey(
                "window", window, fallback: "all",
                "The first and the last period that counts, by numbers from 1 or by days.")
            ],
            others: labels)),
        "What of the outcome counts: cells of these channels or labels of another dim, and these periods; by default all, and what is felt after them."
      ),
      PlanKey(
        "outcome_value", series(worth, "outcome_value"),
        "Money per unit of the outcome, one number or one by period, also from a file, where the model's outcome is not money."
      ),
      PlanKey(
        "margin", series(worth, "margin"),
        "Profit per unit of the outcome's money, one number or one by period, also from a file, for measure: profit."),
      PlanKey(
        "discount", .number(share), fallback: "0",
        "What money loses from one period to the next, as a share, for measure: profit: the first period counts whole."),
      PlanKey(
        "labels",
        .mapping(
          PlanMapping(
            "a mapping of currency and outcome",
            [
              PlanKey("currency", .text(inWords: "a name such as EUR"), "What money is counted in."),
              PlanKey("outcome", .text(inWords: "a name such as orders"), "What the outcome is counted in."),
            ])), "What numbers are called in reports."),
      PlanKey(
        "utility", .utility(UtilityCatalogue.entries), fallback: "mean",
        "The score of the outcome draws that is maximised: a name, or {name: {option: value}}."),
      PlanKey(
        "bounds", .mapping(bounds), fallback: "{}",
        "Limits on the money of each channel, or of each cell of several dims, over the horizon; in each period where periods are decided."
      ),
      PlanKey(
        "repair_bounds", .flag, fallback: "false",
        "Bounds whose lower end is above their upper one, which are a mistake, begin at 0 instead, with a warning, as in DeepCausalMMM."
      ),
      PlanKey(
        "constraints",
        .list(of: ConstraintKeys.constraint, inWords: "a list of constraints"), fallback: "[]",
        "Limits on sums of money, settled amounts, cells that are off or at least at an amount; where periods are decided also on single periods, on the way from one to the next, and on runs of them. Money is over the horizon or in periods, shares are of the budget, those of a ramp of the period before."
      ),
      PlanKey(
        "target", GoalKeys.target,
        "What money is to come to, instead of how much to spend: the budget's total is then the most that may be spent, and may be left out."
      ),
      PlanKey(
        "risk_limits", .list(of: GoalKeys.riskLimit, inWords: "a list of limits of risk"), fallback: "[]",
        "What other utilities of the outcome have to come to: {expected_shortfall: {tail: 0.1}, at_least: 1.0e6}."),
      PlanKey(
        "increment", GoalKeys.increment,
        "So much more money than the current plan spends, or less, in some channels: the others stay, and none moves the other way."
      ),
      PlanKey(
        "keep_in_observed_range", .flag, fallback: "false",
        "Each channel's money stays, period by period, between the least and the most that was observed in one; of a channel that may be off, where it is on."
      ),
      PlanKey(
        "rounding",
        .mapping(
          PlanMapping(
            "{unit: money}",
            [PlanKey("unit", .number(budgetAmount), isRequired: true, "The currency's, or a lot's.")])),
        "The plan is in multiples of a unit, the total kept; what is left of a budget that is none stays with one cell."
      ),
      PlanKey(
        "mode", .words(PlanningMode.Order.allCases.map(\.rawValue)), fallback: "simultaneous",
        "Where periods are decided: all at once; one after the other, each as if it were the last; or the first ones locked as they were spent and all others at once."
      ),
      PlanKey(
        "sequential_budget", .words(PlanningMode.Split.allCases.map(\.rawValue)), fallback: "equal",
        "With mode: sequential, each period's part of the budget: equal ones, by the season's multipliers, or what brings more than the last unit of money does where all periods are decided at once."
      ),
      PlanKey(
        "locked_periods", .count(periodCounts),
        "With mode: rolling, so many periods from the first are locked: at what was observed in them, or else at the current plan's money."
      ),
      PlanKey(
        "adstock_aware", .flag, fallback: "true",
        "Where periods are decided: whether the search knows that effects carry over. What is reported always does."),
      PlanKey(
        "scenarios", ScenarioKeys.scenarios,
        "The budgets that apportion scenarios solves the plan for; optimise passes over them."),
      PlanKey(
        "reweight", ReweightKeys.reweight,
        "What lift tests say of channels' returns: draws that agree with them count for more."),
      PlanKey(
        "diagnostics",
        .mapping(
          PlanMapping(
            "a mapping of folder and gate",
            [
              PlanKey(
                "folder", .text(inWords: "a path"),
                "The folder with the model's own checks, convergence_report.json, calibration_report.json and pareto_k_summary.json, relative to the plan file: where converged, well_calibrated or ok is not true, or not there, every report and table is marked exploratory. By default 50_diagnostics beside the plan file, where there is one."
              ),
              PlanKey(
                "gate", .words(DiagnosticsGate.allCases.map(\.rawValue)), fallback: DiagnosticsGate.warn.rawValue,
                "What R-hat above 1.01, fewer than 400 effective draws, divergent transitions, or checks of the folder that are weak or absent lead to: the plan is refused, warned of, or neither."
              ),
            ])), "What a posterior that was sampled badly leads to."),
      PlanKey("solver", .mapping(solver), "How long and from where the optimum is sought."),
      PlanKey("output", .mapping(output), "What is written, and where."),
    ])

  /// Periods that a plan may have: ten thousand days are 27 years.
  static let periodCounts = 1...10_000

  private static let horizon = PlanMapping(
    "a mapping with num_periods",
    [
      PlanKey("num_periods", .count(periodCounts), isRequired: true, "Periods planned for."),
      PlanKey("start", .date, "The first period's first day; without it periods have numbers only."),
      PlanKey("step", .words(Horizon.Step.allCases.map(\.rawValue)), fallback: "week", "The length of a period."),
      PlanKey(
        "carry_in", .flag, "Observed spend before the window still works in it; by default where the file has it."),
      PlanKey("carry_over", .flag, fallback: "true", "The effect after the window counts."),
      PlanKey(
        "include_history", .flag, fallback: "false",
        "The carryover of history's own spend counts, where response is measured."),
    ])

  private static let decide = PlanMapping(
    "a mapping of by, except and hold",
    [
      PlanKey(
        "by",
        .list(
          of: .text(inWords: "a dim of the model, or period"), count: 1...100, inWords: "a list of the model's dims"),
        fallback: "[channel]",
        "The dims of the model that an amount is decided for each combination of, such as [channel, geo]; with period, as in [channel, period], an amount for each period."
      ),
      PlanKey(
        "except", .list(of: .text(inWords: "a channel"), inWords: "a list of channels"), fallback: "[]",
        "Channels that are not moved."),
      PlanKey(
        "hold", .words(Decision.Hold.allCases.map(\.rawValue)), fallback: "zero",
        "What those are held at; their money counts in the budget."),
    ])

  /// One number for all periods, or one for each.
  private static func series(_ number: PlanNumber, _ column: String) -> PlanShape {
    .either([
      .number(number), .list(of: .number(number), count: 1...100_000, inWords: "a list of them, one a period"),
      .mapping(
        PlanMapping(
          "{file: path}",
          [
            PlanKey(
              "file", .text(inWords: "a path"), isRequired: true,
              "A CSV file with the columns period and \(column), relative to the plan file.")
          ])),
    ])
  }

  private static let window = PlanShape.either([
    .words(["all"]),
    .list(of: .either([.count(periodCounts), .date]), count: 2...2, inWords: "[first, last]"),
  ])

  private static let labels = PlanShape.either([
    .words(["all"]), .list(of: .text(inWords: "a label"), count: 1...100_000, inWords: "a list of labels"),
  ])

  private static let solver = PlanMapping(
    "a mapping of gap, time_limit, seed and method",
    [
      PlanKey(
        "gap", .number(gap), fallback: "1e-4",
        "How far below the best an answer may be, as a share of itself; a larger gap is reported, and the exit status 2."
      ),
      PlanKey("time_limit", .number(seconds), fallback: "30", "Seconds after which the best plan found is the answer."),
      PlanKey("seed", .count(0...Int.max), fallback: "1", "The seed of what is drawn at random."),
      PlanKey(
        "method",
        .words(
          SolverMethod.allCases.map(\.rawValue) + [SolverMethod.slsqpInCapitals],
          later: ["sqp", "interior_point", "branch_and_bound"].map { PlanRefusal($0, "leave the choice to auto") }),
        fallback: "auto",
        "Where the search begins: auto from every start, slsqp and trust-constr from the current plan or an even split, "
          + "differential_evolution and hybrid from one plan or several of a seeded evolution. All climb, prove and report alike."
      ),
    ])

  private static let output = PlanMapping(
    "a mapping of folder, report and loss_worse_than",
    [
      PlanKey("folder", .text(inWords: "a path"), "Where results are written, relative to the plan file."),
      PlanKey(
        "report",
        .words(Output.Report.allCases.map(\.rawValue)),
        fallback: "full",
        "How much is found and written: tables; with figures also report.html and pictures, drawn by gnuplot; with full also what each limit costs."
      ),
      PlanKey(
        "loss_worse_than",
        .either([.number(loss), .list(of: .number(loss), count: 0...100, inWords: "a list of them")]), fallback: "[]",
        "Falls below the current plan, in units of the measure: how likely the plan is to be worse by more is said for each, and for 0."
      ),
    ])

  private static func file(_ columns: String) -> PlanMapping {
    PlanMapping(
      "{file: path}",
      [
        PlanKey(
          "file", .text(inWords: "a path"), isRequired: true,
          "A CSV file with the columns \(columns), and one for each further dim, in any order, relative to the plan file."
        )
      ])
  }

  private static let gap = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a share above 0")
  private static let seconds = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a number of seconds above 0")
  static let worth = PlanNumber(lower: 0, inWords: "a number of at least 0")
  private static let loss = PlanNumber(lower: 0, inWords: "a fall of at least 0")
}
