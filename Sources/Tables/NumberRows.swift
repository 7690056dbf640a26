/// Reads some columns of a table of numbers without text in it: rows of as many fields, separated by commas, from bytes that
/// hold whole lines. The other columns are counted and not looked at, so that a wide file costs little more than its bytes.
///
/// Lines end in LF or CRLF; empty lines are passed over, and so are those that begin with `#` where comments are allowed. Spaces
/// round a number do not count.
public struct NumberRows: Sendable {
  /// Fields of every row.
  public let fieldCount: Int
  /// Which of them are read, counted from 0, increasing.
  public let columns: [Int]
  /// Whether a line that begins with `#` is a comment.
  public let hasComments: Bool
  /// The number of the line that comes next, from 1.
  public private(set) var line: Int
  /// Row after row, a number for each of `columns`.
  public private(set) var values: [Double] = []
  /// The line that each row stands on.
  public private(set) var lines: [Int] = []

  public init(fieldCount: Int, columns: [Int], hasComments: Bool, firstLine: Int) {
    precondition(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 }, "Columns are read from left to right.")
    precondition(columns.allSatisfy { (0..<fieldCount).contains($0) }, "A column that is read is one of the row's.")
    self.fieldCount = fieldCount
    self.columns = columns
    self.hasComments = hasComments
    line = firstLine
  }

  /// Forgets the rows read so far, and not the place.
  public mutating func removeRows() {
    values.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
  }

  /// Reads the rows of `bytes` from `start` on; the last line may lack its end.
  ///
  /// - Parameter inspectComment: is handed the range of each comment, without its end.
  /// - Throws: for a row with another number of fields, and for a field that is no number where one is read.
  public mutating func read(
    _ bytes: Span<UInt8>, from start: Int = 0, inspectComment: (Range<Int>) -> Void = { _ in }
  ) throws(TextTableError) {
    var next = start
    let end = bytes.count
    while next < end {
      let lineStart = next
      if bytes[next] == comment, hasComments {
        while next < end, bytes[next] != lineFeed { next += 1 }
        inspectComment(lineStart..<next)
        next += 1
        line += 1
        continue
      }
      if bytes[next] == lineFeed || (bytes[next] == carriageReturn && next + 1 < end && bytes[next + 1] == lineFeed) {
        next += bytes[next] == lineFeed ? 1 : 2
        line += 1
        continue
      }
      try readRow(bytes, &next, lineStart)
      lines.append(line)
      line += 1
    }
  }

  @inline(__always)
  private mutating func readRow(_ bytes: Span<UInt8>, _ next: inout Int, _ lineStart: Int) throws(TextTableError) {
    let end = bytes.count
    var field = 0
    for column in columns {
      while field < column, next < end {
        let byte = bytes[next]
        if byte == lineFeed { break }
        next += 1
        if byte == comma { field += 1 }
      }
      guard field == column else { throw wrongCount(bytes, lineStart) }
      while next < end, bytes[next] == space || bytes[next] == tab { next += 1 }
      guard let value = decimalNumber(in: bytes, at: &next) else { throw noNumber(bytes, next, lineStart) }
      while next < end, bytes[next] == space || bytes[next] == tab { next += 1 }
      guard next == end || bytes[next] == comma || bytes[next] == lineFeed || bytes[next] == carriageReturn else {
        throw noNumber(bytes, next, lineStart)
      }
      values.append(value)
    }
    while next < end {
      let byte = bytes[next]
      if byte == lineFeed { break }
      next += 1
      if byte == comma { field += 1 }
    }
    guard field == fieldCount - 1 else { throw wrongCount(bytes, lineStart) }
    next += 1
  }

  // MARK: - What is wrong

  private func wrongCount(_ bytes: Span<UInt8>, _ lineStart: Int) -> TextTableError {
    var count = 1
    var next = lineStart
    while next < bytes.count, bytes[next] != lineFeed {
      if bytes[next] == comma { count += 1 }
      next += 1
    }
    return TextTableError(
      at: TextPlace(line: line, column: 1),
      expected: "\(fieldCount) field\(fieldCount == 1 ? "" : "s") as in the header", found: "\(count)")
  }

  private func noNumber(_ bytes: Span<UInt8>, _ position: Int, _ lineStart: Int) -> TextTableError {
    var start = position
    while start > lineStart, bytes[start - 1] != comma { start -= 1 }
    var text: [UInt8] = []
    var next = start
    while next < bytes.count, bytes[next] != comma, bytes[next] != lineFeed, bytes[next] != carriageReturn {
      if text.count < 60 { text.append(bytes[next]) }
      next += 1
    }
    return TextTableError(
      at: TextPlace(line: line, column: start - lineStart + 1), expected: "a number",
      found: "'\(String(decoding: text, as: UTF8.self))'")
  }
}

private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let comment = UInt8(ascii: "#")
private let space = UInt8(ascii: " ")
private let tab = UInt8(ascii: "\t")
