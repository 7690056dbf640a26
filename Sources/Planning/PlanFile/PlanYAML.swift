import ResponseModel

extension Plan {
  /// The plan as a plan file that says everything, defaults included: `PlanFile` reads the same plan back, places aside.
  ///
  /// Numbers of tables stand in it; paths are as seen from the current folder.
  public var yaml: String {
    var text = YAMLLines()
    text.section("posterior") { lines in
      lines.add("file", posterior.filesInYAML)
      lines.add("format", posterior.format.rawValue)
      if let curves = posterior.curves { lines.add("curves", curves.inYAML) }
      if let model = posterior.model {
        lines.section("model") { for (key, value) in model.inYAML { $0.add(key, value) } }
      }
      for (key, value, _) in posterior.meridian?.keys ?? [] { lines.add(key, value) }
      lines.add("group", (posterior.meridian?.group ?? .posterior).rawValue)
      lines.add("draws", posterior.draws.map { "\($0.value)" } ?? "all")
    }
    text.section("horizon") { lines in
      lines.add("num_periods", "\(horizon.periodCount.value)")
      lines.add("start", horizon.start?.description, unsaid: "periods have numbers only")
      lines.add("step", horizon.step.rawValue)
      lines.add("carry_in", horizon.carryIn.map { "\($0.value)" }, unsaid: "true where the posterior has a history")
      lines.add("carry_over", "\(horizon.carryOver)")
      lines.add("include_history", "\(horizon.includeHistory.value)")
    }
    if let budget {
      text.section("budget") { lines in
        switch budget.amount.value {
        case .total(let money): lines.add("total", money.inYAML)
        case .perPeriod(let money): lines.add("per_period", money.inYAML)
        }
        lines.add("spend", budget.spend.inYAML)
      }
    }
    switch distribution {
    case .automatic:
      text.add("distribution", nil, unsaid: "history where the posterior knows what was spent, else uniform")
    case .uniform: text.add("distribution", "uniform")
    case .history: text.add("distribution", "history")
    case .shares(let series): text.cells("distribution", series.map { ($0.cell.value, $0.values.inYAML) })
    }
    switch costPerUnit {
    case .automatic:
      text.add("cost_per_unit", nil, unsaid: "history where the posterior knows what was spent, else 1")
    case .history: text.add("cost_per_unit", "history")
    case .costs(let series):
      text.cells(
        "cost_per_unit",
        series.map { ($0.cell.value, $0.values.count == 1 ? $0.values[0].value.inYAML : $0.values.inYAML) })
    }
    text.cells("price", prices.map { ($0.cell.value, $0.rule.inYAML) })
    text.cells(
      "seasonality",
      seasonality.map { ($0.cell.value, $0.values.count == 1 ? $0.values[0].value.inYAML : $0.values.inYAML) })
    text.section("decide") { lines in
      lines.add("by", "[\(decision.by.map(\.value.inYAML).joined(separator: ", "))]")
      lines.add("except", "[\(decision.except.map(\.value.inYAML).joined(separator: ", "))]")
      lines.add("hold", decision.hold.rawValue)
    }
    switch current {
    case .history: text.add("current", "history")
    case .amounts(let amounts, _): text.cells("current", amounts.map { ($0.cell.value, $0.money.value.inYAML) })
    case .byPeriod(let series, _): text.cells("current", series.map { ($0.cell.value, $0.values.inYAML) })
    }
    text.add("measure", measure.rawValue)
    text.section("response") { lines in
      for counted in terms.labels {
        lines.add(counted.dim.value.inYAML, "[\(counted.labels.map(\.value.inYAML).joined(separator: ", "))]")
      }
      lines.add("window", terms.window.map { "[\($0.value.map(\.inWords).joined(separator: ", "))]" } ?? "all")
    }
    text.add("outcome_value", terms.value?.inYAML, unsaid: "the outcome is money")
    text.add("margin", terms.margin?.inYAML, unsaid: "all of the outcome's money is profit")
    text.add("discount", terms.discount.value.inYAML)
    text.section("labels") { lines in
      lines.add("currency", labels.currency?.inYAML, unsaid: "money has no name")
      lines.add("outcome", labels.outcome?.inYAML, unsaid: "the outcome has no name")
    }
    text.add("utility", utility.inYAML)
    text.cells(
      "bounds",
      (bounds.fallback.map { [("default", $0.value.inYAML)] } ?? [])
        + bounds.cells.map { ($0.cell.value, $0.limit.value.inYAML) })
    // What was repaired is written as it was repaired.
    text.add("repair_bounds", "false")
    text.list("constraints", constraints.map(\.inYAML))
    text.add("target", target?.value.inYAML, unsaid: "the budget says how much is spent")
    text.list("risk_limits", riskLimits.map(\.inYAML))
    text.add("increment", increment?.inYAML, unsaid: "the budget says how much is spent")
    text.add("keep_in_observed_range", "\(keepInObservedRange.value)")
    text.add(
      "rounding", rounding.map { "{unit: \($0.value.inYAML)}" }, unsaid: "any amount of money")
    text.add("mode", mode.order.value.rawValue)
    text.add("sequential_budget", mode.split.rawValue)
    text.add("locked_periods", mode.locked.map { "\($0.value)" }, unsaid: "none")
    text.add("adstock_aware", "\(mode.isAdstockAware)")
    text.section("scenarios") { for (key, value) in scenarios.inYAML { $0.add(key, value) } }
    text.list("reweight", reweight.map(\.value.inYAML))
    text.section("diagnostics") { lines in
      lines.add("folder", diagnosticsReports?.folder.inYAML, unsaid: "the sampler's own diagnostics only")
      lines.add("gate", diagnostics.rawValue)
    }
    text.section("solver") { lines in
      lines.add("gap", solver.gap.inYAML)
      lines.add("time_limit", solver.timeLimit.inYAML)
      lines.add("seed", "\(solver.seed)")
      lines.add("method", solver.method.rawValue)
    }
    text.section("output") { lines in
      lines.add("folder", output.folder?.inYAML, unsaid: "as the command says")
      lines.add("report", output.report.rawValue)
      lines.add("loss_worse_than", "[\(output.lossLevels.map(\.inYAML).joined(separator: ", "))]")
    }
    return text.text
  }
}

