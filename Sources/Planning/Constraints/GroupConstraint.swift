/// The sum over all cells that some names stand for.
struct GroupConstraint: ConstraintRule {
  var names: [Placed<String>]
  var ends: ConstraintEnds

  static let mapping = ConstraintKeys.mapping(
    "{group: [names], at_most: money}",
    [PlanKey("group", ConstraintKeys.cells, isRequired: true, "Cells whose money is limited in sum.")]
      + ConstraintKeys.ends(ConstraintKeys.money) + [
        ConstraintKeys.periods("Where periods are decided, those that are summed; by default all.")
      ])

  var inYAML: [(key: String, value: String)] {
    [("group", "[\(names.map(\.value.inYAML).joined(separator: ", "))]")] + ends.inYAML
  }

  var subject: String { names.map(\.value).joined(separator: " + ") }

  func words(_ amount: (Double) -> String) -> String { ends.words(amount) }

  func check(_ conditions: inout ConstraintConditions) {
    conditions.expect(!names.isEmpty, "expected at least one name in group, found none")
    conditions.expectEnds(ends)
  }

  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit] {
    let cells = self.names.flatMap { names.members(of: $0, in: self.names) }
    let (least, most) = (names.money(ends.atLeast, scope.reference), names.money(ends.atMost, scope.reference))
    return [scope.sum(names.coefficients(cells), subject, least, most)]
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    let cells = self.names.flatMap { names.members(of: $0, in: self.names) }
    let (least, most) = (names.money(ends.atLeast, scope.reference), names.money(ends.atMost, scope.reference))
    return scope.sum(cells.map { ($0, 1) }, in: scope.periods, subject + scope.span, least, most)
  }
}

extension GroupConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let ends = reader.ends() else { return nil }
    self.init(names: reader.cells("group"), ends: ends)
  }
}

extension Constraint {
  /// Limits the sum over all cells of some names: `.group(["search", "social"], atMost: .share(0.6))`.
  ///
  /// - Parameter periods: in a plan that decides periods, those that are summed together; nil for all.
  public static func group(
    _ names: [String], atLeast: Money? = nil, atMost: Money? = nil, in periods: Periods? = nil, name: String? = nil
  ) -> Constraint {
    let ends = ConstraintEnds(atLeast: atLeast.map { Placed($0) }, atMost: atMost.map { Placed($0) })
    return Constraint(
      GroupConstraint(names: names.map { Placed($0) }, ends: ends), name: name, periods: periods.map { Placed($0) })
  }
}
