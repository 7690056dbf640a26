import Optimisation
public import Planning

extension Recommendation {
  /// What every number above rests on.
  static let caveat =
    "A recommendation under this model and its data, not a certainty: as good as the model's fit, which its diagnostics tell, and an association unless experiments or other evidence make it causal."

  /// The answer for a person at a terminal: the verdict, plan against current, what is known of the best possible, the table by
  /// channel, warnings, and the files written. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    var lines = exploratoryLines(style) + [style.bold(verdict), ""]
    lines += comparison.lines(style)
    lines.append("")
    let width = style.width ?? 100
    for sentence in [lossSentence].compactMap(\.self) + moneySentences + modeSentences + [boundSentence] + gapSentences
      + solverSentences
    {
      lines += wrapped(sentence, to: width, indent: "")
    }
    lines.append("")
    lines += channelTable.lines(style)
    for table in sumTables + [curveColumns].compactMap(\.self) { lines += [""] + table.lines(style) }
    for sentence in [riskSentence, informationSentence, outOfSampleSentence].compactMap(\.self) {
      lines += [""] + wrapped(sentence, to: width, indent: "")
    }
    if hasCalendar {
      lines += [""] + calendarLines(style)
    } else if let table = limitTable {
      lines += [""] + table.lines(style)
      if let relaxedSentence { lines += wrapped(relaxedSentence, to: width - 2, indent: "").map { "  " + $0 } }
    }
    let broken = brokenLimits
    if !broken.isEmpty { lines += [""] + broken.map { style.warning("Broken limit: \($0)") } }
    if !warnings.isEmpty {
      lines.append("")
      for warning in warnings {
        lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
      }
    }
    lines += closing(style, filesWritten)
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is assumed, what it is worth, and what was written.
  func closing(_ style: TextStyle, _ filesWritten: [String]) -> [String] {
    let width = style.width ?? 100
    var lines = [""]
    if let asked {
      let check = CheckReport(
        plan: asked.plan, yaml: "", warnings: [], sharedDims: asked.sharedDims, hasCurrentPlan: currentOutcome != nil)
      lines += wrapped("Assumed: " + check.assumptions.joined(separator: " "), to: width, indent: "").map(style.dim)
    }
    if let approval = modelChecks?.approval {
      lines += wrapped(printable(approval), to: width, indent: "").map(style.dim)
    }
    lines += wrapped(Self.caveat, to: width, indent: "").map(style.dim)
    if !filesWritten.isEmpty { lines += ["", style.dim("Written: " + filesWritten.joined(separator: ", "))] }
    return lines
  }

  /// What the model's own checks say; nil where nobody looks at them.
  var modelChecks: DiagnosticsReports? {
    asked.flatMap { $0.plan.diagnostics == .off ? nil : $0.plan.diagnosticsReports }
  }

  // MARK: The verdict

  /// The first line: is it better than what we do now, and how sure is that?
  var verdict: String {
    let plan = status == .solved ? "This plan" : "The given plan"
    let limits = brokenLimits.count
    let breach = limits == 0 ? "" : " It breaks \(limits == 1 ? "a limit" : "\(limits) limits")."
    guard let lift, let probabilityBetter, let currentOutcome else {
      return
        "\(plan) brings \(numberText(outcome.mean)) of \(measureName)\(onAverage). There is no current plan to compare it with."
        + breach
    }
    if lift.mean == 0 && lift.sd == 0 {
      return "\(plan) brings the same as the current one\(isPointEstimate ? "" : " in every draw")." + breach
    }
    let draws =
      probabilityBetter == 1
      ? "all \(countText(drawCount)) draws"
      : probabilityBetter == 0 ? "none of \(countText(drawCount)) draws" : "\(percentText(probabilityBetter)) of draws"
    let change = "\(numberText(lift.mean.magnitude)) \(lift.mean < 0 ? "less" : "more") \(changeName)"
    let share =
      measure != .response && measure != .lift && currentOutcome.mean > 0
      ? " (\(percentText(lift.mean / currentOutcome.mean, signed: true)))" : ""
    if isPointEstimate {
      return "\(plan) \(lift.mean < 0 ? "falls short of" : "beats") the current one: \(change)\(share).\(breach)"
    }
    return "\(plan) beats the current one in \(draws): \(change)\(share) on average.\(breach)"
  }

  /// One draw has no interval, and no share of draws.
  var isPointEstimate: Bool { drawCount == 1 }

  var onAverage: String { isPointEstimate ? "" : " on average" }

