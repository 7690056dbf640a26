import Tables

/// A CSV file of numbers by cell: a column for each dim of the model, in any order, the number's own, and `period` where it is by
/// period too.
///
/// Columns that our own reports have beside those are passed over, so that `allocation.csv` and `calendar.csv` of an earlier run are
/// read as they are. Any other is a dim's: whether the model has it is seen with the posterior.
struct CellTable {
  /// As messages name it.
  let path: String
  /// Everything wrong with its header and its rows.
  private(set) var problems: [PlanProblem] = []
  private let text: TextTable
  private let names: [String]
  /// Names of dims, for messages: those that are known.
  private let dims: [String]

  /// Bytes: a thousand channels over ten years of days.
  private static let largestSize = 100_000_000

  /// What reports have beside labels, periods and money.
  static let passedOver: Set<String> = [
    "start", "per_period", "current", "change", "change_pct", "marginal_roi", "roi", "binding", "units", "response",
    "exploratory",
    "response_q05", "response_q95", "immediate", "carried_over",
  ]

  /// - Parameters:
  ///   - position: where the file is named.
  ///   - dims: those that messages give as examples.
  /// - Throws: where there is no such file, or it is no table.
  init(_ path: String, namedAt position: TextPosition? = nil, dims: [String]) throws(PlanProblems) {
    self.path = path
    self.dims = dims
    do {
      text = try TextTable(csv: try TextFile.text(path: path, largestSize: Self.largestSize))
    } catch let error as TextTableError {
      throw PlanProblems([
        PlanProblem(
          "not a table", expected: error.expected, found: error.found,
          at: TextPosition(source: path, line: error.place.line, column: error.place.column))
      ])
    } catch TextFile.Failure.missing {
      var problem = PlanProblem("no such file", expected: "a CSV file", found: "nothing at \(path)", at: position)
      problem.isMissingInput = true
      throw PlanProblems([problem])
    } catch TextFile.Failure.unreadable(let reason) {
      throw PlanProblems([PlanProblem("\(path) cannot be read: \(reason)", at: position)])
    } catch {
      throw PlanProblems([PlanProblem("\(path) cannot be read: \(error)", at: position)])
    }
    names = text.header.map(\.trimmed)
  }

  // MARK: What plans take from tables

  /// A number for each period and cell, each pair once; no values for a cell that lacks one.
  mutating func series(_ column: String, _ number: PlanNumber, over horizon: Horizon) -> [CellSeries] {
    let count = horizon.periodCount.value
    guard count > 0, let columns = columns([column], isByPeriod: true) else { return [] }
    return entries(columns, number, over: horizon).map { entry in
      let missing = (1...count).filter { entry.lines[$0] == nil }
      if !missing.isEmpty {
        let named = missing.prefix(5).map { "\($0)" } + (missing.count > 5 ? ["…"] : [])
        problems.append(
          PlanProblem(
            "missing rows of \(entry.cell.value)", expected: "one for each period from 1 to \(count)",
            found: "none for \(missing.count == 1 ? "period" : "periods") \(named.joined(separator: ", "))",
            at: entry.cell.position))
      }
      let found = (1...count).compactMap { entry.values[$0] }
      return CellSeries(cell: entry.cell, labels: entry.labels, values: found.count == count ? found : [])
    }
  }

  /// A number for each period, the same for all cells; empty where one is missing or wrong.
  mutating func worths(_ column: String, _ number: PlanNumber, over horizon: Horizon) -> [Placed<Double>] {
    let count = horizon.periodCount.value
    guard count > 0, let columns = columns([column], isByPeriod: true, isByCell: false) else { return [] }
    let values = entries(columns, number, over: horizon).first?.values ?? [:]
    let missing = (1...count).filter { values[$0] == nil }
    if let first = missing.first, problems.isEmpty {
      problems.append(
        PlanProblem(
          "missing rows", expected: "one for each period from 1 to \(count)", found: "none for period \(first)",
          at: TextPosition(source: path, line: 1, column: 1)))
    }
    return missing.isEmpty ? (1...count).compactMap { values[$0] } : []
  }

  /// Money over the horizon by cell, each once.
  private mutating func amounts(over horizon: Horizon) -> [CellAmount] {
    guard let columns = columns(Self.moneyColumns, isByPeriod: false) else { return [] }
    return entries(columns, PlanKeys.amount, over: horizon).compactMap { entry in
      entry.values[1].map { CellAmount(cell: entry.cell, labels: entry.labels, money: $0) }
    }
  }

  /// Money by cell and period, those without a row at nothing.
  private mutating func moneyByPeriod(over horizon: Horizon) -> [CellSeries] {
    guard let columns = columns(Self.moneyColumns, isByPeriod: true) else { return [] }
    return entries(columns, PlanKeys.amount, over: horizon).map { entry in
      CellSeries(
        cell: entry.cell, labels: entry.labels,
        values: (1...max(1, horizon.periodCount.value)).map { entry.values[$0] ?? Placed(0, at: entry.cell.position) })
    }
  }

