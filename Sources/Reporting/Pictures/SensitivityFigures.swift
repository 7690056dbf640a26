public import Planning

// The picture of what changes most.

extension SensitivityAnalysis {
  /// Of the pictures that it may have.
  public static let figureNames = ["sensitivity"]

  /// `sensitivity`: a bar a case for the money that moves, and one for what keeping the present plan costs; none without a case.
  public var figures: [Figure] {
    guard !cases.isEmpty else { return [] }
    let shownCases = Array(cases.prefix(Self.mostRows))
    let count = Double(shownCases.count)
    let rows = shownCases.indices.map { count - Double($0) }
    let y = Figure.Axis(range: 0.4...count + 0.6, ticks: rows.map { ($0, "") })
    let names = shownCases.map { cutInTheMiddle(shown($0.supposition.name), to: 34) }
    func panel(
      _ x: Figure.Axis, _ values: [Double], _ ink: Figure.Ink, _ words: [String], names: [String] = []
    ) -> Figure.Panel {
      Figure.Panel(
        x: x, y: y,
        columns: [
          ("value", values), ("zero", values.map { _ in 0 }), ("low", rows.map { $0 - 0.24 }),
          ("high", rows.map { $0 + 0.24 }),
        ],
        layers: [Figure.Layer(.boxes(left: "zero", right: "value", low: "low", high: "high"), ink)],
        words: zip(names, rows).map {
          Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right, ink: .ink)
        }
          + zip(words, rows).map {
            Figure.Words(text: $0, x: 1.015, y: $1, isXOfPanel: true, alignment: .left, ink: ink)
          }, leftRoom: names.isEmpty ? 0 : Figure.room(for: names), rightRoom: Figure.room(for: words))
    }
    let moved = shownCases.map { 100 * $0.movedShare }
    let costs = shownCases.map { max(0, $0.regret) }
    let moves = panel(
      .amounts("Money that moves, per cent of all", moved.map { $0 * 1.03 }, ticks: 4, isTight: true), moved,
      .recommended,
      shownCases.map { $0.movedShare <= 1e-6 ? "0" : percentText($0.movedShare) },
      names: names)
    let keeps = panel(
      .amounts("What keeping the present plan costs, in utility", costs.map { $0 * 1.03 }, ticks: 4, isTight: true),
      costs, .current,
      shownCases.map { $0.regret <= 1e-9 * abs($0.answer.utility.value) ? "0" : shortSize($0.regret) })
    return [
      Figure(
        name: "sensitivity", title: "What changes the plan most",
        notes: cases.count > shownCases.count
          ? ["The \(countText(shownCases.count)) cases that move most money; all are in sensitivity.csv"] : [],
        panels: [moves, keeps], columnWidths: [6, 5])
    ].map(present.marked)
  }

  private static let mostRows = 30
}
