/// What the keys of several kinds of `constraints` have in common.
enum ConstraintKeys {
  /// One of all kinds.
  static let constraint = PlanShape.kinds(ConstraintCatalogue.all.map { $0.mapping })

  /// A mapping with a key for what reports call it.
  static func mapping(_ inWords: String, _ keys: [PlanKey]) -> PlanMapping {
    PlanMapping(inWords, keys + [PlanKey("name", .text(inWords: "a name"), "What reports call it.")])
  }

  static let cell = PlanShape.text(inWords: "a cell")
  static let cells = PlanShape.list(of: cell, count: 1...10_000, inWords: "a list of cells")

  static func ends(_ money: PlanShape) -> [PlanKey] {
    [
      PlanKey("at_most", money, "No more than this."), PlanKey("at_least", money, "No less than this."),
      PlanKey("equal", money, "Exactly this."),
    ]
  }

  static func periods(_ meaning: String, isRequired: Bool = false) -> PlanKey {
    PlanKey("periods", periodList, isRequired: isRequired, meaning)
  }

  static let periodList = PlanShape.list(
    of: .either([.count(PlanKeys.periodCounts), .date]), count: 1...10_000, inWords: "a list of periods")

  static let money = either(.number(PlanKeys.amount), share: PlanKeys.share)
  static let signedMoney = either(
    .number(PlanNumber(inWords: "an amount of money")), share: PlanNumber(inWords: "a share"))

  private static func either(_ amount: PlanShape, share: PlanNumber) -> PlanShape {
    .either([
      amount,
      .mapping(PlanMapping("{share: share}", [PlanKey("share", .number(share), isRequired: true, "Of the budget.")])),
    ])
  }
}