  /// Money over the horizon by cell; by period and cell where there is a column for it.
  mutating func allocation(over horizon: Horizon) -> Allocation {
    column("period") == nil
      ? Allocation(amounts: amounts(over: horizon)) : Allocation(byPeriod: moneyByPeriod(over: horizon))
  }

  /// The same of the plan to beat.
  mutating func current(over horizon: Horizon, named position: TextPosition?) -> CurrentPlan {
    column("period") == nil
      ? .amounts(amounts(over: horizon), position: position)
      : .byPeriod(moneyByPeriod(over: horizon), position: position)
  }

  private static let moneyColumns = ["spend", "total"]

  // MARK: The header

  private struct Columns {
    var period: Int?
    var number: Int
    var labels: [Int]
  }

  private func column(_ name: String) -> Int? { names.firstIndex(of: name) }

  /// The number has one of some names; nil where the header cannot be read so.
  private mutating func columns(_ numbers: [String], isByPeriod: Bool, isByCell: Bool = true) -> Columns? {
    let found = numbers.compactMap { column($0) }
    let period = column("period")
    let labels = names.indices.filter { $0 != period && !found.contains($0) && !Self.passedOver.contains(names[$0]) }
    guard found.count == 1, labels.isEmpty != isByCell, (period != nil) == isByPeriod, Set(names).count == names.count
    else {
      let headers = numbers.map {
        ((isByPeriod ? ["period"] : []) + (isByCell ? dims : []) + [$0]).joined(separator: ",")
      }
      problems.append(
        PlanProblem(
          "wrong header", expected: "columns such as \(headers.alternatives)", found: names.joined(separator: ","),
          at: TextPosition(source: path, line: 1, column: 1)))
      return nil
    }
    return Columns(period: period, number: found[0], labels: labels)
  }

  // MARK: Rows

  /// What rows say of one cell.
  private struct Entry {
    var cell: Placed<String>
    var labels: [CellLabel]
    /// By period from 1, those that can be read; by 1 where there are no periods.
    var values: [Int: Placed<Double>] = [:]
    /// Where each period first stands.
    var lines: [Int: Int] = [:]
  }

  private mutating func entries(_ columns: Columns, _ number: PlanNumber, over horizon: Horizon) -> [Entry] {
    let dims = columns.labels.map { Placed(names[$0], at: TextPosition(source: path, line: 1, column: 1)) }
    let starts = Dictionary(
      zip(horizon.periodStarts.map(\.description), 1...), uniquingKeysWith: { first, _ in first })
    var entries: [Entry] = []
    var places: [[String]: Int] = [:]
    for row in text.rows {
      let fields = columns.labels.map { field(row, $0) }
      let labels = fields.map(\.value)
      if places[labels] == nil {
        places[labels] = entries.count
        entries.append(
          Entry(
            cell: Placed(labels.joined(separator: "/"), at: fields.first?.position),
            labels: zip(dims, labels).map { CellLabel(dim: $0, label: $1) }))
      }
      guard let place = places[labels],
        let period = columns.period.map({ period(field(row, $0), starts, over: horizon) }) ?? 1
      else { continue }
      if let first = entries[place].lines[period] {
        let what = dims.count == 1 ? dims[0].value : "cell"
        let isByPeriod = columns.period != nil
        if dims.isEmpty {
          problems.append(
            PlanProblem(
              "duplicate row", expected: "each period once", found: "period \(period) again after line \(first)",
              at: TextPosition(source: path, line: row.line, column: 1)))
          continue
        }
        problems.append(
          PlanProblem(
            "duplicate row", expected: "each \(what) once\(isByPeriod ? " a period" : "")",
            found: "\(entries[place].cell.value)\(isByPeriod ? " in period \(period)" : "") again after line \(first)",
            at: fields.first?.position))
        continue
      }
      entries[place].lines[period] = row.line
      entries[place].values[period] = self.number(row, columns.number, number)
    }
    return entries
  }

  private func field(_ row: TextTable.Row, _ column: Int) -> Placed<String> {
    let place = row.places[column]
    return Placed(row.fields[column].trimmed, at: TextPosition(source: path, line: place.line, column: place.column))
  }

  /// A period by its number from 1, or by its first day.
  private mutating func period(_ field: Placed<String>, _ starts: [String: Int], over horizon: Horizon) -> Int? {
    let count = horizon.periodCount.value
    if let number = Int(field.value), number >= 1, number <= count { return number }
    if let number = starts[field.value] { return number }
    var expected = "a number from 1 to \(count)"
    expected +=
      horizon.start == nil ? " (or a period's first day, where horizon.start is given)" : " or a period's first day"
    problems.append(PlanProblem("wrong period", expected: expected, found: "'\(field.value)'", at: field.position))
    return nil
  }

  private mutating func number(_ row: TextTable.Row, _ column: Int, _ number: PlanNumber) -> Placed<Double>? {
    let field = field(row, column)
    let node = PlanNode(
      plain: field.value, at: field.position ?? TextPosition(source: path, line: row.line, column: 1))
    if let value = node.number, number.contains(value.value) { return value }
    problems.append(
      PlanProblem("wrong \(names[column])", expected: number.inWords, found: node.inWords, at: node.position))
    return nil
  }
}
