public import Planning

// Plans side by side, as a picture.

extension PlanComparison {
  /// Of the pictures that a comparison may have.
  public static let figureNames = ["compare"]

  /// `compare`: each plan's outcome, and where its money goes.
  public var figures: [Figure] {
    guard let first = entries.first?.answer else { return [] }
    let names = entries.enumerated().map { "[\($0 + 1)] \(cutInTheMiddle(shown($1.name), to: 24))" }
    let broken = entries.indices.filter { entries[$0].brokenLimitCount > 0 }
    let outside = broken.map { "[\($0 + 1)]" }.joined(separator: ", ")
    return [
      Figure(
        name: "compare",
        title: best.map {
          "\(cutInTheMiddle(shown($0.name), to: 40)) has the highest \(shown(utilities[0]))\(broken.isEmpty ? "" : " within the limits")"
        }
          ?? "No plan keeps within the limits",
        notes: [
          (first.drawCount > 1 ? "Left: the mean, and 50 and 90 % of draws" : "Left: the outcome")
            + "; right: what is spent, darker for more of the plan's money"
            + (showsAmounts ? "" : ", amounts in compare.csv")
        ] + (broken.isEmpty ? [] : ["Outside of limits: \(outside)"]),
        panels: [outcomes(names), spends], columnWidths: [1, 1])
    ].map(first.marked)
  }

  private func outcomes(_ names: [String]) -> Figure.Panel {
    let rows = names.indices.map { Double(names.count - $0) }
    let all = entries.map(\.answer.outcome)
    let means = all.map { shortAmount($0.mean) }
    // Bars of few plans are no thicker than those of many.
    let half = min(0.2, 0.04 * Double(names.count))
    let isPoint = entries[0].answer.drawCount == 1
    let (low, high) = (all.map(\.q05).min() ?? 0, all.map(\.q95).max() ?? 1)
    let room = max(0.04 * (high - low), 1e-6 * max(abs(low), abs(high)), 1e-300)
    return Figure.Panel(
      x: .spanning(entries[0].answer.measureAxisLabel, low - room...high + room, ticks: 4),
      y: Figure.Axis(range: 0.4...Double(names.count) + 0.6, ticks: rows.map { ($0, "") }),
      columns: [
        ("row", rows), ("mean", all.map(\.mean)), ("q05", all.map(\.q05)), ("q25", all.map(\.q25)),
        ("q75", all.map(\.q75)), ("q95", all.map(\.q95)), ("bar_low", rows.map { $0 - half }),
        ("bar_high", rows.map { $0 + half }),
      ],
      layers: (isPoint
        ? []
        : [
          Figure.Layer(
            .boxes(left: "q05", right: "q95", low: "bar_low", high: "bar_high"), .recommended, opacity: 0.2),
          Figure.Layer(
            .boxes(left: "q25", right: "q75", low: "bar_low", high: "bar_high"), .recommended, opacity: 0.35),
        ]) + [Figure.Layer(.dots(x: "mean", y: "row"), .recommended)],
      words: zip(names, rows).map {
        Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right)
      }
        + zip(means, rows).map { Figure.Words(text: $0, x: 1.01, y: $1, isXOfPanel: true, ink: .recommended) },
      leftRoom: Figure.room(for: names), rightRoom: Figure.room(for: means))
  }

  /// Shades by the share of a plan's money: up to each of these.
  private static let steps: [(share: Double, opacity: Double)] = [
    (0, 0), (0.05, 0.1), (0.1, 0.2), (0.2, 0.35), (0.4, 0.5), (.infinity, 0.65),
  ]
  private static let mostCells = 24
  /// Numbers in more columns touch.
  private var showsAmounts: Bool { entries.count <= 8 }

  private var spends: Figure.Panel {
    let answers = entries.map(\.answer)
    func all(_ cell: Int) -> Double { answers.reduce(0) { $0 + $1.cells[cell].total } }
    let cells = answers[0].cells.indices.sorted { all($0) > all($1) }.prefix(Self.mostCells).sorted()
    let names = cells.map { cutInTheMiddle(shown(answers[0].cells[$0].name), to: 24) }
    let rows = cells.indices.map { Double(cells.count - $0) }
    let places = cells.indices.flatMap { row in answers.indices.map { (row: row, column: $0) } }
    let money = places.map { answers[$0.column].cells[cells[$0.row]].total }
    let shares = zip(places, money).map { place, money in
      let spent = answers[place.column].budget.spent
      return spent > 0 ? money / spent : 0
    }
    let columns = places.map { Double($0.column + 1) }
    var numbers: [(name: String, values: [Double])] = [
      ("column", columns), ("row", places.map { rows[$0.row] }), ("spend", money),
      ("left", columns.map { $0 - 0.48 }), ("right", columns.map { $0 + 0.48 }),
      ("low", places.map { rows[$0.row] - 0.48 }),
    ]
    var layers: [Figure.Layer] = []
    for (index, step) in Self.steps.enumerated() where step.opacity > 0 {
      let least = Self.steps[index - 1].share
      numbers.append(
        (
          "high_\(index)",
          zip(places, shares).map { $1 > least && $1 <= step.share ? rows[$0.row] + 0.48 : .nan }
        ))
      layers.append(
        Figure.Layer(
          .boxes(left: "left", right: "right", low: "low", high: "high_\(index)"), .recommended, opacity: step.opacity)
      )
    }
    let amounts =
      showsAmounts
      ? zip(places, money).map {
        Figure.Words(text: shortAmount($1), x: Double($0.column + 1), y: rows[$0.row], alignment: .center)
      } : []
    return Figure.Panel(
      title: answers[0].moneyLabel(
        "Spend" + (answers[0].cells.count > cells.count ? ", the \(cells.count) cells of most in all plans" : "")),
      x: Figure.Axis(
        range: 0.5...Double(answers.count) + 0.5,
        ticks: answers.indices.map { (Double($0 + 1), "[\($0 + 1)]") }),
      y: Figure.Axis(range: 0.4...Double(cells.count) + 0.6), columns: numbers,
      layers: layers,
      words: zip(names, rows).map {
        Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right)
      } + amounts, leftRoom: Figure.room(for: names))
  }
}
