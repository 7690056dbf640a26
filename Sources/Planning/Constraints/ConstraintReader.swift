/// A constraint of a plan file, read by the kind that it is of; what takes more than one key to see is checked here.
struct ConstraintReader {
  /// The mapping that it is.
  let node: PlanNode
  /// Where it stands: `constraints[2]`.
  let place: String
  var problems: [PlanProblem] = []

  /// The cell at a key.
  func cell(_ key: String) -> Placed<String>? { node[key]?.text }

  /// The cells at a key: one, or a list.
  func cells(_ key: String) -> [Placed<String>] { node[key].map { ($0.list ?? [$0]).compactMap(\.text) } ?? [] }

  /// Money, or a share of the budget; nil where there is none, or it is wrong.
  func money(_ key: String) -> Placed<Constraint.Money>? { money(node[key]) }

  private func money(_ node: PlanNode?) -> Placed<Constraint.Money>? {
    if let amount = node?.number { return Placed(.amount(amount.value), at: amount.position) }
    return node?["share"]?.number.map { Placed(.share($0.value), at: $0.position) }
  }

  /// How little and how much; nil where they are wrong.
  mutating func ends() -> ConstraintEnds? {
    let given = ["at_most", "at_least", "equal"].filter { node[$0] != nil }
    if let equal = money("equal") {
      if given.count > 1 {
        problems.append(
          PlanProblem(
            "\(place) says too much", expected: "equal alone", found: given.joined(separator: ", "), at: node.position))
      }
      return ConstraintEnds(atLeast: equal, atMost: equal)
    }
    let ends = ConstraintEnds(atLeast: money("at_least"), atMost: money("at_most"))
    switch (ends.atLeast?.value, ends.atMost?.value) {
    case (.amount(let least), .amount(let most)) where least > most,
      (.share(let least), .share(let most)) where least > most:
      problems.append(
        PlanProblem(
          "\(place) holds nothing", expected: "at_least of at most \(most.inYAML)", found: least.inYAML,
          at: ends.atLeast?.position))
    case (nil, nil):
      if given.isEmpty {
        problems.append(
          PlanProblem(
            "\(place) is incomplete", expected: "at_most, at_least or equal", found: "none of them", at: node.position))
      }
      return nil
    default: break
    }
    return ends
  }
}

/// How little and how much something may come to: nil for no limit on that side, the same twice for an equality.
struct ConstraintEnds: Sendable, Equatable {
  var atLeast: Placed<Constraint.Money>?
  var atMost: Placed<Constraint.Money>?

  var inYAML: [(key: String, value: String)] {
    if let atLeast, atLeast.value == atMost?.value { return [("equal", atLeast.value.inYAML)] }
    return [("at_least", atLeast), ("at_most", atMost)].compactMap { key, end in end.map { (key, $0.value.inYAML) } }
  }

  func words(_ amount: (Double) -> String) -> String {
    if let equal = atLeast?.value, equal == atMost?.value { return "exactly \(equal.words(amount))" }
    let both = [
      atLeast.map { "at least \($0.value.words(amount))" }, atMost.map { "at most \($0.value.words(amount))" },
    ]
    return both.compactMap(\.self).joined(separator: ", ")
  }
}

extension Constraint.Money {
  /// As written.
  var number: Double {
    switch self {
    case .amount(let money): money
    case .share(let share): share
    }
  }

  var inYAML: String {
    switch self {
    case .amount(let money): money.inYAML
    case .share(let share): "{share: \(share.inYAML)}"
    }
  }

  /// A share is of the budget.
  func words(_ amount: (Double) -> String) -> String {
    switch self {
    case .amount(let money): amount(money)
    case .share(let share): "\(amount(share * 100)) % of the budget"
    }
  }
}

/// What must hold of a constraint, and what does not.
struct ConstraintConditions {
  /// Of the constraint.
  let position: TextPosition?
  private(set) var problems: [PlanProblem] = []

  init(position: TextPosition?) { self.position = position }

  mutating func expect(_ holds: Bool, _ message: @autoclosure () -> String, at place: TextPosition? = nil) {
    if !holds { problems.append(PlanProblem("constraint: " + message(), at: place ?? position)) }
  }

  mutating func expectMoney(_ money: Placed<Constraint.Money>?, isSigned: Bool = false) {
    guard let money else { return }
    let number = money.value.number
    expect(
      number.isFinite && (isSigned || number >= 0), "expected an amount of money, found \(number)", at: money.position)
  }

  mutating func expectEnds(_ ends: ConstraintEnds, isSigned: Bool = false) {
    expectMoney(ends.atLeast, isSigned: isSigned)
    expectMoney(ends.atMost, isSigned: isSigned)
    expect(ends.atLeast != nil || ends.atMost != nil, "expected at_most, at_least or equal, found none")
  }
}

extension PlanReader {
  /// Reads `constraints`.
  mutating func constraints(_ node: PlanNode?) -> [Constraint] {
    var names: Set<String> = []
    return (node?.list ?? []).enumerated().compactMap { index, node in
      if let name = node["name"]?.text, !names.insert(name.value).inserted {
        problems.append(
          PlanProblem(
            "duplicate name in constraints", expected: "each once", found: "'\(name.value)' again", at: name.position))
      }
      var reader = ConstraintReader(node: node, place: "constraints[\(index + 1)]")
      let kind = ConstraintCatalogue.all.first { node[$0.key] != nil }
      let rule = kind?.init(&reader)
      problems += reader.problems
      return rule.map { rule in
        Constraint(
          rule, name: node["name"]?.text?.value, periods: periods(node[type(of: rule).periodsKey]), at: node.position)
      }
    }
  }

  private func periods(_ written: PlanNode?) -> Placed<Constraint.Periods>? {
    guard let written else { return nil }
    if written.text != nil { return Placed(.each, at: written.position) }
    let names = (written.list ?? [written]).compactMap(periodName)
    return Placed(.named(names), at: written.position)
  }
}