  var measureName: String {
    switch measure {
    case .incremental: "incremental \(outcomeName)"
    case .response: outcomeName
    case .profit: "profit"
    case .lift: "lift over the current plan"
    case .roi: "ROI"
    }
  }

  /// Of what there is more or less than under the current plan: what is paid at no spend is the same under both.
  var changeName: String {
    switch measure {
    case .incremental, .response, .lift: "incremental \(outcomeName)"
    case .profit, .roi: measureName
    }
  }

  var outcomeName: String { labels.outcome.map(printable) ?? "response" }

  /// After a number under the measure; empty for no name.
  var unitOfMeasure: String {
    let label = measure == .roi ? nil : measure == .profit ? labels.currency : labels.outcome
    return label.map { " " + printable($0) } ?? ""
  }

  /// What the measure is counted in, where that is not its name.
  var measureLabel: String? { measure == .profit ? labels.currency : nil }

  /// A name with what its numbers are counted in.
  func heading(_ name: String, _ scale: NumberScale, _ label: String? = nil) -> String {
    let units = [label.map(printable), scale.unit.isEmpty ? nil : scale.unit].compactMap(\.self)
    return units.isEmpty ? name : "\(name) (\(units.joined(separator: ", ")))"
  }

  /// Plan and current side by side, a line each, then the difference.
  private var comparison: TextColumns {
    let summaries = [currentOutcome, outcome, lift].compactMap { $0 }
    let scale = NumberScale(for: summaries.flatMap { [$0.mean, $0.q05, $0.q95] }, significantDigits: 5)
    let showsUtility = utility.name != "mean"
    let scores = NumberScale(for: [utility.value, utility.current ?? 0], significantDigits: 5)
    var table = TextColumns(
      columns: [
        (heading(measureName.capitalizedFirst, scale, measureLabel), .left),
        (isPointEstimate ? "Value" : "Mean", .right),
      ]
        + (isPointEstimate ? [] : [("90 % interval", .right)])
        + (showsUtility ? [(printable(utility.description), .right)] : []))
    func add(_ name: String, _ summary: Summary, _ score: Double?, signed: Bool = false) {
      let interval =
        "\(scale.digits(summary.q05, signed: signed)) to \(scale.digits(summary.q95, signed: signed))"
      table.rows.append(
        [name, scale.digits(summary.mean, signed: signed)] + (isPointEstimate ? [] : [interval])
          + (showsUtility ? [score.map { scores.text($0, signed: signed) } ?? ""] : []))
    }
    if let currentOutcome, measure != .lift { add("Current plan", currentOutcome, utility.current) }
    add(status == .solved ? "This plan" : "Given plan", outcome, utility.value)
    if let lift, measure != .lift {
      let name = measure == .incremental || measure == .response ? "Lift (incremental)" : "Lift"
      add(name, lift, utility.current.map { utility.value - $0 }, signed: true)
    }
    return table
  }

  // MARK: Sentences

  var moneySentences: [String] {
    let scale = NumberScale(for: [budget.spent, budget.requested ?? 0], significantDigits: 5)
    let span = "over \(countText(periodCount, "period"))"
    var sentences: [String] = []
    let currency = labels.currency.map { " " + printable($0) } ?? ""
    if target != nil {
      sentences += targetSentences
    } else if let requested = budget.requested {
      let each = periodCount > 1 ? " (\(scale.text(requested / Double(periodCount))) a period)" : ""
      let used =
        (requested - budget.spent).magnitude <= 1e-9 * requested
        ? "all of it spent" : "\(scale.text(budget.spent)) spent"
      sentences.append("Budget \(scale.text(requested))\(currency) \(span)\(each), \(used).")
    } else {
      sentences.append("Spend \(scale.text(budget.spent))\(currency) \(span).")
    }
    if let current = currentTotal, (current - budget.spent).magnitude > 1e-9 * max(current, budget.spent) {
      sentences.append("The current plan spends \(scale.text(current))\(currency).")
    }
    if let rounding {
      let odd =
        rounding.oddCells.isEmpty ? "" : " but for \(rounding.oddCells.map(printable).joined(separator: ", "))"
      let loss =
        utility.value == 0
        ? "" : ", which is \(boundText(rounding.loss / abs(utility.value) * 100, significantDigits: 2)) %"
      sentences.append(
        "In multiples of \(amountText(rounding.unit))\(odd): rounding costs "
          + "\(numberText(rounding.loss, significantDigits: 2)) of \(target?.kind == .outcome ? "money" : "utility\(loss)")."
      )
    }
    if let price = budget.shadowPrice, target == nil || price != 0 {
      sentences.append(
        "One more \(labels.currency.map(printable) ?? "unit of money") would add \(numberText(price, significantDigits: 3)) of utility."
      )
    }
    return sentences
  }

