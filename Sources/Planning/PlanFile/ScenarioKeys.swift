/// The keys of `scenarios`.
enum ScenarioKeys {
  static let scenarios = PlanShape.mapping(
    PlanMapping(
      "a mapping of budgets, amounts and scale_bounds",
      [
        PlanKey(
          "budgets", .list(of: .number(change), count: 1...steps, inWords: "a list of changes in per cent"),
          fallback: "[\(BudgetScenarios.usual.map(\.inYAML).joined(separator: ", "))]",
          "Changes of the plan's budget in per cent: -20 is a fifth less."),
        PlanKey(
          "amounts", .list(of: .number(PlanKeys.budgetAmount), count: 1...steps, inWords: "a list of amounts of money"),
          "Budgets in money over the horizon, in place of changes."),
        PlanKey(
          "scale_bounds", .flag, fallback: "false",
          "Whether bounds in money and by history are multiplied as the budget is; shares of it follow anyway, constraints stay."
        ),
      ]))

  private static let steps = 1000
  private static let change = PlanNumber(lower: -100, isLowerIncluded: false, inWords: "a change above -100 per cent")
}

/// Reads them.
extension PlanReader {
  mutating func scenarios(_ node: PlanNode?) -> BudgetScenarios {
    let changes = (node?["budgets"]?.list ?? []).compactMap(\.number).map {
      Placed(BudgetScenarios.Step.change($0.value), at: $0.position)
    }
    let amounts = (node?["amounts"]?.list ?? []).compactMap(\.number).map {
      Placed(BudgetScenarios.Step.money($0.value), at: $0.position)
    }
    if !changes.isEmpty, !amounts.isEmpty {
      problems.append(
        PlanProblem(
          "scenarios says too much", expected: "only one of budgets and amounts", found: "both",
          at: node?["amounts"]?.position))
    }
    let steps = changes.isEmpty ? amounts : changes
    for (index, step) in steps.enumerated() where steps.prefix(index).contains(where: { $0.value == step.value }) {
      problems.append(
        PlanProblem(
          "scenarios name a budget twice", expected: "each once", found: step.value.inYAML, at: step.position))
    }
    let scalesBounds = node?["scale_bounds"]?.flag?.value ?? false
    return steps.isEmpty
      ? BudgetScenarios(scalesBounds: scalesBounds) : BudgetScenarios(steps: steps, scalesBounds: scalesBounds)
  }
}

/// And writes them.
extension BudgetScenarios.Step {
  var inYAML: String {
    switch self {
    case .change(let percent): percent.inYAML
    case .money(let money): money.inYAML
    }
  }
}

extension BudgetScenarios {
  var inYAML: [(key: String, value: String)] {
    var changes: [String] = []
    var amounts: [String] = []
    for step in steps {
      switch step.value {
      case .change(let percent): changes.append(percent.inYAML)
      case .money(let money): amounts.append(money.inYAML)
      }
    }
    return [("budgets", changes), ("amounts", amounts)].filter { !$1.isEmpty }.map {
      ($0, "[\($1.joined(separator: ", "))]")
    } + [("scale_bounds", "\(scalesBounds)")]
  }
}
