public import Planning
public import Tables

// Each utility's plan scored by all: tables for machines, one for people, and everything.

extension UtilityMatrix {
  /// `utilities.csv`: one row for each pair of a plan and a utility. `plan` is the utility that the plan is best by, or `current`; `score` what
  /// `scored_by` makes of it, in that utility's own unit, `best` the highest of all plans, `regret` how far the score is below that, and as a
  /// share of its size (`regret_share`, empty where that is nothing).
  public var table: TextTable {
    let plans = entries.map { ($0.name, $0.scores) } + (currentScores.map { [("current", $0)] } ?? [])
    return marked(
      TextTable(
        header: ["plan", "scored_by", "score", "best", "regret", "regret_share"],
        records: plans.flatMap { name, scores in
          entries.indices.map { column in
            let best = best(by: column)
            let regret = best - scores[column]
            return [
              name, entries[column].name, field(scores[column]), field(best), field(regret),
              field(best == 0 ? nil : regret / abs(best)),
            ]
          }
        }))
  }

  private func marked(_ table: TextTable) -> TextTable { entries.first?.answer.marked(table) ?? table }

  /// `utility_plans.csv`: one row for each utility's own plan: its value, what is proved of it, its outcome, how sure it is to beat the current
  /// plan, and each cell's money.
  public var planTable: TextTable {
    marked(
      TextTable(
        header: [
          "plan", "value", "bound", "upper_bound", "gap", "mean", "sd", "q05", "q50", "q95", "expected_shortfall_05",
          "lift",
          "probability_better",
        ] + (entries.first?.answer.cells.map(\.name) ?? []),
        records: entries.map { entry in
          let answer = entry.answer
          let outcome = answer.outcome
          let numbers: [Double?] = [
            answer.utility.upperBound, answer.utility.gap, outcome.mean, outcome.sd, outcome.q05, outcome.q50,
            outcome.q95,
            outcome.expectedShortfall05, answer.lift?.mean, answer.probabilityBetter,
          ]
          return [entry.name, field(answer.utility.value), answer.utility.bound.rawValue] + numbers.map { field($0) }
            + answer.cells.map { field($0.total) }
        }))
  }

