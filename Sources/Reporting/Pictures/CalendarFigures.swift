import Planning

// Pictures of a plan whose periods are decided.

extension Recommendation {
  /// `calendar`: spend by period, all cells together and each by itself, with what the plan allows and what the current plan spends.
  func calendarFigure(most: Int = Figure.mostPanels) -> Figure {
    let shownCells = cells.indices.sorted { cells[$0].total > cells[$1].total }.prefix(most - 1).sorted()
    let left = cells.count - shownCells.count
    let hasCurrent = cells.contains { $0.periods?.contains { $0.current != nil } ?? false }
    let together = periods.prefix(periodCount)
    let hasRamps = cells.contains { $0.periods?.contains { $0.rampLower != nil || $0.rampUpper != nil } ?? false }
    let panels =
      [
        panel(
          "All together", spend: together.map(\.spend),
          current: (0..<periodCount).map { period in
            cells.reduce(0) { $0 + ($1.periods?[period].current ?? .nan) }
          }, lower: together.map { $0.lower ?? 0 }, upper: together.map { $0.upper ?? .nan }, isTogether: true)
      ]
      + shownCells.map { index in
        let own = cells[index].periods ?? []
        return panel(
          cells[index].name, spend: own.map(\.spend), current: own.map { $0.current ?? .nan },
          lower: own.map { max($0.lower, $0.rampLower ?? 0) },
          upper: own.map { min(isOfBudget($0.upper) ? .infinity : $0.upper, $0.rampUpper ?? .infinity) }
            .map { $0.isFinite ? $0 : .nan })
      }
    return Figure(
      name: "calendar",
      title:
        "\(shortAmount(budget.spent))\(labels.currency.map { " " + $0 } ?? "") over \(countText(periodCount, "period")): how much, when, on what",
      notes: [
        "Each panel has its own scale"
          + (hasRamps ? "; ramps allow so much after the period before" : "")
          + (left > 0 ? "; \(countText(left, "cell")) of less money in calendar.csv only" : "")
      ],
      legend: [Figure.LegendEntry(.box, .recommended, "planned")]
        + (hasCurrent ? [Figure.LegendEntry(.stroke, .current, "current plan")] : [])
        + (panels.contains { $0.draws("top") } ? [Figure.LegendEntry(.box, .allowed, "allowed")] : []),
      panels: panels, columnWidths: Figure.grid(of: panels.count),
      xLabel: periodStarts.isEmpty ? "Period" : "First day of the period",
      yLabel: moneyLabel("Spend by period"))
  }

  /// An upper end that the plan does not state is the budget's.
  private func isOfBudget(_ upper: Double) -> Bool {
    !upper.isFinite || budget.requested.map { upper >= $0 } ?? false
  }

  private func panel(
    _ title: String, spend: [Double], current: [Double], lower: [Double], upper: [Double], isTogether: Bool = false
  ) -> Figure.Panel {
    let used = (spend + lower + current.filter(\.isFinite)).max() ?? 0
    // Ends far above all that is spent would leave no room for it.
    let ends = upper.filter { $0 <= 2 * used }
    let y = Figure.Axis.amounts("", [used * 1.05] + ends.map { $0 * 1.02 }, ticks: 3, isTight: true)
    let places = spend.indices.map(Double.init)
    // Of a stated lower end alone all above it is allowed.
    let isLimited = zip(lower, upper).map { $0 > 0 || $1.isFinite }
    let tops = zip(upper, isLimited).map { $1 ? min($0.isFinite ? $0 : .infinity, y.range.upperBound) : .nan }
    return Figure.Panel(
      title: title,
      x: .periods(periodCount, starts: periodStarts, ticks: cells.count < 4 ? 6 : cells.count < 16 ? 3 : 2), y: y,
      columns: [
        ("period", places.map { $0 + 1 }), ("spend", spend), ("current", current), ("lower", lower), ("upper", upper),
        ("floor", lower.map { $0 > 0 ? $0 : .nan }),
        ("left", places.map { $0 + 0.5 }), ("right", places.map { $0 + 1.5 }), ("top", tops),
        ("bar_left", places.map { $0 + 0.64 }), ("bar_right", places.map { $0 + 1.36 }),
      ],
      layers: [
        Figure.Layer(.boxes(left: "left", right: "right", low: "lower", high: "top"), .allowed),
        Figure.Layer(
          .boxes(left: "bar_left", right: "bar_right", low: nil, high: "spend"), .recommended,
          opacity: isTogether ? 0.75 : 1),
        Figure.Layer(.strokes(left: "left", right: "right", y: "upper"), .limit, width: 2),
        Figure.Layer(.strokes(left: "left", right: "right", y: "floor"), .limit, width: 2),
        Figure.Layer(.strokes(left: "bar_left", right: "bar_right", y: "current"), .current),
      ])
  }

