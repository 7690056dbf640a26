import ResponseModel

/// The keys of `target`, `risk_limits` and `increment`.
enum GoalKeys {
  static let target = PlanShape.either([
    .words([Target.Kind.profit.rawValue]),
    .mapping(
      PlanMapping(
        "{\(Target.Kind.allCases.map(\.rawValue).alternatives): number}",
        [
          PlanKey(
            "roi", .number(positive), "The highest utility at which a unit of money still brings so much on average."),
          PlanKey("marginal_roi", .number(positive), "Money is spent for as long as the next unit brings so much."),
          PlanKey(
            "cost_per_outcome", .number(positive), "The highest utility at which a unit of outcome costs no more."),
          PlanKey(
            "outcome", .number(PlanNumber(inWords: "a number")),
            "The least money at which the utility comes to so much."),
          PlanKey("profit", .words(["most"]), "The highest utility of profit, as measure: profit has it."),
        ], isChoice: true)),
  ])

  static let riskLimit = PlanShape.kinds(
    UtilityCatalogue.entries.map { entry in
      PlanMapping(
        "{\(entry.name): {option: value}, at_least: number}",
        [
          PlanKey(entry.name, .mapping(PlanMapping(entry)), isRequired: true, entry.summary),
          PlanKey(
            "at_least", .number(PlanNumber(inWords: "a number")), isRequired: true, "What it has to come to."),
          PlanKey("name", .text(inWords: "a name"), "What reports call it."),
        ])
    })

  static let increment = PlanShape.mapping(
    PlanMapping(
      "{amount: money, only: [channels]}",
      [
        PlanKey(
          "amount", .number(PlanNumber(inWords: "an amount of money")),
          "Over the horizon; less than nothing is taken away."),
        PlanKey(
          "share", .number(PlanNumber(lower: -1, isLowerIncluded: false, inWords: "a share above -1")),
          "The same as a share of what the current plan spends."),
        PlanKey(
          "only", .list(of: .text(inWords: "a channel"), inWords: "a list of channels"), fallback: "all",
          "Channels whose money may change."),
      ], alternatives: [["amount", "share"]]))

  private static let positive = PlanNumber(lower: 0, isLowerIncluded: false, inWords: "a number above 0")
}

/// Reads them.
extension PlanReader {
  func target(_ node: PlanNode?) -> Placed<Target>? {
    guard let node else { return nil }
    guard let entry = node.entries.first else {
      return node.text == nil ? nil : Placed(Target(.profit), at: node.position)
    }
    return Target.Kind(rawValue: entry.key.value).map { Placed(Target($0, entry.value.number), at: node.position) }
  }

  func riskLimits(_ node: PlanNode?) -> [RiskLimit] {
    (node?.list ?? []).compactMap { node in
      guard let entry = node.entries.first(where: { UtilityCatalogue.entry(named: $0.key.value) != nil }),
        let utility = UtilityCatalogue.entry(named: entry.key.value), let least = node["at_least"]?.number
      else { return nil }
      return RiskLimit(
        UtilityChoice(name: entry.key, options: utility.options(written: entry.value)), atLeast: least,
        name: node["name"]?.text?.value)
    }
  }

  func increment(_ node: PlanNode?) -> Increment? {
    guard let node else { return nil }
    let only = (node["only"]?.list ?? []).compactMap(\.text)
    if let money = node["amount"]?.number {
      return Increment(Placed(.money(money.value), at: money.position), only: only)
    }
    return node["share"]?.number.map { Increment(Placed(.share($0.value), at: $0.position), only: only) }
  }
}

/// And writes them.
extension Target {
  var inYAML: String { "{\(kind.rawValue): \(amount?.value.inYAML ?? "most")}" }
}

extension RiskLimit {
  var inYAML: String {
    let options = utility.options.map { "\($0.name.value.inYAML): \($0.value.value.inYAML)" }
    return "{\(utility.name.value.inYAML): {\(options.joined(separator: ", "))}, at_least: \(atLeast.value.inYAML)"
      + (name.map { ", name: \($0.inYAML)}" } ?? "}")
  }
}

extension Increment {
  var inYAML: String {
    let amount =
      switch amount.value {
      case .money(let money): "amount: \(money.inYAML)"
      case .share(let share): "share: \(share.inYAML)"
      }
    return "{\(amount)\(only.isEmpty ? "" : ", only: [\(only.map(\.value.inYAML).joined(separator: ", "))]")}"
  }
}
