public import Planning

// The picture of a frontier.

extension EfficientFrontier {
  /// Of the pictures that a frontier may have.
  public static let figureNames = ["frontier"]

  /// `frontier`: the mean of each point against its risk, the plan's own and the current one among them; and who gets the money along the way. None
  /// where one plan is best by both.
  public var figures: [Figure] {
    guard points.count > 1 else { return [] }
    let answer = chosen.answer
    let risks = points.map { risk.shown($0.risk) }
    let marks =
      [(name: "this plan", plan: chosen, ink: Figure.Ink.ink)]
      + (current.map { [(name: "current", plan: $0, ink: Figure.Ink.current)] } ?? [])
    // A plan far below would leave the frontier a dot.
    let extent = extent(points.map(\.mean))
    let near = marks.filter { mark in
      let low = min(points.map(\.mean).min() ?? 0, mark.plan.mean)
      return (points.map(\.mean).max() ?? 0) - low <= 6 * extent
    }
    let left = marks.filter { mark in !near.contains { $0.name == mark.name } }
    let riskTitle = risk.title.capitalizedFirst
    let x = axis(
      "\(riskTitle)\(risk.isSize ? " (less is safer)" : " (more is safer)")",
      risks + near.map { risk.shown($0.plan.risk) })
    let lift = 0.05 * extent
    var columns: [(name: String, values: [Double])] = [
      ("risk", risks), ("mean", points.map(\.mean)),
      ("dominated", points.map { $0.isDominated ? $0.mean : .nan }),
      ("efficient", points.map { $0.isDominated ? .nan : $0.mean }),
    ]
    let steps = isConcave ? nil : self.steps
    if let steps { columns += [("step_risk", steps.map(\.risk)), ("step_mean", steps.map(\.mean))] }
    var layers = [
      steps == nil
        ? Figure.Layer(.line(x: "risk", y: "efficient"), .recommended)
        : Figure.Layer(.line(x: "step_risk", y: "step_mean"), .recommended, opacity: 1, width: 1.5),
      Figure.Layer(.dots(x: "risk", y: "efficient"), .recommended),
      Figure.Layer(.dots(x: "risk", y: "dominated"), .limit),
    ]
    for (index, mark) in near.enumerated() {
      let rest = [Double](repeating: .nan, count: points.count - 1)
      columns += [
        ("risk_\(index)", [risk.shown(mark.plan.risk)] + rest), ("mean_\(index)", [mark.plan.mean] + rest),
      ]
      layers.append(Figure.Layer(.dots(x: "risk_\(index)", y: "mean_\(index)"), mark.ink))
    }
    let frontier = Figure.Panel(
      title: "Mean of \(answer.measureAxisLabel.prefix(1).lowercased() + answer.measureAxisLabel.dropFirst())", x: x,
      y: axis("", points.map(\.mean) + near.map(\.plan.mean)), columns: columns, layers: layers,
      words: near.map { mark in
        let at = risk.shown(mark.plan.risk)
        // What is better lies on one side of the frontier, what is worse on the other: words stand clear of it.
        let isCurrent = mark.ink == .current
        let (low, high) = (x.range.lowerBound, x.range.upperBound)
        let place = (at - low) / (high - low)
        let isRight = place > 0.8 || (place >= 0.2 && risk.isSize != isCurrent)
        return Figure.Words(
          text: isRight ? mark.name + " " : " " + mark.name, x: at, y: mark.plan.mean + (isCurrent ? -lift : lift),
          alignment: isRight ? .right : .left, ink: mark.ink)
      })
    var notes = ["Blue: the best mean of plans as safe"]
    if points.contains(where: \.isDominated) { notes[0] += "; grey: another point has more of both" }
    if steps != nil { notes[0] += "; steps: what lies between points is not known to be better" }
    if let twins { notes[0] += "; \(twins)" }
    if !left.isEmpty {
      notes.append(
        "Not drawn, far below: "
          + left.map { mark in
            "\(mark.name), mean \(shortAmount(mark.plan.mean)), \(risk.title) \(shortAmount(risk.shown(mark.plan.risk)))"
          }.joined(separator: "; "))
    }
    return [
      Figure(
        name: "frontier", title: "What more safety costs", notes: notes, panels: [frontier, spendPanel(x)],
        columnWidths: [1, 1])
    ].map(answer.marked)
  }

