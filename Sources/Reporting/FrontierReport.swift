public import Planning
public import Tables

// A frontier of mean against risk: for machines, for people, and as a picture.

extension EfficientFrontier {
  /// `frontier.csv`: one row a point from the best mean to the safest, then the plan file's own plan (`plan`) and the current one (`current`).
  /// `asked` is how a point was asked for, `floor` what the risk measure had to come to, `mean` and `risk` what it has, of the standard deviation as
  /// a size. `upper_bound` and `gap` are of the mean among plans as safe, in the row `best_risk` of the risk measure. `below` is how far the mean is
  /// below the best of plans as safe. Then each cell's money. Empty where there is nothing to say.
  public var table: TextTable {
    let rows = points.map { ($0.kind.rawValue, $0.answer, $0.mean, $0.risk, $0.floor, $0.isDominated, nil as Double?) }
    let marks = landmarks.map { name, own in (name, own.answer, own.mean, own.risk, nil as Double?, false, own.below) }
    let table = TextTable(
      header: [
        "asked", "risk_measure", "floor", "mean", "risk", "bound", "upper_bound", "gap", "dominated", "below", "sd",
        "q05", "q95", "expected_shortfall_05", "total_spend",
      ] + names,
      records: (rows + marks).map { asked, answer, mean, score, floor, isDominated, below in
        let isPoint = asked != "plan" && asked != "current"
        let bound = asked == EfficientFrontier.Kind.risk.rawValue ? risk.shown : { $0 }
        return [
          asked, risk.name, field(floor.map(risk.shown)), field(mean), field(risk.shown(score)),
          isPoint ? answer.utility.bound.rawValue : "",
          field(isPoint ? answer.utility.upperBound.map(bound) : nil), field(isPoint ? answer.utility.gap : nil),
          isPoint ? String(isDominated) : "", field(below), field(answer.outcome.sd), field(answer.outcome.q05),
          field(answer.outcome.q95), field(answer.outcome.expectedShortfall05), field(answer.budget.spent),
        ] + answer.cells.map { field($0.total) }
      })
    return chosen.answer.marked(table)
  }

  /// `frontier.json`: the points, the plan's own and the current one, each with the whole answer that `recommendation.json` has of a plan. `risk` is
  /// as the table has it, `score` the same with larger for better.
  public var jsonReport: String {
    JSONValue.object([
      ("interrupted", .bool(isInterrupted)),
      (
        "risk_measure",
        .object([("name", .text(risk.name)), ("better", .text(risk.isSize ? "smaller" : "larger"))])
      ),
      (
        "points",
        .array(
          points.map { point in
            .object([
              ("asked", .text(point.kind.rawValue)), ("floor", JSONValue(point.floor.map(risk.shown))),
              ("mean", .number(point.mean)), ("risk", .number(risk.shown(point.risk))),
              ("score", .number(point.risk)), ("dominated", .bool(point.isDominated)),
              ("recommendation", point.answer.json),
            ])
          })
      ),
      ("plan", chosen.json(risk)), ("current", current?.json(risk) ?? .null),
    ]).document
  }

