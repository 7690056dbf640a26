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
}
