public import Planning
public import Tables

// Plans side by side: a table for machines, one for people, and everything.

extension PlanComparison {
  /// `compare.csv`: one row a plan. `total_spend` is money over the horizon; `mean` to `expected_shortfall_05` are of the outcome under the plan's measure,
  /// `expected_shortfall_05` the mean of its worst 5 %; `roi` is the mean return on all money; `utility` the plan's own; `probability_better` the
  /// share of draws in which it is above the current plan, `probability_worse` that in which it is below, `probability_worse_than_X` by more than X,
  /// and `lift_expected_shortfall_05` its mean lift in the worst 5 %; `regret` what it is below each draw's own best plan on average, at most; `broken_limits`
  /// how many limits it breaks. Then the money of each cell. Empty where there is nothing to say.
  public var table: TextTable {
    let table = TextTable(
      header: [
        "plan", "total_spend", "mean", "sd", "q05", "q25", "q50", "q75", "q95", "expected_shortfall_05", "roi",
        "roi_q05",
        "roi_q95", "utility", "lift", "probability_better", "regret", "broken_limits", "lift_expected_shortfall_05",
      ] + lossLevels.map(Recommendation.lossColumn) + names,
      records: entries.map { entry in
        let answer = entry.answer
        let outcome = answer.outcome
        let numbers: [Double?] = [
          answer.budget.spent, outcome.mean, outcome.sd, outcome.q05, outcome.q25, outcome.q50, outcome.q75,
          outcome.q95, outcome.expectedShortfall05, answer.roi?.mean, answer.roi?.q05, answer.roi?.q95,
          answer.utility.value, answer.lift?.mean, answer.probabilityBetter, entry.regret,
        ]
        return [entry.name] + numbers.map { field($0) } + [String(entry.brokenLimits)]
          + [field(answer.drawCount > 1 ? answer.lift?.expectedShortfall05 : nil)]
          + lossLevels.map { field(answer.probabilityOfLoss(beyond: $0)) }
          + answer.cells.map { field($0.total) }
      })
    return entries.first?.answer.marked(table) ?? table
  }

  /// The same with the whole answer that `recommendation.json` has of a plan.
  public var jsonReport: String {
    JSONValue.object([
      (
        "plans",
        .array(
          entries.map { entry in
            .object([
              ("plan", .text(entry.name)), ("regret", JSONValue(entry.regret)),
              ("broken_limits", .integer(entry.brokenLimits)), ("recommendation", entry.answer.json),
            ])
          })
      )
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    var lines = (entries.first?.answer.exploratoryLines(style) ?? []) + [style.bold(verdict), ""]
    lines += outcomeTable.lines(style) + [""] + spendTable.lines(style)
    let width = style.width ?? 100
    var warnings: [String] = []
    for warning in entries.flatMap(\.answer.warnings) where !warnings.contains(warning) { warnings.append(warning) }
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    lines += entries.first?.answer.closing(style, filesWritten) ?? []
    return lines.joined(separator: "\n") + "\n"
  }

  private var lossLevels: [Double] { entries.first?.answer.lossLevels ?? [] }

  private var names: [String] { entries.first?.answer.cells.map(\.name) ?? [] }

  private var verdict: String {
    guard let best = entries.max(by: { $0.answer.utility.value < $1.answer.utility.value }) else { return "No plans." }
    return
      "Of \(countText(entries.count, "plan")) \(printable(best.name)) has the highest \(printable(best.answer.utility.description)): \(numberText(best.answer.utility.value, significantDigits: 6))."
  }

  private var outcomeTable: TextColumns {
    let answers = entries.map(\.answer)
    let money = NumberScale(for: answers.map(\.budget.spent), significantDigits: 5)
    let brought = NumberScale(
      for: answers.flatMap { [$0.outcome.mean, $0.outcome.q05, $0.outcome.q95] }, significantDigits: 5)
    let returns = NumberScale(for: answers.compactMap { $0.roi?.mean }, significantDigits: 3)
    let scores = NumberScale(for: answers.map(\.utility.value), significantDigits: 5)
    let regrets = NumberScale(for: entries.compactMap(\.regret), significantDigits: 3)
    let isPoint = answers.first.map { $0.drawCount == 1 } ?? true
    let showsUtility = answers.contains { $0.utility.name != "mean" }
    let showsBetter = !isPoint && answers.contains { $0.probabilityBetter != nil }
    let showsRegret = entries.contains { $0.regret != nil }
    let showsBroken = entries.contains { $0.brokenLimits > 0 }
    func heading(_ name: String, _ scale: NumberScale) -> String {
      scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
    }
    let measure = (answers.first?.measureName ?? "outcome").capitalizedFirst
    var columns: [(heading: String, alignment: TextColumns.Alignment)] = [
      ("Plan", .left), (heading("Spend", money), .right), (heading(measure, brought), .right),
    ]
    if !isPoint {
      columns += [("90 % interval", .right), (heading("Worst\n5 %", brought), .right)]
    }
    if showsUtility { columns.append((heading("Utility", scores), .right)) }
    columns.append((heading("ROI", returns), .right))
    if showsBetter { columns.append(("Beats\ncurrent", .right)) }
    let falls = showsBetter ? lossLevels.filter { $0 > 0 } : []
    columns += falls.map { ("Worse by\n\(shortAmount($0))", .right) }
    if showsRegret { columns.append((heading("Regret,\nat most", regrets), .right)) }
    if showsBroken { columns.append(("Broken\nlimits", .right)) }
    return TextColumns(
      columns: columns,
      rows: entries.map { entry in
        let answer = entry.answer
        let outcome = answer.outcome
        let spread = [
          "\(brought.digits(outcome.q05)) to \(brought.digits(outcome.q95))",
          brought.digits(outcome.expectedShortfall05),
        ]
        return [printable(entry.name), money.digits(answer.budget.spent), brought.digits(outcome.mean)]
          + (isPoint ? [] : spread) + (showsUtility ? [scores.digits(answer.utility.value)] : [])
          + [answer.roi.map { returns.digits($0.mean) } ?? "-"]
          + (showsBetter ? [answer.probabilityBetter.map { percentText($0) } ?? ""] : [])
          + falls.map { answer.probabilityOfLoss(beyond: $0).map { percentText($0) } ?? "" }
          + (showsRegret ? [entry.regret.map { regrets.digits($0) } ?? "-"] : [])
          + (showsBroken ? [entry.brokenLimits == 0 ? "" : String(entry.brokenLimits)] : [])
      })
  }

  private var spendTable: TextColumns {
    let money = NumberScale(for: entries.flatMap { $0.answer.cells.map(\.total) }, significantDigits: 5)
    return TextColumns(
      columns: [("Spend" + (money.unit.isEmpty ? "" : " (\(money.unit))"), .left)]
        + entries.map { (printable($0.name), .right) },
      rows: names.indices.map { index in
        [printable(names[index])] + entries.map { money.digits($0.answer.cells[index].total) }
      })
  }
}

extension PlanComparison.Entry {
  fileprivate var brokenLimits: Int { answer.limits.count { $0.slack < 0 } }
}
