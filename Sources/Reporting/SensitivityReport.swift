public import Planning
import ResponseModel
public import Tables

// How the recommendation changes where the model is wrong: for machines and for people.

extension SensitivityAnalysis {
  /// `sensitivity.csv`: the present plan, then one row a case, what changes most first. `moved_share` is the share of money that stands elsewhere than
  /// under the present plan; `value` the utility of the case's own best plan, `kept_value` that of the present plan under the case, `regret` what
  /// keeping it costs; `outcome_change` how far the mean outcome of the case's plan is from that of the present plan as the model has it;
  /// `effective_draws` what evidence leaves. Then each cell's money. Empty where there is nothing to say.
  public var table: TextTable {
    let head = [
      "case", "moved_share", "value", "bound", "gap", "kept_value", "regret", "regret_share", "outcome_mean",
      "outcome_change", "effective_draws",
    ]
    func row(_ name: String, _ answer: Recommendation, _ own: Case?) -> [String] {
      [
        name, field(own?.movedShare), field(answer.utility.value), answer.utility.bound.rawValue,
        field(answer.utility.gap), field(own?.keptValue), field(own?.regret), field(own?.regretShare),
        field(answer.outcome.mean), field(own.map { $0.answer.outcome.mean - present.outcome.mean }),
        field(answer.reweighting?.effectiveDraws),
      ] + answer.cells.map { field($0.total) }
    }
    let table = TextTable(
      header: head + present.cells.map(\.name),
      records: [row("present", present, nil)] + cases.map { row($0.supposition.name, $0.answer, $0) })
    return present.marked(table)
  }

  /// `sensitivity.json`: the present plan and each case with the whole answer that `recommendation.json` has of a plan.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(isInterrupted)),
      ("present", present.json),
      (
        "cases",
        .array(
          cases.map { own in
            .object([
              ("case", .text(own.supposition.name)), ("supposed", own.supposition.json),
              ("moved_share", .number(own.movedShare)), ("kept_value", .number(own.keptValue)),
              ("regret", .number(own.regret)), ("regret_share", JSONValue(own.regretShare)),
              ("outcome_change", .number(own.answer.outcome.mean - present.outcome.mean)),
              ("changes", JSONValue(own.changes)), ("recommendation", own.answer.json),
            ])
          })
      ),
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    let width = style.width ?? 100
    var lines = present.exploratoryLines(style)
    lines += wrapped(verdict, to: width, indent: "").map(style.bold) + [""]
    lines += caseTable.lines(style) + [""]
    lines += wrapped(
      "Moved is the share of all money that stands elsewhere; keeping costs the present plan so much of the utility of the case's own best plan. Outcome is the mean that this plan brings, against the present one as the model has it.",
      to: width, indent: "")
    var warnings: [String] = []
    // Of cases what evidence does to the draws; the rest is said of the present plan.
    let evidence = cases.map(\.answer.warnings).flatMap { $0.filter { $0.hasPrefix(Reweighting.noteStart) } }
    for warning in present.warnings + evidence where !warnings.contains(warning) {
      warnings.append(warning)
    }
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    lines += present.closing(style, filesWritten)
    return lines.joined(separator: "\n") + "\n"
  }

  private var verdict: String {
    if isInterrupted { return "Interrupted: \(counted(cases.count, "case")) had a search." }
    guard let first = cases.first else { return "No case was asked for." }
    guard first.movedShare > 1e-6 else {
      return "The plan stays as it is in \(cases.count == 1 ? "the case" : "all \(countText(cases.count)) cases")."
    }
    let costliest = cases.max { $0.regret < $1.regret } ?? first
    let cost = costliest.regretShare.map { " (\(percentText(max(0, $0))))" } ?? ""
    return
      "The plan changes most with \(printable(first.supposition.name)): \(percentText(first.movedShare)) of the money moves. Keeping the present plan costs \(numberText(max(0, costliest.regret), significantDigits: 3))\(cost) of utility at most, with \(printable(costliest.supposition.name))."
  }

  private var caseTable: TextColumns {
    let brought = NumberScale(for: cases.map(\.answer.outcome.mean), significantDigits: 5)
    func heading(_ name: String, _ scale: NumberScale) -> String {
      scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
    }
    return TextColumns(
      columns: [
        ("Case", .left), ("Moved", .right), ("Where to", .left), (heading("Outcome", brought), .right), ("", .right),
        ("Keeping\ncosts", .right), ("", .right),
      ],
      rows: cases.map { own in
        let mean = own.answer.outcome.mean
        let change = present.outcome.mean == 0 ? nil : mean / present.outcome.mean - 1
        return [
          printable(own.supposition.name), own.movedShare <= 1e-6 ? "0" : percentText(own.movedShare), moves(own),
          brought.digits(mean), change.map { percentText($0, signed: true) } ?? "",
          own.regret <= 1e-9 * abs(own.answer.utility.value) ? "0" : shortSize(own.regret),
          own.regretShare.map { $0 <= 1e-9 ? "" : percentText($0) } ?? "",
        ]
      })
  }

  /// The three cells that change most.
  private func moves(_ own: Case) -> String {
    let spent = max(own.answer.budget.spent, present.budget.spent)
    let moving = own.changes.indices.filter { abs(own.changes[$0]) > 1e-6 * spent }
      .sorted { abs(own.changes[$0]) > abs(own.changes[$1]) }
    let words = moving.prefix(3).map { cell in
      let change = own.changes[cell]
      return
        "\(cutInTheMiddle(printable(present.cells[cell].name), to: 16)) \(change > 0 ? "+" : "-")\(shortAmount(abs(change)))"
    }
    return words.isEmpty ? "stays" : words.joined(separator: ", ") + (moving.count > 3 ? ", …" : "")
  }
}

extension SensitivityAnalysis.Supposition {
  /// `tv 10 % worse`, `evidence on tv, 1.8 ± 0.3`
  public var name: String {
    switch self {
    case .worse(let channel, let share): return "\(channel) \(inDigits(100 * share)) % worse"
    case .evidence(let evidence):
      return "evidence on "
        + evidence.map { "\($0.channel), \(inDigits($0.mean)) \u{b1} \(inDigits($0.sd))" }.joined(separator: "; ")
    }
  }

  /// In as few digits as say it.
  private func inDigits(_ number: Double) -> String {
    // To ten digits, which is less than rounding has left.
    let text = "\((number * 1e9).rounded() / 1e9)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  fileprivate var json: JSONValue {
    switch self {
    case .worse(let channel, let share): .object([("channel", .text(channel)), ("worse_by", .number(share))])
    case .evidence(let evidence):
      .array(
        evidence.map {
          .object([("channel", .text($0.channel)), ("roi_mean", .number($0.mean)), ("roi_sd", .number($0.sd))])
        })
    }
  }
}
