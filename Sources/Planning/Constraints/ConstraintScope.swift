// What a constraint is made into rows with, once names are looked up.

/// Of amounts over the horizon.
struct ConstraintScope {
  /// The constraint's own name; nil for what it says.
  let name: String?
  let reference: LimitReference

  /// A limit on a weighted sum, called what it is of unless the plan says otherwise.
  ///
  /// - Parameter coefficients: one for each amount.
  func sum(_ coefficients: [Double], _ subject: String, _ lower: Double?, _ upper: Double?) -> SpendLimit {
    SpendLimit(
      kind: .sum, name: name ?? subject, subject: subject, coefficients: coefficients, lower: lower ?? -.infinity,
      upper: upper ?? .infinity)
  }
}

/// Of amounts by period.
struct PeriodScope {
  /// The constraint's own name; nil for what it says.
  let name: String?
  let reference: LimitReference
  /// From 0; nil where the constraint names none.
  let named: [Int]?
  /// By the model's cells, then by period: money for a unit of media.
  let costs: [[Double]]
  let window: ObservedWindow

  var count: Int { window.periodCount }
  /// Those that it names, or all.
  var periods: [Int] { named ?? Array(0..<count) }
  /// Behind a subject: the periods that it names.
  var span: String {
    named.map {
      $0.count == 1 ? " in period \($0[0] + 1)" : " in periods \($0.map { "\($0 + 1)" }.joined(separator: ", "))"
    } ?? ""
  }

  /// A limit on a weighted sum of cells' money in some periods together; none where it is of no cell, whose name is a problem then.
  func sum(
    _ terms: [(cell: Int, coefficient: Double)], in periods: [Int], _ subject: String, _ lower: Double?,
    _ upper: Double?,
    named own: String? = nil
  ) -> [PeriodLimit] {
    let entries = terms.filter { $0.coefficient != 0 }.flatMap { term in
      periods.map { (term.cell * count + $0, term.coefficient) }
    }
    guard !entries.isEmpty else { return [] }
    return [
      PeriodLimit(
        kind: .sum, name: own ?? name ?? subject, subject: subject, places: entries.map(\.0),
        coefficients: entries.map(\.1), lower: lower ?? -.infinity, upper: upper ?? .infinity)
    ]
  }

  /// A limit on the sum of some cells' money in each period.
  ///
  /// - Parameter usual: its name in a period where the plan has none; nil for its subject.
  func each(
    _ cells: [Int], _ subject: String, _ lower: Double?, _ upper: Double?, named usual: (Int) -> String? = { _ in nil }
  ) -> [PeriodLimit] {
    periods.flatMap { period in
      sum(
        cells.map { ($0, 1) }, in: [period], PeriodLimits.name(subject, period), lower, upper,
        named: name.map { PeriodLimits.name($0, period) } ?? usual(period))
    }
  }
}

extension CellNames {
  /// One for each amount: 1 of some of them, else 0.
  func coefficients(_ cells: [Int]) -> [Double] {
    var coefficients = spendCells.cells.map { _ in 0.0 }
    for cell in cells { coefficients[cell] = 1 }
    return coefficients
  }

  /// The cells of a name, each of which none of the names before it may have meant.
  mutating func members(of name: Placed<String>, in names: [Placed<String>]) -> [Int] {
    let before = names.prefix { $0 != name }.compactMap { known($0) }.flatMap(\.cells)
    let own = indices(of: name)
    if let twice = own.first(where: before.contains) {
      problems.append(
        PlanProblem(
          "\(spendCells.cells[twice].name) is named twice in one constraint, expected once", at: name.position))
    }
    return own
  }

  mutating func money(_ money: Placed<Constraint.Money>?, _ reference: LimitReference) -> Double? {
    switch money?.value {
    case .amount(let amount): return amount
    case .share(let share):
      if let budget = reference.budget { return share * budget }
      lacks("shares in constraints are of the budget, expected a budget, found none", at: money?.position)
      return nil
    case nil: return nil
    }
  }
}

extension CellNames.Reference {
  /// The amounts that it is of, whole or in part.
  fileprivate var cells: [Int] {
    switch self {
    case .cell(let index): [index]
    case .cells(let indices): indices
    case .parts(let parts): parts.map(\.amount)
    }
  }
}
