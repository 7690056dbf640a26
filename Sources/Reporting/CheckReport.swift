public import Planning

/// A plan as it was understood: in words, and with every default made visible.
public struct CheckReport: Sendable {
  /// The plan as read, or as it was compiled.
  public var plan: Plan
  /// The plan as YAML, every default made visible.
  public var yaml: String
  /// What reading the plan gave rise to; none of them stops a run.
  public var warnings: [PlanProblem]
  /// Every limit that the plan states, in money; none where the plan was not compiled.
  public var limitsInMoney: [String]
  /// The model's dims that an amount is shared over.
  public var sharedDims: [String]
  /// Whether there is a plan to beat.
  public var hasCurrentPlan: Bool

  public init(
    plan: Plan, yaml: String, warnings: [PlanProblem], limitsInMoney: [String] = [], sharedDims: [String] = [],
    hasCurrentPlan: Bool = true
  ) {
    self.plan = plan
    self.yaml = yaml
    self.warnings = warnings
    self.limitsInMoney = limitsInMoney
    self.sharedDims = sharedDims
    self.hasCurrentPlan = hasCurrentPlan
  }

  /// For a person. Ends in a newline.
  public func text(style: TextStyle = .plain) -> String {
    var lines = [style.bold(verdict), ""]
    for sentence in sentences {
      lines += wrapped(sentence, to: (style.width ?? 100) - 2, indent: "  ").map { "  " + $0 }
    }
    lines += ["", style.bold("Limits")] + limitColumns.lines(style)
    if !limitsInMoney.isEmpty {
      lines +=
        ["", style.bold("Limits in money" + (plan.decision.isByPeriod ? "" : ", over the horizon"))]
        + limitsInMoney.map { "  " + printable($0) }
    }
    lines += ["", style.bold("With every default")]
    lines += yaml.split(separator: "\n", omittingEmptySubsequences: true).map { "  " + $0 }
    if !warnings.isEmpty { lines += [""] + warnings.map { style.warning(printable($0.description)) } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as JSON.
  public var json: String {
    JSONValue.object([
      ("status", .text("valid")),
      ("optimisable", .bool(plan.saysHowMuch)),
      ("sentences", JSONValue(sentences)),
      (
        "limits",
        .array(limits.map { .object([("cell", .text($0.cell)), ("limit", .text($0.words))]) })
      ),
      ("limits_in_money", JSONValue(limitsInMoney)),
      ("warnings", JSONValue(warnings.map(\.description))),
      ("plan", .text(yaml)),
    ]).document
  }

  private var verdict: String {
    !plan.saysHowMuch
      ? "The plan can be evaluated; to be optimised it needs a budget." : "The plan is valid: nothing is wrong with it."
  }

  // MARK: In words

  private var sentences: [String] {
    let horizon = plan.horizon
    let count = horizon.periodCount.value
    let span =
      countText(count, horizon.step.rawValue)
      + (horizon.start.map { " from \($0)" } ?? "")
    let utility = "\(printable(plan.utility.description)) of the \(measureInWords), \(posteriorInWords)"
    var sentences = ["Maximise \(utility)."]
    if let target = plan.target?.value { sentences = [sentence(target, utility)] }
    sentences += plan.riskLimits.map { limit in
      let name = limit.name.map { " (\(printable($0)))" } ?? ""
      return "Keep \(printable(limit.utility.description)) at \(amountText(limit.atLeast.value)) or more\(name)."
    }
    if let increment = plan.increment {
      sentences.append("\(sentence(increment)), over \(span).")
    } else if let budget = plan.budget {
      let total = budget.total(periodCount: count)
      let scale = NumberScale(for: [total], significantDigits: 5)
      let each = count > 1 ? " (\(scale.text(total / Double(count))) a \(horizon.step.rawValue))" : ""
      switch budget.spend {
      case .exactly: sentences.append("Spend exactly \(scale.text(total)) over \(span)\(each).")
      case .atMost: sentences.append("Spend at most \(scale.text(total)) over \(span)\(each).")
      case .range(let range):
        sentences.append(
          "Spend \(amountText(range.lowerBound)) to \(amountText(range.upperBound)) over \(span); shares are of \(scale.text(total))."
        )
      case .free:
        sentences.append(
          "Spend what bounds and constraints allow over \(span); shares are of \(scale.text(total))\(each).")
      }
    } else {
      sentences.append("Plan \(span).")
    }
    if plan.decision.by.map(\.value) != ["channel"] {
      sentences.append(
        "An amount is decided for each \(plan.decision.by.map { printable($0.value) }.joined(separator: " and ")).")
    }
    sentences += countedInWords
    if !plan.seasonality.isEmpty {
      sentences.append("Responses of \(names(plan.seasonality)) are multiplied by the season's numbers.")
    }
    sentences += assumptions
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

  private func sentence(_ target: Target, _ utility: String) -> String {
    let asked = target.amount.map { amountText($0.value) } ?? ""
    return switch target.kind {
    case .roi: "Maximise \(utility), at an ROI of \(asked) or more."
    case .costPerOutcome: "Maximise \(utility), at a cost of \(asked) or less for a unit of it."
    case .marginalROI: "Spend for as long as the next unit of money returns \(asked), by \(utility)."
    case .outcome: "Spend the least money at which this comes to \(asked): \(utility)."
    case .profit: "Maximise \(utility)."
    }
  }

  private func sentence(_ increment: Increment) -> String {
    let (size, isMore) =
      switch increment.amount.value {
      case .money(let money): (amountText(abs(money)), money >= 0)
      case .share(let share): (percentText(abs(share)), share >= 0)
      }
    let cells = increment.only.map { printable($0.value) }.joined(separator: ", ")
    return "Spend \(size) \(isMore ? "more" : "less") than the current plan"
      + (increment.only.isEmpty ? "" : ", of which only \(cells) may change")
  }

  /// What an answer rests on beside the model and the limits.
  var assumptions: [String] {
    (plan.decision.isByPeriod ? [] : [distributionInWords]) + [costInWords, carryoverInWords, currentInWords]
  }

  private var posteriorInWords: String {
    let file = printable(plan.posterior.files.map(\.value).joined(separator: ", "))
    if plan.posterior.format == .curves { return "by the point curves of \(file)" }
    return "over \(plan.posterior.draws.map { countText($0.value, "draw") } ?? "all draws") of \(file)"
  }

  private var measureInWords: String {
    let outcome = plan.labels.outcome.map(printable) ?? "response"
    return switch plan.measure {
    case .incremental: "incremental \(outcome)"
    case .response: plan.horizon.includeHistory.value ? "\(outcome), history's own carryover counted" : outcome
    case .profit:
      "profit: what incremental \(outcome) is worth\(plan.terms.margin == nil ? "" : " at the margin"), less what is spent"
    case .lift: "incremental \(outcome) beyond the current plan's"
    case .roi: "worth of incremental \(outcome) by unit of money spent"
    }
  }

  private var countedInWords: [String] {
    var parts = plan.terms.labels.map { counted in
      "\(printable(counted.dim.value)) \(counted.labels.map { printable($0.value) }.joined(separator: ", "))"
    }
    if let window = plan.terms.window {
      parts.append("periods \(window.value.map(\.inWords).joined(separator: " to "))")
    }
    return parts.isEmpty ? [] : ["Only \(parts.joined(separator: ", and ")) count."]
  }

  private var distributionInWords: String {
    let parts = sharedDims.isEmpty ? "" : ", and over \(sharedDims.map(printable).joined(separator: " and "))"
    return switch plan.distribution {
    case .automatic:
      "Money is spread over the periods evenly, or as it was over the observed ones where the posterior knows what was spent."
    case .uniform: "Money is spread evenly over the periods\(parts)."
    case .history:
      "Money is spread over the periods\(parts) as it was over the observed ones: those planned for, or as many at the end."
    case .shares(let series): "Money is spread over the periods by the shares given for \(names(series)), else evenly."
    }
  }

  private var costInWords: String {
    switch plan.costPerUnit {
    case .automatic:
      "Media are counted in money, or bought at history's prices where the posterior knows what was spent."
    case .history: "Media are bought at history's prices, period by period."
    case .costs([]): "Media are counted in money."
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
    case _ where !hasCurrentPlan: "There is no plan to beat."
    case .history where plan.currentMoney != nil:
      "The plan to beat: history's shares at \(amountText(plan.currentMoney ?? 0))."
    case .history: "The plan to beat: history's shares at this budget."
    case .amounts(let amounts, position: _):
      "The plan to beat: the amounts given for \(countText(amounts.count, "cell"))."
    case .byPeriod(let series, position: _):
      "The plan to beat: the amounts given for \(countText(series.count, "cell")) by period."
    }
  }

  private func names(_ series: [CellSeries]) -> String {
    let shown = series.prefix(6).map { printable($0.cell.value) }.joined(separator: ", ")
    return shown + (series.count > 6 ? " and \(series.count - 6) more" : "")
  }

  // MARK: Limits

  private var limits: [(cell: String, words: String)] {
    plan.bounds.cells.map { (printable($0.cell.value), words(for: $0.limit.value)) }
      + plan.constraints.map { (printable($0.subject), $0.words(amountText)) }
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
    case .share(let lower, let upper): "\(percent(lower) ?? "0") to \(percent(upper) ?? "100 %") of the budget"
    case .history(let lower, let upper):
      "\(lower.map { amountText($0.value) } ?? "0") to \(upper.map { "\(amountText($0.value)) times" } ?? "any multiple of") what was spent before"
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

  private func percent(_ share: Placed<Double>?) -> String? { share.map { "\(amountText($0.value * 100)) %" } }
}
