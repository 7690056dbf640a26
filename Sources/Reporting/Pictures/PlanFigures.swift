import NumericKernel
public import Planning

// Pictures of every plan.

extension Recommendation {
  /// The pictures of this answer, in the order of a report.
  ///
  /// - Parameter curves: of `CompiledPlan.responseCurves`; none for no picture of them.
  public func figures(curves: [ResponseCurve]) -> [Figure] {
    let all =
      [allocationFigure] + (hasCalendar ? [calendarFigure(), periodResponseFigure] : [])
      + (curves.isEmpty ? [] : [curvesFigure(curves)]) + (outcomeFigure.map { [$0] } ?? [])
      + (liftFigure().map { [$0] } ?? [])
    return all.map(marked)
  }

  /// `allocation`: each cell's money beside the current plan's and what is allowed, and what a unit of it brings.
  var allocationFigure: Figure {
    let order = cells.indices.sorted { cells[$0].total > cells[$1].total }.prefix(Recommendation.mostRows)
    let shownCells = order.map { cells[$0] }
    let count = Double(shownCells.count)
    let rows = shownCells.indices.map { count - Double($0) }
    let y = Figure.Axis(range: 0.4...count + 0.6, ticks: rows.map { ($0, "") })
    let totals = shownCells.map(\.total)
    let currents = shownCells.map { $0.current ?? .nan }
    let used = (totals + currents.filter(\.isFinite)).max() ?? 0
    let upper = shownCells.map { cell in
      cell.upper.isFinite && !(budget.requested.map { cell.upper >= $0 } ?? false) ? cell.upper : .nan
    }
    let x = Figure.Axis.amounts(
      moneyLabel("Spend"), [used * 1.03] + upper.filter { $0 <= 1.6 * used }, ticks: 5, isTight: true)
    let isLimited = zip(shownCells, upper).map { $0.lower > 0 || $1.isFinite }
    let names = shownCells.map { cutInTheMiddle(shown($0.name), to: Recommendation.longestName) }
    let changes = shownCells.map { cell in
      shortAmount(cell.total)
        + (cell.changeShare.map { " (\(percentText($0, signed: true).replacing("-", with: "−")))" } ?? "")
    }
    let hasCurrent = shownCells.contains { $0.current != nil }
    func words(_ texts: [String], at x: Double, _ side: Figure.Words.Side, _ ink: Figure.Ink) -> [Figure.Words] {
      zip(texts, rows).map { Figure.Words(text: $0, x: x, y: $1, isXOfPanel: true, alignment: side, ink: ink) }
    }
    let spend = Figure.Panel(
      x: x, y: y,
      columns: [
        ("row", rows), ("spend", totals), ("current", currents), ("lower", shownCells.map(\.lower)), ("upper", upper),
        ("top", zip(upper, isLimited).map { $1 ? min($0.isFinite ? $0 : .infinity, x.range.upperBound) : .nan }),
        ("row_low", rows.map { $0 - 0.36 }), ("row_high", rows.map { $0 + 0.36 }),
        ("bar_low", rows.map { $0 - 0.22 }), ("bar_high", rows.map { $0 + 0.22 }), ("zero", rows.map { _ in 0 }),
      ],
      layers: [
        Figure.Layer(.boxes(left: "lower", right: "top", low: "row_low", high: "row_high"), .allowed),
        Figure.Layer(.boxes(left: "zero", right: "spend", low: "bar_low", high: "bar_high"), .recommended),
        Figure.Layer(.dots(x: "current", y: "row"), .current),
      ],
      words: words(names, at: -0.015, .right, .ink) + words(changes, at: 1.015, .left, .recommended),
      leftRoom: Figure.room(for: names), rightRoom: Figure.room(for: changes))
    var panels = [spend]
    let returns = shownCells.map(\.roi)
    if returns.contains(where: { $0 != nil }) {
      let means = returns.map { $0?.mean ?? .nan }
      let ends = returns.compactMap { $0?.q95 }
      let most = min(ends.max() ?? 0, 3 * (means.filter(\.isFinite).max() ?? 0))
      let range = Figure.Axis.amounts(
        "Return per unit of money" + (drawCount > 1 ? ": mean, 50 and 90 % of draws" : ""),
        [most * 1.03] + returns.compactMap { $0?.q05 }, ticks: 4, isTight: true)
      panels.append(
        Figure.Panel(
          x: range, y: y,
          columns: [("row", rows), ("roi", means)]
            + (drawCount > 1
              ? [
                ("q05", returns.map { $0?.q05 ?? .nan }), ("q25", returns.map { $0?.q25 ?? .nan }),
                ("q75", returns.map { $0?.q75 ?? .nan }),
                ("q95", returns.map { min($0?.q95 ?? .nan, range.range.upperBound) }),
                ("bar_low", rows.map { $0 - 0.22 }), ("bar_high", rows.map { $0 + 0.22 }),
              ] : []),
          layers: (drawCount > 1
            ? [
              Figure.Layer(
                .boxes(left: "q05", right: "q95", low: "bar_low", high: "bar_high"), .recommended, opacity: 0.25),
              Figure.Layer(
                .boxes(left: "q25", right: "q75", low: "bar_low", high: "bar_high"), .recommended, opacity: 0.35),
            ] : []) + [Figure.Layer(.dots(x: "roi", y: "row"), .recommended)]))
    }
    return Figure(
      name: "allocation", title: titleOfPlan,
      notes: (cells.count > shownCells.count
        ? ["The \(countText(shownCells.count)) cells of most money; all are in allocation.csv"] : []),
      legend: [Figure.LegendEntry(.box, .recommended, status == .solved ? "recommended" : "given plan")]
        + (hasCurrent ? [Figure.LegendEntry(.dot, .current, "current")] : [])
        + (isLimited.contains(true) ? [Figure.LegendEntry(.box, .allowed, "allowed")] : []),
      panels: panels, columnWidths: panels.count > 1 ? [5, 3] : [1])
  }

