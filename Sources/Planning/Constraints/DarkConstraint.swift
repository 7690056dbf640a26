/// Each cell of the name spends nothing in some periods.
struct DarkConstraint: ConstraintRule {
  var cell: Placed<String>

  static let isOfSinglePeriods = true
  static let mapping = ConstraintKeys.mapping(
    "{dark: cell, periods: [7, 8]}",
    [
      PlanKey("dark", ConstraintKeys.cell, isRequired: true, "A cell, or each of several, that spends nothing."),
      ConstraintKeys.periods("In these periods, by numbers from 1 or by days.", isRequired: true),
    ])

  var inYAML: [(key: String, value: String)] { [("dark", cell.value.inYAML)] }

  var subject: String { cell.value }

  func words(_ amount: (Double) -> String) -> String { "nothing" }

  func check(_ conditions: inout ConstraintConditions) {}

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    scope.each(names.indices(of: cell), subject, nil, 0) { "\(subject) dark in period \($0 + 1)" }
  }
}

extension DarkConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let cell = reader.cell("dark") else { return nil }
    self.init(cell: cell)
  }
}

extension Constraint {
  /// Lets each cell of a name spend nothing in some periods.
  public static func dark(_ cell: String, in periods: Periods, name: String? = nil) -> Constraint {
    Constraint(DarkConstraint(cell: Placed(cell)), name: name, periods: Placed(periods))
  }
}
