import ResponseModel

/// Turns a plan's nodes into a plan. What `PlanCheck` has found wrong is passed over here; what takes more than one node to
/// see, a sum or a table, is checked here.
struct PlanReader {
  let folder: String
  var problems: [PlanProblem] = []
  private(set) var warnings: [PlanProblem] = []
  /// The tables read, in order.
  var tables: [String] = []

  init(folder: String) { self.folder = folder }

  /// Nil where something that a plan cannot be without is missing.
  mutating func plan(_ root: PlanNode) -> Plan? {
    let horizon = horizon(root["horizon"])
    let plan = Plan(
      posterior: posterior(root["posterior"]),
      horizon: horizon,
      budget: budget(root["budget"]),
      distribution: distribution(root["distribution"], over: horizon),
      costPerUnit: costPerUnit(root["cost_per_unit"], over: horizon),
      decision: decision(root["decide"]),
      current: current(root["current"]),
      measure: root["measure"]?.word() ?? .incremental,
      utility: utility(root["utility"]) ?? UtilityChoice(name: Placed("mean")),
      bounds: bounds(root["bounds"]),
      solver: solver(root["solver"]),
      output: output(root["output"]))
    if horizon.includeHistory.value && plan.measure == .incremental {
      warnings.append(
        PlanProblem(
          "include_history changes nothing where incremental is measured; it counts in measure: response",
          at: horizon.includeHistory.position, severity: .warning))
    }
    return root["posterior"]?["file"] != nil && horizon.periodCount.value > 0 ? plan : nil
  }

  private mutating func posterior(_ node: PlanNode?) -> PosteriorChoice {
    let format: PosteriorChoice.Format? = node?["format"]?.word()
    checkCurves(node, format: format)
    return PosteriorChoice(
      file: node?["file"]?.text.map { Placed(path($0.value), at: $0.position) } ?? Placed(""),
      format: format ?? .auto, draws: node?["draws"]?.count, curves: curves(node?["curves"]))
  }

  private func curves(_ node: PlanNode?) -> PointCurves? {
    let column = node?["channel_column"]?.text?.value ?? PointCurves.defaultChannelColumn
    let kind: PointCurves.Kind? = node?["kind"]?.word()
    return kind.map { PointCurves(kind: $0, channelColumn: column) }
  }

  /// The format and the key `curves` go together.
  private mutating func checkCurves(_ node: PlanNode?, format: PosteriorChoice.Format?) {
    let curves = node?.entries.first { $0.key.value == "curves" }
    if format == .curves, curves == nil {
      problems.append(
        PlanProblem(
          "posterior lacks curves",
          expected: "curves: {kind: …} beside format: curves, the kind being "
            + PointCurves.Kind.allCases.map(\.rawValue).alternatives, found: "nothing", at: node?["format"]?.position))
    }
    // A format that is none is reported as such.
    if let curves, format != .curves, node?["format"] == nil || format != nil {
      problems.append(
        PlanProblem(
          "posterior.curves is for point curves", expected: "format: curves beside it",
          found: format.map { "format: \($0.rawValue)" } ?? "no format", at: curves.key.position))
    }
  }

  /// A number of periods that is no such number is read as none, and nothing is compared with it.
  private func horizon(_ node: PlanNode?) -> Horizon {
    let count = node?["num_periods"]?.count
    return Horizon(
      periodCount: count.flatMap { PlanKeys.periodCounts.contains($0.value) ? $0 : nil } ?? Placed(0),
      start: node?["start"]?.text.flatMap { CalendarDate($0.value) },
      step: node?["step"]?.word() ?? .week,
      carryIn: node?["carry_in"]?.flag,
      carryOver: node?["carry_over"]?.flag?.value ?? true,
      includeHistory: node?["include_history"]?.flag ?? Placed(false))
  }

