import Foundation
import Tables

/// A posterior file of comma-separated values: columns by name, fields with their places. Spaces round a name or a field do
/// not count.
struct TableFile {
  let path: String
  /// The names of the columns, in the file's order.
  let header: [String]
  let rows: [TextTable.Row]

  /// Bytes of a table: a million channels.
  private static let largestSize = 100_000_000

  init(_ path: String) throws(PosteriorFileError) {
    let file = try InputFile(path: path)
    guard file.byteCount <= TableFile.largestSize else {
      throw PosteriorFileError(
        .unreadable, path, "expected a table of at most \(TableFile.largestSize) bytes, found \(file.byteCount)")
    }
    var bytes: [UInt8] = []
    while true {
      let chunk = try file.read(upTo: min(1 << 20, file.byteCount + 1))
      if chunk.isEmpty { break }
      bytes += chunk
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw PosteriorFileError(.unreadable, path, "expected a table (CSV) in UTF-8, found bytes that are not")
    }
    do {
      let table = try TextTable(csv: text)
      self.path = path
      header = table.header.map { $0.trimmingCharacters(in: .whitespaces) }
      rows = table.rows
    } catch {
      throw PosteriorFileError(
        .invalid, path, "not a table, expected \(error.expected), found \(error.found)", at: error.place)
    }
  }

  /// Where the column with this name stands; nil without one.
  func column(_ name: String) throws(PosteriorFileError) -> Int? {
    let columns = header.indices.filter { header[$0] == name }
    guard columns.count <= 1 else {
      throw wrongHeader("expected one column \(name), found \(columns.count)")
    }
    return columns.first
  }

  /// The names in this column, one a row, each once; none without such a column.
  func channels(in name: String) throws(PosteriorFileError) -> [String] {
    guard let column = try column(name) else { return [] }
    var lines: [String: Int] = [:]
    for row in rows {
      let channel = field(row, column)
      guard !channel.isEmpty else { throw wrong(row, column, "wrong \(name), expected a name, found nothing") }
      if let first = lines[channel] {
        throw wrong(row, column, "wrong \(name), expected each once, found \(channel) again after line \(first)")
      }
      lines[channel] = row.line
    }
    return rows.map { field($0, column) }
  }

  func field(_ row: TextTable.Row, _ column: Int) -> String {
    row.fields[column].trimmingCharacters(in: .whitespaces)
  }

  func wrong(_ row: TextTable.Row, _ column: Int, _ message: String) -> PosteriorFileError {
    PosteriorFileError(.invalid, path, message, at: row.places[column])
  }

  func wrongHeader(_ message: String) -> PosteriorFileError {
    PosteriorFileError(.invalid, path, message, at: TextPlace(line: 1, column: 1))
  }
}
