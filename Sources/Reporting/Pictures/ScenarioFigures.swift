public import Planning

// Pictures of budgets side by side, and of one plan in the words of AMMM.

extension ScenarioSweep {
  /// Of the pictures that a sweep may have.
  public static let figureNames = [
    "scenario_budget_allocation", "scenario_total_contribution", "scenario_roi_comparison",
  ]

  /// `scenario_budget_allocation`, `scenario_total_contribution` and `scenario_roi_comparison`: none where fewer than two budgets have a plan.
  public var figures: [Figure] {
    let solved = scenarios.compactMap(\.answer).sorted { $0.budget.spent < $1.budget.spent }
    guard solved.count > 1 else { return [] }
    return [allocationFigure(solved), contributionFigure(solved), returnFigure(solved)].map(solved[0].marked)
  }

  private static let mostTicks = 5

  /// What each cell gets at each budget; nil where fewer than two budgets have a plan.
  func allocationFigure(named name: String) -> Figure? {
    let solved = scenarios.compactMap(\.answer).sorted { $0.budget.spent < $1.budget.spent }
    return solved.count > 1 ? solved[0].marked(allocationFigure(solved, named: name)) : nil
  }

  /// A panel a cell.
  private func allocationFigure(
    _ answers: [Recommendation], named name: String = "scenario_budget_allocation"
  ) -> Figure {
    let cells = answers[0].cells
    let most = cells.indices.map { index in answers.map { $0.cells[index].total }.max() ?? 0 }
    let paid = cells.indices.filter { most[$0] > 0 }
    let shownCells = (paid.isEmpty ? Array(cells.indices) : paid).sorted { most[$0] > most[$1] }.prefix(
      Figure.mostPanels)
    let places = answers.indices.map { Double($0 + 1) }
    let isOwn = answers.map { answer in ownBudget.map { abs(answer.budget.spent - $0) <= 1e-9 * $0 } ?? false }
    // As many as stand side by side without touching, fewer where panels are narrow.
    let mostTicks = max(2, Self.mostTicks + 2 - Figure.grid(of: shownCells.count).count)
    let step = (answers.count + mostTicks - 1) / mostTicks
    let ticks = zip(places, answers).enumerated().filter { $0.offset.isMultiple(of: step) }.map {
      (at: $0.element.0, text: shortAmount($0.element.1.budget.requested ?? $0.element.1.budget.spent))
    }
    let panels = shownCells.map { index -> Figure.Panel in
      let money = answers.map { $0.cells[index].total }
      return Figure.Panel(
        title: cells[index].name, x: Figure.Axis(range: 0.4...Double(answers.count) + 0.6, ticks: ticks),
        y: .amounts("", money.map { $0 * 1.04 }, ticks: 3),
        columns: [
          ("left", places.map { $0 - 0.36 }), ("right", places.map { $0 + 0.36 }),
          ("other", zip(money, isOwn).map { $1 ? .nan : $0 }), ("own", zip(money, isOwn).map { $1 ? $0 : .nan }),
        ],
        layers: [
          Figure.Layer(.boxes(left: "left", right: "right", low: nil, high: "other"), .carried),
          Figure.Layer(.boxes(left: "left", right: "right", low: nil, high: "own"), .recommended),
        ])
    }
    let left = max(paid.count - panels.count, 0)
    let unpaid = paid.isEmpty ? 0 : cells.count - paid.count
    return Figure(
      name: name, title: "Where the money goes as the budget grows",
      notes: [
        "The best plan at each budget; each panel has its own scale"
          + (left > 0 ? "; \(countText(left, "cell")) of less money not shown" : "")
      ]
        + (unpaid > 0
          ? ["No money at any budget: " + listed(cells.indices.filter { most[$0] <= 0 }.map { cells[$0].name })] : []),
      legend: isOwn.contains(true)
        ? [
          Figure.LegendEntry(.box, .recommended, "the plan's own budget"),
          Figure.LegendEntry(.box, .carried, "other budgets"),
        ] : [],
      panels: panels, columnWidths: Figure.grid(of: panels.count), xLabel: answers[0].moneyLabel("Budget"),
      yLabel: answers[0].moneyLabel("Spend"))
  }

  /// The first of some names, and how many more there are.
  private func listed(_ names: [String]) -> String {
    let first = names.prefix(6).map { cutInTheMiddle(shown($0), to: 20) }.joined(separator: ", ")
    return names.count > 6 ? "\(first) and \(countText(names.count - 6, "other"))" : first
  }

