public import Planning
public import Tables

// What is written of a plan whose periods are decided, beside what every plan has.

extension Recommendation {
  /// Whether periods are decided.
  public var hasCalendar: Bool { !periods.isEmpty }

  /// `multiperiod_optimization_results.csv`: one row a period and cell, in the words of AMMM's results: `optimal_budget` is money in the period,
  /// `estimated_contribution` the mean incremental response that is felt in it, `current`, `shift` and `shift_pct` the current plan's money and the
  /// change from it, empty without one.
  public var multiperiodTable: TextTable {
    marked(
      TextTable(
        header: ["period", "start"] + dims + [
          "optimal_budget", "estimated_contribution", "current", "shift", "shift_pct",
        ],
        records: (0..<periodCount).flatMap { period in
          cells.compactMap { cell -> [String]? in
            guard let own = cell.periods?[period] else { return nil }
            let contribution = cell.parts.reduce(0) { $0 + ($1.periods?[period].response.mean ?? 0) }
            let shift = own.current.map { own.spend - $0 }
            let share = own.current.flatMap { current in shift.flatMap { current > 0 ? 100 * $0 / current : nil } }
            return [String(period + 1), periodStarts.isEmpty ? "" : periodStarts[period]] + cell.labels
              + [field(own.spend), field(contribution), field(own.current), field(shift), field(share)]
          }
        }))
  }

  /// How a plan was made whose periods were not decided at once by what is known, and what that costs; none of another.
  var modeSentences: [String] {
    guard let mode else { return [] }
    let way =
      mode.mode.order.value == .sequential
      ? "One period was decided after the other, the budget split "
        + (mode.mode.split == .equal
          ? "equally" : mode.mode.split == .season ? "by the season" : "by the price of money")
        + (mode.mode.isAdstockAware ? "" : ", without a look at carryover")
      : "The plan was made without a look at carryover"
    let best = mode.simultaneous
    let share = best == 0 ? nil : (best - utility.value) / abs(best)
    let cost =
      share.map { $0 <= 0 ? "no worse than" : "\(boundText($0 * 100, significantDigits: 2)) % below" } ?? "beside"
    return [
      "\(way): it scores \(cost) the best plan found of all periods at once, \(numberText(best, significantDigits: 6))."
    ]
  }

  var modeJSON: JSONValue {
    guard let mode else { return .null }
    return .object([
      ("order", .text(mode.mode.order.value.rawValue)), ("sequential_budget", .text(mode.mode.split.rawValue)),
      ("adstock_aware", .bool(mode.mode.isAdstockAware)), ("simultaneous_utility", .number(mode.simultaneous)),
    ])
  }

  /// `distribution.csv`: each cell's money by period as shares of its money over the horizon, as the key `distribution` reads it:
  /// `distribution: {file: distribution.csv}`. A cell without money is spread evenly.
  public var distributionTable: TextTable {
    marked(
      TextTable(
        header: ["period"] + modelDims + ["share"],
        records: (0..<periodCount).flatMap { period in
          cells.flatMap { cell in
            cell.parts.map { part in
              let share =
                cell.total > 0 ? part.perPeriod[period] / cell.total : 1 / Double(periodCount * cell.parts.count)
              return [String(period + 1)] + part.labels + [field(share)]
            }
          }
        }))
  }

