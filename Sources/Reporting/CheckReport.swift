public import Planning

/// A plan as it was understood: in words, and with every default made visible.
public struct CheckReport: Sendable {
  /// The plan as read.
  public var plan: Plan
  /// The plan as YAML, every default made visible.
  public var yaml: String
  /// What reading the plan gave rise to; none of them stops a run.
  public var warnings: [PlanProblem]

  public init(plan: Plan, yaml: String, warnings: [PlanProblem]) {
    self.plan = plan
    self.yaml = yaml
    self.warnings = warnings
  }

  /// For a person. Ends in a newline.
  public func text(style: TextStyle = .plain) -> String {
    var lines = [style.bold(verdict), ""]
    for sentence in sentences {
      lines += wrapped(sentence, to: (style.width ?? 100) - 2, indent: "  ").map { "  " + $0 }
    }
    lines += ["", style.bold("Limits")] + limitColumns.lines(style)
    lines += ["", style.bold("With every default")]
    lines += yaml.split(separator: "\n", omittingEmptySubsequences: true).map { "  " + $0 }
    if !warnings.isEmpty { lines += [""] + warnings.map { style.warning(printable($0.description)) } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var json: String {
    JSONValue.object([
      ("status", .text("valid")),
      ("optimisable", .bool(plan.budget != nil)),
      ("sentences", JSONValue(sentences)),
      (
        "limits",
        .array(limits.map { .object([("cell", .text($0.cell)), ("limit", .text($0.words))]) })
      ),
      ("warnings", JSONValue(warnings.map(\.description))),
      ("plan", .text(yaml)),
    ]).document
  }

  private var verdict: String {
    plan.budget == nil
      ? "The plan can be evaluated; to be optimised it needs a budget." : "The plan is valid: nothing is wrong with it."
  }

  // MARK: In words

  private var sentences: [String] {
    let horizon = plan.horizon
    let count = horizon.periodCount.value
    let span =
      countText(count, horizon.step.rawValue)
      + (horizon.start.map { " from \($0)" } ?? "")
    var sentences = ["Maximise \(printable(plan.utility.description)) of the \(measureInWords), \(posteriorInWords)."]
    if let budget = plan.budget {
      let total = budget.total(periodCount: count)
      let scale = NumberScale(for: [total], significantDigits: 5)
      let each = count > 1 ? " (\(scale.text(total / Double(count))) a \(horizon.step.rawValue))" : ""
      let verb = budget.spend == .exactly ? "exactly" : "at most"
      sentences.append("Spend \(verb) \(scale.text(total)) over \(span)\(each).")
    } else {
      sentences.append("Plan \(span).")
    }
    if plan.decision.by.map(\.value) != ["channel"] {
      sentences.append(
        "An amount is decided for each \(plan.decision.by.map { printable($0.value) }.joined(separator: " and ")).")
    }
    sentences += [distributionInWords, costInWords, carryoverInWords, currentInWords]
    if !plan.prices.isEmpty {
      sentences.append(
        "The price of a unit changes with what is spent in a period: "
          + "\(plan.prices.map { "\(printable($0.cell.value)) \(words(for: $0.rule))" }.joined(separator: ", ")).")
    }
    if !plan.decision.except.isEmpty {
      let cells = plan.decision.except.map { printable($0.value) }.joined(separator: ", ")
      sentences.append(
        plan.decision.hold == .zero ? "Not spent on: \(cells)." : "Held at the current plan's money: \(cells).")
    }
    return sentences
  }

  private var posteriorInWords: String {
    let file = printable(plan.posterior.files.map(\.value).joined(separator: ", "))
    if plan.posterior.format == .curves { return "by the point curves of \(file)" }
    return "over \(plan.posterior.draws.map { countText($0.value, "draw") } ?? "all draws") of \(file)"
  }

  private var measureInWords: String {
    switch plan.measure {
    case .incremental: "incremental response"
    case .response: plan.horizon.includeHistory.value ? "response, history's own carryover counted" : "response"
    }
  }

  private var distributionInWords: String {
    switch plan.distribution {
    case .automatic:
      "Money is spread over the periods evenly, or as it was over the observed ones where the posterior knows what was spent."
    case .uniform: "Money is spread evenly over the periods."
    case .history:
      "Money is spread over the periods as it was over the observed ones: those planned for, or as many at the end."
    case .shares(let series): "Money is spread over the periods by the shares given for \(names(series)), else evenly."
    }
  }

  private var costInWords: String {
    switch plan.costPerUnit {
    case .automatic:
      "Media are counted in money, or bought at history's prices where the posterior knows what was spent."
    case .history: "Media are bought at history's prices, period by period."
    case .costs(let series):
      "Media are bought at the cost per unit given for \(names(series)); else they are counted in money."
    }
  }

  private func words(for rule: CellPrice.Rule) -> String {
    switch rule {
    case .elasticity(let elasticity, let reference):
      "by an elasticity of \(amountText(elasticity.value))"
        + (reference.map { " from \(amountText($0.value)) a period" } ?? " from history's mean")
    case .tiers(let tiers): "in \(countText(tiers.count, "tier"))"
    }
  }

  private var carryoverInWords: String {
    let past =
      switch plan.horizon.carryIn?.value {
      case true?: "Observed media carry over into the plan"
      case false?: "Observed media do not carry over into the plan"
      case nil: "Observed media carry over into the plan where the posterior has them without a hole"
      }
    let after =
      plan.horizon.carryOver ? "effects after the last period count" : "effects after the last period do not count"
    return "\(past); \(after)."
  }

  private var currentInWords: String {
    switch plan.current {
    case .history: "The plan to beat: history's shares at this budget."
    case .amounts(let amounts, position: _):
      "The plan to beat: the amounts given for \(countText(amounts.count, "cell"))."
    }
  }

  private func names(_ series: [CellSeries]) -> String {
    series.map { printable($0.cell.value) }.joined(separator: ", ")
  }

  // MARK: Limits

  private var limits: [(cell: String, words: String)] {
    plan.bounds.cells.map { (printable($0.cell.value), words(for: $0.limit.value)) }
      + [
        (
          plan.bounds.cells.isEmpty ? "every cell" : "every other cell",
          plan.bounds.fallback.map { words(for: $0.value) } ?? "0 to the budget"
        )
      ]
  }

  private var limitColumns: TextColumns {
    TextColumns(columns: [("", .left), ("", .left)], rows: limits.map { [$0.cell, $0.words] })
  }

  private func words(for limit: Bounds.Limit) -> String {
    switch limit {
    case .relative(let share): "within \(amountText(share.value * 100)) % of the current plan's money, up or down"
    case .money(let lower, let upper):
      if let lower, let upper, lower.value == upper.value {
        "exactly \(amountText(lower.value))"
      } else {
        "\(lower.map { amountText($0.value) } ?? "0") to "
          + (upper.map { amountText($0.value) } ?? "the budget")
      }
    }
  }
}
