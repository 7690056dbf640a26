import Tables

/// Numbers by channel and period, inline or in a CSV file.
extension PlanReader {
  /// Bytes of a table: a thousand channels over ten years of days.
  private static let largestTable = 100_000_000

  mutating func distribution(
    _ node: PlanNode?, over horizon: Horizon, decidedBy dimCount: Int
  ) -> Distribution {
    guard let node else { return .automatic }
    if let word = node.text { return word.value == "history" ? .history(word.position) : .uniform }
    let series: [CellSeries]
    if let file = node["file"]?.text {
      series = self.series(in: file, column: "share", number: PlanKeys.share, over: horizon)
    } else {
      series = node.entries.flatMap(PlanKeys.shares.leaves).map { inline($0, name: "distribution", over: horizon) }
    }
    // Parts of what is decided have sums of their own: those are known with the posterior.
    for series in series
    where series.values.count == horizon.periodCount.value
      && series.cell.value.split(separator: "/").count <= dimCount
    {
      let sum = series.values.reduce(0) { $0 + $1.value }
      if sum.isFinite && abs(sum - 1) > CellSeries.shareTolerance {
        problems.append(
          PlanProblem(
            "wrong shares of \(series.cell.value)", expected: "a sum of 1", found: "\(sum)",
            at: series.values.first?.position ?? series.cell.position))
      }
    }
    return .shares(series)
  }

  mutating func costPerUnit(_ node: PlanNode?, over horizon: Horizon) -> CostPerUnit {
    guard let node else { return .automatic }
    if let word = node.text { return .history(word.position) }
    if let file = node["file"]?.text {
      return .costs(series(in: file, column: "cost", number: PlanKeys.cost, over: horizon))
    }
    let series = node.entries.flatMap(PlanKeys.costs.leaves).map { inline($0, name: "cost_per_unit", over: horizon) }
    return .costs(series)
  }

  /// One number, or a list of one by period; no values where any is wrong.
  private mutating func inline(_ entry: PlanNode.Entry, name: String, over horizon: Horizon) -> CellSeries {
    let node = entry.value
    if let number = node.number { return CellSeries(cell: entry.key, values: [number]) }
    let values = (node.list ?? []).compactMap(\.number)
    let count = horizon.periodCount.value
    if let written = node.list?.count, written != count, count > 0 {
      problems.append(
        PlanProblem(
          "wrong length of \(name).\(entry.key.value)", expected: "\(count) numbers, one a period", found: "\(written)",
          at: node.position))
      return CellSeries(cell: entry.key, values: [])
    }
    return CellSeries(cell: entry.key, values: values.count == node.list?.count ? values : [])
  }

  // MARK: - CSV files

  /// Money by cell: the columns before `spend` or `total` are its labels, `channel` or `channel,geo`. Those after it are passed
  /// over, so that `allocation.csv` of an earlier run can be read.
  mutating func amounts(in file: Placed<String>) -> [CellAmount] {
    guard let table = open(file) else { return [] }
    if table.column("period") != nil {
      problems.append(
        PlanProblem(
          "a column period is not supported here by this version: give each channel's money over the horizon, which is "
            + "spread as distribution says", at: TextPosition(source: table.path, line: 1, column: 1)))
      return []
    }
    let money = ["spend", "total"].compactMap { table.column($0) }
    guard money.count == 1, money[0] > 0 else {
      header(table, expected: money.count == 1 ? "channel,spend" : "channel and one of spend and total")
      return []
    }
    var firsts: [String: Int] = [:]
    return table.text.rows.compactMap { row in
      let cell = table.label(row, Array(0..<money[0]))
      if let first = firsts[cell.value] {
        problems.append(
          PlanProblem(
            "duplicate row", expected: "each channel once", found: "\(cell.value) again after line \(first)",
            at: cell.position))
        return nil
      }
      firsts[cell.value] = row.line
      return number(in: row, money[0], of: table, PlanKeys.amount).map { CellAmount(cell: cell, money: $0) }
    }
  }

