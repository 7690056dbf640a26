import Planning

// What money brings, channel by channel.

extension ReportPage {
  var curvesSection: Section? {
    guard !curves.isEmpty else { return nil }
    let figure = answer.curvesFigure(curves, most: Recommendation.mostCards)
    let left = answer.cells.count - figure.panels.count
    return Section(
      id: "curves", title: "What each \(unitName) brings",
      content: [
        .note(
          "To the right money over \(span), spread as the plan spreads it; upwards incremental response\(answer.labels.outcome.map { " (\(printable($0)))" } ?? ""). Each picture has its own scale."
            + (left > 0 ? " Those of the \(countText(left, "cell")) of least money are in the table only." : "")),
        gallery(figure), table,
      ])
  }

  private var table: HTML {
    let responses = answer.cells.map(\.response)
    let currents = zip(answer.cells, curves).map { cell, curve in
      cell.current.flatMap { curve.spend.firstIndex(of: $0) }.map { curve.response[$0] }
    }
    let scale = NumberScale(
      for: (responses + currents.compactMap(\.self)).flatMap { [$0.mean, $0.q05, $0.q95] }, significantDigits: 4)
    let showsCurrent = currents.contains { $0 != nil }
    let showsObserved = answer.cells.contains { $0.observed != nil }
    let spends = NumberScale(
      for: answer.cells.flatMap { $0.perPeriod + [$0.observed?.most ?? 0] }, significantDigits: 4)
    func range(_ low: Double, _ high: Double) -> String {
      let (low, high) = (spends.digits(low), spends.digits(high))
      return low == high ? low : "\(low) to \(high)"
    }
    let table = PageTable(
      columns: [.init(unitHeading, .name)]
        + (showsCurrent ? [.init(heading("Brings now", scale, answer.labels.outcome))] : [])
        + [.init(heading("Brings under \(planName)", scale, answer.labels.outcome))]
        + [.init(heading("Planned in a period", spends))]
        + (showsObserved ? [.init(heading("Observed in a period", spends))] : []),
      rows: answer.cells.enumerated().map { index, cell in
        [HTML.name(cell.name)] + (showsCurrent ? [self.cell(currents[index], scale)] : [])
          + [self.cell(cell.response, scale)]
          + [PageTable.number(range(cell.perPeriod.min() ?? 0, cell.perPeriod.max() ?? 0))]
          + (showsObserved
            ? [PageTable.number(cell.observed.map { range($0.least, $0.most) } ?? "not known")] : [])
      })
    return table.html
  }
}
