/// Reads `constraints`; what takes more than one key to see is checked here.
extension PlanReader {
  mutating func constraints(_ node: PlanNode?) -> [Constraint] {
    var names: Set<String> = []
    return (node?.list ?? []).enumerated().compactMap { index, node in
      let place = "constraints[\(index + 1)]"
      if let name = node["name"]?.text, !names.insert(name.value).inserted {
        problems.append(
          PlanProblem(
            "duplicate name in constraints", expected: "each once", found: "'\(name.value)' again", at: name.position))
      }
      return rule(node, place).map {
        Constraint($0, name: node["name"]?.text?.value, periods: periods(node), at: node.position)
      }
    }
  }

  /// Of `period` or of `periods`.
  private func periods(_ node: PlanNode) -> Placed<Constraint.Periods>? {
    guard let written = node["period"] ?? node["periods"] else { return nil }
    if written.text != nil { return Placed(.each, at: written.position) }
    let names = (written.list ?? [written]).compactMap(periodName)
    return Placed(.named(names), at: written.position)
  }

  private mutating func ramp(_ node: PlanNode, _ place: String) -> Constraint.Rule? {
    guard let cells = node["ramp"] else { return nil }
    let names = (cells.list ?? [cells]).compactMap(\.text)
    if node["up"] == nil, node["down"] == nil {
      problems.append(
        PlanProblem("\(place) is incomplete", expected: "up or down", found: "neither", at: node.position))
      return nil
    }
    if let zero = node["from_zero"], node["up"] == nil {
      problems.append(
        PlanProblem(
          "\(place).from_zero", expected: "up beside it, which it lets begin", found: "down alone", at: zero.position))
    }
    return .ramp(
      names,
      Constraint.Ramp(
        up: change(node["up"]), down: change(node["down"]),
        start: node["from"].flatMap { from in from.word().map { Placed($0, at: from.position) } },
        fromZero: node["from_zero"]?.number))
  }

  private func change(_ node: PlanNode?) -> Placed<Constraint.Money>? {
    money(node) ?? node?["amount"]?.number.map { Placed(.amount($0.value), at: $0.position) }
  }

  private mutating func rule(_ node: PlanNode, _ place: String) -> Constraint.Rule? {
    if let group = node["group"] {
      let names = (group.list ?? []).compactMap(\.text)
      return ends(node, place).map { .group(names, $0) }
    }
    if let linear = node["linear"] {
      let terms = linear.entries.flatMap(PlanShape.number(PlanNumber(inWords: "")).leaves).compactMap { entry in
        entry.value.number.map { Constraint.Term(cell: entry.key, coefficient: $0) }
      }
      if linear.isMapping && linear.entries.isEmpty {
        problems.append(PlanProblem("\(place).linear", expected: "a cell", found: "none", at: linear.position))
      }
      return ends(node, place).map { .linear(terms, $0) }
    }
    if node["period"] != nil { return ends(node, place).map { .period($0) } }
    if node["ramp"] != nil { return ramp(node, place) }
    if let cell = node["dark"]?.text { return .dark(cell) }
    if let cell = node["flight"]?.text {
      return .flight(
        cell,
        Constraint.Flight(
          onAtLeast: node["on_at_least"]?.count ?? Placed(1), offAtLeast: node["off_at_least"]?.count ?? Placed(1),
          spend: money(node["spend"])))
    }
    guard let spend = money(node["spend"]) else { return nil }
    if let cell = node["fixed"]?.text { return .fixed(cell, spend) }
    return node["off_or_at_least"]?.text.map { .offOrAtLeast($0, spend) }
  }

  /// Nil where they are wrong.
  private mutating func ends(_ node: PlanNode, _ place: String) -> Constraint.Ends? {
    let given = ["at_most", "at_least", "equal"].filter { node[$0] != nil }
    if let equal = money(node["equal"]) {
      if given.count > 1 {
        problems.append(
          PlanProblem(
            "\(place) says too much", expected: "equal alone", found: given.joined(separator: ", "), at: node.position))
      }
      return Constraint.Ends(atLeast: equal, atMost: equal)
    }
    let ends = Constraint.Ends(atLeast: money(node["at_least"]), atMost: money(node["at_most"]))
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

  private func money(_ node: PlanNode?) -> Placed<Constraint.Money>? {
    if let amount = node?.number { return Placed(.amount(amount.value), at: amount.position) }
    return node?["share"]?.number.map { Placed(.share($0.value), at: $0.position) }
  }
}
