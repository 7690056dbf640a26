public import Planning

// What caution costs, as a picture.

extension UtilityMatrix {
  /// `utilities`: how far each plan scores below the best by each utility, and the outcome of each.
  public var figures: [Figure] {
    guard let first = entries.first?.answer else { return [] }
    var names = entries.enumerated().map { "[\($0 + 1)] \(shown($1.name))" }
    var shares = entries.indices.map { row in entries.indices.map { regretShare(of: row, by: $0) } }
    if let currentScores {
      names.append("current plan")
      shares.append(
        entries.indices.map { column in
          let best = best(by: column)
          return best == 0 ? nil : (best - currentScores[column]) / abs(best)
        })
    }
    names = names.map { cutInTheMiddle($0, to: UtilityMatrix.longestName) }
    let rows = names.indices.map { Double(names.count - $0) }
    let y = Figure.Axis(range: 0.4...Double(names.count) + 0.6, ticks: rows.map { ($0, "") })
    return [
      Figure(
        name: "utilities", title: "How far each plan is below the best by each utility",
        notes: ["Each row is the plan that is best by one utility; columns are scored by the utility of that number"],
        panels: [tiles(shares, names, rows, y)] + (first.drawCount > 1 ? [outcomes(rows, y)] : []),
        columnWidths: first.drawCount > 1 ? [2, 1] : [1])
    ].map(first.marked)
  }

  /// Of the pictures that a matrix may have.
  public static let figureNames = ["utilities"]

  private static let longestName = 44

  /// Shades by the share of the best that is missed: up to each of these.
  private static let steps: [(share: Double, opacity: Double)] = [
    (5e-5, 0), (0.001, 0.12), (0.005, 0.25), (0.02, 0.4), (0.05, 0.55), (.infinity, 0.7),
  ]

  private func tiles(_ shares: [[Double?]], _ names: [String], _ rows: [Double], _ y: Figure.Axis) -> Figure.Panel {
    let columns = entries.indices.map { Double($0 + 1) }
    let places = rows.indices.flatMap { row in columns.indices.map { (row, $0) } }
    var numbers: [(name: String, values: [Double])] = [
      ("column", places.map { columns[$1] }), ("row", places.map { rows[$0.0] }),
      ("share", places.map { shares[$0][$1] ?? .nan }),
      ("left", places.map { columns[$1] - 0.48 }), ("right", places.map { columns[$1] + 0.48 }),
      ("low", places.map { rows[$0.0] - 0.48 }),
    ]
    var layers: [Figure.Layer] = []
    for (index, step) in UtilityMatrix.steps.enumerated() where step.opacity > 0 {
      let from = UtilityMatrix.steps[index - 1].share
      numbers.append(
        (
          "high_\(index)",
          places.map { row, column in
            guard let share = shares[row][column], share > from, share <= step.share else { return .nan }
            return rows[row] + 0.48
          }
        ))
      layers.append(
        Figure.Layer(
          .boxes(left: "left", right: "right", low: "low", high: "high_\(index)"), .current, opacity: step.opacity))
    }
    return Figure.Panel(
      x: Figure.Axis(
        label: "Scored by: % below the best", range: 0.5...Double(columns.count) + 0.5,
        ticks: columns.indices.map { (columns[$0], "[\($0 + 1)]") }),
      y: y, columns: numbers, layers: layers,
      words: zip(names, rows).map {
        Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right)
      }
        + places.compactMap { row, column in
          shares[row][column].map { share in
            Figure.Words(
              text: share <= UtilityMatrix.steps[0].share ? "0" : percentText(share).replacing(" %", with: ""),
              x: columns[column], y: rows[row], alignment: .center)
          }
        },
      leftRoom: Figure.room(for: names))
  }

  private func outcomes(_ rows: [Double], _ y: Figure.Axis) -> Figure.Panel {
    let first = entries[0].answer
    let all = entries.map(\.answer.outcome) + (currentScores == nil ? [] : [first.currentOutcome].compactMap(\.self))
    let places = Array(rows.prefix(all.count))
    let low = all.map(\.q05).min() ?? 0
    let high = all.map(\.q95).max() ?? 1
    let room = 0.04 * (high - low)
    return Figure.Panel(
      x: .spanning(
        "\(first.measureAxisLabel): mean, 90 % of draws", low - room...max(high + room, low + 1e-300), ticks: 3), y: y,
      columns: [
        ("row", places), ("mean", all.map(\.mean)), ("q05", all.map(\.q05)), ("q95", all.map(\.q95)),
        ("bar_low", places.map { $0 - 0.2 }), ("bar_high", places.map { $0 + 0.2 }),
      ],
      layers: [
        Figure.Layer(
          .boxes(left: "q05", right: "q95", low: "bar_low", high: "bar_high"), .recommended, opacity: 0.3),
        Figure.Layer(.dots(x: "mean", y: "row"), .recommended),
      ])
  }
}
