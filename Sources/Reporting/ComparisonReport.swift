public import Planning
public import Tables

// Plans side by side: a table for machines, one for people, and everything.

extension PlanComparison {
  /// `compare.csv`: one row a plan. `total_spend` is money over the horizon; `mean` to `expected_shortfall_05` are of the outcome under the plan's measure,
  /// `expected_shortfall_05` the mean of its worst 5 %; `roi` is the mean return on all money; `utility` the plan file's own; `lift` and its quantiles are
  /// against the current plan, draw by draw; `probability_better` is the share of draws in which it is above that, `probability_worse` that in which it is
  /// below, `probability_worse_than_X` by more than X, and `lift_expected_shortfall_05` its mean lift in the worst 5 %; `regret_at_most` what it is below
  /// each draw's own best plan on average, at most; `broken_limits` how many limits it breaks. Then the score by each further utility that was asked
  /// for, and the money of each cell. Empty where there is nothing to say.
  public var table: TextTable {
    let table = TextTable(
      header: [
        "plan", "total_spend", "mean", "sd", "q05", "q25", "q50", "q75", "q95", "expected_shortfall_05", "roi",
        "roi_q05", "roi_q95", "utility", "lift", "lift_q05", "lift_q95", "probability_better", "regret_at_most",
        "broken_limits", "lift_expected_shortfall_05",
      ] + lossLevels.map(Recommendation.lossColumn) + utilities.dropFirst().map { "score: \($0)" } + names,
      records: entries.map { entry in
        let answer = entry.answer
        let outcome = answer.outcome
        let numbers: [Double?] = [
          answer.budget.spent, outcome.mean, outcome.sd, outcome.q05, outcome.q25, outcome.q50, outcome.q75,
          outcome.q95, outcome.expectedShortfall05, answer.roi?.mean, answer.roi?.q05, answer.roi?.q95,
          entry.scores[0], answer.lift?.mean, answer.lift?.q05, answer.lift?.q95, answer.probabilityBetter,
          entry.regret,
        ]
        return [entry.name] + numbers.map { field($0) } + [String(entry.brokenLimitCount)]
          + [field(answer.drawCount > 1 ? answer.lift?.expectedShortfall05 : nil)]
          + lossLevels.map { field(answer.probabilityOfLoss(beyond: $0)) }
          + entry.scores.dropFirst().map { field($0) } + answer.cells.map { field($0.total) }
      })
    return entries.first?.answer.marked(table) ?? table
  }