  private static let mostRows = 40
  private static let longestName = 26

  /// The finding, in a line.
  var titleOfPlan: String {
    let money = "\(shortAmount(budget.spent))\(labels.currency.map { " " + $0 } ?? "")"
    guard status == .solved, let lift, lift.mean != 0, currentOutcome != nil else { return "\(money): who gets it" }
    let outcome = labels.outcome.map { " " + $0 } ?? ""
    return "\(money) spent this way brings \(shortAmount(abs(lift.mean)))\(outcome) "
      + "\(lift.mean > 0 ? "more" : "less") than the current plan"
  }

  /// `response_curves`: what each cell's money brings, with 50 and 90 % of draws; the plan, the current one, and what was observed.
  func curvesFigure(_ curves: [ResponseCurve], most: Int = Figure.mostPanels) -> Figure {
    let order = cells.indices.sorted { cells[$0].total > cells[$1].total }.prefix(most)
    let hasObserved = curves.contains { $0.observed != nil }
    let panels = order.map { index -> Figure.Panel in
      let (cell, curve) = (cells[index], curves[index])
      func median(at money: Double?) -> Double {
        money.flatMap { money in curve.spend.firstIndex(of: money) }.map { curve.response[$0].q50 } ?? .nan
      }
      let end = curve.spend.last ?? 1
      let points = curve.spend.indices
      func only(_ value: Double) -> [Double] { points.map { $0 == 0 ? value : .nan } }
      var layers: [Figure.Layer] = []
      if curve.observed != nil {
        layers.append(
          Figure.Layer(
            .boxes(left: "observed_from", right: "observed_to", low: "bottom", high: "top"), .observed, opacity: 0.5))
      }
      if drawCount > 1 {
        layers += [
          Figure.Layer(.band(x: "spend", low: "q05", high: "q95"), .recommended, opacity: 0.18),
          Figure.Layer(.band(x: "spend", low: "q25", high: "q75"), .recommended, opacity: 0.30),
        ]
      }
      layers.append(Figure.Layer(.line(x: "spend", y: "q50"), .recommended))
      if cell.current != nil { layers.append(Figure.Layer(.dots(x: "current", y: "current_response"), .current)) }
      layers.append(Figure.Layer(.dots(x: "plan", y: "plan_response"), .ink))
      let y = Figure.Axis.amounts(
        "", curve.response.flatMap { drawCount > 1 ? [$0.q05, $0.q95] : [$0.q50] }, ticks: 3, isTight: true)
      return Figure.Panel(
        title: cell.name, x: .spanning("", 0...end, ticks: 3), y: y,
        columns: [
          ("spend", curve.spend), ("q05", curve.response.map(\.q05)), ("q25", curve.response.map(\.q25)),
          ("q50", curve.response.map(\.q50)), ("q75", curve.response.map(\.q75)), ("q95", curve.response.map(\.q95)),
          ("plan", only(cell.total)), ("plan_response", only(median(at: cell.total))),
          ("current", only(cell.current ?? .nan)), ("current_response", only(median(at: cell.current))),
          ("observed_from", only(min(curve.observed?.lowerBound ?? .nan, end))),
          ("observed_to", only(min(curve.observed?.upperBound ?? .nan, end))),
          ("bottom", only(y.range.lowerBound)), ("top", only(y.range.upperBound)),
        ], layers: layers)
    }
    let left = cells.count - panels.count
    return Figure(
      name: "response_curves", title: "What each \(dims.joined(separator: " and ")) brings",
      notes: [
        "Money over the plan's periods, spread as the plan spreads it; each panel has its own scale"
          + (left > 0 ? "; \(countText(left, "cell")) of less money not shown" : "")
      ],
      legend: [Figure.LegendEntry(.stroke, .recommended, drawCount > 1 ? "median, 50 and 90 % of draws" : "response")]
        + [Figure.LegendEntry(.dot, .ink, status == .solved ? "recommended" : "given plan")]
        + (cells.contains { $0.current != nil } ? [Figure.LegendEntry(.dot, .current, "current")] : [])
        + (hasObserved ? [Figure.LegendEntry(.box, .observed, "within what was observed")] : []),
      panels: panels, columnWidths: Figure.grid(of: panels.count), xLabel: moneyLabel("Spend"),
      yLabel: responseLabel("Incremental response"))
  }

