/// The keys of `constraints`.
enum ConstraintKeys {
  static let constraint = PlanShape.kinds(
    [
      PlanMapping(
        "{group: [names], at_most: money}",
        [
          PlanKey("group", names, isRequired: true, "Cells whose money is limited in sum.")
        ] + ends(money) + [periods("Where periods are decided, those that are summed; by default all."), name]),
      PlanMapping(
        "{linear: {cell: number}, at_least: money}",
        [
          PlanKey(
            "linear",
            .mapping(PlanMapping("{cell: number}", others: .nested(.number(coefficient)))), isRequired: true,
            "Each cell's money times a number; what is limited is their sum.")
        ] + ends(signedMoney) + [periods("Where periods are decided, those that are summed; by default all."), name]),
      PlanMapping(
        "{fixed: cell, spend: money}",
        [
          PlanKey(
            "fixed", .text(inWords: "a cell"), isRequired: true, "A cell, or cells together, whose money is settled."),
          PlanKey("spend", money, isRequired: true, "How much."),
          periods("Where periods are decided, those in each of which so much is spent; by default over the horizon."),
          name,
        ]),
      PlanMapping(
        "{off_or_at_least: cell, spend: money}",
        [
          PlanKey(
            "off_or_at_least", .text(inWords: "a cell"), isRequired: true,
            "A cell, or each of several, that spends nothing or at least so much; in each period where periods are decided."
          ),
          PlanKey("spend", money, isRequired: true, "The least, where anything is spent."),
          periods("Where periods are decided, those that it holds in; by default each."), name,
        ]),
      PlanMapping(
        "{period: 3, at_most: money}",
        [
          PlanKey(
            "period", .either([.words(["each"]), .count(PlanKeys.periodCounts), periodList]), isRequired: true,
            "A period by its number, a list of them by numbers or days, or each: in each of these, what all cells together spend."
          )
        ] + ends(money) + [name]),
      PlanMapping(
        "{ramp: cell, up: {share: 0.2}}",
        [
          PlanKey(
            "ramp", .either([.text(inWords: "a cell"), names]), isRequired: true,
            "A cell, or each of several, whose money changes by no more than so much from one period to the next."),
          PlanKey("up", change(PlanKeys.share), "The most that is added: money, or a share of the period before."),
          PlanKey(
            "down", change(fall), "The most that is taken off: money, or a share of the period before, 1 at most."),
          PlanKey(
            "from", .words(Constraint.Ramp.Start.allCases.map(\.rawValue)),
            "What the first period is compared with: history's last one, or nothing; by default history's where it is known."
          ),
          PlanKey(
            "from_zero", .number(PlanKeys.amount),
            "Money that may be spent whatever was spent in the period before: a share of nothing is nothing."), name,
        ]),
      PlanMapping(
        "{dark: cell, periods: [7, 8]}",
        [
          PlanKey(
            "dark", .text(inWords: "a cell"), isRequired: true, "A cell, or each of several, that spends nothing."),
          PlanKey("periods", periodList, isRequired: true, "In these periods, by numbers from 1 or by days."), name,
        ]),
      PlanMapping(
        "{flight: cell, on_at_least: 3}",
        [
          PlanKey(
            "flight", .text(inWords: "a cell"), isRequired: true,
            "A cell, or each of several, that spends in runs of periods."),
          PlanKey("on_at_least", .count(PlanKeys.periodCounts), fallback: "1", "Periods that a run has, or more."),
          PlanKey("off_at_least", .count(PlanKeys.periodCounts), fallback: "1", "Periods between two runs, or more."),
          PlanKey("spend", money, "The least in each period of a run; without it off_or_at_least says so."), name,
        ]),
    ])

  private static let periodList = PlanShape.list(
    of: .either([.count(PlanKeys.periodCounts), .date]), count: 1...10_000, inWords: "a list of periods")

  private static func periods(_ meaning: String) -> PlanKey { PlanKey("periods", periodList, meaning) }

  private static let fall = PlanNumber(lower: 0, upper: 1, inWords: "a share from 0 to 1, which is 100 % down")

  private static func change(_ share: PlanNumber) -> PlanShape {
    .either([
      .number(PlanKeys.amount),
      .mapping(
        PlanMapping(
          "{share: share} or {amount: money}",
          [
            PlanKey("share", .number(share), "Of the period before."),
            PlanKey("amount", .number(PlanKeys.amount), "Money."),
          ], alternatives: [["share", "amount"]])),
    ])
  }

  private static let names = PlanShape.list(
    of: .text(inWords: "a cell"), count: 1...10_000, inWords: "a list of cells")

  private static func ends(_ money: PlanShape) -> [PlanKey] {
    [
      PlanKey("at_most", money, "No more than this."), PlanKey("at_least", money, "No less than this."),
      PlanKey("equal", money, "Exactly this."),
    ]
  }

  private static let name = PlanKey("name", .text(inWords: "a name"), "What reports call it.")

  private static let money = either(.number(PlanKeys.amount), share: PlanKeys.share)
  private static let signedMoney = either(
    .number(PlanNumber(inWords: "an amount of money")), share: PlanNumber(inWords: "a share"))

  private static func either(_ amount: PlanShape, share: PlanNumber) -> PlanShape {
    .either([
      amount,
      .mapping(PlanMapping("{share: share}", [PlanKey("share", .number(share), isRequired: true, "Of the budget.")])),
    ])
  }

  private static let coefficient = PlanNumber(
    lower: -Constraint.greatestCoefficient, upper: Constraint.greatestCoefficient, inWords: "a number")
}
