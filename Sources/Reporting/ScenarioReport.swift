public import Planning
public import Tables

// Budgets side by side: a table for machines, one for people, and everything.

extension ScenarioSweep {
  /// `budget_scenario_results.csv`: one row a budget, in the order asked for.
  ///
  /// `budget_change_pct` is per cent of the plan's own budget, `status` `solved` or `infeasible`, and then `message` why; money is over the horizon.
  /// `total_contribution` is the mean of the measure with its 90 % interval, `roi` the mean return on all money, `marginal_roi` what the next unit of
  /// budget adds to the utility; `lift` is over the current plan, `upper_bound` and `gap` are what is proved, `beyond_observed` the cells whose money leaves what was observed in one period. Then, for each cell,
  /// `optimal_budget[tv]` and `estimated_contribution[tv]`, its mean incremental response. Empty where there is nothing to say.
  public var table: TextTable {
    let names = answers.first?.cells.map(\.name) ?? []
    let table = TextTable(
      header: [
        "budget_change_pct", "budget", "status", "spent", "total_contribution", "contribution_q05", "contribution_q95",
        "roi",
        "roi_q05", "roi_q95", "marginal_roi", "lift", "lift_q05", "lift_q95", "probability_better", "utility",
        "upper_bound", "gap", "message", "beyond_observed",
      ] + names.map { "optimal_budget[\($0)]" } + names.map { "estimated_contribution[\($0)]" },
      records: scenarios.map { scenario in
        let answer = scenario.answer
        let measured: [Double?] = [
          answer?.budget.spent, answer?.outcome.mean, answer?.outcome.q05, answer?.outcome.q95, answer?.roi?.mean,
          answer?.roi?.q05, answer?.roi?.q95, answer?.budget.shadowPrice, answer?.lift?.mean, answer?.lift?.q05,
          answer?.lift?.q95, answer?.probabilityBetter, answer?.utility.value, answer?.utility.upperBound,
          answer?.utility.gap,
        ]
        let cells = names.indices.map { answer?.cells[$0] }
        return [field(change(scenario).map { 100 * $0 }), field(scenario.budget), status(scenario)]
          + measured.map { field($0) } + [
            scenario.conflict?.message ?? "", answer?.cells.inWords.joined(separator: "; ") ?? "",
          ]
          + cells.map { field($0?.total) }
          + cells.map { field($0?.response.mean) }
      })
    return answers.first?.marked(table) ?? table
  }