  /// `response_by_period`: what each period brings, at once and carried over, with the 90 % interval of both together; after the plan what is
  /// still felt of it.
  var periodResponseFigure: Figure {
    let places = periods.indices.map(Double.init)
    let means = periods.map(\.response.mean)
    let carried = periods.map(\.carriedOver)
    let (low, high) = (periods.map(\.response.q05), periods.map(\.response.q95))
    let hasInterval = drawCount > 1
    var panel = Figure.Panel(
      x: .periods(periods.count, starts: periods.map { $0.start ?? "\($0.period)" }, ticks: 9),
      y: .amounts("", means + carried + (hasInterval ? low + high : []), ticks: 5),
      columns: [
        ("period", places.map { $0 + 1 }), ("mean", means), ("carried_over", carried), ("q05", low), ("q95", high),
        ("left", places.map { $0 + 0.6 }), ("right", places.map { $0 + 1.4 }), ("mid_left", places.map { $0 + 0.9 }),
        ("mid_right", places.map { $0 + 1.1 }),
      ],
      layers: [
        Figure.Layer(.boxes(left: "left", right: "right", low: nil, high: "carried_over"), .carried),
        Figure.Layer(.boxes(left: "left", right: "right", low: "carried_over", high: "mean"), .recommended),
      ])
    if hasInterval {
      panel.layers.append(
        Figure.Layer(
          .boxes(left: "mid_left", right: "mid_right", low: "q05", high: "q95"), .interval, opacity: 0.45))
    }
    if periods.count > periodCount {
      panel.rules = [(Double(periodCount) + 0.5, .faint)]
      panel.words = [
        Figure.Words(
          text: "after the plan", x: Double(periodCount) + 0.5, y: 1.025, isYOfPanel: true,
          alignment: Double(periodCount) > 0.9 * Double(periods.count) ? .right : .left, ink: .faint)
      ]
    }
    let after = means.dropFirst(periodCount).reduce(0, +)
    let whole = means.reduce(0, +)
    return Figure(
      name: "response_by_period",
      title: "What the plan brings, period by period",
      notes: [
        "\(shortAmount(whole)) \(labels.outcome ?? "") incremental in the mean".replacing("  ", with: " ")
          + (after > 0 && whole > 0 ? ", \(percentText(after / whole)) of it after the plan" : "")
      ],
      legend: [
        Figure.LegendEntry(.box, .recommended, "at once, mean"),
        Figure.LegendEntry(.box, .carried, "carried over, mean"),
      ] + (hasInterval ? [Figure.LegendEntry(.box, .faint, "90 % of draws, both together")] : []),
      panels: [panel], columnWidths: [1], xLabel: periodStarts.isEmpty ? "Period" : "First day of the period",
      yLabel: responseLabel("Incremental response"))
  }

  func moneyLabel(_ text: String) -> String { text + (labels.currency.map { " (\($0))" } ?? "") }
  func responseLabel(_ text: String) -> String { text + (labels.outcome.map { " (\($0))" } ?? "") }
}

extension Figure.Panel {
  /// Whether a column has anything to draw.
  fileprivate func draws(_ name: String) -> Bool {
    columns.contains { $0.name == name && $0.values.contains(where: \.isFinite) }
  }
}