  /// For a person at a terminal. Ends in a newline.
  public func textReport(style: TextStyle = .plain, filesWritten: [String] = []) -> String {
    let width = style.width ?? 100
    var lines = chosen.answer.exploratoryLines(style)
    lines += wrapped(verdict, to: width, indent: "").map(style.bold) + [""]
    lines += pointTable.lines(style) + [""] + spendTable.lines(style) + [""]
    for sentence in comparisons { lines += wrapped(sentence, to: width, indent: "") }
    let warnings = Reporting.warnings(of: points.enumerated().map { ("point \($0 + 1)", $1.answer) })
    if !warnings.isEmpty { lines.append("") }
    for warning in warnings {
      lines += wrapped("Warning: " + printable(warning), to: width, indent: "  ").map(style.warning)
    }
    lines += chosen.answer.closing(style, filesWritten)
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Words

  private var landmarks: [(name: String, plan: Landmark)] {
    [("plan", chosen)] + (current.map { [("current", $0)] } ?? [])
  }

  private var names: [String] { chosen.answer.cells.map(\.name) }

  private var riskName: String { printable(risk.title) }

  /// What the way from one end to the other costs and brings.
  private var verdict: String {
    if isInterrupted {
      return
        "Interrupted: \(counted(points.count, "point")) of the frontier \(points.count == 1 ? "was" : "were") found."
    }
    guard let first = points.first, let last = points.last, points.count > 1 else {
      return "One plan has both the best mean and the best \(riskName): there is nothing to trade."
    }
    let lost = first.mean - last.mean
    let gained = last.risk - first.risk
    func share(_ change: Double, of whole: Double) -> String {
      whole == 0 ? "" : " (\(percentText(change / abs(whole))))"
    }
    return
      "From the best mean to the safest plan the mean falls by \(shortSize(lost))\(share(lost, of: first.mean)), and the \(riskName) \(risk.isSize ? "falls" : "rises") by \(shortSize(gained))\(share(gained, of: first.risk))."
  }

  /// How far other plans are below the frontier.
  private var comparisons: [String] {
    // Of a part of the frontier nothing follows.
    (isInterrupted ? [] : landmarks).map { name, own in
      let title = name == "plan" ? "The plan by \(printable(own.answer.utility.description))" : "The current plan"
      let place = "has a mean of \(shortSize(own.mean)) and a \(riskName) of \(shortSize(risk.shown(own.risk)))"
      guard let below = own.below else {
        return "\(title) \(place): no plan within the limits is as safe."
      }
      guard below > 1e-5 * abs(own.mean) else { return "\(title) \(place): it is on the frontier." }
      let most = own.meanBound.map { $0 - own.mean }
      let bound = most.map { shortSize($0) == shortSize(below) ? "" : " (at most \(shortSize($0)))" } ?? ""
      return "\(title) \(place): plans as safe have a mean up to \(shortSize(below)) higher\(bound)."
    }
  }

  private var pointTable: TextColumns {
    let means = NumberScale(for: points.map(\.mean) + landmarks.map(\.plan.mean), significantDigits: 6)
    let risks = NumberScale(for: (points.map(\.risk) + landmarks.map(\.plan.risk)).map(abs), significantDigits: 6)
    func heading(_ name: String, _ scale: NumberScale) -> String {
      scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
    }
    let hasDominated = points.contains(where: \.isDominated)
    return TextColumns(
      columns: [
        ("Point", .left), (heading("Mean", means), .right), (heading(printable(risk.shortTitle), risks), .right),
        ("Mean\nlost", .right), ("Gap", .right),
      ] + (hasDominated ? [("", .left)] : []),
      rows: points.enumerated().map { index, point in
        let utility = point.answer.utility
        let gap = utility.gap.map {
          utility.bound == .box
            ? "box bound" : ($0 < 1e-5 ? "<0.001 %" : "\(boundText($0 * 100, significantDigits: 2)) %")
        }
        return [
          "\(label(index))", means.digits(point.mean), risks.digits(risk.shown(point.risk)),
          lost(point.mean), gap ?? "no bound",
        ] + (hasDominated ? [point.isDominated ? "dominated" : ""] : [])
      }
        + landmarks.map { name, own in
          [
            name == "plan" ? "this plan" : "current plan", means.digits(own.mean), risks.digits(risk.shown(own.risk)),
            lost(own.mean), "",
          ] + (hasDominated ? [""] : [])
        })
  }

  private func lost(_ mean: Double) -> String {
    let lost = points[0].mean - mean
    return lost <= 1e-9 * abs(points[0].mean) ? "0" : shortSize(lost)
  }

  private func label(_ index: Int) -> String {
    switch points[index].kind {
    case .mean: "\(index + 1) best mean"
    case .floor: "\(index + 1)"
    case .risk: "\(index + 1) safest"
    }
  }

  private var spendTable: TextColumns {
    // As many points as lines have room for.
    let shown = Self.few(points.indices, 7)
    let money = NumberScale(
      for: (points.map(\.answer) + landmarks.map(\.plan.answer)).flatMap { $0.cells.map(\.total) }, significantDigits: 4
    )
    return TextColumns(
      columns: [("Spend" + (money.unit.isEmpty ? "" : " (\(money.unit))"), .left)]
        + shown.map { ("\($0 + 1)", .right) }
        + landmarks.map { ($0.name == "plan" ? "This\nplan" : "Current", .right) },
      rows: names.indices.map { cell in
        [printable(names[cell])] + shown.map { money.digits(points[$0].answer.cells[cell].total) }
          + landmarks.map { money.digits($0.plan.answer.cells[cell].total) }
      })
  }

  /// So many at most, both ends among them, evenly apart.
  private static func few(_ indices: Range<Int>, _ most: Int) -> [Int] {
    guard indices.count > most else { return Array(indices) }
    return (0..<most).map { indices.lowerBound + (2 * $0 * (indices.count - 1) + most - 1) / (2 * (most - 1)) }
  }
}

extension EfficientFrontier.Landmark {
  fileprivate func json(_ risk: FrontierRisk) -> JSONValue {
    .object([
      ("mean", .number(mean)), ("risk", .number(risk.shown(self.risk))), ("score", .number(self.risk)),
      ("mean_at_risk", JSONValue(meanAtRisk)), ("mean_bound", JSONValue(meanBound)), ("below", JSONValue(below)),
      ("recommendation", answer.json),
    ])
  }
}
