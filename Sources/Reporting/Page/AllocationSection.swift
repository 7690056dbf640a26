import Planning

// Where the money goes, and why.

extension ReportPage {
  var allocationSection: Section? {
    let figure = answer.allocationFigure
    let note =
      figure.notes.isEmpty
      ? HTML.none : .note("Drawn are the \(figure.panels[0].y.ticks.count) of most money; the table has all.")
    return Section(
      id: "allocation", title: "Where the money goes",
      content: [
        list(reasons),
        gallery(
          figure, "wide",
          titles: ["Spend over \(span)", "Return per unit of money\(isPoint ? "" : ": mean, 50 and 90 % of draws")"]
        ), note, allocationTable,
        .note(
          "Return is incremental \(answer.outcomeValue == nil ? "response" : "worth") per unit of money\(isPoint ? "" : ", with 90 % of draws under it"). The next unit is what one more unit of money would add to "
            + "the utility, \(printable(answer.utility.description))\(answer.outcomeValue == nil ? "" : ", in money")"
            + (isPoint ? "" : ", with what 90 % of draws have of the outcome under it")
            + (hasCurrentMargins ? ": under the current plan, and under \(planName)." : ".")),
      ] + answer.dims.compactMap(sumTable))
  }

  private var hasCurrentMargins: Bool { answer.cells.contains { $0.currentMarginalROI != nil } }
  private var worth: Double { answer.outcomeValue ?? 1 }

  /// What the next unit of money brings, but for rounding: at the best spend for a profit that is nothing.
  private func margin(_ value: Double) -> Double {
    let returned = answer.cells.reduce(0) { max($0, abs($1.roi?.mean ?? 0)) }
    return abs(worth * value) <= 1e-9 * returned ? 0 : worth * value
  }

  private var margins: NumberScale {
    let all = answer.cells.flatMap { [$0.marginalROI, $0.currentMarginalROI].compactMap(\.self).map(margin) }
    return NumberScale(for: all.filter { abs($0) < Recommendation.unboundedROI }, significantDigits: 3)
  }

  private func marginText(_ value: Double?) -> String {
    guard let value else { return "–" }
    return abs(margin(value)) < Recommendation.unboundedROI ? margins.digits(margin(value)) : "unbounded"
  }

  /// Under it what 90 % of draws say.
  private func marginCell(_ value: Double?, _ draws: Recommendation.Summary?) -> HTML {
    guard let draws, !isPoint else { return PageTable.number(marginText(value)) }
    return PageTable.number(marginText(value), "\(margins.digits(draws.q05)) to \(margins.digits(draws.q95))")
  }

  // MARK: Why

  private var reasons: [String] {
    guard isSolved else { return [] }
    return [moves, evenness].compactMap(\.self) + bindings
  }

  /// The largest moves, with what the next unit of money brought there before.
  private var moves: String? {
    let moved = answer.cells.filter { abs($0.change ?? 0) > 1e-6 * answer.budget.spent }
    guard !moved.isEmpty else { return nil }
    func words(_ cells: [Recommendation.CellResult]) -> String {
      cells.prefix(3).map { cell in
        let margin = cell.currentMarginalROI == nil ? "" : ", next unit now \(marginText(cell.currentMarginalROI))"
        return
          "\(printable(cell.name)) (\(money.text(cell.change ?? 0, signed: true).replacing("-", with: "−"))\(margin))"
      }.joined(separator: ", ")
    }
    let more = moved.filter { ($0.change ?? 0) > 0 }.sorted { ($0.change ?? 0) > ($1.change ?? 0) }
    let less = moved.filter { ($0.change ?? 0) < 0 }.sorted { ($0.change ?? 0) < ($1.change ?? 0) }
    let parts = [
      more.isEmpty ? nil : "most is added to \(words(more))", less.isEmpty ? nil : "most is taken from \(words(less))",
    ].compactMap(\.self)
    return parts.joined(separator: "; ").capitalizedFirst + "."
  }

  /// Money goes to where the next unit of it brings most, until it brings the same.
  private var evenness: String? {
    guard !answer.hasCalendar, let price = answer.budget.shadowPrice, answer.target == nil else { return nil }
    let free = answer.cells.filter { $0.binding == nil }
    guard free.count > 1 else { return nil }
    return
      "Money moves to where the next unit of it adds most to the utility, until that is the same wherever no limit holds: "
      + "\(marginText(price)) for each of \(countText(free.count)) of \(countText(answer.cells.count)) \(unitName)s."
  }