  /// Money of each cell by period, and what periods bring: the table of a terminal, periods taken together where there are many.
  func calendarLines(_ style: TextStyle) -> [String] {
    let groups = CalendarGroups(periodCount: periodCount, width: style.width ?? 150)
    let money = NumberScale(
      for: cells.flatMap { groups.sums($0.perPeriod) } + groups.sums(spending), significantDigits: 4)
    let brought = NumberScale(for: periods.map(\.response.mean), significantDigits: 4)
    let tail = periods.dropFirst(periodCount)
    func heading(_ name: String, _ scale: NumberScale) -> String {
      scale.unit.isEmpty ? name : "\(name) (\(scale.unit))"
    }
    var spend = TextColumns(
      columns: [(heading("Spend by period", money), .left)] + groups.headings.map { ($0, .right) })
    spend.rows = cells.map { cell in [printable(cell.name)] + groups.sums(cell.perPeriod).map { money.digits($0) } }
    spend.totals = ["Total"] + groups.sums(spending).map { money.digits($0) }
    var response = TextColumns(
      columns: [(heading("Response by period", brought), .left)] + groups.headings.map { ($0, .right) }
        + (tail.isEmpty ? [] : [("after", .right)]))
    func row(_ name: String, _ number: (PeriodResult) -> Double) -> [String] {
      [name] + groups.sums(periods.prefix(periodCount).map(number)).map { brought.digits($0) }
        + (tail.isEmpty ? [] : [brought.digits(tail.reduce(0) { $0 + number($1) })])
    }
    response.rows = [row("Incremental, mean", \.response.mean)]
    // The ends of sums are not the sums of ends.
    if drawCount > 1, groups.isEachPeriod {
      response.rows.append(row("5 %", \.response.q05))
      response.rows.append(row("95 %", \.response.q95))
    }
    response.rows += [row("at once", \.immediate), row("carried over", \.carriedOver)]
    return spend.lines(style) + [""] + response.lines(style) + [""] + bindingLines(style)
  }

  private var spending: [Double] { periods.prefix(periodCount).map(\.spend) }

  /// Limits beside the bounds that the plan stands at, those first that cost most.
  private func bindingLines(_ style: TextStyle) -> [String] {
    let bounds = Set(cells.flatMap { cell in (1...periodCount).map { "\(cell.name) in period \($0)" } } + ["budget"])
    let others = limits.filter { !bounds.contains($0.name) }
    let binding = others.filter(\.isBinding).sorted { abs($0.shadowPrice ?? 0) > abs($1.shadowPrice ?? 0) }
    guard !others.isEmpty else { return [] }
    let sentence = "\(countText(binding.count)) of \(countText(others.count, "limit")) on sums, periods and ramps bind."
    guard !binding.isEmpty else { return ["  " + sentence] }
    var table = TextColumns(
      columns: [("Limit", .left), ("Value", .right), ("Allowed", .right), ("Next unit", .right)])
    table.rows = binding.prefix(Self.limitsShown).map { limit in
      [
        printable(limit.name), amountText(limit.value.magnitude <= 1e-9 * budget.spent ? 0 : limit.value),
        limit.allowed, limit.shadowPrice.map { numberText($0, significantDigits: 3) } ?? "",
      ]
    }
    let more = binding.count > Self.limitsShown ? " The most costly are shown; limits.csv has all." : ""
    return ["  " + sentence + more] + table.lines(style)
  }

  private static let limitsShown = 8
}

/// Periods side by side in a table: each by itself, or several together.
struct CalendarGroups {
  /// Columns of a terminal that a number takes, and that all else does.
  private static let room = (number: 9, rest: 30)
  /// Of a quarter each week has its own.
  private static let most = 13

  let ranges: [Range<Int>]

  init(periodCount: Int, width: Int) {
    let columns = min(max((width - CalendarGroups.room.rest) / CalendarGroups.room.number, 2), CalendarGroups.most)
    let size = (periodCount + columns - 1) / columns
    ranges = stride(from: 0, to: periodCount, by: max(size, 1)).map { $0..<min($0 + size, periodCount) }
  }

  var isEachPeriod: Bool { ranges.allSatisfy { $0.count == 1 } }

  var headings: [String] {
    ranges.map { $0.count == 1 ? "\($0.lowerBound + 1)" : "\($0.lowerBound + 1)-\($0.upperBound)" }
  }

  func sums(_ numbers: [Double]) -> [Double] { ranges.map { numbers[$0].reduce(0, +) } }
}

extension Recommendation.PeriodResult {
  var json: JSONValue {
    .object([
      ("period", .integer(period)),
      ("start", JSONValue(start)),
      ("spend", .number(spend)),
      (
        "response",
        .object([
          ("mean", .number(response.mean)), ("q05", .number(response.q05)), ("q50", .number(response.q50)),
          ("q95", .number(response.q95)),
        ])
      ),
      ("immediate", .number(immediate)),
      ("carried_over", .number(carriedOver)),
    ])
  }
}