  /// `compare.json`: the same with the whole answer that `recommendation.json` has of a plan. `scores` are by `utilities`, `best` is the plan with the
  /// highest first one among those within all limits.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(isInterrupted)), ("unfinished", JSONValue(unfinished)), ("utilities", JSONValue(utilities)),
      ("best", JSONValue(unfinished.isEmpty ? best?.name : nil)),
      (
        "plans",
        .array(
          entries.map { entry in
            .object([
              ("plan", .text(entry.name)), ("scores", JSONValue(entry.scores)),
              ("regret_at_most", JSONValue(entry.regret)), ("broken_limits", .integer(entry.brokenLimitCount)),
              (
                "probability_worse",
                .array(
                  lossLevels.map { fall in
                    .object([
                      ("by_more_than", .number(fall)),
                      ("probability", JSONValue(entry.answer.probabilityOfLoss(beyond: fall))),
                    ])
                  })
              ), ("recommendation", entry.answer.json),
            ])
          })
      ),
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    let width = style.width ?? 100
    var lines = entries.first?.answer.exploratoryLines(style) ?? []
    lines += wrapped(verdict, to: width, indent: "").map(style.bold)
    let tables = [outcomeTable, returnTable] + [liftTable, scoreTable, spendTable].compactMap(\.self)
    for table in tables.flatMap({ $0.split(to: width) }) { lines += [""] + table.lines(style) }
    let warnings = Reporting.warnings(of: entries.enumerated().map { ("[\($0 + 1)]", $1.answer) })
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    lines += entries.first?.answer.closing(style, filesWritten) ?? []
    return lines.joined(separator: "\n") + "\n"
  }

  private var lossLevels: [Double] { entries.first?.answer.lossLevels ?? [] }

  private var names: [String] { entries.first?.answer.cells.map(\.name) ?? [] }

  /// What is crowned keeps within the limits; what would be above it is named.
  private var verdict: String {
    guard let highest = bestOfAll else { return "No plans." }
    if !unfinished.isEmpty {
      return "Interrupted: no best plan was found for \(unfinished.map(printable).joined(separator: ", "))."
    }
    let utility = printable(utilities[0])
    func words(_ entry: Entry) -> String { numberText(entry.scores[0], significantDigits: 6) }
    guard let best else {
      return
        "None of \(countText(entries.count, "plan")) keeps within the limits; \(printable(highest.name)) has the highest \(utility): \(words(highest))."
    }
    let among = "Of \(countText(entries.count, "plan")) \(printable(best.name)) has the highest \(utility)"
    guard highest.scores[0] > best.scores[0] else { return "\(among): \(words(best))." }
    return
      "\(among) within the limits: \(words(best)). \(printable(highest.name)) has \(words(highest)), outside of \(countText(highest.brokenLimitCount, "limit"))."
  }

  private var isPoint: Bool { entries.first.map { $0.answer.drawCount == 1 } ?? true }

  private func heading(_ name: String, _ scale: NumberScale) -> String {
    scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
  }

  private func interval(_ summary: Recommendation.Summary?, _ scale: NumberScale) -> String {
    summary.map { "\(scale.digits($0.q05)) to \(scale.digits($0.q95))" } ?? "-"
  }

  private var outcomeTable: TextColumns {
    let answers = entries.map(\.answer)
    let money = NumberScale(for: answers.map(\.budget.spent), significantDigits: 5)
    let brought = NumberScale(
      for: answers.flatMap { [$0.outcome.mean, $0.outcome.q05, $0.outcome.q95] }, significantDigits: 5)
    let scores = NumberScale(for: entries.map { $0.scores[0] }, significantDigits: 5)
    let showsUtility = utilities.count == 1 && utilities[0] != "mean"
    let measure = (answers.first?.measureName ?? "outcome").capitalizedFirst.replacing(" ", with: "\n")
    let columns: [(heading: String, alignment: TextColumns.Alignment)] =
      [("Plan", .left), (heading("Spend", money), .right), (heading(measure, brought), .right)]
      + (isPoint
        ? []
        : [
          ("90 % interval", .right), (heading("Standard\ndeviation", brought), .right),
          (heading("Worst\n5 %", brought), .right),
        ]) + (showsUtility ? [(heading("Utility", scores), .right)] : [])
    return TextColumns(
      columns: columns,
      rows: entries.map { entry in
        let outcome = entry.answer.outcome
        let spread = [
          interval(outcome, brought), brought.digits(outcome.sd), brought.digits(outcome.expectedShortfall05),
        ]
        return [printable(entry.name), money.digits(entry.answer.budget.spent), brought.digits(outcome.mean)]
          + (isPoint ? [] : spread) + (showsUtility ? [scores.digits(entry.scores[0])] : [])
      })
  }

  private var returnTable: TextColumns {
    let returns = NumberScale(for: entries.compactMap { $0.answer.roi?.mean }, significantDigits: 3)
    let regrets = NumberScale(for: entries.compactMap(\.regret), significantDigits: 3)
    let showsRegret = entries.contains { $0.regret != nil }
    let showsBroken = entries.contains { $0.brokenLimitCount > 0 }
    return TextColumns(
      columns: [("Plan", .left), (heading("ROI", returns), .right)] + (isPoint ? [] : [("90 % interval", .right)])
        + (showsRegret ? [(heading("Regret,\nat most", regrets), .right)] : [])
        + (showsBroken ? [("Broken\nlimits", .right)] : []),
      rows: entries.map { entry in
        [printable(entry.name), entry.answer.roi.map { returns.digits($0.mean) } ?? "-"]
          + (isPoint ? [] : [interval(entry.answer.roi, returns)])
          + (showsRegret ? [entry.regret.map { regrets.digits($0) } ?? "-"] : [])
          + (showsBroken ? [entry.brokenLimitCount == 0 ? "" : String(entry.brokenLimitCount)] : [])
      })
  }

  /// Against the current plan; nil without one.
  private var liftTable: TextColumns? {
    let lifts = entries.compactMap(\.answer.lift)
    guard !lifts.isEmpty, lifts.contains(where: { $0.mean != 0 || $0.sd > 0 }) else { return nil }
    let scale = NumberScale(for: lifts.flatMap { [$0.mean, $0.q05, $0.q95] }, significantDigits: 4)
    let falls = isPoint ? [] : lossLevels
    return TextColumns(
      columns: [("Plan", .left), (heading("Lift", scale), .right)]
        + (isPoint
          ? [] : [("90 % interval", .right), (heading("Worst\n5 %", scale), .right), ("Beats\ncurrent", .right)])
        + falls.map { ($0 == 0 ? "Worse" : "Worse by\n\(shortAmount($0))", .right) },
      rows: entries.map { entry in
        let lift = entry.answer.lift
        let spread = [
          interval(lift, scale), lift.map { scale.digits($0.expectedShortfall05, signed: true) } ?? "-",
          entry.answer.probabilityBetter.map { percentText($0) } ?? "-",
        ]
        return [printable(entry.name), lift.map { scale.digits($0.mean, signed: true) } ?? "-"]
          + (isPoint ? [] : spread)
          + falls.map { entry.answer.probabilityOfLoss(beyond: $0).map { percentText($0) } ?? "-" }
      })
  }

  /// By every utility that was asked for; nil of one alone.
  private var scoreTable: TextColumns? {
    guard utilities.count > 1 else { return nil }
    return TextColumns(
      columns: [("Scored by", .left)] + entries.map { (printable($0.name), .right) },
      rows: utilities.indices.map { index in
        let scale = NumberScale(for: entries.map { $0.scores[index] }, significantDigits: 5)
        return [printable(utilities[index])] + entries.map { scale.text($0.scores[index]) }
      })
  }

  private var spendTable: TextColumns? {
    let money = NumberScale(for: entries.flatMap { $0.answer.cells.map(\.total) }, significantDigits: 5)
    return TextColumns(
      columns: [("Spend" + (money.unit.isEmpty ? "" : " (\(money.unit))"), .left)]
        + entries.map { (printable($0.name), .right) },
      rows: names.indices.map { index in
        [printable(names[index])] + entries.map { money.digits($0.answer.cells[index].total) }
      })
  }
}

extension TextColumns {
  /// Below each other, as many columns at a time as so wide a page has room for beside the first, which is at most 40 wide then.
  fileprivate func split(to width: Int) -> [TextColumns] {
    func size(_ column: Int) -> Int {
      let heading = columns[column].heading.split(separator: "\n").map { displayWidth(String($0)) }.max() ?? 0
      return max(heading, rows.map { displayWidth($0[column]) }.max() ?? 0)
    }
    let first = indent.count + min(size(0), 40)
    var parts: [[Int]] = [[]]
    var used = first
    for column in columns.indices.dropFirst() {
      let own = size(column) + 2
      if used + own > width, !parts[parts.count - 1].isEmpty {
        parts.append([])
        used = first
      }
      parts[parts.count - 1].append(column)
      used += own
    }
    return parts.map { part in
      TextColumns(
        columns: ([0] + part).map { columns[$0] }, rows: rows.map { row in ([0] + part).map { row[$0] } })
    }
  }
}
