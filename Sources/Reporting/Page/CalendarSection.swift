import Planning

// How much, when, on what.

extension ReportPage {
  var calendarSection: Section? {
    guard answer.periodCount > 1 else { return nil }
    return answer.hasCalendar ? decidedSection : spreadSection
  }

  private var decidedSection: Section {
    let after = answer.periods.dropFirst(answer.periodCount).reduce(0) { $0 + $1.response.mean }
    let whole = answer.periods.reduce(0) { $0 + $1.response.mean }
    let share =
      after > 0 && whole > 0
      ? " \(percentText(after / whole)) of what the plan brings is felt after its last period." : ""
    return Section(
      id: "calendar", title: "Calendar",
      content: [
        .note("Each period's money is decided by itself." + share),
        gallery(answer.calendarFigure(most: Recommendation.mostCards)),
        .element("h3", [.text("What each period brings")]), gallery(answer.periodResponseFigure, "one", titles: [""]),
        .element("h3", [.text(groups.isEachPeriod ? "Spend by period" : "Spend by period, several together")]),
        spendTable(answer.cells), .element("h3", [.text("Response by period")]), responseTable,
      ])
  }

  /// Money that a distribution spreads: by period where it is not the same in all.
  private var spreadSection: Section {
    let isEven = answer.cells.allSatisfy { cell in
      let most = cell.perPeriod.max() ?? 0
      return most - (cell.perPeriod.min() ?? 0) <= 1e-9 * most
    }
    let dates = answer.periodStarts.first.flatMap { first in
      answer.periodStarts.last.map { " (those that begin \(first) to \($0))" }
    }
    if isEven {
      let scale = NumberScale(for: answer.cells.map { $0.perPeriod.first ?? 0 }, significantDigits: 4)
      let table = PageTable(
        columns: [.init(unitHeading, .name), .init(heading("In each period", scale, answer.labels.currency))],
        rows: answer.cells.map { [.name($0.name), PageTable.number(scale.digits($0.perPeriod.first ?? 0))] },
        totals: [
          .text("All"), PageTable.number(scale.digits(answer.budget.spent / Double(answer.periodCount))),
        ])
      return Section(
        id: "calendar", title: "Calendar",
        content: [.note("Money is the same in each of the \(span)\(dates ?? "")."), table.html])
    }
    return Section(
      id: "calendar", title: "Calendar",
      content: [
        .note("Money over the horizon is decided, and spread over \(span)\(dates ?? "") by the plan's distribution."),
        spendTable(answer.cells),
      ])
  }

  // MARK: Tables

  private var groups: CalendarGroups { CalendarGroups(periodCount: answer.periodCount, width: 150) }

  private var headings: [String] {
    groups.isEachPeriod && !answer.periodStarts.isEmpty
      ? Figure.Axis.periods(answer.periodCount, starts: answer.periodStarts, ticks: answer.periodCount).ticks.map(
        \.text)
      : groups.headings
  }

  /// The more money, the darker.
  private func spendTable(_ cells: [Recommendation.CellResult]) -> HTML {
    let groups = groups
    let all = (0..<answer.periodCount).map { period in cells.reduce(0) { $0 + $1.perPeriod[period] } }
    let money = NumberScale(for: cells.flatMap { groups.sums($0.perPeriod) } + groups.sums(all), significantDigits: 4)
    let most = cells.flatMap { groups.sums($0.perPeriod) }.max() ?? 0
    func heat(_ value: Double) -> HTML {
      let share = most > 0 ? (value / most * 100).rounded() / 100 : 0
      return .element(
        "span", [("class", "heat"), ("style", "background: rgba(0, 114, 178, \(0.28 * share))")],
        [PageTable.number(money.digits(value))])
    }
    let table = PageTable(
      columns: [.init(heading(unitHeading, money, answer.labels.currency), .name)]
        + headings.map { .init($0) },
      rows: cells.map { cell in [.name(cell.name)] + groups.sums(cell.perPeriod).map(heat) },
      totals: [.text("All")] + groups.sums(all).map { PageTable.number(money.digits($0)) })
    return .element("div", class: "calendar", [table.html])
  }

  private var responseTable: HTML {
    let groups = groups
    let planned = answer.periods.prefix(answer.periodCount)
    let tail = answer.periods.dropFirst(answer.periodCount)
    let scale = NumberScale(
      for: groups.sums(planned.map(\.response.mean)) + [tail.reduce(0) { $0 + $1.response.mean }], significantDigits: 4)
    func row(_ name: String, _ number: (Recommendation.PeriodResult) -> Double) -> [HTML] {
      [.text(name)] + groups.sums(planned.map(number)).map { PageTable.number(scale.digits($0)) }
        + (tail.isEmpty ? [] : [PageTable.number(scale.digits(tail.reduce(0) { $0 + number($1) }))])
    }
    var table = PageTable(
      columns: [.init(heading("Incremental", scale, answer.labels.outcome), .name)] + headings.map { .init($0) }
        + (tail.isEmpty ? [] : [.init("after")]),
      rows: [row("At once", \.immediate), row("Carried over", \.carriedOver)], totals: row("Mean", \.response.mean))
    // The ends of sums are not the sums of ends.
    if !isPoint, groups.isEachPeriod {
      for (name, end) in [
        ("5 % of draws", \Recommendation.PeriodResult.response.q05), ("95 % of draws", \.response.q95),
      ] {
        let ends = row(name) { $0[keyPath: end] }
        table.rows.append(tail.count < 2 ? ends : ends.dropLast() + [.text("–")])
      }
    }
    return .element("div", class: "calendar", [table.html])
  }
}