  /// Numbers by period and cell, each pair once; no values for a cell that lacks one. The columns beside the period and the
  /// number are the cell's labels.
  private mutating func series(
    in file: Placed<String>, column: String, number: PlanNumber, over horizon: Horizon
  ) -> [CellSeries] {
    guard let table = open(file), horizon.periodCount.value > 0 else { return [] }
    guard let periodColumn = table.column("period"), let numberColumn = table.column(column),
      case let labels = table.text.header.indices.filter({ $0 != periodColumn && $0 != numberColumn }),
      !labels.isEmpty, labels.count == 1 || labels.allSatisfy({ $0 < numberColumn })
    else {
      header(table, expected: "period,channel,\(column)")
      return []
    }
    let starts = Dictionary(
      zip(horizon.periodStarts.map(\.description), 1...), uniquingKeysWith: { first, _ in first })
    var cells: [Placed<String>] = []
    var values: [String: [Int: Placed<Double>]] = [:]
    var lines: [String: [Int: Int]] = [:]
    for row in table.text.rows {
      let cell = table.label(row, labels)
      if values[cell.value] == nil {
        cells.append(cell)
        values[cell.value] = [:]
      }
      guard let period = period(table.field(row, periodColumn), starts: starts, over: horizon) else { continue }
      if let first = lines[cell.value]?[period] {
        problems.append(
          PlanProblem(
            "duplicate row", expected: "each channel once a period",
            found: "\(cell.value) in period \(period) again after line \(first)", at: cell.position))
        continue
      }
      lines[cell.value, default: [:]][period] = row.line
      values[cell.value]?[period] = self.number(in: row, numberColumn, of: table, number)
    }
    return cells.map { cell in
      let count = horizon.periodCount.value
      let missing = (1...count).filter { lines[cell.value]?[$0] == nil }
      if !missing.isEmpty {
        let named = missing.prefix(5).map { "\($0)" } + (missing.count > 5 ? ["…"] : [])
        problems.append(
          PlanProblem(
            "missing rows of \(cell.value)", expected: "one for each period from 1 to \(count)",
            found: "none for \(missing.count == 1 ? "period" : "periods") \(named.joined(separator: ", "))",
            at: cell.position))
      }
      let found = (1...count).compactMap { values[cell.value]?[$0] }
      return CellSeries(cell: cell, values: found.count == count ? found : [])
    }
  }

  /// A period by its number from 1, or by its first day.
  private mutating func period(
    _ field: Placed<String>, starts: [String: Int], over horizon: Horizon
  ) -> Int? {
    if let number = Int(field.value), (1...horizon.periodCount.value).contains(number) { return number }
    if let number = starts[field.value] { return number }
    var expected = "a number from 1 to \(horizon.periodCount.value)"
    if horizon.start == nil {
      expected += " (or a period's first day, where horizon.start is given)"
    } else {
      expected += " or a period's first day"
    }
    problems.append(
      PlanProblem("wrong period", expected: expected, found: "'\(field.value)'", at: field.position))
    return nil
  }

  private mutating func number(
    in row: TextTable.Row, _ column: Int, of table: OpenTable, _ number: PlanNumber
  ) -> Placed<Double>? {
    let field = table.field(row, column)
    let node = PlanNode(
      plain: field.value, at: field.position ?? TextPosition(source: table.path, line: row.line, column: 1))
    if let value = node.number, number.contains(value.value) { return value }
    problems.append(
      PlanProblem(
        "wrong \(table.text.header[column])", expected: number.inWords, found: node.inWords, at: node.position))
    return nil
  }

  private mutating func header(_ table: OpenTable, expected: String) {
    problems.append(
      PlanProblem(
        "wrong header", expected: expected, found: table.text.header.joined(separator: ","),
        at: TextPosition(source: table.path, line: 1, column: 1)))
  }

  /// The table of a file named in the plan; nil where it cannot be read.
  private mutating func open(_ file: Placed<String>) -> OpenTable? {
    if file.value.isEmpty { return nil }
    let path = self.path(file.value)
    tables.append(path)
    do {
      let text = try TextFile.text(path: path, largestSize: Self.largestTable)
      return OpenTable(path: path, text: try TextTable(csv: text))
    } catch let error as TextTableError {
      problems.append(
        PlanProblem(
          "not a table", expected: error.expected, found: error.found,
          at: TextPosition(source: path, line: error.place.line, column: error.place.column)))
    } catch TextFile.Failure.missing {
      var problem = PlanProblem("no such file", expected: "a CSV file", found: "nothing at \(path)", at: file.position)
      problem.isMissingInput = true
      problems.append(problem)
    } catch TextFile.Failure.unreadable(let reason) {
      problems.append(PlanProblem("\(path) cannot be read: \(reason)", at: file.position))
    } catch {
      problems.append(PlanProblem("\(path) cannot be read: \(error)", at: file.position))
    }
    return nil
  }
}

/// A table and the path it was read from; spaces round names and fields do not count.
private struct OpenTable {
  var path: String
  var text: TextTable

  func column(_ name: String) -> Int? { text.header.firstIndex { trimmed($0) == name } }

  /// A cell by its labels, joined by a slash.
  func label(_ row: TextTable.Row, _ columns: [Int]) -> Placed<String> {
    let fields = columns.map { field(row, $0) }
    return Placed(fields.map(\.value).joined(separator: "/"), at: fields.first?.position)
  }

  func field(_ row: TextTable.Row, _ column: Int) -> Placed<String> {
    let place = row.places[column]
    return Placed(
      trimmed(row.fields[column]), at: TextPosition(source: path, line: place.line, column: place.column))
  }
}

private func trimmed(_ text: String) -> String {
  var text = text[...]
  while text.first == " " || text.first == "\t" { text.removeFirst() }
  while text.last == " " || text.last == "\t" { text.removeLast() }
  return String(text)
}