  /// What each budget brings, beside the current plan.
  private func contributionFigure(_ answers: [Recommendation]) -> Figure {
    let means = answers.map(\.outcome.mean)
    let currents = answers.map { $0.currentOutcome?.mean ?? .nan }
    let isPoint = answers[0].drawCount == 1
    let hasCurrent = currents.contains { $0.isFinite }
    let ends = isPoint ? [] : answers.flatMap { [$0.outcome.q05, $0.outcome.q95] }
    let (first, last) = (answers[0], answers[answers.count - 1])
    let more = last.outcome.mean - first.outcome.mean
    let axis = Figure.Axis.spanned(means + ends + currents.filter(\.isFinite))
    let lift = 0.035 * (axis.range.upperBound - axis.range.lowerBound)
    return Figure(
      name: "scenario_total_contribution",
      title:
        "\(shortAmount(last.budget.spent - first.budget.spent)) more money brings \(shortAmount(more)) more",
      notes: ["The best plan at each budget" + (isPoint ? "" : ": mean, and 90 % of draws") + ownNote],
      legend: [Figure.LegendEntry(.stroke, .recommended, "best plan")]
        + (hasCurrent ? [Figure.LegendEntry(.stroke, .current, "current plan")] : []),
      panels: [
        Figure.Panel(
          x: budgetAxis(answers), y: axis,
          columns: [
            ("budget", answers.map(\.budget.spent)), ("mean", means), ("q05", answers.map(\.outcome.q05)),
            ("q95", answers.map(\.outcome.q95)), ("current", currents),
          ],
          layers: (isPoint
            ? [] : [Figure.Layer(.band(x: "budget", low: "q05", high: "q95"), .recommended, opacity: 0.2)])
            + (hasCurrent
              ? [
                Figure.Layer(.line(x: "budget", y: "current"), .current),
                Figure.Layer(.dots(x: "budget", y: "current"), .current),
              ]
              : [])
            + [
              Figure.Layer(.line(x: "budget", y: "mean"), .recommended),
              Figure.Layer(.dots(x: "budget", y: "mean"), .recommended),
            ],
          rules: ownRule,
          words: answers.map { answer in
            Figure.Words(
              text: shortAmount(answer.outcome.mean), x: answer.budget.spent,
              y: (isPoint ? answer.outcome.mean : answer.outcome.q95) + lift, alignment: .center, ink: .recommended)
          })
      ], columnWidths: [1], yLabel: answers[0].measureAxisLabel)
  }

  /// What a unit of money returns on average, and what the next one would.
  private func returnFigure(_ answers: [Recommendation]) -> Figure {
    let means = answers.map { $0.roi?.mean ?? .nan }
    let margins = answers.map { $0.budget.shadowPrice ?? .nan }
    let isPoint = answers[0].drawCount == 1
    let ends = isPoint ? [] : answers.flatMap { [$0.roi?.q05 ?? .nan, $0.roi?.q95 ?? .nan] }
    let values = (means + margins + ends).filter(\.isFinite)
    let hasMargins = margins.contains { $0.isFinite }
    let last = answers.count - 1
    func label(_ text: String, _ value: Double, _ ink: Figure.Ink) -> [Figure.Words] {
      value.isFinite
        ? [Figure.Words(text: " " + text, x: answers[last].budget.spent, y: value, ink: ink)] : []
    }
    return Figure(
      name: "scenario_roi_comparison", title: "What a unit of money returns as the budget grows",
      notes: ["The best plan at each budget" + (isPoint ? "" : ": mean, and 90 % of draws") + ownNote],
      legend: [Figure.LegendEntry(.stroke, .recommended, "on average")]
        + (hasMargins ? [Figure.LegendEntry(.stroke, .carried, "the next unit of money, in utility")] : []),
      panels: [
        Figure.Panel(
          x: budgetAxis(answers), y: .amounts("", values.map { $0 * 1.04 }, ticks: 4, isTight: true),
          columns: [
            ("budget", answers.map(\.budget.spent)), ("roi", means), ("q05", answers.map { $0.roi?.q05 ?? .nan }),
            ("q95", answers.map { $0.roi?.q95 ?? .nan }), ("next", margins),
          ],
          layers: (isPoint
            ? [] : [Figure.Layer(.band(x: "budget", low: "q05", high: "q95"), .recommended, opacity: 0.2)])
            + [
              Figure.Layer(.line(x: "budget", y: "roi"), .recommended),
              Figure.Layer(.dots(x: "budget", y: "roi"), .recommended),
            ]
            + (hasMargins
              ? [
                Figure.Layer(.line(x: "budget", y: "next"), .carried),
                Figure.Layer(.dots(x: "budget", y: "next"), .carried),
              ]
              : []),
          rules: ownRule,
          words: label("average", means[last], .recommended) + label("next unit", margins[last], .carried),
          rightRoom: 60)
      ], columnWidths: [1], yLabel: "Return per unit of money")
  }

  private func budgetAxis(_ answers: [Recommendation]) -> Figure.Axis {
    let budgets = answers.map(\.budget.spent)
    let (least, most) = (budgets.min() ?? 0, budgets.max() ?? 1)
    let room = 0.06 * (most - least)
    return .spanning(answers[0].moneyLabel("Budget"), least - room...most + room, ticks: 5)
  }

