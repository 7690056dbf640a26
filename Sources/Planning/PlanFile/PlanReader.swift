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
    let decision = decision(root["decide"])
    let dims = decision.dims.map(\.value)
    let plan = Plan(
      posterior: posterior(root["posterior"]),
      horizon: horizon,
      budget: budget(root["budget"]),
      distribution: distribution(root["distribution"], over: horizon, decidedBy: dims),
      costPerUnit: costPerUnit(root["cost_per_unit"], over: horizon, decidedBy: dims),
      prices: prices(root["price"]),
      seasonality: seasonality(root["seasonality"], over: horizon, decidedBy: dims),
      decision: decision,
      current: current(root["current"], over: horizon, decidedBy: dims),
      measure: root["measure"]?.word() ?? .incremental,
      terms: terms(root, over: horizon),
      labels: Labels(
        currency: root["labels"]?["currency"]?.text?.value, outcome: root["labels"]?["outcome"]?.text?.value),
      utility: utility(root["utility"]) ?? UtilityChoice(name: Placed("mean")),
      bounds: bounds(root["bounds"], repairing: root["repair_bounds"]?.flag?.value ?? false),
      constraints: constraints(root["constraints"]),
      target: target(root["target"]),
      riskLimits: riskLimits(root["risk_limits"]),
      increment: increment(root["increment"]),
      keepInObservedRange: root["keep_in_observed_range"]?.flag ?? Placed(false),
      rounding: root["rounding"]?["unit"]?.number,
      mode: mode(root),
      scenarios: scenarios(root["scenarios"]),
      diagnostics: root["diagnostics"]?["gate"]?.word() ?? .warn,
      diagnosticsReports: diagnosticsReports(root["diagnostics"]),
      solver: solver(root["solver"]),
      output: output(root["output"]))
    if horizon.includeHistory.value && plan.measure != .response {
      warnings.append(
        PlanProblem(
          "include_history changes nothing where \(plan.measure.rawValue) is measured; it counts in measure: response",
          at: horizon.includeHistory.position, severity: .warning))
    }
    if plan.measure != .profit, plan.target?.value.kind != .profit {
      for key in ["margin", "discount"] where root[key] != nil {
        warnings.append(
          PlanProblem(
            "\(key) changes nothing where \(plan.measure.rawValue) is measured; it counts in measure: profit",
            at: root[key]?.position, severity: .warning))
      }
    }
    return root["posterior"]?["file"] != nil && horizon.periodCount.value > 0 ? plan : nil
  }

  private mutating func terms(_ root: PlanNode, over horizon: Horizon) -> OutcomeTerms {
    let counted = root["response"]?.entries ?? []
    return OutcomeTerms(
      labels: counted.compactMap { entry in
        guard entry.key.value != "window", let labels = entry.value.list?.compactMap(\.text) else { return nil }
        return OutcomeTerms.CountedLabels(dim: entry.key, labels: labels)
      },
      window: root["response"]?["window"].flatMap { node in
        node.list.map { Placed($0.compactMap(periodName), at: node.position) }
      },
      value: series(root["outcome_value"], "outcome_value", over: horizon),
      margin: series(root["margin"], "margin", over: horizon),
      discount: root["discount"]?.number ?? Placed(0))
  }

  func periodName(_ node: PlanNode) -> OutcomeTerms.PeriodName? {
    node.count.map { .number($0.value) } ?? node.text.flatMap { CalendarDate($0.value) }.map { .day($0) }
  }

  private mutating func series(_ node: PlanNode?, _ name: String, over horizon: Horizon) -> OutcomeTerms.Series? {
    guard let node else { return nil }
    if let number = node.number { return .same(number) }
    if let file = node["file"]?.text {
      let numbers = table(file, []) { $0.worths(name, PlanKeys.worth, over: horizon) }
      return numbers.isEmpty ? nil : .byPeriod(numbers, position: file.position)
    }
    return node.list.map { .byPeriod($0.compactMap(\.number), position: node.position) }
  }

  private mutating func posterior(_ node: PlanNode?) -> PosteriorChoice {
    let format: PosteriorChoice.Format? = node?["format"]?.word()
    let model = model(node?["model"])
    checkWindows(node?["model"]?["carryover"])
    checkFormat(node, format)
    var choice = PosteriorChoice(
      file: Placed(""), format: format ?? .auto, draws: node?["draws"]?.count, curves: curves(node?["curves"], format),
      model: model, meridian: meridian(node, format))
    let files = node?["file"].map { $0.list ?? [$0] } ?? []
    let placed = files.compactMap(\.text).map { Placed(path($0.value), at: $0.position) }
    if !placed.isEmpty { choice.files = placed }
    return choice
  }

  /// Curves by a model are told here by the lack of a kind.
  private func curves(_ node: PlanNode?, _ format: PosteriorChoice.Format?) -> PointCurves? {
    guard format == .curves else { return nil }
    return PointCurves(
      kind: node?["kind"]?.word(),
      channelColumn: node?["channel_column"]?.text?.value ?? PointCurves.defaultChannelColumn)
  }

  /// The format goes with what says how it is read: `curves` with a kind or a model, draws with a model.
  private mutating func checkFormat(_ node: PlanNode?, _ format: PosteriorChoice.Format?) {
    func key(_ name: String) -> Placed<String>? { node?.entries.first { $0.key.value == name }?.key }
    func problem(_ what: String, _ expected: String, _ found: String, _ position: TextPosition?) {
      problems.append(PlanProblem(what, expected: expected, found: found, at: position))
    }
    let kinds = PointCurves.Kind.allCases.map(\.rawValue).alternatives
    let hasKind = node?["curves"]?["kind"] != nil
    let at = node?["format"]?.position
    switch format {
    case .curves:
      if key("curves") == nil, key("model") == nil {
        problem(
          "posterior lacks curves",
          "curves: {kind: …} beside format: curves, the kind being \(kinds), or a model", "nothing", at)
      } else if key("model") == nil, !hasKind, node?["curves"]?.isOfKeys ?? false {
        problem(
          "posterior.curves lacks kind", "\(kinds), or posterior.model beside it", "nothing", node?["curves"]?.position)
      } else if hasKind, let model = key("model") {
        problem("posterior says too much", "only one of curves.kind and model", "both", model.position)
      }
    case .cmdstan, .csv, .npz, .generic:
      if key("model") == nil {
        problem(
          "posterior lacks model",
          "model: {saturation: …} beside format: \(format?.rawValue ?? ""), as apportion inspect suggests",
          "nothing", at)
      }
    case .pymcMarketing, .robyn, .apportion:
      if let model = key("model") {
        problem(
          "posterior.model is for files of draws",
          "no model beside format: \(format?.rawValue ?? ""), whose file says it", "one", model.position)
      }
    case .meridian, .auto, nil: break
    }
    // A format that is none is reported as such.
    if let curves = key("curves"), format != .curves, node?["format"] == nil || format != nil {
      problem(
        "posterior.curves is for point curves", "format: curves beside it",
        format.map { "format: \($0.rawValue)" } ?? "no format", curves.position)
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

  private mutating func budget(_ node: PlanNode?) -> Budget? {
    let total = node?["total"]?.number.map { Placed(Budget.Amount.total($0.value), at: $0.position) }
    let perPeriod = node?["per_period"]?.number.map { Placed(Budget.Amount.perPeriod($0.value), at: $0.position) }
    let spend = spend(node?["spend"])
    return (total ?? perPeriod).map { Budget(amount: $0, spend: spend) }
  }

  private mutating func spend(_ node: PlanNode?) -> Budget.Spend {
    if let ends = node?["range"]?.list?.map(\.number), ends.count == 2, let least = ends[0], let most = ends[1] {
      if least.value <= most.value { return .range(least.value...most.value) }
      problems.append(
        PlanProblem(
          "budget.spend.range holds nothing", expected: "a lower end of at most \(most.value.inYAML)",
          found: least.value.inYAML, at: least.position))
    }
    return switch node?.text?.value {
    case "at_most": .atMost
    case "free": .free
    default: .exactly
    }
  }

  private mutating func prices(_ node: PlanNode?) -> [CellPrice] {
    (node?.entries ?? []).flatMap(PlanKeys.price.leaves).compactMap { entry in
      if let elasticity = entry.value["elasticity"]?.number {
        return CellPrice(
          cell: entry.key, rule: .elasticity(elasticity, reference: entry.value["reference_spend"]?.number))
      }
      if let reference = entry.value["reference_spend"], entry.value["tiers"] != nil {
        problems.append(
          PlanProblem(
            "price.\(entry.key.value) says too much", expected: "tiers alone, which have prices of their own",
            found: "reference_spend beside them", at: reference.position))
      }
      let tiers = (entry.value["tiers"]?.list ?? []).compactMap { node -> (Placed<Double>, Placed<Double>)? in
        guard let pair = node.list, pair.count == 2, let start = pair[0].number, let price = pair[1].number else {
          return nil
        }
        return (start, price)
      }
      return tiers.isEmpty ? nil : CellPrice(cell: entry.key, rule: .tiers(tiers.map { (start: $0, price: $1) }))
    }
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
    let dims = (node?["by"]?.list ?? []).compactMap(\.text)
    for (index, dim) in dims.enumerated() where dims.prefix(index).contains(where: { $0.value == dim.value }) {
      problems.append(
        PlanProblem(
          "duplicate dim in decide.by", expected: "each once", found: "'\(dim.value)' again", at: dim.position))
    }
    if dims.map(\.value) == [Decision.period] {
      problems.append(
        PlanProblem(
          "decide.by: expected a dim of the model beside period, such as [channel, period], found period alone",
          at: dims[0].position))
    }
    return Decision(by: dims.isEmpty ? Decision().by : dims, except: except, hold: node?["hold"]?.word() ?? .zero)
  }

  private mutating func current(_ node: PlanNode?, over horizon: Horizon, decidedBy dims: [String]) -> CurrentPlan {
    guard let node, node.text == nil else { return .history }
    if let file = node["file"]?.text {
      return table(file, dims, nothing: .amounts([], position: node.position)) {
        $0.current(over: horizon, named: node.position)
      }
    }
    let entries = node.entries.flatMap(PlanKeys.amounts.leaves)
    let lists = entries.filter { $0.value.list != nil }
    if let first = lists.first {
      for entry in entries where entry.value.number != nil {
        problems.append(
          PlanProblem(
            "wrong value of current.\(entry.key.value)",
            expected: "a list of money by period, as of \(first.key.value)", found: "one number",
            at: entry.value.position))
      }
      return .byPeriod(
        lists.map { inline($0, name: "current", over: horizon) }.filter { !$0.values.isEmpty }, position: node.position)
    }
    let amounts = entries.compactMap { entry in
      entry.value.number.map { CellAmount(cell: entry.key, money: $0) }
    }
    return .amounts(amounts, position: node.position)
  }

  /// The options in the catalogue's order, those left out at their defaults.
  func utility(_ node: PlanNode?) -> UtilityChoice? {
    guard let node, let name = node.text ?? node.entries.first?.key,
      let entry = UtilityCatalogue.entry(named: name.value)
    else { return nil }
    return UtilityChoice(name: name, options: entry.options(written: node.entries.first?.value))
  }

  private func mode(_ root: PlanNode) -> PlanningMode {
    PlanningMode(
      order: Placed(root["mode"]?.word() ?? .simultaneous, at: root["mode"]?.position),
      split: root["sequential_budget"]?.word() ?? .equal, locked: root["locked_periods"]?.count,
      isAdstockAware: root["adstock_aware"]?.flag?.value ?? true)
  }

  private mutating func bounds(_ node: PlanNode?, repairing: Bool) -> Bounds {
    var bounds = Bounds()
    for entry in node?.entries ?? [] {
      if entry.key.value == "default" {
        bounds.fallback = limit(entry, repairing: repairing)
        continue
      }
      for leaf in PlanKeys.limit.leaves(of: entry) {
        if let limit = limit(leaf, repairing: repairing) { bounds.cells.append((leaf.key, limit)) }
      }
    }
    return bounds
  }

  private mutating func limit(_ entry: PlanNode.Entry, repairing: Bool) -> Placed<Bounds.Limit>? {
    let node = entry.value
    func pair(_ node: PlanNode) -> Ends? { self.pair(node, of: entry.key.value, repairing: repairing) }
    if let ends = pair(node) {
      return Placed(.money(lower: ends.lower, upper: ends.upper), at: node.position)
    }
    if let ends = node["share"].flatMap(pair) {
      return Placed(.share(lower: ends.lower, upper: ends.upper), at: node.position)
    }
    if let ends = node["history"].flatMap(pair) {
      return Placed(.history(lower: ends.lower, upper: ends.upper), at: node.position)
    }
    return node["relative"]?.number.map { Placed(.relative($0), at: node.position) }
  }

  private typealias Ends = (lower: Placed<Double>?, upper: Placed<Double>?)

  /// `[lower, upper]`, either of which may be null. A lower end above the upper one is a mistake, or, where these are repaired, 0 and a warning.
  private mutating func pair(_ node: PlanNode, of cell: String, repairing: Bool) -> Ends? {
    let ends = node.list ?? [node["lower"], node["upper"]].compactMap(\.self)
    guard ends.count == 2 else { return nil }
    let (lower, upper) = (ends[0].number, ends[1].number)
    if let lower, let upper, lower.value > upper.value {
      if repairing {
        warnings.append(
          PlanProblem(
            "bounds.\(cell): the lower end, \(ends[0].written), is above the upper one, \(ends[1].written), and counts as 0: repair_bounds",
            at: lower.position, severity: .warning))
        return (Placed(0, at: lower.position), upper)
      }
      problems.append(
        PlanProblem(
          "bounds.\(cell) holds nothing", expected: "a lower end of at most \(ends[1].written)", found: ends[0].written,
          at: lower.position))
    }
    return (lower, upper)
  }

  private func solver(_ node: PlanNode?) -> SolverOptions {
    let defaults = SolverOptions()
    return SolverOptions(
      gap: node?["gap"]?.number?.value ?? defaults.gap,
      timeLimit: node?["time_limit"]?.number?.value ?? defaults.timeLimit,
      seed: node?["seed"]?.count?.value ?? defaults.seed,
      method: node?["method"].flatMap { SolverMethod(written: $0.text?.value ?? "") } ?? defaults.method)
  }

  /// None where no gate looks at them.
  private mutating func diagnosticsReports(_ node: PlanNode?) -> DiagnosticsReports? {
    let usual = path(DiagnosticsReports.usualFolder)
    let named = node?["folder"]?.text?.value
    guard let folder = named.map(path) ?? (TextFile.isFolder(usual) ? usual : nil), named != "" else { return nil }
    guard node?["gate"]?.word() != DiagnosticsGate.off else {
      return named == nil ? nil : DiagnosticsReports(folder: folder, reports: [])
    }
    do {
      let reports = try DiagnosticsReports.read(folder: folder)
      tables += reports.paths
      return reports
    } catch {
      tables += DiagnosticsReports.checks.map { TextFile.path($0.file, from: folder) }
      problems += error.problems
      return nil
    }
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
