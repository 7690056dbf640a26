/// How far each cell's money in one period may be from that in the period before.
struct RampConstraint: ConstraintRule {
  var names: [Placed<String>]
  /// The most that may be added: money, or a share of the period before; nil for any.
  var up: Placed<Constraint.Money>?
  /// The most that may be taken off: money, or a share of at most 1 of the period before; nil for any.
  var down: Placed<Constraint.Money>?
  /// Nil for history where the posterior has one, else free.
  var start: Placed<Constraint.RampStart>?
  /// Money that may be spent whatever was spent in the period before: without it a share of nothing is nothing.
  var fromZero: Placed<Double>?

  static let isOfSinglePeriods = true
  static let mapping = ConstraintKeys.mapping(
    "{ramp: cell, up: {share: 0.2}}",
    [
      PlanKey(
        "ramp", .either([ConstraintKeys.cell, ConstraintKeys.cells]), isRequired: true,
        "A cell, or each of several, whose money changes by no more than so much from one period to the next."),
      PlanKey("up", change(PlanKeys.share), "The most that is added: money, or a share of the period before."),
      PlanKey("down", change(fall), "The most that is taken off: money, or a share of the period before, 1 at most."),
      PlanKey(
        "from", .words(Constraint.RampStart.allCases.map(\.rawValue)),
        "What the first period is compared with: history's last one, or nothing; by default history's where it is known."
      ),
      PlanKey(
        "from_zero", .number(PlanKeys.amount),
        "Money that may be spent whatever was spent in the period before: a share of nothing is nothing."),
    ])

  private static let fall = PlanNumber(lower: 0, upper: 1, inWords: "a share from 0 to 1, which is 100 % down")

  private static func change(_ share: PlanNumber) -> PlanShape {
    .either([
      .number(PlanKeys.amount),
      .mapping(
        PlanMapping(
          "{share: share} or {amount: money}",
          [
            PlanKey("share", .number(share), "Of the period before."),
            PlanKey("amount", .number(PlanKeys.amount), "Money."),
          ], alternatives: [["share", "amount"]])),
    ])
  }

  var inYAML: [(key: String, value: String)] {
    let changes = [
      ("up", up?.value.inYAML), ("down", down?.value.inYAML), ("from", start?.value.rawValue),
      ("from_zero", fromZero?.value.inYAML),
    ]
    return [("ramp", "[\(names.map(\.value.inYAML).joined(separator: ", "))]")]
      + changes.compactMap { key, value in value.map { (key, $0) } }
  }

  var subject: String { names.map(\.value).joined(separator: ", ") }

  func words(_ amount: (Double) -> String) -> String {
    func change(_ money: Constraint.Money) -> String {
      switch money {
      case .amount(let money): amount(money)
      case .share(let share): "\(amount(share * 100)) %"
      }
    }
    let parts = [
      up.map { "\(change($0.value)) up" }, down.map { "\(change($0.value)) down" },
      fromZero.map { "to \(amount($0.value)) from any amount" },
      start.map { $0.value == .free ? "from any start" : "from the last observed period" },
    ]
    return "from one period to the next at most " + parts.compactMap(\.self).joined(separator: ", ")
  }

  func check(_ conditions: inout ConstraintConditions) {
    conditions.expect(!names.isEmpty, "expected at least one name in ramp, found none")
    conditions.expect(up != nil || down != nil, "expected up or down in ramp, found neither")
    conditions.expectMoney(up)
    conditions.expectMoney(down)
    conditions.expectMoney(fromZero.map { Placed(.amount($0.value), at: $0.position) })
    if case .share(let share)? = down?.value {
      conditions.expect(share <= 1, "expected down of at most 100 %, found \(share * 100) %", at: down?.position)
    }
  }

  func limits(_ names: inout CellNames, by scope: PeriodScope) -> [PeriodLimit] {
    self.names.flatMap { names.members(of: $0, in: self.names) }.flatMap { limits(&names, of: $0, by: scope) }
  }

