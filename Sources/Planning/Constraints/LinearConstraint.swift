/// The sum of cells' money times a number each; a name of several cells gives each its number.
struct LinearConstraint: ConstraintRule {
  /// A cell, or cells, and what their money is multiplied with.
  struct Term: Sendable, Equatable {
    var cell: Placed<String>
    var coefficient: Placed<Double>
  }

  var terms: [Term]
  var ends: ConstraintEnds

  /// Far beyond what any ratio of amounts needs, and far below what sums of money times it could not hold.
  private static let greatestCoefficient = 1e9
  private static let coefficients = PlanShape.number(
    PlanNumber(lower: -greatestCoefficient, upper: greatestCoefficient, inWords: "a number"))

  static let mapping = ConstraintKeys.mapping(
    "{linear: {cell: number}, at_least: money}",
    [
      PlanKey(
        "linear", .mapping(PlanMapping("{cell: number}", others: .nested(coefficients))), isRequired: true,
        "Each cell's money times a number; what is limited is their sum.")
    ] + ConstraintKeys.ends(ConstraintKeys.signedMoney) + [
      ConstraintKeys.periods("Where periods are decided, those that are summed; by default all.")
    ])

  var inYAML: [(key: String, value: String)] {
    [("linear", "{\(terms.map { "\($0.cell.value.inYAML): \($0.coefficient.value.inYAML)" }.joined(separator: ", "))}")]
      + ends.inYAML
  }

  /// `tv - 0.5 search`
  var subject: String {
    var words = ""
    for term in terms {
      let (factor, sign) = (abs(term.coefficient.value), term.coefficient.value < 0 ? "-" : "+")
      words += words.isEmpty ? (sign == "-" ? "-" : "") : " \(sign) "
      words += (factor == 1 ? "" : factor.inYAML + " ") + term.cell.value
    }
    return words
  }

  func words(_ amount: (Double) -> String) -> String { ends.words(amount) }

  func check(_ conditions: inout ConstraintConditions) {
    conditions.expect(!terms.isEmpty, "expected at least one cell in linear, found none")
    for term in terms {
      let number = term.coefficient.value
      conditions.expect(
        number.isFinite && abs(number) <= Self.greatestCoefficient,
        "expected a number of at most \(Self.greatestCoefficient) for \(term.cell.value), found \(number)",
        at: term.coefficient.position)
    }
    conditions.expectEnds(ends, isSigned: true)
  }

  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit] {
    var row = names.coefficients([])
    for (cell, coefficient) in numbers(&names) { row[cell] = coefficient }
    let (least, most) = (names.money(ends.atLeast, scope.reference), names.money(ends.atMost, scope.reference))
    return [scope.sum(row, subject, least, most)]
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    let numbers = numbers(&names)
    let (least, most) = (names.money(ends.atLeast, scope.reference), names.money(ends.atMost, scope.reference))
    return scope.sum(numbers, in: scope.periods, subject + scope.span, least, most)
  }

  private func numbers(_ names: inout CellNames) -> [(cell: Int, coefficient: Double)] {
    terms.flatMap { term in
      names.members(of: term.cell, in: terms.map(\.cell)).map { ($0, term.coefficient.value) }
    }
  }
}

extension LinearConstraint {
  init?(_ reader: inout ConstraintReader) {
    guard let linear = reader.node["linear"] else { return nil }
    let terms = linear.entries.flatMap(Self.coefficients.leaves).compactMap { entry in
      entry.value.number.map { Term(cell: entry.key, coefficient: $0) }
    }
    if linear.isMapping && linear.entries.isEmpty {
      reader.problems.append(
        PlanProblem("\(reader.place).linear", expected: "a cell", found: "none", at: linear.position))
    }
    guard let ends = reader.ends() else { return nil }
    self.init(terms: terms, ends: ends)
  }
}

extension Constraint {
  /// Limits the sum of cells' money times a number each: `.linear(["tv": 1, "search": -0.5], atLeast: .amount(0))`.
  ///
  /// - Parameter periods: in a plan that decides periods, those that are summed together; nil for all.
  public static func linear(
    _ coefficients: [String: Double], atLeast: Money? = nil, atMost: Money? = nil, in periods: Periods? = nil,
    name: String? = nil
  ) -> Constraint {
    let terms = coefficients.sorted { $0.key < $1.key }.map {
      LinearConstraint.Term(cell: Placed($0), coefficient: Placed($1))
    }
    let ends = ConstraintEnds(atLeast: atLeast.map { Placed($0) }, atMost: atMost.map { Placed($0) })
    return Constraint(LinearConstraint(terms: terms, ends: ends), name: name, periods: periods.map { Placed($0) })
  }
}