  /// The limits that hold the plan back most.
  private var bindings: [String] {
    // That nothing can be taken from nothing is no limit of anybody's.
    let binding = answer.limits.filter {
      $0.isBinding && $0.name != "budget" && ($0.shadowPrice ?? 0) != 0
        && !(($0.lower ?? 0) == 0 && $0.value <= 1e-9 * answer.budget.spent)
    }
    .sorted { abs($0.shadowPrice ?? 0) > abs($1.shadowPrice ?? 0) }
    guard !binding.isEmpty else { return [] }
    let words = binding.prefix(4).map { limit -> String in
      let price = "a unit of room would add \(numberText(abs(limit.shadowPrice ?? 0), significantDigits: 3))"
      // Of a ramp the value is a difference of two periods, which says little here.
      if answer.hasCalendar { return "\(printable(limit.name)) (\(price))" }
      let isLeast = limit.lower.map { limit.value - $0 <= (limit.upper ?? .infinity) - limit.value } ?? false
      let end = limit.lower == limit.upper ? "set amount" : isLeast ? "least" : "most"
      return
        "\(printable(limit.name)) at its \(end), \(amountText(withoutDust(limit.value, of: answer.budget.spent))) (\(price))"
    }
    let rest = binding.count > words.count ? ", and \(countText(binding.count - words.count)) more: see Limits" : ""
    return ["Held by limits: \(words.joined(separator: ", "))\(rest)."]
  }

  // MARK: Tables

  private var allocationTable: HTML {
    let money = money
    let returns = NumberScale(
      for: answer.cells.flatMap { cell in cell.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    let showsBinding = answer.cells.contains { $0.binding != nil }
    let showsChange = answer.cells.contains { $0.current != nil }
    var table = PageTable(
      columns: [.init(unitHeading, .name)]
        + (showsChange ? [.init(heading("Current", money, answer.labels.currency))] : [])
        + [.init(heading("Plan", money, answer.labels.currency))]
        + (showsChange ? [.init("Change")] : []) + [.init(heading("Return", returns))]
        + (hasCurrentMargins ? [.init("Next unit, current")] : [])
        + [.init(hasCurrentMargins ? "Next unit, plan" : "Next unit")]
        + (showsBinding ? [.init("Stands on", .words)] : []))
    func change(_ total: Double, _ current: Double?) -> HTML {
      guard let current else { return .text("–") }
      let change = withoutDust(total - current, of: max(total, current))
      let share = current > 0 ? percentText(change / current, signed: true) : ""
      return share.isEmpty
        ? PageTable.number(money.digits(change, signed: true))
        : PageTable.number(money.digits(change, signed: true), share)
    }
    func row(
      _ name: HTML, _ total: Double, _ current: Double?, _ roi: Recommendation.Summary?, _ rest: [HTML]
    ) -> [HTML] {
      [name] + (showsChange ? [PageTable.number(current.map { money.digits($0) } ?? "–")] : [])
        + [PageTable.number(money.digits(total))] + (showsChange ? [change(total, current)] : []) + [cell(roi, returns)]
        + rest
    }
    table.rows = answer.cells.map { cell in
      row(
        .name(cell.name), cell.total, cell.current, cell.roi,
        (hasCurrentMargins ? [marginCell(cell.currentMarginalROI, cell.currentNextUnit)] : [])
          + [marginCell(cell.marginalROI, cell.nextUnit)]
          + (showsBinding ? [.text(cell.binding.map(\.inWords) ?? "")] : []))
    }
    if answer.cells.count > 1 {
      table.totals = row(
        .text("All"), answer.cells.reduce(0) { $0 + $1.total }, answer.currentTotal, answer.roi,
        [HTML](repeating: .none, count: (hasCurrentMargins ? 2 : 1) + (showsBinding ? 1 : 0)))
    }
    return table.html
  }

  /// What each label of a dim comes to, where there are several dims.
  private func sumTable(_ dim: String) -> HTML? {
    let own = answer.sums.filter { $0.dim == dim }
    guard !own.isEmpty else { return nil }
    let money = NumberScale(for: own.flatMap { [$0.total, $0.current ?? 0] }, significantDigits: 5)
    let returns = NumberScale(
      for: own.flatMap { sum in sum.roi.map { [$0.mean, $0.q05, $0.q95] } ?? [] }, significantDigits: 3)
    let showsChange = own.contains { $0.current != nil }
    let table = PageTable(
      columns: [.init("By \(dim)", .name)] + (showsChange ? [.init(heading("Current", money))] : [])
        + [.init(heading("Plan", money))] + (showsChange ? [.init("Change")] : []) + [
          .init(heading("Return", returns))
        ],
      rows: own.map { sum in
        let change = sum.current.map { withoutDust(sum.total - $0, of: max(sum.total, $0)) }
        return [HTML.name(sum.label)]
          + (showsChange ? [PageTable.number(sum.current.map { money.digits($0) } ?? "–")] : [])
          + [PageTable.number(money.digits(sum.total))]
          + (showsChange ? [PageTable.number(change.map { money.digits($0, signed: true) } ?? "–")] : [])
          + [self.cell(sum.roi, returns)]
      })
    return table.html
  }
}

extension Recommendation.Binding {
  /// For people.
  fileprivate var inWords: String {
    switch self {
    case .lower: "its least"
    case .upper: "its most"
    case .fixed: "settled"
    case .tier: "end of a price tier"
    }
  }
}