  /// `utilities.json`: scores by plan and utility, and of each plan the whole answer that `recommendation.json` has.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(isInterrupted)),
      ("utilities", JSONValue(entries.map(\.name))),
      ("scores", .array(entries.map { JSONValue($0.scores) })),
      ("current_scores", currentScores.map { JSONValue($0) } ?? .null),
      ("best", JSONValue(entries.indices.map { best(by: $0) })),
      ("in_outcome", .array(entries.map { .bool($0.isInOutcome) })),
      (
        "safest",
        safest.map { safest in
          .object([
            ("plan", .text(entries[safest.plan].name)), ("regret", .number(safest.regret)),
            ("by", .text(entries[safest.utility].name)), ("equals", JSONValue(safest.equals.map { entries[$0].name })),
          ])
        } ?? .null
      ),
      ("plans", .array(entries.map(\.answer.json))),
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    var lines = entries.first?.answer.exploratoryLines(style) ?? []
    let width = style.width ?? 100
    lines += wrapped(verdict, to: width, indent: "").map(style.bold) + [""]
    lines += wrapped(
      "Each row is the plan that is best by one utility; a column says how far it scores below that utility's own best, as a share of it.",
      to: width, indent: "")
    lines += [""] + regrets.lines(style) + [""] + plans.lines(style) + [""] + spends.lines(style)
    let warnings = Reporting.warnings(of: entries.enumerated().map { ("[\($0 + 1)]", $1.answer) })
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    let wide = entries.indices.filter {
      entries[$0].answer.utility.bound == .certified && !entries[$0].answer.reachesGap
    }
    if !wide.isEmpty {
      let names = wide.map { "[\($0 + 1)]" }.joined(separator: ", ")
      lines +=
        [""] + wrapped("The gap of \(names) is wider than the plan asks for: exit status 2.", to: width, indent: "")
    }
    lines += [""] + wrapped(Recommendation.caveat, to: width, indent: "").map(style.dim)
    if !filesWritten.isEmpty { lines += ["", style.dim("Written: " + filesWritten.joined(separator: ", "))] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The plan that misses least by the utility that it serves worst.
  private var verdict: String {
    if isInterrupted { return "Interrupted: \(counted(entries.count, "utility", plural: "utilities")) had a search." }
    let inUnit = entries.indices.filter { entries[$0].isInOutcome }.map { numbers[$0] }
    guard let safest else {
      return "\(countText(entries.count, "plan")) scored by \(countText(entries.count)) utilities."
    }
    let mean = entries[safest.plan].answer.outcome.mean
    let share = mean == 0 ? "" : " (\(percentText(safest.regret / abs(mean))) of the mean that it brings)"
    let equals = safest.equals.map { numbers[$0] }
    let others =
      equals.isEmpty
      ? "each of the others gives up more by one of them"
      : "\(equals.joined(separator: ", ")) \(equals.count == 1 ? "gives" : "give") up hardly more"
    let isProved = entries[safest.utility].answer.utility.bound == .certified
    return
      "Whichever counts of \(inUnit.joined(separator: ", ")), the utilities in the unit of the outcome, the plan for \(printable(entries[safest.plan].name)) gives up at most \(numberText(safest.regret, significantDigits: 3))\(share), by \(printable(entries[safest.utility].name))\(isProved ? "" : ", of whose best plan there is no proof"); \(others)."
  }

  private var numbers: [String] { entries.indices.map { "[\($0 + 1)]" } }

  private var regrets: TextColumns {
    TextColumns(
      columns: [("Best by", .left)] + numbers.map { ($0, .right) },
      rows: entries.indices.map { row in
        ["\(numbers[row]) \(printable(entries[row].name))"]
          + entries.indices.map { column in
            regretShare(of: row, by: column).map { $0 < 5e-5 ? "0" : percentText($0) } ?? ""
          }
      }
        + (currentScores.map { scores in
          [
            ["current plan"]
              + entries.indices.map { column in
                let best = best(by: column)
                return best == 0 ? "" : percentText((best - scores[column]) / abs(best))
              }
          ]
        } ?? []))
  }

  private var plans: TextColumns {
    let answers = entries.map(\.answer)
    let brought = NumberScale(
      for: answers.flatMap { [$0.outcome.mean, $0.outcome.q05, $0.outcome.q95] }, significantDigits: 5)
    let showsBetter = answers.contains { $0.probabilityBetter != nil }
    return TextColumns(
      columns: [("Plan", .left), ("Mean\(brought.unit.isEmpty ? "" : " (\(brought.unit))")", .right)]
        + [("90 % interval", .right), ("Worst\n5 %", .right)] + (showsBetter ? [("Beats\ncurrent", .right)] : [])
        + [("Gap", .right)],
      rows: zip(numbers, answers).map { number, answer in
        let outcome = answer.outcome
        let gap = answer.utility.gap.map {
          answer.utility.bound == .box
            ? "box bound" : ($0 < 1e-5 ? "<0.001 %" : "\(boundText($0 * 100, significantDigits: 2)) %")
        }
        return [
          number, brought.digits(outcome.mean), "\(brought.digits(outcome.q05)) to \(brought.digits(outcome.q95))",
          brought.digits(outcome.expectedShortfall05),
        ] + (showsBetter ? [answer.probabilityBetter.map { percentText($0) } ?? ""] : []) + [gap ?? "no bound"]
      })
  }

  private var spends: TextColumns {
    let names = entries.first?.answer.cells.map(\.name) ?? []
    let money = NumberScale(for: entries.flatMap { $0.answer.cells.map(\.total) }, significantDigits: 4)
    return TextColumns(
      columns: [("Spend" + (money.unit.isEmpty ? "" : " (\(money.unit))"), .left)] + numbers.map { ($0, .right) },
      rows: names.indices.map { cell in
        [printable(names[cell])] + entries.map { money.digits($0.answer.cells[cell].total) }
      })
  }
}
