import ResponseModel

// Money, its limits, and what becomes of it by period and price.
extension PlanKeys {
  static let budget = PlanMapping(
    "a mapping with total or per_period",
    [
      PlanKey("total", .number(budgetAmount), "Money over the whole horizon."),
      PlanKey("per_period", .number(budgetAmount), "Money a period; the budget is this times num_periods."),
      PlanKey(
        "spend",
        .either([
          .words(["exactly", "at_most", "free"]),
          .mapping(
            PlanMapping(
              "{range: [least, most]}",
              [
                PlanKey(
                  "range",
                  .list(of: .number(amount), count: 2...2, inWords: "[least, most]"), isRequired: true,
                  "The least and the most of money over the horizon.")
              ])),
        ]), fallback: "exactly",
        "How much of it is spent: all, as much as pays, an amount within a range, or what bounds and constraints allow; with the last two the total is what shares are of."
      ),
    ], alternatives: [["total", "per_period"]])

  static let bounds = PlanMapping(
    "a mapping of channels",
    [PlanKey("default", limit, "For channels not listed; without it, from 0 to the budget.")], others: .nested(limit))

  static let limit = PlanShape.either([
    .pair(amount),
    .mapping(
      PlanMapping(
        "{lower: money, upper: money}",
        [
          PlanKey("lower", .number(amount), isRequired: true, "The least money, as [lower, upper]."),
          PlanKey("upper", .number(amount), isRequired: true, "The most money."),
        ])),
    .mapping(
      PlanMapping(
        "{relative: share}, {share: [lower, upper]} or {history: [lower, upper]}",
        [
          PlanKey("relative", .number(relative), "This share of the current plan's money, up or down."),
          PlanKey("share", .pair(share), "Shares of the budget; either may be null."),
          PlanKey(
            "history", .pair(multiple),
            "Multiples of what was spent in as many observed periods as are planned: those planned for, or the last ones; either may be null."
          ),
        ], alternatives: [["relative", "share", "history"]])),
  ])

  static let price = PlanShape.mapping(
    PlanMapping(
      "{elasticity: share} or {tiers: [[start, price], …]}",
      [
        PlanKey(
          "elasticity", .number(elasticity),
          "By this power of the money spent the price of a unit rises from cost_per_unit, which holds at reference_spend."
        ),
        PlanKey(
          "reference_spend", .number(budgetAmount),
          "Money of one period in each of the model's cells; by default what was spent there on average where anything was."
        ),
        PlanKey(
          "tiers",
          .list(
            of: .list(of: .number(amount), count: 2...2, inWords: "[start, price]"), count: 1...100,
            inWords: "a list of [start, price]"),
          "From each start, money of one period in each of the model's cells, a unit costs the price beside it."),
      ], alternatives: [["elasticity", "tiers"]]))

  static let shares = PlanShape.list(of: .number(share), inWords: "a list of shares, one a period")
  static let multipliers = PlanShape.either([
    .number(multiplier), .list(of: .number(multiplier), inWords: "a list of them, one a period"),
  ])
  static let amounts = PlanShape.either([
    .number(amount), .list(of: .number(amount), inWords: "a list of them, one a period"),
  ])
  static let costs = PlanShape.either([
    .number(cost), .list(of: .number(cost), inWords: "a list of them, one a period"),
  ])

  static let budgetAmount = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "an amount of money above 0")
  static let amount = PlanNumber(lower: 0, inWords: "an amount of money of at least 0")
  private static let elasticity = PlanNumber(
    lower: 0, upper: PowerPrice.greatestElasticity, inWords: "a share from 0 to \(PowerPrice.greatestElasticity)")
  private static let relative = PlanNumber(lower: 0, inWords: "a share of at least 0")
  private static let multiple = PlanNumber(lower: 0, inWords: "a multiple of at least 0")
  static let share = PlanNumber(lower: 0, inWords: "a share of at least 0")
  static let multiplier = PlanNumber(lower: 0, inWords: "a multiplier of at least 0")
  static let cost = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a cost above 0")
}
