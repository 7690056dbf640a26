/// The sum over all cells, in each of some periods.
struct PeriodConstraint: ConstraintRule {
  var ends: ConstraintEnds

  static let periodsKey = "period"
  static let isOfSinglePeriods = true
  static let mapping = ConstraintKeys.mapping(
    "{period: 3, at_most: money}",
    [
      PlanKey(
        periodsKey, .either([.words(["each"]), .count(PlanKeys.periodCounts), ConstraintKeys.periodList]),
        isRequired: true,
        "A period by its number, a list of them by numbers or days, or each: in each of these, what all cells together spend."
      )
    ] + ConstraintKeys.ends(ConstraintKeys.money))

  var inYAML: [(key: String, value: String)] { ends.inYAML }

  var subject: String { "all cells" }

  func words(_ amount: (Double) -> String) -> String { ends.words(amount) }

  func check(_ conditions: inout ConstraintConditions) { conditions.expectEnds(ends) }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    let (least, most) = (names.money(ends.atLeast, scope.reference), names.money(ends.atMost, scope.reference))
    return scope.each(Array(names.spendCells.cells.indices), "all", least, most) { "period \($0 + 1)" }
  }
}

extension PeriodConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let ends = reader.ends() else { return nil }
    self.init(ends: ends)
  }
}

extension Constraint {
  /// Limits what all cells together spend in each of some periods.
  public static func period(
    _ periods: Periods = .each, atLeast: Money? = nil, atMost: Money? = nil, name: String? = nil
  ) -> Constraint {
    let ends = ConstraintEnds(atLeast: atLeast.map { Placed($0) }, atMost: atMost.map { Placed($0) })
    return Constraint(PeriodConstraint(ends: ends), name: name, periods: Placed(periods))
  }
}
