import ResponseModel
import Tables

/// Tables of draws, told apart by their headers: one with the columns `variable` and `value` is long, any other wide.
enum DrawTable {
  static let format = WideDraws.format

  static func open(_ path: String) throws(PosteriorFileError) -> any DrawSource {
    var chunks = try LineChunks(path)
    guard let chunk = try chunks.next() else {
      throw PosteriorFileError(.unreadable, path, "expected a table (CSV) of draws, found an empty file")
    }
    let line = String(decoding: chunk.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let header: TextTable
    do {
      // R leaves the name of its column of row names empty.
      let named = line.hasPrefix("\"\",") ? "\".row\"" + line.dropFirst(2) : line.hasPrefix(",") ? ".row" + line : line
      header = try TextTable(csv: named)
    } catch {
      throw PosteriorFileError(
        .invalid, path, "wrong header, expected \(error.expected), found \(error.found)", at: error.place)
    }
    return LongDraws.recognises(header.header)
      ? try LongDraws(path, header: header) : try WideDraws(path, header: header)
  }
}
