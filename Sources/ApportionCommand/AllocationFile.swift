import Foundation
import Planning
import Tables

/// Reads the allocation that `evaluate` scores: money by cell over the horizon, or by period and cell. Columns beside those
/// are passed over, so that an `allocation.csv` or a `calendar.csv` of an earlier run can be read as it is.
struct AllocationFile {
  private let path: String
  private let dims: [String]
  private let decided: [String]
  private let horizon: Horizon
  private let table: TextTable
  private var problems: [PlanProblem] = []

  /// - Parameters:
  ///   - dims: of the posterior, the channel first; each may be a column.
  ///   - decided: those that the plan decides by: each must be one.
  /// - Throws: `Failure` where there is no such file, or it is no table; `PlanProblems` with everything else that is wrong.
  static func read(
    _ path: String, dims: [String], decidedBy decided: [String], horizon: Horizon
  ) throws -> Allocation {
    var file = try AllocationFile(path, dims: dims, decidedBy: decided, horizon: horizon)
    let allocation = file.allocation()
    guard file.problems.isEmpty else { throw PlanProblems(file.problems) }
    return allocation
  }

  private init(
    _ path: String, dims: [String], decidedBy decided: [String], horizon: Horizon
  ) throws(Failure) {
    self.path = path
    self.dims = dims
    self.decided = decided
    self.horizon = horizon
    let text: String
    do {
      text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw Failure(.missingInput, "\(path): error: no such file, expected an allocation (CSV)")
    } catch {
      throw Failure(.wrongData, "\(path): error: cannot be read as text: \(systemReason(error).sentence)")
    }
    do {
      table = try TextTable(csv: text)
    } catch {
      throw Failure(
        .wrongData,
        "\(path):\(error.place.line):\(error.place.column): error: not a table, expected \(error.expected), found \(error.found)"
      )
    }
  }

  private mutating func allocation() -> Allocation {
    let dimColumns = dims.compactMap { column($0) }
    let money = column("spend") ?? column("total")
    guard let money, !decided.contains(where: { column($0) == nil }) else {
      let expected = (decided + ["spend"]).joined(separator: ",")
      problem(
        "wrong header, expected \(expected) or period,\(expected), found \(table.header.joined(separator: ","))",
        line: 1)
      return Allocation(amounts: [])
    }
    let period = column("period")
    var order: [String] = []
    var spend: [String: [Double]] = [:]
    var places: [String: TextPosition] = [:]
    var seen: [String: Int] = [:]
    for row in table.rows {
      let cell = dimColumns.map { field(row, $0) }.joined(separator: "/")
      let index = period.flatMap { periodIndex(row, $0) } ?? 0
      let key = "\(index) \(cell)"
      if let first = seen[key] {
        problem("duplicate row, \(cell) again after line \(first)", line: row.line)
        continue
      }
      seen[key] = row.line
      if spend[cell] == nil {
        order.append(cell)
        spend[cell] = [Double](repeating: 0, count: period == nil ? 1 : horizon.periodCount.value)
        places[cell] = TextPosition(source: path, line: row.line, column: 1)
      }
      spend[cell]?[index] = amount(row, money) ?? 0
    }
    return allocation(order.map { ($0, spend[$0] ?? [], places[$0]) }, byPeriod: period != nil)
  }

  private func allocation(
    _ cells: [(name: String, spend: [Double], place: TextPosition?)], byPeriod: Bool
  ) -> Allocation {
    let totals = cells.map { $0.spend.reduce(0, +) }
    let amounts = zip(cells, totals).map { cell, total in
      CellAmount(cell: Placed(cell.name, at: cell.place), money: Placed(total, at: cell.place))
    }
    guard byPeriod else { return Allocation(amounts: amounts) }
    // Where a cell spends nothing, how it is spread does not matter.
    let series = zip(cells, totals).filter { $1 > 0 }.map { cell, total in
      CellSeries(
        cell: Placed(cell.name, at: cell.place), values: cell.spend.map { Placed($0 / total, at: cell.place) })
    }
    return Allocation(amounts: amounts, distribution: series)
  }

  // MARK: Fields

  private func column(_ name: String) -> Int? {
    table.header.firstIndex { $0.trimmingCharacters(in: .whitespaces) == name }
  }

  private func field(_ row: TextTable.Row, _ column: Int) -> String {
    row.fields[column].trimmingCharacters(in: .whitespaces)
  }

  private mutating func amount(_ row: TextTable.Row, _ column: Int) -> Double? {
    let text = field(row, column)
    if let value = Double(text), value.isFinite, value >= 0 { return value }
    problem("wrong \(table.header[column]), expected money, not negative, found '\(text)'", line: row.line)
    return nil
  }

  /// A period by its number from 1, or by its first day; counted from 0.
  private mutating func periodIndex(_ row: TextTable.Row, _ column: Int) -> Int? {
    let text = field(row, column)
    let count = horizon.periodCount.value
    if let number = Int(text), (1...count).contains(number) { return number - 1 }
    if let index = horizon.periodStarts.firstIndex(where: { $0.description == text }) { return index }
    problem(
      "wrong period, expected a number from 1 to \(count)\(horizon.start == nil ? "" : ", or a period's first day"), found '\(text)'",
      line: row.line)
    return nil
  }

  private mutating func problem(_ message: String, line: Int) {
    problems.append(PlanProblem(message, at: TextPosition(source: path, line: line, column: 1)))
  }
}
