import ResponseModel
import Tables

/// One file of CmdStan's: comments that say how it was run, a header, then a row for each draw, with comments between and after.
///
/// Source: CmdStan guide, "Stan CSV file format".
struct CmdStanFile: Sendable {
  let path: String
  /// `key = value` of the comments before the header.
  let settings: [String: String]
  /// The names of the columns.
  let header: [String]
  /// The line of the header.
  let headerLine: Int
  /// Bytes up to the end of the header.
  private let headerEnd: Int

  /// Reads no further than the header.
  init(_ path: String) throws(PosteriorFileError) {
    self.path = path
    var chunks = try LineChunks(path)
    var settings: [String: String] = [:]
    var line = 0
    var offset = 0
    while let chunk = try chunks.next() {
      var start = chunk.startIndex
      while start < chunk.endIndex {
        let end = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) ?? chunk.endIndex
        line += 1
        guard let whole = String(validating: chunk[start..<end], as: UTF8.self), !whole.contains("\0") else {
          throw PosteriorFileError(
            .unreadable, path, "expected a file of CmdStan, found bytes that are no text",
            at: TextPlace(line: line, column: 1))
        }
        let text = whole.trimmingSpaces
        // One more than there is where the header lacks its end.
        offset += end + 1 - start
        start = end + 1
        if text.hasPrefix("#") {
          if let (key, value) = CmdStanFile.setting(text.dropFirst()) { settings[key] = value }
        } else if !text.isEmpty {
          self.settings = settings
          header = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces }
          headerLine = line
          headerEnd = offset
          return
        }
      }
    }
    throw PosteriorFileError(
      .unreadable, path,
      line == 0
        ? "expected a file of CmdStan, found an empty file"
        : "expected a header after the comments, found the end of the file: it has been cut short")
  }

  /// `     num_samples = 1000 (Default)`
  private static func setting(_ comment: Substring) -> (String, String)? {
    let halves = comment.split(separator: "=", maxSplits: 1)
    guard halves.count == 2, let value = halves[1].split(separator: " ").first else { return nil }
    return (halves[0].trimmingSpaces, String(value))
  }

  // MARK: How it was run

  /// `sample`, where the comments do not say otherwise.
  var method: String { settings["method"] ?? "sample" }

  private func number(_ key: String) -> Int? { settings[key].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

  private func rows(_ key: String) -> Int? {
    let thin = max(1, number("thin") ?? 1)
    return number(key).map { $0 / thin + ($0 % thin > 0 ? 1 : 0) }
  }

  /// Rows at the beginning that are no draws: the warm-up where it was saved, the mean of a variational approximation.
  private var rowsBefore: Int {
    switch method {
    case "sample": ["1", "true"].contains(settings["save_warmup"] ?? "0") ? rows("num_warmup") ?? 0 : 0
    case "variational": 1
    default: 0
    }
  }

  /// Draws, as the comments have it; nil where they do not say.
  private var drawCount: Int? { method == "sample" ? rows("num_samples") : nil }

  // MARK: Draws

  /// The draws of one chain.
  struct Chain: Sendable {
    /// One for each column asked for.
    var columns: [[Double]]
    /// One for each draw.
    var lines: [Int]
  }

  /// The draws of some columns, in increasing order.
  func draws(ofColumns columns: [Int]) throws(PosteriorFileError) -> Chain {
    var chunks = try LineChunks(path)
    var rows = NumberRows(
      fieldCount: header.count, columns: columns, hasComments: true, firstLine: headerLine + 1)
    var chain = Chain(columns: columns.map { _ in [] }, lines: [])
    var rowsLeft = rowsBefore
    var before = headerEnd
    var isWhole = true
    while let chunk = try chunks.next() {
      let skipped = min(before, chunk.count)
      before -= skipped
      var lines = chunk.dropFirst(skipped)
      if let last = lines.last, last != UInt8(ascii: "\n") {
        isWhole = false
        lines = lines[..<(lines.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.startIndex)]
      }
      do {
        try rows.read(lines.span)
      } catch {
        throw PosteriorFileError(
          .invalid, path, "wrong row, expected \(error.expected), found \(error.found)", at: error.place)
      }
      let dropped = min(rowsLeft, rows.lines.count)
      rowsLeft -= dropped
      chain.lines += rows.lines[dropped...]
      let values = rows.values
      for column in columns.indices {
        chain.columns[column].append(
          contentsOf: (dropped..<rows.lines.count).lazy.map { values[$0 * columns.count + column] })
      }
      rows.removeRows()
    }
    try check(chain, isWhole: isWhole && before == 0, warmupMissing: rowsLeft > 0, lastLine: rows.line)
    return chain
  }

  private func check(
    _ chain: Chain, isWhole: Bool, warmupMissing: Bool, lastLine: Int
  ) throws(PosteriorFileError) {
    let found = chain.lines.count
    let expected = drawCount.map { "\($0) draws, as its comments say" }
    if !isWhole {
      throw PosteriorFileError(
        .unreadable, path,
        "ends in the middle of a line, expected \(expected ?? "the end of the row"), found \(found) whole ones: it has been cut short",
        at: TextPlace(line: lastLine, column: 1))
    }
    if let drawCount, let expected, found != drawCount {
      throw PosteriorFileError(
        .unreadable, path,
        "expected \(expected), found \(found)\(found < drawCount ? ": it has been cut short, or the run was" : "")",
        at: TextPlace(line: lastLine, column: 1))
    }
    if found == 0 || warmupMissing {
      throw PosteriorFileError(.invalid, path, "expected draws after the header, found none")
    }
  }
}

extension StringProtocol {
  /// Without spaces and tabs round it.
  var trimmingSpaces: String {
    var text = self[...]
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" || text.last == "\r" { text.removeLast() }
    return String(text)
  }
}
