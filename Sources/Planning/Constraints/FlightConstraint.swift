/// Each cell of the name spends in runs of at least so many periods, with at least so many without spend between them; with an amount, at least
/// that in each period of a run.
struct FlightConstraint: ConstraintRule {
  var cell: Placed<String>
  /// Periods, at least 1. A run at an end of the plan may go on beyond it, and may be shorter.
  var onAtLeast = Placed(1)
  var offAtLeast = Placed(1)
  /// The least that is spent in a period that is on; nil where another constraint says so.
  var spend: Placed<Constraint.Money>?

  static let isOfSinglePeriods = true
  static let mapping = ConstraintKeys.mapping(
    "{flight: cell, on_at_least: 3}",
    [
      PlanKey(
        "flight", ConstraintKeys.cell, isRequired: true, "A cell, or each of several, that spends in runs of periods."),
      PlanKey("on_at_least", .count(PlanKeys.periodCounts), fallback: "1", "Periods that a run has, or more."),
      PlanKey("off_at_least", .count(PlanKeys.periodCounts), fallback: "1", "Periods between two runs, or more."),
      PlanKey(
        "spend", ConstraintKeys.money, "The least in each period of a run; without it off_or_at_least says so."),
    ])

  var inYAML: [(key: String, value: String)] {
    [
      ("flight", cell.value.inYAML), ("on_at_least", "\(onAtLeast.value)"), ("off_at_least", "\(offAtLeast.value)"),
    ] + (spend.map { [("spend", $0.value.inYAML)] } ?? [])
  }

  var subject: String { cell.value }

  func words(_ amount: (Double) -> String) -> String {
    func periods(_ count: Int) -> String { "\(amount(Double(count))) period\(count == 1 ? "" : "s")" }
    return "runs of at least \(periods(onAtLeast.value)), at least \(periods(offAtLeast.value)) between them"
      + (spend.map { ", each period at least \($0.value.words(amount))" } ?? "")
  }

  func check(_ conditions: inout ConstraintConditions) {
    conditions.expectMoney(spend)
    for count in [onAtLeast, offAtLeast] {
      conditions.expect(
        count.value >= 1, "expected runs of at least 1 period, found \(count.value)", at: count.position)
    }
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    spend.map { OffOrAtLeastConstraint(cell: cell, spend: $0).limits(&names, by: scope) } ?? []
  }

  func flights(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodFlight] {
    names.indices(of: cell).map { index in
      PeriodFlight(
        name: scope.name ?? "\(names.spendCells.cells[index].name) flight",
        variables: (0..<scope.count).map { index * scope.count + $0 }, onAtLeast: onAtLeast.value,
        offAtLeast: offAtLeast.value)
    }
  }
}

extension FlightConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let cell = reader.cell("flight") else { return nil }
    self.init(
      cell: cell, onAtLeast: reader.node["on_at_least"]?.count ?? Placed(1),
      offAtLeast: reader.node["off_at_least"]?.count ?? Placed(1), spend: reader.money("spend"))
  }
}

extension Constraint {
  /// Lets each cell of a name spend in runs of at least so many periods, at least so many apart.
  ///
  /// - Parameter spend: the least in each period of a run; nil where `offOrAtLeast` of the same cell says so.
  public static func flight(
    _ cell: String, onAtLeast: Int = 1, offAtLeast: Int = 1, spend: Money? = nil, name: String? = nil
  ) -> Constraint {
    let rule = FlightConstraint(
      cell: Placed(cell), onAtLeast: Placed(onAtLeast), offAtLeast: Placed(offAtLeast), spend: spend.map { Placed($0) })
    return Constraint(rule, name: name)
  }
}