  /// From period to period; ends of the same difference are one limit.
  private func limits(_ names: inout CellNames, of cell: Int, by scope: PeriodScope) -> [PeriodLimit] {
    let (count, name) = (scope.count, names.spendCells.cells[cell].name)
    let observed = names.observedSpend(
      at: min(scope.window.first, scope.window.count) - 1, costs: scope.costs, period: 0)?[cell]
    if start?.value == .history, observed == nil {
      names.problems.append(
        PlanProblem(
          "constraint: ramp of \(name) from history: expected what was spent in the observed period before the plan, found none",
          at: start?.position))
      return []
    }
    let first = start?.value == .free ? nil : observed
    let (up, down) = (up?.value.change, down?.value.change)
    var limits: [PeriodLimit] = []
    for period in (first == nil ? 1 : 0)..<max(count, 1) {
      func limit(_ way: String, _ factor: Double, _ lower: Double, _ upper: Double, floor: Double? = nil) {
        let place = cell * count + period
        let before = period == 0 ? "the last observed one" : "period \(period)"
        let times = factor == 1 ? "" : "\(factor.inYAML) times "
        var limit = PeriodLimit(
          kind: .ramp, name: "\(scope.name ?? name) ramp \(way)in period \(period + 1)",
          subject: "\(PeriodLimits.name(name, period)) less \(times)\(before)", places: [place], coefficients: [1],
          lower: lower, upper: upper, floor: floor)
        if period > 0, factor != 0 {
          (limit.places, limit.coefficients) = ([place, place - 1], [1, -factor])
        } else if let first {
          let base = factor * first
          (limit.lower, limit.upper) = (lower + base, upper + base)
          limit.subject = PeriodLimits.name(name, period)
          if let floor = limit.floor { limit.upper = max(limit.upper, floor) }
          limit.floor = nil
        }
        limits.append(limit)
      }
      // A floor that the ramp allows from nothing changes nothing.
      let floor = fromZero.map(\.value)
      if let up, let down, up.factor == 0, down.factor == 0, (floor ?? 0) <= up.amount {
        limit("", 1, -down.amount, up.amount)
        continue
      }
      if let up {
        limit("up ", 1 + up.factor, -.infinity, up.amount, floor: floor.flatMap { $0 > up.amount ? $0 : nil })
      }
      if let down, down.factor < 1 { limit("down ", 1 - down.factor, -down.amount, .infinity) }
    }
    return limits
  }
}

extension Constraint.Money {
  /// A share is of the period before.
  fileprivate var change: (factor: Double, amount: Double) {
    switch self {
    case .amount(let amount): (0, amount)
    case .share(let share): (share, 0)
    }
  }
}

extension RampConstraint {
  init?(_ reader: inout ConstraintReader) {
    let (node, place) = (reader.node, reader.place)
    if node["up"] == nil, node["down"] == nil {
      reader.problems.append(
        PlanProblem("\(place) is incomplete", expected: "up or down", found: "neither", at: node.position))
      return nil
    }
    if let zero = node["from_zero"], node["up"] == nil {
      reader.problems.append(
        PlanProblem(
          "\(place).from_zero", expected: "up beside it, which it lets begin", found: "down alone", at: zero.position))
    }
    func change(_ key: String) -> Placed<Constraint.Money>? {
      reader.money(key) ?? node[key]?["amount"]?.number.map { Placed(.amount($0.value), at: $0.position) }
    }
    self.init(
      names: reader.cells("ramp"), up: change("up"), down: change("down"),
      start: node["from"].flatMap { from in from.word().map { Placed($0, at: from.position) } },
      fromZero: node["from_zero"]?.number)
  }
}

extension Constraint {
  /// What the first period of a ramp is compared with.
  public enum RampStart: String, Sendable, CaseIterable {
    /// What was spent in the last observed period.
    case history
    /// Nothing.
    case free
  }

  /// Limits how far each cell's money in one period may be from that in the period before: at least one of `up` and `down`, each money or a share of
  /// the period before.
  ///
  /// - Parameters:
  ///   - start: nil for history where the posterior has one, else free.
  ///   - fromZero: money that may be spent whatever was spent in the period before.
  public static func ramp(
    _ names: [String], up: Money? = nil, down: Money? = nil, from start: RampStart? = nil, fromZero: Double? = nil,
    name: String? = nil
  ) -> Constraint {
    let rule = RampConstraint(
      names: names.map { Placed($0) }, up: up.map { Placed($0) }, down: down.map { Placed($0) },
      start: start.map { Placed($0) }, fromZero: fromZero.map { Placed($0) })
    return Constraint(rule, name: name)
  }
}