  private func budget(_ node: PlanNode?) -> Budget? {
    let total = node?["total"]?.number.map { Placed(Budget.Amount.total($0.value), at: $0.position) }
    let perPeriod = node?["per_period"]?.number.map { Placed(Budget.Amount.perPeriod($0.value), at: $0.position) }
    return (total ?? perPeriod).map { Budget(amount: $0, spend: node?["spend"]?.word() ?? .exactly) }
  }

  private mutating func decision(_ node: PlanNode?) -> Decision {
    let except = (node?["except"]?.list ?? []).compactMap(\.text)
    var seen: Set<String> = []
    for channel in except where !seen.insert(channel.value).inserted {
      problems.append(
        PlanProblem(
          "duplicate channel in decide.except", expected: "each once", found: "'\(channel.value)' again",
          at: channel.position))
    }
    return Decision(except: except, hold: node?["hold"]?.word() ?? .zero)
  }

  private mutating func current(_ node: PlanNode?) -> CurrentPlan {
    guard let node, node.text == nil else { return .history }
    if let file = node["file"]?.text { return .amounts(amounts(in: file), position: node.position) }
    let amounts = node.entries.compactMap { entry in
      entry.value.number.map { CellAmount(cell: entry.key, money: $0) }
    }
    return .amounts(amounts, position: node.position)
  }

  /// The options in the catalogue's order, those left out at their defaults.
  private func utility(_ node: PlanNode?) -> UtilityChoice? {
    guard let node, let name = node.text ?? node.entries.first?.key,
      let entry = UtilityCatalogue.entry(named: name.value)
    else { return nil }
    return UtilityChoice(name: name, options: entry.options(written: node.entries.first?.value))
  }

  private mutating func bounds(_ node: PlanNode?) -> Bounds {
    var bounds = Bounds()
    for entry in node?.entries ?? [] {
      guard let limit = limit(entry) else { continue }
      if entry.key.value == "default" {
        bounds.fallback = limit
      } else {
        bounds.cells.append((entry.key, limit))
      }
    }
    return bounds
  }

  private mutating func limit(_ entry: PlanNode.Entry) -> Placed<Bounds.Limit>? {
    let node = entry.value
    if let ends = node.list, ends.count == 2 {
      let (lower, upper) = (ends[0].number, ends[1].number)
      if let lower, let upper, lower.value > upper.value {
        problems.append(
          PlanProblem(
            "bounds.\(entry.key.value) holds nothing", expected: "a lower end of at most \(ends[1].written)",
            found: ends[0].written, at: lower.position))
      }
      return Placed(.money(lower: lower, upper: upper), at: node.position)
    }
    return node["relative"]?.number.map { Placed(.relative($0), at: node.position) }
  }

  private func solver(_ node: PlanNode?) -> SolverOptions {
    let defaults = SolverOptions()
    return SolverOptions(
      gap: node?["gap"]?.number?.value ?? defaults.gap,
      timeLimit: node?["time_limit"]?.number?.value ?? defaults.timeLimit,
      seed: node?["seed"]?.count?.value ?? defaults.seed,
      method: node?["method"]?.word() ?? defaults.method)
  }

  private func output(_ node: PlanNode?) -> Output {
    Output(folder: node?["folder"]?.text.map { path($0.value) }, report: node?["report"]?.word() ?? .full)
  }

  func path(_ written: String) -> String { TextFile.path(written, from: folder) }
}

extension UtilityEntry {
  /// The options that are written, and the defaults of the others; an option that stands for another has none.
  func options(written node: PlanNode?) -> [UtilityOption] {
    let alternatives = Set(alternatives.joined())
    return options.compactMap { option in
      if let entry = node?.entries.first(where: { $0.key.value == option.name }) {
        let value: UtilityEntry.Value? =
          entry.value.number.map { .number($0.value) } ?? entry.value.text.map { .word($0.value) }
        return value.map { UtilityOption(name: entry.key, value: Placed($0, at: entry.value.position)) }
      }
      guard !alternatives.contains(option.name), let value = option.defaultValue else { return nil }
      return UtilityOption(name: Placed(option.name), value: Placed(value))
    }
  }
}