  /// The cells whose money moves most along the frontier, each a line with its name at the end.
  private func spendPanel(_ x: Figure.Axis) -> Figure.Panel {
    let risks = points.map { risk.shown($0.risk) }
    let cells = chosen.answer.cells
    func money(_ cell: Int) -> [Double] { points.map { $0.answer.cells[cell].total } }
    let changing = cells.indices.filter { extent(money($0)) > 1e-6 * chosen.answer.budget.spent }
    let moving = (changing.isEmpty ? Array(cells.indices) : changing).sorted { extent(money($0)) > extent(money($1)) }
      .prefix(Self.inks.count)
    // Names stand at the right, whichever end that is.
    let last = (risks.last ?? 0) >= (risks.first ?? 0) ? points.count - 1 : 0
    let order = moving.sorted { money($0)[last] > money($1)[last] }
    let y = Figure.Axis.amounts("", order.flatMap(money).map { $0 * 1.03 }, ticks: 4, isTight: true)
    let heights = apart(
      order.map { money($0)[last] }, by: 0.045 * (y.range.upperBound - y.range.lowerBound), in: y.range)
    let names = order.map { cutInTheMiddle(shown(cells[$0].name), to: 18) }
    let place = Figure.Axis(
      label: x.label, range: ends(of: risks), ticks: x.ticks.filter { ends(of: risks).contains($0.at) })
    return Figure.Panel(
      title: chosen.answer.moneyLabel(
        cells.count > order.count
          ? changing.count > order.count
            ? "Spend, the \(order.count) channels that change most" : "Spend, the channels that change" : "Spend"),
      x: place, y: y,
      columns: [("risk", risks)] + order.enumerated().map { ("spend_\($0.offset)", money($0.element)) },
      layers: order.indices.flatMap { index in
        (isConcave ? [Figure.Layer(.line(x: "risk", y: "spend_\(index)"), Self.inks[index])] : [])
          + [Figure.Layer(.dots(x: "risk", y: "spend_\(index)"), Self.inks[index])]
      },
      words: order.indices.map { index in
        Figure.Words(
          text: names[index], x: 1.01, y: heights[index], isXOfPanel: true, alignment: .left, ink: Self.inks[index])
      }, rightRoom: Figure.room(for: names))
  }

  /// Whether points move as floors do, and none lies below the line between its neighbours: mixtures of two plans are then no worse than that line,
  /// as far as can be seen; of S-shaped curves they may be.
  private var isConcave: Bool {
    guard twins == nil else { return false }
    let slight = 1e-4 * extent(points.map(\.mean))
    return points.indices.dropFirst().dropLast().allSatisfy { index in
      let (before, own, after) = (points[index - 1], points[index], points[index + 1])
      let range = after.risk - before.risk
      guard range > 0 else { return true }
      let share = (own.risk - before.risk) / range
      return own.mean >= before.mean + share * (after.mean - before.mean) - slight
    }
  }

  /// What is known between points: the next safer plan.
  private var steps: [(risk: Double, mean: Double)] {
    let efficient = points.filter { !$0.isDominated }
    return efficient.prefix(1).map { (risk.shown($0.risk), $0.mean) }
      + zip(efficient, efficient.dropFirst()).flatMap { before, after in
        [(risk.shown(before.risk), after.mean), (risk.shown(after.risk), after.mean)]
      }
  }

  /// Which neighbours are one plan, in words; nil where none are.
  private var twins: String? {
    let same = points.indices.dropFirst().filter { index in
      let (own, before) = (points[index].answer, points[index - 1].answer)
      return zip(own.cells, before.cells).allSatisfy {
        abs($0.total - $1.total) <= 1e-6 * max(own.budget.spent, 1e-300)
      }
    }
    guard !same.isEmpty else { return nil }
    return "\(countText(points.count, "point")) are \(countText(points.count - same.count, "plan"))"
  }

  /// Heights from the top down that are so far apart at least, each as near to its own as the others and the range let it.
  private func apart(_ wanted: [Double], by least: Double, in range: ClosedRange<Double>) -> [Double] {
    // Blocks of touching names; each block's top is where the names are nearest on the whole.
    var blocks: [(tops: [Double], top: Double)] = []
    for height in wanted {
      blocks.append(([height], height))
      while blocks.count > 1,
        blocks[blocks.count - 2].top - Double(blocks[blocks.count - 2].tops.count) * least
          < blocks[blocks.count - 1].top
      {
        let last = blocks.removeLast()
        let shift = Double(blocks[blocks.count - 1].tops.count) * least
        blocks[blocks.count - 1].tops += last.tops.map { $0 + shift }
        let tops = blocks[blocks.count - 1].tops
        let middle = tops.reduce(0, +) / Double(tops.count)
        let length = Double(tops.count - 1) * least
        blocks[blocks.count - 1].top = min(max(middle, range.lowerBound + length), range.upperBound)
      }
    }
    return blocks.flatMap { block in block.tops.indices.map { block.top - Double($0) * least } }
  }

  private static let inks: [Figure.Ink] = [.recommended, .current, .carried, .ink, .limit, .faint]

  private func extent(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

  private func ends(of values: [Double]) -> ClosedRange<Double> {
    let room = 0.06 * extent(values)
    return (values.min() ?? 0) - room...(values.max() ?? 1) + room
  }

  private func axis(_ label: String, _ values: [Double]) -> Figure.Axis {
    let room = max(0.08 * extent(values), 1e-9 * (values.map(abs).max() ?? 1))
    return .spanning(label, (values.min() ?? 0) - room...(values.max() ?? 1) + room, ticks: 6)
  }
}