  /// Only what was proved.
  var boundSentence: String {
    let unit = utility.isInOutcome ? unitOfMeasure : ""
    let value = "Utility \(printable(utility.description)): \(numberText(utility.value, significantDigits: 6))\(unit)."
    switch (utility.bound, utility.upperBound) {
    case (.certified, let upper?) where target?.kind == .marginalROI && utility.gap.map { $0 < 1e-5 } ?? false:
      return
        "\(value) Proved: no plan of this spend scores 0.001 % more, and none of another makes up for its money (\(boundText(upper, significantDigits: 6)))."
    case (.certified, let upper?):
      // Digits that the two share say less than how far apart they are.
      if let gap = utility.gap, gap < 1e-5 {
        let share = isGapMissed ? boundText(gap * 100, significantDigits: 2) : "0.001"
        return "\(value) Proved: no plan within the limits scores \(share) % more."
      }
      // Of a value of next to nothing the digits of so many per cent say no more than that.
      let gap =
        utility.gap.map { $0 > 1000 ? "more than 100,000" : boundText($0 * 100, significantDigits: 2) }
        .map { ", a gap of \($0) %" } ?? ""
      return "\(value) Proved: no plan within the limits scores above \(boundText(upper, significantDigits: 6))\(gap)."
    case (.box, let upper?):
      return
        "\(value) Every draw's own best bounds it by \(boundText(upper, significantDigits: 6)); that bound may be loose."
    case (.none, _), (.certified, nil), (.box, nil):
      guard status == .solved, target?.kind != .outcome else { return value }
      return "\(value) The best plan found; that no better one exists has not been proved."
    }
  }

  private var isGapMissed: Bool {
    (utility.bound == .certified || target?.bound == .certified) && solver != nil && !reachesGap
  }

  /// Where the gap is wider than the plan asks for, or there is none: why.
  var gapSentences: [String] {
    guard let solver, !solver.isInterrupted else { return [] }
    if utility.bound == .none && target?.gap == nil && solver.proof?.end == .timeLimit {
      return ["No bound was proved before the time limit: a longer one may bring one."]
    }
    // Of a plan that was not to be the best of all, that is what it costs.
    guard isGapMissed, mode == nil else { return [] }
    let asked = "The plan asks for a gap of \(amountText(solver.requestedGap * 100)) %: "
    if certificate?.isRatio == true, utility.value < 0 {
      return [asked + "where every ratio is below nothing, all that can be proved is that none is above it."]
    }
    switch solver.proof?.end {
    case .timeLimit: return [asked + "the time limit came first, and a longer one may come nearer."]
    case .boxLimit: return [asked + "the proof's limit of boxes came first."]
    // A proof that closed and is wider is as near as can be told above a best of next to nothing.
    case .rounding, .closed: return [asked + "rounding hides what is left."]
    case .stalled: return [asked + "neither a cut nor a split brings the bound further down."]
    case .exceeded, nil: return [asked + "no proof came nearer."]
    }
  }

  var solverSentences: [String] {
    let method = solver.flatMap { $0.method == .auto ? nil : "Method: \($0.method.rawValue)." }
    return [method].compactMap(\.self) + terminationSentences
  }

  private var terminationSentences: [String] {
    guard let solver else { return [] }
    if solver.isInterrupted {
      return ["The search was interrupted: a longer one may find a better plan, or prove more of this one."]
    }
    switch solver.termination {
    case .timeLimit: return ["The solver stopped at its time limit: a longer one may find a better plan."]
    case .iterationLimit:
      guard solver.proof?.end != .boxLimit else { return [] }
      return ["The solver stopped at its limit of iterations: the plan may not be the best near by."]
    case .stalled: return ["The solver stopped where rounding hides any further gain."]
    case .converged: return []
    }
  }

  var brokenLimits: [String] {
    guard status == .evaluatedOutsideLimits else { return [] }
    let targets = target.flatMap { $0.isMet ? nil : "target.\($0.kind.rawValue)" }
    return [targets].compactMap(\.self)
      + limits.filter { $0.slack < 0 }.map { limit in
        let end = limit.nearerEnd.map { " (\(amountText(limit.value)) against \(amountText($0)))" } ?? ""
        return "\(printable(limit.name)), by \(amountText(-limit.slack))\(end)"
      }
  }

  // MARK: Risk

