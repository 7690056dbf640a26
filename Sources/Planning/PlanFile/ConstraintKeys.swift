/// The keys of `constraints`.
enum ConstraintKeys {
  static let constraint = PlanShape.kinds(
    [
      PlanMapping(
        "{group: [names], at_most: money}",
        [
          PlanKey("group", names, isRequired: true, "Cells whose money is limited in sum.")
        ] + ends(money) + [name]),
      PlanMapping(
        "{linear: {cell: number}, at_least: money}",
        [
          PlanKey(
            "linear",
            .mapping(PlanMapping("{cell: number}", others: .nested(.number(coefficient)))), isRequired: true,
            "Each cell's money times a number; what is limited is their sum.")
        ] + ends(signedMoney) + [name]),
      PlanMapping(
        "{fixed: cell, spend: money}",
        [
          PlanKey(
            "fixed", .text(inWords: "a cell"), isRequired: true, "A cell, or cells together, whose money is settled."),
          PlanKey("spend", money, isRequired: true, "How much."), name,
        ],
        later: [PlanRefusal("periods", "spend is over the horizon, and its shares are given in distribution")]),
      PlanMapping(
        "{off_or_at_least: cell, spend: money}",
        [
          PlanKey(
            "off_or_at_least", .text(inWords: "a cell"), isRequired: true,
            "A cell, or each of several, that spends nothing or at least so much."),
          PlanKey("spend", money, isRequired: true, "The least, where anything is spent."), name,
        ]),
    ],
    later: ["ramp", "period", "flight", "dark"].map {
      PlanRefusal($0, "periods are not decided: their shares are given in distribution")
    })

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
