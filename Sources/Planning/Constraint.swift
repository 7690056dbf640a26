/// A limit on the money of one cell or of several, in the plan's own words; the budget and each cell's bounds aside.
///
/// Money is over the horizon, or in `periods`. A cell is named by its labels joined by a slash, several by what they share: a
/// channel, or a label of another decided dim. Periods, ramps and flights are of plans that decide periods.
public struct Constraint: Sendable, Equatable {
  /// What is limited, and how.
  public enum Rule: Sendable, Equatable {
    /// The sum over all cells that the names stand for.
    case group([Placed<String>], Ends)
    /// The sum of cells' money times a number each; a name of several cells gives each its number.
    case linear([Term], Ends)
    /// Exactly this money for the cell, or for all cells of the name together.
    case fixed(Placed<String>, Placed<Money>)
    /// Each cell of the name spends nothing, or at least this: in each period where periods are decided.
    case offOrAtLeast(Placed<String>, Placed<Money>)
    /// The sum over all cells, in each of `periods`.
    case period(Ends)
    /// From each period to the next, each cell of the names.
    case ramp([Placed<String>], Ramp)
    /// Each cell of the name spends nothing in `periods`.
    case dark(Placed<String>)
    /// Each cell of the name spends in runs of at least so many periods, with at least so many without spend between them; with an
    /// amount, at least that in each period of a run.
    case flight(Placed<String>, Flight)
  }

  /// How far a cell's money in one period may be from that in the period before.
  public struct Ramp: Sendable, Equatable {
    /// What the first period is compared with.
    public enum Start: String, Sendable, CaseIterable {
      /// What was spent in the last observed period.
      case history
      /// Nothing.
      case free
    }

    /// The most that may be added: money, or a share of the period before; nil for any.
    public var up: Placed<Money>?
    /// The most that may be taken off: money, or a share of at most 1 of the period before; nil for any.
    public var down: Placed<Money>?
    /// Nil for history where the posterior has one, else free.
    public var start: Placed<Start>?
    /// Money that may be spent whatever was spent in the period before: without it a share of nothing is nothing.
    public var fromZero: Placed<Double>?

    /// At least one of `up` and `down`.
    public init(
      up: Placed<Money>? = nil, down: Placed<Money>? = nil, start: Placed<Start>? = nil, fromZero: Placed<Double>? = nil
    ) {
      self.up = up
      self.down = down
      self.start = start
      self.fromZero = fromZero
    }
  }

  /// How long a cell is on and off.
  public struct Flight: Sendable, Equatable {
    /// Periods, at least 1. A run at an end of the plan may go on beyond it, and may be shorter.
    public var onAtLeast: Placed<Int>
    public var offAtLeast: Placed<Int>
    /// The least that is spent in a period that is on; nil where another constraint says so.
    public var spend: Placed<Money>?

    public init(onAtLeast: Placed<Int> = Placed(1), offAtLeast: Placed<Int> = Placed(1), spend: Placed<Money>? = nil) {
      self.onAtLeast = onAtLeast
      self.offAtLeast = offAtLeast
      self.spend = spend
    }
  }

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
  /// The periods that it is about: of sums the money of all of these together, of `fixed`, `period`, `offOrAtLeast` and `dark` that of each; nil for
  /// the horizon.
  public var periods: Placed<Periods>?
  /// Nil for a plan that was not read from text.
  public var position: TextPosition?

  public init(
    _ rule: Rule, name: String? = nil, periods: Placed<Periods>? = nil, at position: TextPosition? = nil
  ) {
    self.rule = rule
    self.name = name
    self.periods = periods
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
    case .period(let ends): check(ends)
    case .ramp(let names, let ramp):
      expect(!names.isEmpty, "expected at least one name in ramp, found none", at: nil)
      expect(ramp.up != nil || ramp.down != nil, "expected up or down in ramp, found neither", at: nil)
      check(ramp.up)
      check(ramp.down)
      check(ramp.fromZero.map { Placed(.amount($0.value), at: $0.position) })
      if case .share(let share)? = ramp.down?.value {
        expect(share <= 1, "expected down of at most 100 %, found \(share * 100) %", at: ramp.down?.position)
      }
    case .dark: break
    case .flight(_, let flight):
      check(flight.spend)
      for count in [flight.onAtLeast, flight.offAtLeast] {
        expect(count.value >= 1, "expected runs of at least 1 period, found \(count.value)", at: count.position)
      }
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