  /// Which cells the spread of the response comes from, the largest parts first; nil where there is no spread to share.
  private var riskSentence: String? {
    let parts = cells.compactMap { cell in cell.risk?.sdShare.map { (name: cell.name, share: $0) } }
      .filter { $0.share != 0 }
      .sorted { $0.share.magnitude > $1.share.magnitude }
    guard parts.count > 1 else { return nil }
    let sd = cells.reduce(0) { $0 + ($1.risk?.sd ?? 0) }
    let shown = parts.prefix(Self.riskiest).filter { $0.share.magnitude >= 0.01 }
    let rest = parts.dropFirst(shown.count)
    var words = shown.map { "\(printable($0.name)) \(percentText($0.share))" }
    if !rest.isEmpty {
      let names = rest.count == 1 ? printable(rest[rest.startIndex].name) : "\(rest.count) others"
      words.append("\(names) \(percentText(rest.reduce(0) { $0 + $1.share }))")
    }
    let unit = labels.outcome.map { " " + printable($0) } ?? ""
    return
      "The response's standard deviation, \(numberText(sd))\(unit), is made up of \(words.joined(separator: ", "))."
  }

  /// What knowing more would be worth before the money is spent.
  var informationSentence: String? {
    guard let information else { return noInformationSentence }
    let perfect = information.perfect
    func worth(_ estimate: ValueOfInformation.Estimate) -> String { numberText(estimate.value, significantDigits: 3) }
    let share =
      information.known > 0 ? " (\(percentText(perfect.value / information.known)) of the best mean)" : ""
    let most = perfect.upperBound.map { ", at most \(boundText($0, significantDigits: 3))" } ?? ""
    // Within two standard errors of nothing is as good as nothing.
    let told = information.cells.filter { $0.estimate.value > 2 * $0.estimate.standardError }
      .sorted { $0.estimate.value > $1.estimate.value }.prefix(3)
    let single =
      told.isEmpty
      ? "no channel's curve alone is worth knowing"
      : "knowing one curve alone, "
        + told.map { "\(printable($0.name))'s \(worth($0.estimate))" }.joined(separator: ", ")
        + (information.cells.count < cells.count
          ? " (of the \(countText(information.cells.count)) whose curves differ most over draws)" : "")
    return
      "Knowing every curve before spending would be worth \(worth(perfect))\(unitOfMeasure)\(share)\(most); \(single)."
  }

  /// Why it is not said of a plan whose report has it; nil where it was not asked for.
  var noInformationSentence: String? {
    guard let asked = asked?.plan, asked.output.report == .full, solver?.isInterrupted == false, drawCount > 1 else {
      return nil
    }
    let kind =
      hasCalendar
      ? "whose periods are decided"
      : asked.target != nil ? "with a target" : asked.riskLimits.isEmpty ? nil : "with limits of risk"
    return kind.map { "What knowing more would be worth, and regret, are not computed for plans \($0)." }
  }

  /// Why it is not said what halves of the draws keep of their promises; nil where that was not asked for, or means nothing.
  var noOutOfSampleSentence: String? {
    guard let asked = asked?.plan, asked.output.report == .full, solver?.isInterrupted == false, status == .solved,
      drawCount >= OutOfSample.leastDraws, asked.target == nil, asked.riskLimits.isEmpty
    else { return nil }
    return
      "Whether plans chosen by half of the draws keep what they promise was not seen: too few of their searches ended within the time limit."
  }

  /// As many cells as a sentence names.
  static let riskiest = 8

  // MARK: The table by channel

  /// A marginal ROI that is a curve's infinite slope at no spend, as far as a number can say it: no money is worth as much, in whatever
  /// units from 1e-9 to 1e9.
  static let unboundedROI = 1e30

  var currentTotal: Double? {
    let money = cells.compactMap(\.current)
    return money.isEmpty ? nil : money.reduce(0, +)
  }

