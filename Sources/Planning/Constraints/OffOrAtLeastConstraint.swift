/// Each cell of the name spends nothing, or at least this: in each period where periods are decided.
struct OffOrAtLeastConstraint: ConstraintRule {
  var cell: Placed<String>
  var spend: Placed<Constraint.Money>

  static let mapping = ConstraintKeys.mapping(
    "{off_or_at_least: cell, spend: money}",
    [
      PlanKey(
        "off_or_at_least", ConstraintKeys.cell, isRequired: true,
        "A cell, or each of several, that spends nothing or at least so much; in each period where periods are decided."
      ),
      PlanKey("spend", ConstraintKeys.money, isRequired: true, "The least, where anything is spent."),
      ConstraintKeys.periods("Where periods are decided, those that it holds in; by default each."),
    ])

  var inYAML: [(key: String, value: String)] {
    [("off_or_at_least", cell.value.inYAML), ("spend", spend.value.inYAML)]
  }

  var subject: String { cell.value }

  func words(_ amount: (Double) -> String) -> String { "nothing, or at least \(spend.value.words(amount))" }

  func check(_ conditions: inout ConstraintConditions) { conditions.expectMoney(spend) }

  var cellsThatMayBeOff: [Placed<String>] { [cell] }

  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit] {
    let money = names.money(spend, scope.reference) ?? 0
    return names.indices(of: cell).map { index in
      let name = names.spendCells.cells[index].name
      return SpendLimit(
        kind: .offOrAtLeast(index), name: scope.name ?? "\(name) off or at least", subject: name,
        coefficients: names.coefficients([index]), lower: money)
    }
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    let money = names.money(spend, scope.reference) ?? 0
    return names.indices(of: cell).flatMap { index in
      scope.periods.map { period in
        let subject = PeriodLimits.name(names.spendCells.cells[index].name, period)
        return PeriodLimit(
          kind: .offOrAtLeast,
          name: scope.name.map { PeriodLimits.name($0, period) } ?? "\(subject) off or at least",
          subject: subject, places: [index * scope.count + period], coefficients: [1], lower: money)
      }
    }
  }
}

extension OffOrAtLeastConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let cell = reader.cell("off_or_at_least"), let spend = reader.money("spend") else { return nil }
    self.init(cell: cell, spend: spend)
  }
}

extension Constraint {
  /// Lets each cell of a name spend nothing, or at least this much.
  ///
  /// - Parameter periods: in a plan that decides periods, those in each of which it holds; nil for all.
  public static func offOrAtLeast(
    _ cell: String, _ money: Money, in periods: Periods? = nil, name: String? = nil
  ) -> Constraint {
    Constraint(
      OffOrAtLeastConstraint(cell: Placed(cell), spend: Placed(money)), name: name, periods: periods.map { Placed($0) })
  }
}
