import Planning

// Where the difference between a plan and the current one comes from.

extension Recommendation {
  /// One cell's part of the mean lift, or what several come to.
  struct LiftStep: Sendable {
    var name: String
    /// The cell, counted from 0; nil for several together.
    var cell: Int?
    /// Where the steps before it end.
    var from: Double
    var size: Double
    var to: Double { from + size }
  }

  /// From nothing to the mean lift: the largest gain first, the largest loss last, those between them that are least taken together where there are
  /// more than `most`. None without a current plan.
  func liftSteps(most: Int = .max) -> [LiftStep] {
    guard let lift, cells.allSatisfy({ $0.lift != nil }) else { return [] }
    let parts = cells.indices.map { (cell: $0, size: cells[$0].lift?.mean ?? 0) }
    let kept = parts.sorted { abs($0.size) > abs($1.size) }.prefix(parts.count > most ? most - 1 : most)
    var steps = kept.sorted { ($1.size, $0.cell) < ($0.size, $1.cell) }
      .map { LiftStep(name: cells[$0.cell].name, cell: $0.cell, from: 0, size: $0.size) }
    let named = Set(kept.map(\.cell))
    let others = parts.filter { !named.contains($0.cell) }
    if !others.isEmpty {
      let rest = LiftStep(
        name: "\(countText(others.count)) others", cell: nil, from: 0, size: others.reduce(0) { $0 + $1.size })
      steps.insert(rest, at: steps.firstIndex { $0.size < rest.size } ?? steps.count)
    }
    var sum = 0.0
    for index in steps.indices {
      steps[index].from = sum
      sum += steps[index].size
    }
    // The mean of sums and the sum of means differ in their last digits.
    if let last = steps.indices.last, abs(sum - lift.mean) <= 1e-9 * steps.reduce(0, { $0 + abs($1.size) }) {
      steps[last].size = lift.mean - steps[last].from
    } else if sum != lift.mean {
      steps.append(LiftStep(name: "what no part does", cell: nil, from: sum, size: lift.mean - sum))
    }
    return steps
  }

  /// `lift_by_channel`: the mean lift as a waterfall, a step for each cell, from nothing to the whole; nil without a current plan, and where
  /// nothing changes.
  func liftFigure() -> Figure? {
    let steps = liftSteps(most: Recommendation.mostSteps)
    guard let lift, steps.contains(where: { $0.size != 0 }) else { return nil }
    let count = Double(steps.count + 1)
    let rows = steps.indices.map { count - Double($0) }
    let names = steps.map { cutInTheMiddle(shown($0.name), to: 26) } + ["All together"]
    let texts =
      (steps.map(\.size) + [lift.mean]).map { ($0 > 0 ? "+" : "") + shortAmount(withoutDust($0, of: abs(lift.mean))) }
    let ends = steps.flatMap { [$0.from, $0.to] } + [lift.mean]
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 0)
    let hair = 0.0012 * (high - low)
    func only(_ isShown: (LiftStep) -> Bool, _ value: (LiftStep) -> Double) -> [Double] {
      steps.map { isShown($0) ? value($0) : .nan } + [.nan]
    }
    let below = steps.map(\.to)
    let panel = Figure.Panel(
      x: .amounts(
        measure == .roi ? measureAxisLabel : responseLabel("More than the current plan"), [1.02 * low, 1.02 * high],
        ticks: 4,
        isTight: true),
      y: Figure.Axis(range: 0.4...count + 0.6, ticks: (rows + [1]).map { ($0, "") }),
      columns: [
        ("row", rows + [1]), ("gain_from", only({ $0.size >= 0 }, \.from)), ("gain_to", only({ $0.size >= 0 }, \.to)),
        ("loss_from", only({ $0.size < 0 }, \.from)), ("loss_to", only({ $0.size < 0 }, \.to)),
        ("whole_from", rows.map { _ in .nan } + [0]), ("whole_to", rows.map { _ in .nan } + [lift.mean]),
        ("bar_low", (rows + [1]).map { $0 - 0.3 }), ("bar_high", (rows + [1]).map { $0 + 0.3 }),
        ("link_left", below.map { $0 - hair } + [.nan]), ("link_right", below.map { $0 + hair } + [.nan]),
        ("link_low", rows.map { $0 - 0.7 } + [.nan]), ("link_high", rows.map { $0 - 0.3 } + [.nan]),
      ],
      layers: [
        Figure.Layer(.boxes(left: "link_left", right: "link_right", low: "link_low", high: "link_high"), .faint),
        Figure.Layer(.boxes(left: "gain_from", right: "gain_to", low: "bar_low", high: "bar_high"), .recommended),
        Figure.Layer(.boxes(left: "loss_from", right: "loss_to", low: "bar_low", high: "bar_high"), .current),
        Figure.Layer(.boxes(left: "whole_from", right: "whole_to", low: "bar_low", high: "bar_high"), .ink),
      ], rules: [(0, .faint)],
      words: zip(names, rows + [1]).map {
        Figure.Words(text: $0, x: -0.015, y: $1, isXOfPanel: true, alignment: .right, ink: .ink)
      }
        + zip(texts, rows + [1]).map {
          Figure.Words(text: $0, x: 1.015, y: $1, isXOfPanel: true, ink: .ink)
        },
      leftRoom: Figure.room(for: names), rightRoom: Figure.room(for: texts))
    let unit = labels.outcome.map { " " + $0 } ?? ""
    return Figure(
      name: "lift_by_channel",
      title:
        "Where \(lift.mean < 0 ? "" : "+")\(shortAmount(lift.mean))\(measure == .roi ? " of ROI" : unit) against the current plan come from",
      notes: [
        drawCount > 1 ? "Means over draws; the steps come to the whole" : "The steps come to the whole"
      ],
      legend: [
        Figure.LegendEntry(.box, .recommended, "adds"), Figure.LegendEntry(.box, .current, "takes away"),
        Figure.LegendEntry(.box, .ink, "all together"),
      ], panels: [panel], columnWidths: [1])
  }

  private static let mostSteps = 40
}
