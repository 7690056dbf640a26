import Foundation
import ResponseModel
import Tables

/// A table with one row a geo and period, columns by name: the data that a Meridian model was fitted to.
struct MeridianTable {
  let columns: MeridianModel.Table
  /// The model's geos, in its order.
  let geos: [String]
  let time: TimeAxis
  private let table: TableFile
  /// By geo, then period.
  private var rows: [[Int]] = []

  init(_ columns: MeridianModel.Table, of labels: MeridianLabels) throws(PosteriorFileError) {
    do {
      table = try TableFile(columns.file)
    } catch  where error.kind == .missing {
      throw PosteriorFileError(
        .missing, error.path, "\(error.message): expected the table that the model was fitted to, posterior.data.file")
    }
    self.columns = columns
    geos = labels.geos
    try MeridianTable.checkHeader(of: table, columns, labels)
    guard !table.rows.isEmpty else {
      throw table.wrongHeader("no rows, expected one for each geo and period, found only the header")
    }
    let days = try MeridianTable.days(of: table, in: columns.time)
    let periods = Set(days).sorted()
    do {
      time = try TimeAxis(values: periods.map(Double.init), units: "days since 1970-01-01", calendar: nil)
    } catch {
      throw table.wrongHeader("\(columns.time): \(error.message)")
    }
    rows = try places(days, of: periods)
  }

  /// Where each geo's row of each period stands.
  private func places(_ days: [Int], of periods: [Int]) throws(PosteriorFileError) -> [[Int]] {
    let column = try columns.geo.flatMap { (name) throws(PosteriorFileError) in try table.column(name) }
    let period = Dictionary(uniqueKeysWithValues: zip(periods, periods.indices))
    let place = Dictionary(uniqueKeysWithValues: zip(geos, geos.indices))
    var rows = [[Int?]](repeating: [Int?](repeating: nil, count: periods.count), count: geos.count)
    var only: String?
    for (index, row) in table.rows.enumerated() {
      var geo = 0
      if let column {
        let label = table.field(row, column)
        if geos.count == 1 {
          // A national model has a name of its own for its geo.
          guard only == nil || only == label else {
            throw table.wrong(
              row, column,
              "wrong \(table.header[column]), expected one geo, for the model is national, found '\(label)' "
                + "after '\(only ?? "")'")
          }
          only = label
        } else if let known = place[label] {
          geo = known
        } else {
          throw table.wrong(
            row, column,
            "wrong \(table.header[column]), expected a geo of the model, \(listed(geos)), found '\(label)'"
              + (nearest(to: label, in: geos).map { "; did you mean '\($0)'?" } ?? ""))
        }
      }
      guard let t = period[days[index]] else { preconditionFailure("Every row's day is one of the table's.") }
      if let first = rows[geo][t] {
        let whose = column == nil ? "" : " of \(table.field(row, column ?? 0))"
        let hint = columns.geo == nil ? "; posterior.data.geo names the column of the geos" : ""
        throw table.wrong(
          row, try table.column(columns.time) ?? 0,
          "wrong \(columns.time)\(whose), expected each period once, found \(TimeAxis.iso(days[index])) again after line "
            + "\(table.rows[first].line)\(hint)")
      }
      rows[geo][t] = index
    }
    for (geo, found) in zip(geos, rows) {
      guard let hole = found.firstIndex(of: nil) else { continue }
      throw table.wrongHeader(
        found.allSatisfy { $0 == nil }
          ? "no rows of the geo \(geo), expected some of each geo of the model, \(listed(geos))"
          : "no row of the geo \(geo) on \(time.dates[hole]), expected one for each geo and period")
    }
    return rows.map { $0.compactMap(\.self) }
  }

  private static func days(of table: TableFile, in name: String) throws(PosteriorFileError) -> [Int] {
    let column = try table.column(name) ?? 0
    var days: [Int] = []
    for row in table.rows {
      guard let day = TimeAxis.day(table.field(row, column)) else {
        throw table.wrong(
          row, column, "wrong \(name), expected a day such as 2024-01-01, found '\(table.field(row, column))'")
      }
      days.append(day)
    }
    return days
  }

  // MARK: - Columns

  /// All columns that are needed are there.
  private static func checkHeader(
    of table: TableFile, _ columns: MeridianModel.Table, _ labels: MeridianLabels
  ) throws(PosteriorFileError) {
    var needed = [columns.geo, columns.time, labels.isNational ? nil : columns.population, columns.kpi]
    needed.append(columns.revenuePerKPI)
    for (pattern, channels) in [
      (columns.media, labels.media), (columns.reach, labels.reach), (columns.frequency, labels.reach),
      (columns.spend, labels.channels),
    ] {
      needed += channels.map { channel in pattern.map { MeridianTable.name($0, channel) } }
    }
    var missing: [String] = []
    for name in needed.compactMap(\.self) where try table.column(name) == nil && !missing.contains(name) {
      missing.append(name)
    }
    guard let first = missing.first else { return }
    throw table.wrongHeader(
      "no column\(missing.count == 1 ? "" : "s") \(listed(missing)), expected the columns that posterior.data names, found "
        + listed(table.header)
        + (nearest(to: first, in: table.header).map { "; did you mean \($0) by '\(first)'?" } ?? ""))
  }

  /// The column of a channel.
  static func name(_ pattern: String, _ channel: String) -> String {
    pattern.replacing(MeridianModel.Table.placeholder, with: channel)
  }

  /// By geo, then period: the numbers of a column, each of a domain; not a number where there is nothing in one of the first
  /// periods, `blanks` in number.
  func numbers(
    _ name: String, in domain: ModelParameter.Domain, blanks: Int = 0
  ) throws(PosteriorFileError) -> [[Double]] {
    guard let column = try table.column(name) else { preconditionFailure("The header was checked.") }
    var numbers: [[Double]] = []
    for (geo, rows) in zip(geos, rows) {
      var series: [Double] = []
      for (t, index) in rows.enumerated() {
        let row = table.rows[index]
        let field = table.field(row, column)
        let text = Array(field.utf8)
        var end = 0
        let number = decimalNumber(in: text.span, at: &end)
        let isNumber = end == text.count
        if let number, isNumber, domain.contains(number) {
          series.append(number)
        } else if t < blanks, field.isEmpty || (isNumber && number?.isNaN == true) {
          series.append(.nan)
        } else {
          let whose = geos.count == 1 ? "" : " of \(geo)"
          throw table.wrong(
            row, column,
            "wrong \(name)\(whose) on \(time.dates[t]), expected \(domain.description), found "
              + (field.isEmpty ? "nothing" : "'\(field)'")
              + (blanks > 0 && t >= blanks ? "; only the periods before \(time.dates[blanks]) may have none" : ""))
        }
      }
      numbers.append(series)
    }
    return numbers
  }

  /// How many of the first periods have nothing in a column, in some geo.
  func blanks(in name: String) throws(PosteriorFileError) -> Int {
    guard let column = try table.column(name) else { preconditionFailure("The header was checked.") }
    let blank = time.dates.indices.prefix { t in
      rows.contains { rows in
        ["", "na", "nan"].contains(table.field(table.rows[rows[t]], column).lowercased())
      }
    }
    return blank.count
  }

  /// Something wrong with the table as a whole.
  func wrong(_ message: String) -> PosteriorFileError { table.wrongHeader(message) }
}
