/// A limit on the money of one cell or of several, in the plan's own words; the budget and each cell's bounds aside.
///
/// Money is over the horizon, or in `periods`. A cell is named by its labels joined by a slash, several by what they share: a
/// channel, or a label of another decided dim. Limits on single periods are of plans that decide periods.
public struct Constraint: Sendable, Equatable {
  /// Periods of the plan.
  public enum Periods: Sendable, Equatable {
    case each
    case named([OutcomeTerms.PeriodName])
  }

  /// Money, or a share of the budget.
  public enum Money: Sendable, Equatable {
    case amount(Double)
    case share(Double)
  }

  /// What reports call it; nil for what it says.
  public var name: String?
  /// What is limited, and how.
  var rule: any ConstraintRule
  /// The periods that it is about: of `group` and `linear` the money of all of these together, of all others that of each; nil for the horizon.
  public var periods: Placed<Periods>?
  /// Nil for a plan that was not read from text.
  public var position: TextPosition?

  init(
    _ rule: any ConstraintRule, name: String? = nil, periods: Placed<Periods>? = nil, at position: TextPosition? = nil
  ) {
    self.rule = rule
    self.name = name
    self.periods = periods
    self.position = position
  }

  public static func == (one: Constraint, other: Constraint) -> Bool {
    one.rule.equals(other.rule) && one.name == other.name && one.periods == other.periods
      && one.position == other.position
  }
}

/// One kind of constraint, all of it in one file: its keys in plan files, its words, and the rows that it comes to. A kind is known once it is in
/// `ConstraintCatalogue`; solvers know nothing of it.
protocol ConstraintRule: Sendable, Equatable {
  /// What stands in plan files: the first key tells it from all other kinds. Names and periods are read and written for all of them.
  static var mapping: PlanMapping { get }
  /// The key at which its periods stand.
  static var periodsKey: String { get }
  /// Whether it says nothing of a plan that decides no periods.
  static var isOfSinglePeriods: Bool { get }

  /// Reads it where its first key stands; nil where it is wrong, and the reader's problems say how.
  init?(_ reader: inout ConstraintReader)
  /// Finds what must hold however it was made.
  func check(_ conditions: inout ConstraintConditions)
  /// As plan files have it, without the braces.
  var inYAML: [(key: String, value: String)] { get }
  /// What is limited, in words.
  var subject: String { get }
  /// How it is, in words.
  ///
  /// - Parameter amount: a number for people.
  func words(_ amount: (Double) -> String) -> String
  /// Cells that it lets spend nothing, whatever is observed of them.
  var cellsThatMayBeOff: [Placed<String>] { get }

  /// Its limits on amounts over the horizon; none where a name is wrong.
  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit]
  /// Its limits on amounts by period; none where a name is wrong.
  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit]
  /// Runs of periods that it asks for, besides its limits.
  func flights(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodFlight]
}

extension ConstraintRule {
  static var periodsKey: String { "periods" }
  static var isOfSinglePeriods: Bool { false }
  var cellsThatMayBeOff: [Placed<String>] { [] }
  func limits(_ names: inout CellNames, _ scope: ConstraintScope) -> [SpendLimit] { [] }
  func flights(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodFlight] { [] }

  static var key: String { mapping.keys[0].name }
  fileprivate func equals(_ other: any ConstraintRule) -> Bool { other as? Self == self }
}

/// Every kind of constraint that plans can have, in the order that help shows them.
enum ConstraintCatalogue {
  static let all: [any ConstraintRule.Type] = [
    GroupConstraint.self, LinearConstraint.self, FixedConstraint.self, OffOrAtLeastConstraint.self,
    PeriodConstraint.self,
    RampConstraint.self, DarkConstraint.self, FlightConstraint.self,
  ]
}

extension Constraint {
  /// What is limited, where and when: `brand: search + social in period 3`.
  package var subject: String {
    let when =
      switch periods?.value {
      case .each: " in each period"
      case .named(let names):
        " in \(names.count == 1 ? "period" : "periods") \(names.map(\.inWords).joined(separator: ", "))"
      case nil: ""
      }
    return (name.map { "\($0): \(rule.subject)" } ?? rule.subject) + when
  }

  /// How it is: `at least 3, at most 5`.
  ///
  /// - Parameter amount: a number for people.
  package func words(_ amount: (Double) -> String) -> String { rule.words(amount) }

  /// What must hold however it was made.
  func brokenConditions() -> [PlanProblem] {
    var conditions = ConstraintConditions(position: position)
    rule.check(&conditions)
    return conditions.problems
  }

  /// As plan files have it.
  var inYAML: String {
    let key = type(of: rule).periodsKey
    let when = periods.map { [(key: key, value: $0.value.inYAML)] } ?? []
    // Of a kind that its periods tell they stand first.
    let all = key == type(of: rule).key ? when + rule.inYAML : rule.inYAML + when
    let named = all + (name.map { [(key: "name", value: $0.inYAML)] } ?? [])
    return "{\(named.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
  }
}

extension Constraint.Periods {
  fileprivate var inYAML: String {
    switch self {
    case .each: "each"
    case .named(let names): "[\(names.map(\.inWords).joined(separator: ", "))]"
    }
  }
}
