public import Planning
public import Tables

extension Recommendation {
  /// `allocation.csv`: one row a cell. `total`, `current` and `change` are money over the horizon, `per_period` is the average
  /// of a period, `change_pct` is in per cent of `current`, `roi` is the mean over draws, `binding` what keeps the cell where it is. Empty where there is nothing to say:
  /// no current plan, no spend.
  public var allocationTable: TextTable {
    marked(
      TextTable(
        header: dims + ["total", "per_period", "current", "change", "change_pct", "marginal_roi", "roi", "binding"],
        records: cells.map { cell in
          cell.labels + [
            field(cell.total), field(cell.total / Double(periodCount)), field(cell.current), field(cell.change),
            field(cell.changeShare.map { $0 * 100 }),
            field(abs(cell.marginalROI) < Recommendation.unboundedROI ? cell.marginalROI : nil), field(cell.roi?.mean),
            cell.binding?.rawValue ?? "",
          ]
        }))
  }

  /// `optimization_results.csv`: the same in the words of AMMM's results, one row a cell and a last one, `total`, of their sums. `estimated_contribution` is
  /// the mean incremental response, `optimal_budget` money over the horizon, `current` the current plan's, `shift` and `shift_pct` the
  /// change from it, empty without one.
  public var optimizationTable: TextTable {
    func record(_ labels: [String], _ contribution: Double, _ money: Double, _ current: Double?) -> [String] {
      let share = current.flatMap { $0 > 0 ? 100 * (money - $0) / $0 : nil }
      return labels + [
        field(contribution), field(money), field(current), field(current.map { money - $0 }), field(share),
      ]
    }
    let currents = cells.compactMap(\.current)
    return marked(
      TextTable(
        header: dims + ["estimated_contribution", "optimal_budget", "current", "shift", "shift_pct"],
        records: cells.map { record($0.labels, $0.response.mean, $0.total, $0.current) } + [
          record(
            ["total"] + dims.dropFirst().map { _ in "" }, cells.reduce(0) { $0 + $1.response.mean },
            cells.reduce(0) { $0 + $1.total }, currents.isEmpty ? nil : currents.reduce(0, +))
        ]))
  }

  /// `calendar.csv`: one row a period and cell of the model, in all of its dims, period after period. `period` counts from 1,
  /// `start` is its first day and empty where periods have numbers only, `units` are the media that `spend` buys. Where periods are
  /// decided, also the incremental response that is felt in the period, its mean and the ends of its 90 % interval over draws; and of the mean what the
  /// period's own spend adds (`immediate`) and what is left without it (`carried_over`).
  public var calendarTable: TextTable {
    marked(
      TextTable(
        header: ["period", "start"] + modelDims + ["spend", "units"]
          + (hasCalendar ? ["response", "response_q05", "response_q95", "immediate", "carried_over"] : []),
        records: (0..<periodCount).flatMap { period in
          cells.flatMap(\.parts).map { part in
            let start = periodStarts.isEmpty ? "" : periodStarts[period]
            let brought = (part.periods?[period]).map { result in
              [
                result.response.mean, result.response.q05, result.response.q95, result.immediate, result.carriedOver,
              ].map { field($0) }
            }
            return [String(period + 1), start] + part.labels + [
              field(part.perPeriod[period]), field(part.units[period]),
            ]
              + (brought ?? [])
          }
        }))
  }

  /// `limits.csv`: one row a limit, as a check of the plan: what it limits comes to `value`, `slack` is the distance to the nearer of its ends, negative
  /// where it is broken, and `pass` whether it holds to 1e-9 of the budget. All of these are money, or of runs of periods periods, as `unit` says. Ends
  /// are empty where there are none, the shadow price where it is not known.
  public var limitsTable: TextTable {
    marked(
      TextTable(
        header: ["limit", "value", "lower", "upper", "slack", "pass", "binding", "shadow_price", "unit"],
        records: limits.map { limit in
          [
            limit.name, field(limit.value), field(limit.lower), field(limit.upper), field(limit.slack),
            limit.isMet ? "true" : "false", limit.isBinding ? "true" : "false", field(limit.shadowPrice), limit.unit,
          ]
        }))
  }
}

extension Recommendation.CellResult {
  /// Change as a share of the current money; nil without a current plan, and where it spends nothing.
  var changeShare: Double? {
    guard let current, let change, current > 0 else { return nil }
    return change / current
  }
}

extension TextTable {
  /// A table to be written: its rows have the lines they will stand on.
  init(header: [String], records: [[String]]) {
    self.init(header: header, rows: records.enumerated().map { Row(line: $0.offset + 2, fields: $0.element) })
  }
}

/// The shortest digits that read back as the same number; empty for nil and for what is not finite.
func field(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "" }
  return value.description
}
