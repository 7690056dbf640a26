import Foundation
import ResponseModel
import Tables

/// The media that a model of Robyn's was fitted to: `raw_data.csv` beside its outputs, or the data in its export.
struct RobynHistory {
  /// Of the file that the data come from.
  let path: String
  /// The first day of each period.
  let time: TimeAxis
  /// Spend by channel, then by period.
  let media: [[Double]]

  /// From a table with the columns of the export.
  init(_ table: TableFile, for export: RobynExport) throws(PosteriorFileError) {
    path = table.path
    func column(_ name: String) throws(PosteriorFileError) -> Int {
      if let column = try table.column(name) { return column }
      throw table.wrongHeader(
        "no column \(name), which \(export.path) names, found \(table.header.prefix(40).joined(separator: ", "))"
          + (nearest(to: name, in: table.header).map { "; did you mean \(name) by '\($0)'?" } ?? ""))
    }
    let date = try column(export.dateColumn)
    time = try RobynHistory.time(table.rows.map { table.field($0, date) }, table.path)
    var media: [[Double]] = []
    for channel in export.channels {
      let column = try column(channel)
      var spend: [Double] = []
      for row in table.rows {
        let text = Array(table.field(row, column).utf8)
        var position = 0
        guard let value = decimalNumber(in: text.span, at: &position), position == text.count, value >= 0,
          value.isFinite
        else {
          throw table.wrong(
            row, column, "wrong \(channel), expected an amount of at least 0, found '\(table.field(row, column))'")
        }
        spend.append(value)
      }
      media.append(spend)
    }
    self.media = media
    try check(export)
  }

  /// From the data in the export.
  init(_ rows: [JSONTree], in export: RobynExport) throws(PosteriorFileError) {
    path = export.path
    var dates: [String] = []
    var media = export.channels.map { _ in [Double]() }
    for (index, row) in rows.enumerated() {
      let place = "Extras.raw_data[\(index)]"
      guard let date = row[export.dateColumn]?.text else {
        throw PosteriorFileError(
          .invalid, path, "\(place).\(export.dateColumn): expected a date, found \(row[export.dateColumn].inWords)")
      }
      dates.append(date)
      for (channel, name) in export.channels.enumerated() {
        guard let value = row[name]?.number, value >= 0, value.isFinite else {
          throw PosteriorFileError(
            .invalid, path, "\(place).\(name): expected an amount of at least 0, found \(row[name].inWords)")
        }
        media[channel].append(value)
      }
    }
    self.media = media
    time = try RobynHistory.time(dates, path)
    try check(export)
  }

  private static func time(_ dates: [String], _ path: String) throws(PosteriorFileError) -> TimeAxis {
    do {
      return try TimeAxis(dates: dates)
    } catch {
      throw PosteriorFileError(.invalid, path, error.message)
    }
  }

  /// The rows of the window are there, and its first is of the day that the export says.
  private func check(_ export: RobynExport) throws(PosteriorFileError) {
    guard export.window.upperBound <= time.dates.count else {
      throw PosteriorFileError(
        .invalid, path,
        "expected the data of \(export.path), whose window ends in row \(export.window.upperBound), found \(time.dates.count) rows"
      )
    }
    let first = time.dates[export.window.lowerBound - 1]
    if let start = export.windowStart, start != first {
      throw PosteriorFileError(
        .invalid, path,
        "expected the data of \(export.path), whose window starts on \(start) in row \(export.window.lowerBound), found \(first) there"
      )
    }
  }
}
