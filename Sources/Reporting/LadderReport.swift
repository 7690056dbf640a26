public import Planning
public import Tables

// A ladder of budgets: for machines, for people, and as a picture.

extension BudgetLadder {
  /// `ladder.csv`: one row a rung, with the columns of `budget_scenario_results.csv`.
  public var table: TextTable { sweep.table }

  /// `ladder.json`: what the next unit of money is to bring, the plan at the budget where it does, and every rung with the whole answer that
  /// `recommendation.json` has of a plan.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(sweep.isInterrupted)),
      ("level", .number(level)),
      ("crossing", crossing?.json ?? .null),
      ("dips", JSONValue(dips.map(\.budget))),
      ("best_rung", JSONValue(best?.budget)),
      (
        "rungs",
        .array(
          sweep.scenarios.map { rung in
            .object([
              ("budget", .number(rung.budget)), ("message", JSONValue(rung.conflict?.message)),
              ("recommendation", rung.answer?.json ?? .null),
            ])
          })
      ),
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    let first =
      sweep.isInterrupted ? [] : wrapped(crossingSentence, to: style.width ?? 100, indent: "").map(style.bold) + [""]
    return sweep.textReport(style: style, filesWritten: filesWritten, beginning: first, level: level)
  }

  private var crossingSentence: String {
    let asked = numberText(level, significantDigits: 3)
    let answers = sweep.scenarios.sorted { $0.budget < $1.budget }.compactMap(\.answer)
    guard let last = answers.compactMap(\.nextReturn).last else {
      return "What the next unit of money would bring is not known of these plans."
    }
    let currency = answers[0].labels.currency.map { " " + printable($0) } ?? ""
    let places = dips.prefix(4).map { amountText($0.budget) }.joined(separator: ", ")
    let more = dips.count > 4 ? " and \(countText(dips.count - 4, "other"))" : ""
    let most = dips.isEmpty ? "" : best.map { " " + bestSentence($0, asked) } ?? ""
    let margins = answers.compactMap(\.nextReturn)
    let course =
      zip(margins, margins.dropFirst()).allSatisfy { $0 <= $1 } ? "rises with the budget" : "falls and rises again"
    let falls = "What the next unit of money brings \(course): less than \(asked) at \(places)\(more),"
    if let crossing {
      let end = amountText(crossing.budget.spent) + currency
      return dips.isEmpty
        ? "The next unit of money brings \(asked) or more up to a budget of \(end), and less beyond."
        : "\(falls) and on every rung beyond \(end).\(most)"
    }
    guard last >= level else {
      // Where the search for that budget was interrupted, or failed, some rungs pay.
      return answers.contains { ($0.nextReturn ?? -.infinity) >= level }
        ? "From some rung on the next unit of money brings less than \(asked): from which budget on is not known."
        : "The next unit of money brings less than \(asked) on every rung: it may pay to spend less than the first one."
    }
    let onwards = "it may pay to spend more than the last one, where limits allow it."
    return dips.isEmpty
      ? "The next unit of money brings \(asked) or more on every rung: \(onwards)"
      : "\(falls) and \(asked) or more on the last rung: \(onwards)\(most)"
  }

  /// Which of the budgets leaves most, where that is not the largest of those that pay.
  private func bestSentence(_ best: ScenarioSweep.Scenario, _ asked: String) -> String {
    let left = best.answer.map { $0.utility.value * ($0.outcomeValue ?? 1) - level * $0.budget.spent } ?? 0
    return left < 0
      ? "None of these budgets brings \(asked) for each unit of its money; \(amountText(best.budget)) falls least short of that."
      : "Of these budgets \(amountText(best.budget)) leaves most above \(asked) for each unit of money."
  }

  /// `ladder`: what each budget brings, and what the next unit of money does; none where fewer than two budgets have a plan.
  public var figures: [Figure] {
    let answers = sweep.scenarios.compactMap(\.answer).sorted { $0.budget.spent < $1.budget.spent }
    guard answers.count > 1, let first = answers.first else { return [] }
    let budgets = answers.map(\.budget.spent)
    let isPoint = first.drawCount == 1
    let room = 0.04 * ((budgets.last ?? 1) - budgets[0])
    let x = Figure.Axis.spanning(
      first.moneyLabel("Budget"), budgets[0] - room...(budgets.last ?? 1) + room, ticks: 5)
    let means = answers.map(\.outcome.mean)
    let ends = isPoint ? [] : answers.flatMap { [$0.outcome.q05, $0.outcome.q95] }
    let margins = answers.map { $0.nextReturn ?? .nan }
    let known = margins.filter(\.isFinite)
    let rules =
      (sweep.ownBudget.map { [(x: $0, ink: Figure.Ink.limit)] } ?? [])
      + (crossing.map { [(x: $0.budget.spent, ink: Figure.Ink.current)] } ?? [])
    let brings = Figure.Panel(
      title: first.measureAxisLabel, x: x, y: .amounts("", (means + ends).map { $0 * 1.04 }, ticks: 4, isTight: true),
      columns: [
        ("budget", budgets), ("mean", means), ("q05", answers.map(\.outcome.q05)), ("q95", answers.map(\.outcome.q95)),
      ],
      layers: (isPoint ? [] : [Figure.Layer(.band(x: "budget", low: "q05", high: "q95"), .recommended, opacity: 0.2)])
        + [
          Figure.Layer(.line(x: "budget", y: "mean"), .recommended),
          Figure.Layer(.dots(x: "budget", y: "mean"), .recommended),
        ], rules: rules)
    let dipping = Set(dips.compactMap(\.answer?.budget.spent))
    let next = Figure.Panel(
      title: "What the next unit of money brings", x: x,
      y: .amounts("", (known + [level, 0]).map { $0 * 1.04 }, ticks: 4, isTight: true),
      columns: [
        ("budget", budgets), ("next", margins), ("level", budgets.map { _ in level }),
        ("dip", zip(budgets, margins).map { dipping.contains($0) ? $1 : .nan }),
      ],
      layers: [
        Figure.Layer(.line(x: "budget", y: "level"), .current, width: 1.5),
        Figure.Layer(.line(x: "budget", y: "next"), .carried),
        Figure.Layer(.dots(x: "budget", y: "next"), .carried),
      ] + (dipping.isEmpty ? [] : [Figure.Layer(.dots(x: "budget", y: "dip"), .current)]), rules: rules)
    let asked = numberText(level, significantDigits: 3)
    let paying =
      crossing.map {
        "Orange: where the next unit brings \(asked), \(shortAmount($0.budget.spent))"
          + (dipping.isEmpty ? "" : ", and smaller budgets at which it brings less")
      } ?? "Orange: a next unit that brings \(asked)" + (dipping.isEmpty ? "" : ", and budgets at which it brings less")
    return [
      Figure(
        name: "ladder", title: "What more money brings, and what the next unit does",
        notes: [
          "The best plan at each budget" + (isPoint ? "" : ": mean, and 90 % of draws")
            + (sweep.ownBudget == nil ? "" : "; grey: the plan's own budget")
        ] + (known.isEmpty ? [] : [paying]), panels: known.isEmpty ? [brings] : [brings, next],
        columnWidths: known.isEmpty ? [1] : [1, 1])
    ].map(first.marked) + [sweep.allocationFigure(named: "ladder_allocation")].compactMap(\.self)
  }

  /// Of the pictures that a ladder may have.
  public static let figureNames = ["ladder", "ladder_allocation"]
}