  /// `scenarios.json`: the same, each budget with the whole answer that `recommendation.json` has of a plan.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(isInterrupted)),
      ("budget", JSONValue(ownBudget)),
      (
        "scenarios",
        .array(
          scenarios.map { scenario in
            .object([
              ("budget_change_pct", JSONValue(change(scenario).map { 100 * $0 })),
              ("budget", .number(scenario.budget)),
              ("status", .text(status(scenario))),
              ("message", JSONValue(scenario.conflict?.message)),
              ("recommendation", scenario.answer?.json ?? .null),
            ])
          })
      ),
    ]).document
  }

  /// For a person at a terminal: what each budget brings, how it is split, and what is to be known of it. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    textReport(style: style, filesWritten: filesWritten, beginning: [])
  }

  /// The same with lines before all but what speaks against the model.
  ///
  /// - Parameter level: what the next unit of money is to bring: less is never shown as much.
  func textReport(style: TextStyle, filesWritten: [String], beginning: [String], level: Double? = nil) -> String {
    let mark = answers.first?.exploratoryLines(style) ?? []
    var lines =
      mark + beginning + [style.bold(verdict), ""] + outcomeTable(level).lines(style) + [""] + spendTable.lines(style)
    let width = style.width ?? 100
    let conflicts = scenarios.filter { $0.answer == nil }
    if !conflicts.isEmpty { lines.append("") }
    for scenario in conflicts {
      let sentence = "No plan at \(amountText(scenario.budget)): \(printable(scenario.conflict?.message ?? ""))"
      lines += wrapped(sentence, to: width, indent: "  ").map(style.warning)
    }
    let warnings = Reporting.warnings(
      of: scenarios.compactMap { scenario in scenario.answer.map { (amountText(scenario.budget), $0) } })
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    lines += answers.first?.closing(style, filesWritten) ?? []
    return lines.joined(separator: "\n") + "\n"
  }

  private var answers: [Recommendation] { scenarios.compactMap(\.answer) }

  private func status(_ scenario: Scenario) -> String { scenario.answer == nil ? "infeasible" : "solved" }

  /// As a share of the plan's own budget; nil without one.
  private func change(_ scenario: Scenario) -> Double? {
    if case .change(let percent) = scenario.step { return percent / 100 }
    return ownBudget.map { scenario.budget / $0 - 1 }
  }

  private var verdict: String {
    if isInterrupted { return "Interrupted: \(counted(scenarios.count, "budget")) had a search." }
    let solved = answers
    let count =
      (solved.count == scenarios.count ? "" : "\(countText(solved.count)) of ") + countText(scenarios.count, "budget")
    guard let least = solved.min(by: { $0.budget.spent < $1.budget.spent }),
      let most = solved.max(by: { $0.budget.spent < $1.budget.spent }), least.budget.spent < most.budget.spent
    else { return "The best plan at \(count)." }
    let brought = most.outcome.mean - least.outcome.mean
    let spent = most.budget.spent - least.budget.spent
    let name = most.measureName
    return
      "The best plan at each of \(count): from \(amountText(least.budget.spent)) to \(amountText(most.budget.spent)), \(amountText(spent)) more money bring \(numberText(brought)) more \(name)."
  }

  /// What each budget brings.
  private func outcomeTable(_ level: Double?) -> TextColumns {
    let money = NumberScale(for: scenarios.map(\.budget), significantDigits: 5)
    let brought = NumberScale(
      for: answers.flatMap { [$0.outcome.mean, $0.outcome.q05, $0.outcome.q95] }, significantDigits: 5)
    let lifts = NumberScale(for: answers.compactMap { $0.lift?.mean }, significantDigits: 4)
    let returns = NumberScale(for: answers.compactMap { $0.roi?.mean }, significantDigits: 3)
    let margins = NumberScale(for: answers.compactMap(\.nextReturn), significantDigits: 3)
    func margin(_ worth: Double) -> String {
      let text = margins.digits(worth)
      return level.map { worth < $0 && text == margins.digits($0) } == true ? "<" + text : text
    }
    let first = answers.first
    let isPoint = first.map { $0.drawCount == 1 } ?? true
    let hasLift = answers.contains { $0.lift != nil }
    let hasGap = answers.contains { $0.utility.gap != nil }
    func heading(_ name: String, _ scale: NumberScale, _ label: String? = nil) -> String {
      let units = [label.map(printable), scale.unit.isEmpty ? nil : scale.unit].compactMap(\.self)
      return units.isEmpty ? name : "\(name) (\(units.joined(separator: ", ")))"
    }
    var columns: [(heading: String, alignment: TextColumns.Alignment)] = [
      (heading("Budget", money, first?.labels.currency), .right), ("Change", .right),
      (heading((first?.measureName ?? "outcome").capitalizedFirst, brought), .right),
    ]
    if !isPoint { columns.append(("90 % interval", .right)) }
    if hasLift { columns += [(heading("Over\ncurrent", lifts), .right)] }
    if hasLift, !isPoint { columns.append(("Better\nin", .right)) }
    columns += [(heading("ROI", returns), .right), (heading("Next\nunit", margins), .right)]
    if hasGap { columns.append(("Gap", .right)) }
    return TextColumns(
      columns: columns,
      rows: scenarios.map { scenario in
        let change = change(scenario).map { percentText($0, signed: true) } ?? ""
        guard let answer = scenario.answer else {
          return [money.digits(scenario.budget), change, "no plan"] + columns.dropFirst(3).map { _ in "" }
        }
        let interval = "\(brought.digits(answer.outcome.q05)) to \(brought.digits(answer.outcome.q95))"
        return [money.digits(scenario.budget), change, brought.digits(answer.outcome.mean)]
          + (isPoint ? [] : [interval])
          + (hasLift ? [answer.lift.map { lifts.digits($0.mean, signed: true) } ?? ""] : [])
          + (hasLift && !isPoint ? [answer.probabilityBetter.map { percentText($0) } ?? ""] : [])
          + [
            answer.roi.map { returns.digits($0.mean) } ?? "-",
            answer.nextReturn.map(margin) ?? "",
          ] + (hasGap ? [answer.utility.gap.map(gapText) ?? ""] : [])
      })
  }

  /// How each budget is split: a column a budget.
  private var spendTable: TextColumns {
    let solved = scenarios.filter { $0.answer != nil }
    let cells = answers.flatMap(\.cells)
    let money = NumberScale(for: cells.map(\.total) + solved.map(\.budget), significantDigits: 5)
    let title = "Spend" + (money.unit.isEmpty ? "" : " (\(money.unit))")
    let names = answers.first?.cells.map(\.name) ?? []
    return TextColumns(
      columns: [(title, .left)] + solved.map { (money.digits($0.budget), .right) },
      rows: names.indices.map { index in
        [printable(names[index])] + answers.map { money.digits($0.cells[index].total) }
      })
  }

  /// In per cent, never rounded down.
  private func gapText(_ gap: Double) -> String {
    gap < 1e-5 ? "<0.001 %" : "\(boundText(gap * 100, significantDigits: 2)) %"
  }
}