/// Lines of YAML, sections indented by two spaces.
private struct YAMLLines {
  private(set) var text = ""
  private var indentation = ""

  /// `key: value`; where nothing is said, a comment of what holds then.
  mutating func add(_ key: String, _ value: String?, unsaid: String = "") {
    text += indentation + (value.map { "\(key): \($0)" } ?? "# \(key): \(unsaid)") + "\n"
  }

  mutating func section(_ key: String, _ body: (inout YAMLLines) -> Void) {
    text += indentation + "\(key):\n"
    let outer = indentation
    indentation += "  "
    body(&self)
    indentation = outer
  }

  /// A list, one entry a line.
  mutating func list(_ key: String, _ entries: [String]) {
    if entries.isEmpty { return add(key, "[]") }
    text += indentation + "\(key):\n" + entries.map { indentation + "  - \($0)\n" }.joined()
  }

  /// A mapping with names of the user's own.
  mutating func cells(_ key: String, _ cells: [(name: String, value: String)]) {
    if cells.isEmpty { return add(key, "{}") }
    section(key) { lines in
      for cell in cells { lines.add(cell.name.inYAML, cell.value) }
    }
  }
}

extension OutcomeTerms.Series {
  fileprivate var inYAML: String {
    switch self {
    case .same(let number): number.value.inYAML
    case .byPeriod(let numbers, position: _): numbers.inYAML
    }
  }
}

extension [Placed<Double>] {
  fileprivate var inYAML: String { "[\(map(\.value.inYAML).joined(separator: ", "))]" }
}

extension CellPrice.Rule {
  fileprivate var inYAML: String {
    switch self {
    case .elasticity(let elasticity, let reference):
      let reference = reference.map { ", reference_spend: \($0.value.inYAML)" } ?? ""
      return "{elasticity: \(elasticity.value.inYAML)\(reference)}"
    case .tiers(let tiers):
      let list = tiers.map { "[\($0.start.value.inYAML), \($0.price.value.inYAML)]" }
      return "{tiers: [\(list.joined(separator: ", "))]}"
    }
  }
}

extension Bounds.Limit {
  fileprivate var inYAML: String {
    func pair(_ lower: Placed<Double>?, _ upper: Placed<Double>?) -> String {
      "[\(lower?.value.inYAML ?? "null"), \(upper?.value.inYAML ?? "null")]"
    }
    return switch self {
    case .money(let lower, let upper): pair(lower, upper)
    case .share(let lower, let upper): "{share: \(pair(lower, upper))}"
    case .relative(let share): "{relative: \(share.value.inYAML)}"
    case .history(let lower, let upper): "{history: \(pair(lower, upper))}"
    }
  }
}

extension Budget.Spend {
  fileprivate var inYAML: String {
    switch self {
    case .exactly: "exactly"
    case .atMost: "at_most"
    case .range(let range): "{range: [\(range.lowerBound.inYAML), \(range.upperBound.inYAML)]}"
    case .free: "free"
    }
  }
}

extension UtilityChoice {
  /// The name, or the name with all of its options, those that are not given at the catalogue's defaults.
  fileprivate var inYAML: String {
    let given = Set(options.map(\.name.value))
    let defaults = UtilityCatalogue.entry(named: name.value)?.options(written: nil) ?? []
    let all = options + defaults.filter { !given.contains($0.name.value) }
    if all.isEmpty { return name.value.inYAML }
    let pairs = all.map { "\($0.name.value.inYAML): \($0.value.value.inYAML)" }
    return "{\(name.value.inYAML): {\(pairs.joined(separator: ", "))}}"
  }
}