  /// `outcome`: how the outcome is spread over draws, this plan's and the current one's, and the difference of both; nil where draws do not differ.
  var outcomeFigure: Figure? {
    let own = Density(draws)
    guard own.isSpread else { return nil }
    let other = currentDraws.map(Density.init).flatMap { $0.isSpread ? $0 : nil }
    let ends = own.range.union(other?.range)
    let name = status == .solved ? "recommended" : "given plan"
    var panels = [
      panel(
        "", measureAxisLabel, ends,
        [(own, .recommended, name, outcome)]
          + (other.map { [($0, .current, "current", currentOutcome ?? outcome)] } ?? []))
    ]
    if let lift, let currentDraws {
      let difference = Density(zip(draws, currentDraws).map { $0 - $1 })
      if difference.isSpread {
        var own = panel(
          "", responseLabel("More than the current plan"), difference.range.union(0...0),
          [(difference, .carried, "mean", lift)])
        own.rules.append((0, .ink))
        own.words.append(
          Figure.Words(
            text: "better in \(percentText(probabilityBetter ?? 0)) of draws", x: 0, y: 1.04, isXOfPanel: true,
            isYOfPanel: true, ink: .ink))
        panels.append(own)
      }
    }
    return Figure(
      name: "outcome",
      title:
        "\(shortAmount(outcome.q05)) to \(shortAmount(outcome.q95))\(labels.outcome.map { " " + $0 } ?? "") in 90 % of draws",
      notes: ["\(countText(drawCount, "draw")), smoothed; lines mark means"],
      legend: [Figure.LegendEntry(.box, .recommended, name)]
        + (other == nil ? [] : [Figure.LegendEntry(.box, .current, "current")])
        + (panels.count > 1 ? [Figure.LegendEntry(.box, .carried, "difference, draw by draw")] : []),
      panels: panels, columnWidths: panels.map { _ in 1 }, yLabel: "Density")
  }

  var measureAxisLabel: String {
    switch measure {
    case .incremental: responseLabel("Incremental response")
    case .response: responseLabel("Response")
    case .profit: moneyLabel("Profit")
    case .lift: responseLabel("Lift over the current plan")
    case .roi: "Return per unit of money"
    }
  }

  private func panel(
    _ title: String, _ label: String, _ range: ClosedRange<Double>,
    _ parts: [(density: Density, ink: Figure.Ink, name: String, summary: Summary)]
  ) -> Figure.Panel {
    let places = (0...Recommendation.densityPoints).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(Recommendation.densityPoints)
    }
    var columns: [(name: String, values: [Double])] = [("outcome", places), ("zero", places.map { _ in 0 })]
    var layers: [Figure.Layer] = []
    var top = 0.0
    for part in parts {
      let name = part.name.replacing(" ", with: "_")
      let values = part.density.values(at: places)
      columns.append((name, values))
      top = max(top, values.max() ?? 0)
      layers.append(Figure.Layer(.band(x: "outcome", low: "zero", high: name), part.ink, opacity: 0.3))
      layers.append(Figure.Layer(.line(x: "outcome", y: name), part.ink))
    }
    return Figure.Panel(
      title: title, x: .spanning(label, range, ticks: 4), y: Figure.Axis(range: 0...max(top, 1e-300) * 1.08),
      columns: columns, layers: layers, rules: parts.map { ($0.summary.mean, $0.ink) },
      words: parts.map { part in
        // Of two means the words stand on the outer sides.
        let isLeft = parts.contains { $0.summary.mean > part.summary.mean }
        return Figure.Words(
          text: " \(shortAmount(part.summary.mean)) ", x: part.summary.mean, y: 0.98, isYOfPanel: true,
          alignment: isLeft ? .right : .left, ink: part.ink)
      })
  }

  private static let densityPoints = 160
}

extension ClosedRange<Double> {
  fileprivate func union(_ other: ClosedRange<Double>?) -> ClosedRange<Double> {
    guard let other else { return self }
    return Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
