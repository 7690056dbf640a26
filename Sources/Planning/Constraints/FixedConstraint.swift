/// Exactly this money for the cell, or for all cells of the name together.
struct FixedConstraint: ConstraintRule {
  var cell: Placed<String>
  var spend: Placed<Constraint.Money>

  static let mapping = ConstraintKeys.mapping(
    "{fixed: cell, spend: money}",
    [
      PlanKey("fixed", ConstraintKeys.cell, isRequired: true, "A cell, or cells together, whose money is settled."),
      PlanKey("spend", ConstraintKeys.money, isRequired: true, "How much."),
      ConstraintKeys.periods(
        "Where periods are decided, those in each of which so much is spent; by default over the horizon."),
    ])

  var inYAML: [(key: String, value: String)] { [("fixed", cell.value.inYAML), ("spend", spend.value.inYAML)] }

  var subject: String { cell.value }

  func words(_ amount: (Double) -> String) -> String { "exactly \(spend.value.words(amount))" }

  func check(_ conditions: inout ConstraintConditions) { conditions.expectMoney(spend) }

  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit] {
    let money = names.money(spend, scope.reference)
    var limit = scope.sum(names.coefficients(names.indices(of: cell)), subject, money, money)
    limit.name = scope.name ?? "\(subject) fixed"
    return [limit]
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    let (money, cells) = (names.money(spend, scope.reference), names.indices(of: cell))
    return scope.named == nil
      ? scope.sum(
        cells.map { ($0, 1) }, in: scope.periods, subject, money, money, named: scope.name ?? "\(subject) fixed")
      : scope.each(cells, subject, money, money)
  }
}

extension FixedConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let cell = reader.cell("fixed"), let spend = reader.money("spend") else { return nil }
    self.init(cell: cell, spend: spend)
  }
}

extension Constraint {
  /// Settles the money of a cell, or of all cells of a name together.
  ///
  /// - Parameter periods: in a plan that decides periods, those in each of which so much is spent; nil for the horizon.
  public static func fixed(
    _ cell: String, at money: Money, in periods: Periods? = nil, name: String? = nil
  ) -> Constraint {
    Constraint(
      FixedConstraint(cell: Placed(cell), spend: Placed(money)), name: name, periods: periods.map { Placed($0) })
  }
}