  private var channelTable: TextColumns {
    let money = NumberScale(for: cells.flatMap { [$0.total, $0.current ?? 0] } + [budget.spent], significantDigits: 5)
    let returns = NumberScale(
      for: cells.flatMap { cell in cell.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    func interval(_ low: Double, _ high: Double) -> String { "\(returns.digits(low)) to \(returns.digits(high))" }
    // At the best spend for a profit the next unit brings nothing, but for rounding.
    let returned = cells.reduce(0) { max($0, abs($1.roi?.mean ?? 0)) }
    let worth = outcomeValue ?? 1
    let marginal = cells.map { abs(worth * $0.marginalROI) <= 1e-9 * returned ? 0 : worth * $0.marginalROI }
    let steepest = marginal.map(\.magnitude).filter { $0 < Recommendation.unboundedROI }
    let margins = NumberScale(for: steepest, significantDigits: 3)
    func margin(_ value: Double) -> String {
      value.magnitude < Recommendation.unboundedROI ? margins.digits(value) : "unbounded"
    }
    let showsChange = cells.contains { $0.current != nil }
    let showsBounds = cells.contains { $0.binding != nil }
    var table = TextColumns(
      columns: [
        (dims.joined(separator: "/").capitalizedFirst, .left), (heading("Spend", money, labels.currency), .right),
      ]
        + (showsChange ? [("Change", .right), ("", .right)] : [])
        + [(heading("Marginal\nROI", margins), .right), (heading("ROI", returns), .right)]
        + (isPointEstimate ? [] : [("90 % interval", .right)])
        + (showsBounds ? [("Bound", .left)] : []))
    table.rows = zip(cells, marginal).map { cell, marginal in
      let change = [
        cell.change.map { money.digits($0, signed: true) } ?? "",
        cell.changeShare.map { percentText(withoutDust($0, of: 1), signed: true) } ?? "",
      ]
      return [printable(cell.name), money.digits(cell.total)] + (showsChange ? change : [])
        + [margin(marginal), cell.roi.map { returns.digits($0.mean) } ?? "-"]
        + (isPointEstimate ? [] : [cell.roi.map { interval($0.q05, $0.q95) } ?? ""])
        + (showsBounds ? [cell.binding?.rawValue ?? ""] : [])
    }
    if cells.count > 1 {
      let total = cells.reduce(0) { $0 + $1.total }
      let change = currentTotal.map { withoutDust(total - $0, of: max(total, $0)) }
      let share = change.flatMap { change in currentTotal.flatMap { $0 > 0 ? change / $0 : nil } }
      table.totals =
        ["Total", money.digits(total)]
        + (showsChange
          ? [
            change.map { money.digits($0, signed: true) } ?? "", share.map { percentText($0, signed: true) } ?? "",
          ] : [])
        + ["", roi.map { returns.digits($0.mean) } ?? ""]
        + (isPointEstimate ? [] : [roi.map { interval($0.q05, $0.q95) } ?? ""])
        + (showsBounds ? [""] : [])
    }
    return table
  }
}

extension Recommendation {
  /// For each of several dims its labels' sums.
  fileprivate var sumTables: [TextColumns] {
    let money = NumberScale(for: sums.flatMap { [$0.total, $0.current ?? 0] }, significantDigits: 5)
    let returns = NumberScale(
      for: sums.flatMap { sum in sum.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    let showsChange = sums.contains { $0.current != nil }
    return dims.compactMap { dim in
      let own = sums.filter { $0.dim == dim }
      guard !own.isEmpty else { return nil }
      return TextColumns(
        columns: [("By " + printable(dim), .left), (heading("Spend", money, labels.currency), .right)]
          + (showsChange ? [("Change", .right), ("", .right)] : []) + [(heading("ROI", returns), .right)]
          + (drawCount == 1 ? [] : [("90 % interval", .right)]),
        rows: own.map { sum in
          let change = sum.current.map { withoutDust(sum.total - $0, of: max(sum.total, $0)) }
          let share = change.flatMap { change in sum.current.flatMap { $0 > 0 ? change / $0 : nil } }
          return [printable(sum.label), money.digits(sum.total)]
            + (showsChange
              ? [
                change.map { money.digits($0, signed: true) } ?? "", share.map { percentText($0, signed: true) } ?? "",
              ] : [])
            + [sum.roi.map { returns.digits($0.mean) } ?? "-"]
            + (drawCount == 1
              ? [] : [sum.roi.map { "\(returns.digits($0.q05)) to \(returns.digits($0.q95))" } ?? ""])
        })
    }
  }
}

/// A difference of two sums of about `size`, or zero where it is no more than rounding: a billionth.
func withoutDust(_ difference: Double, of size: Double) -> Double {
  difference.magnitude <= 1e-9 * size ? 0 : difference
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Recommendation.LimitResult {
  /// What it allows, in words.
  var allowed: String {
    let ends = [lower.map(amountText), upper.map(amountText)]
    if lower == upper { return ends[0] ?? "" }
    return ends[0].map { low in ends[1].map { "\(low) to \($0)" } ?? "from \(low)" } ?? "to \(ends[1] ?? "")"
  }
}

extension Recommendation.Score {
  /// Whether it is counted in what the outcome is: ratios, shares of draws and measures of spread between channels are not.
  fileprivate var isInOutcome: Bool {
    !["sharpe", "raroc", "target_probability", "entropy_of_shares", "diversification_ratio", "mean_variance"]
      .contains(name)
  }
}