  private var ownNote: String { ownBudget == nil ? "" : "; dashed: the plan's own budget" }

  private var ownRule: [(x: Double, ink: Figure.Ink)] { ownBudget.map { [($0, .limit)] } ?? [] }
}

extension Figure.Axis {
  /// Round numbers about all of the values.
  fileprivate static func spanned(_ values: [Double]) -> Figure.Axis {
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let room = max(0.04 * (most - least), 1e-9 * max(abs(least), abs(most), 1e-300))
    return .spanning("", least - room...most + 2 * room, ticks: 4, isTight: false)
  }
}

extension Recommendation {
  /// `budget_optimisation`: each cell's money and what it brings, this plan's and the current one's.
  ///
  /// - Parameter current: the current plan's own answer; nil without one.
  public func budgetFigure(current: Recommendation?) -> Figure {
    let order = cells.indices.sorted { cells[$0].total > cells[$1].total }.prefix(40)
    let count = Double(order.count)
    let rows = order.indices.map { count - Double($0) }
    let y = Figure.Axis(range: 0.4...count + 0.6, ticks: rows.map { ($0, "") })
    let names = order.map { cutInTheMiddle(shown(cells[$0].name), to: 26) }
    func panel(_ label: String, _ own: [Double], _ other: [Double], _ ends: [(Double, Double)], _ words: [Figure.Words])
      -> Figure.Panel
    {
      let hasEnds = drawCount > 1 && !ends.isEmpty
      let values = own + other.filter(\.isFinite) + (hasEnds ? ends.flatMap { [$0.0, $0.1] } : [])
      var columns: [(name: String, values: [Double])] = [
        ("row", rows), ("plan", own), ("current", other), ("zero", rows.map { _ in 0 }),
        ("plan_low", rows.map { $0 + 0.03 }), ("plan_high", rows.map { $0 + 0.36 }),
        ("current_low", rows.map { $0 - 0.36 }), ("current_high", rows.map { $0 - 0.03 }),
      ]
      var layers = [
        Figure.Layer(.boxes(left: "zero", right: "plan", low: "plan_low", high: "plan_high"), .recommended),
        Figure.Layer(.boxes(left: "zero", right: "current", low: "current_low", high: "current_high"), .current),
      ]
      if hasEnds {
        columns += [
          ("q05", ends.map { $0.0 }), ("q95", ends.map { $0.1 }), ("end_low", rows.map { $0 + 0.16 }),
          ("end_high", rows.map { $0 + 0.23 }),
        ]
        layers.append(
          Figure.Layer(.boxes(left: "q05", right: "q95", low: "end_low", high: "end_high"), .interval, opacity: 0.6))
      }
      // Beside its bars each row has its numbers, where there is room for them.
      let numbers =
        order.count > 20
        ? []
        : zip(rows, zip(own, other)).flatMap { row, amounts in
          [(amounts.0, row + 0.19, Figure.Ink.recommended), (amounts.1, row - 0.19, .current)].filter { $0.0.isFinite }
        }
      let texts = numbers.map { shortAmount($0.0) }
      return Figure.Panel(
        x: .amounts(label, values.map { $0 * 1.03 }, ticks: 4, isTight: true), y: y, columns: columns, layers: layers,
        words: words
          + zip(numbers, texts).map { Figure.Words(text: $1, x: 1.01, y: $0.1, isXOfPanel: true, ink: $0.2) },
        leftRoom: words.isEmpty ? 0 : Figure.room(for: names),
        rightRoom: numbers.isEmpty ? 0 : Figure.room(for: texts))
    }
    let others = order.map { current?.cells[$0].total ?? .nan }
    let brought = order.map { current?.cells[$0].response.mean ?? .nan }
    return marked(
      Figure(
        name: "budget_optimisation", title: titleOfPlan,
        notes: [
          "Money, and what it brings" + (drawCount > 1 ? ": mean, and 90 % of draws" : "")
            + (cells.count > order.count ? "; the \(countText(order.count)) cells of most money" : "")
        ],
        legend: [Figure.LegendEntry(.box, .recommended, "recommended")]
          + (current == nil ? [] : [Figure.LegendEntry(.box, .current, "current")]),
        panels: [
          panel(
            moneyLabel("Spend"), order.map { cells[$0].total }, others, [],
            zip(names, rows).map {
              Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right, ink: .ink)
            }),
          panel(
            responseLabel("Incremental response"), order.map { cells[$0].response.mean }, brought,
            order.map { (cells[$0].response.q05, cells[$0].response.q95) }, []),
        ], columnWidths: [1, 1]))
  }

  /// A picture of the answer: where something speaks against the model with a line that says so.
  func marked(_ figure: Figure) -> Figure {
    guard !explorations.isEmpty else { return figure }
    var figure = figure
    figure.notes.insert(Figure.exploratoryNote, at: 0)
    return figure
  }
}
