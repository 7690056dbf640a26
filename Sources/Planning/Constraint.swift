/// A limit on the money of one cell or of several, in the plan's own words; the budget and each cell's bounds aside.
///
/// Money is over the horizon. A cell is named by its labels joined by a slash, several by what they share: a channel, or a label
/// of another decided dim.
public struct Constraint: Sendable, Equatable {
  /// What is limited, and how.
  public enum Rule: Sendable, Equatable {
    /// The sum over all cells that the names stand for.
    case group([Placed<String>], Ends)
    /// The sum of cells' money times a number each; a name of several cells gives each its number.
    case linear([Term], Ends)
    /// Exactly this money for the cell, or for all cells of the name together.
    case fixed(Placed<String>, Placed<Money>)
    /// Each cell of the name spends nothing, or at least this.
    case offOrAtLeast(Placed<String>, Placed<Money>)
  }

  /// Money, or a share of the budget.
  public enum Money: Sendable, Equatable {
    case amount(Double)
    case share(Double)
  }

  /// How little and how much something may come to: nil for no limit on that side, the same twice for an equality.
  public struct Ends: Sendable, Equatable {
    public var atLeast: Placed<Money>?
    public var atMost: Placed<Money>?

    /// At least one of the two.
    public init(atLeast: Placed<Money>? = nil, atMost: Placed<Money>? = nil) {
      self.atLeast = atLeast
      self.atMost = atMost
    }
  }

  /// A cell, or cells, and what their money is multiplied with.
  public struct Term: Sendable, Equatable {
    public var cell: Placed<String>
    public var coefficient: Placed<Double>

    public init(cell: Placed<String>, coefficient: Placed<Double>) {
      self.cell = cell
      self.coefficient = coefficient
    }
  }

  /// What reports call it; nil for what it says.
  public var name: String?
  public var rule: Rule
  /// Nil for a plan that was not read from text.
  public var position: TextPosition?

  public init(_ rule: Rule, name: String? = nil, at position: TextPosition? = nil) {
    self.rule = rule
    self.name = name
    self.position = position
  }
}

extension Constraint {
  /// What must hold however it was made.
  func brokenConditions() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    func expect(_ holds: Bool, _ message: @autoclosure () -> String, at place: TextPosition?) {
      if !holds { problems.append(PlanProblem("constraint: " + message(), at: place ?? position)) }
    }
    func check(_ money: Placed<Money>?, isSigned: Bool = false) {
      guard let money else { return }
      let number = money.value.number
      expect(
        number.isFinite && (isSigned || number >= 0), "expected an amount of money, found \(number)", at: money.position
      )
    }
    func check(_ ends: Ends, isSigned: Bool = false) {
      check(ends.atLeast, isSigned: isSigned)
      check(ends.atMost, isSigned: isSigned)
      expect(ends.atLeast != nil || ends.atMost != nil, "expected at_most, at_least or equal, found none", at: nil)
    }
    switch rule {
    case .group(let names, let ends):
      expect(!names.isEmpty, "expected at least one name in group, found none", at: nil)
      check(ends)
    case .linear(let terms, let ends):
      expect(!terms.isEmpty, "expected at least one cell in linear, found none", at: nil)
      for term in terms {
        expect(
          term.coefficient.value.isFinite && abs(term.coefficient.value) <= Constraint.greatestCoefficient,
          "expected a number of at most \(Constraint.greatestCoefficient) for \(term.cell.value), found "
            + "\(term.coefficient.value)",
          at: term.coefficient.position)
      }
      check(ends, isSigned: true)
    case .fixed(_, let money), .offOrAtLeast(_, let money): check(money)
    }
    return problems
  }

  /// Of `linear`: far beyond what any ratio of amounts needs, and far below what sums of money times it could not hold.
  static let greatestCoefficient = 1e9
}

extension Constraint.Money {
  /// As written.
  var number: Double {
    switch self {
    case .amount(let money): money
    case .share(let share): share
    }
  }
}
