/// The fields of one row of comma-separated values as places in its bytes, without the quotes and the spaces round them: for tables too
/// large for a text of each field. The same storage serves row after row.
///
/// Within a field that was quoted a quote stands twice, and no line breaks.
public struct FieldRanges: Sendable {
  /// One for each field of the row read last.
  public private(set) var ranges: [Range<Int>]

  /// - Parameter count: fields of every row.
  public init(count: Int) { ranges = [Range<Int>](repeating: 0..<0, count: count) }

  /// Reads the row at `position`, which then stands after its end; false for a line with nothing on it.
  ///
  /// - Parameters:
  ///   - bytes: whole lines, which end in LF or CRLF; the last may lack its end.
  ///   - line: the row's number, for what is wrong with it.
  /// - Throws: for another number of fields, and for a quote where it cannot stand.
  public mutating func read(
    _ bytes: Span<UInt8>, at position: inout Int, line: Int
  ) throws(TextTableError) -> Bool {
    let start = position
    let end = bytes.count
    var next = start
    var count = 0
    if next < end, bytes[next] == carriageReturn, next + 1 == end || bytes[next + 1] == lineFeed { next += 1 }
    if next == end || bytes[next] == lineFeed {
      position = next + 1
      return false
    }
    while true {
      while next < end, bytes[next] == space || bytes[next] == tab { next += 1 }
      var first = next
      var last: Int
      if next < end, bytes[next] == quote {
        first += 1
        last = try closingQuote(bytes, after: next, line, start)
        next = last + 1
        while next < end, bytes[next] == space || bytes[next] == tab { next += 1 }
      } else {
        while next < end, bytes[next] != comma, bytes[next] != lineFeed {
          if bytes[next] == quote {
            throw TextTableError(
              at: TextPlace(line: line, column: column(of: next, bytes, start)),
              expected: "quotes round the whole field",
              found: "a quote inside it")
          }
          next += 1
        }
        last = next
        while last > first, bytes[last - 1] == space || bytes[last - 1] == tab || bytes[last - 1] == carriageReturn {
          last -= 1
        }
      }
      if count < ranges.count { ranges[count] = first..<last }
      count += 1
      if next < end, bytes[next] == comma {
        next += 1
        continue
      }
      if next < end, bytes[next] == carriageReturn { next += 1 }
      guard next == end || bytes[next] == lineFeed else {
        throw TextTableError(
          at: TextPlace(line: line, column: column(of: next, bytes, start)),
          expected: "a comma or the end of the line after a closing quote", found: "more of the field")
      }
      break
    }
    guard count == ranges.count else {
      throw TextTableError(
        at: TextPlace(line: line, column: 1),
        expected: "\(ranges.count) field\(ranges.count == 1 ? "" : "s") as in the header", found: "\(count)")
    }
    position = next + 1
    return true
  }

  /// The text of a field; nil for bytes that are not UTF-8.
  public func text(_ field: Int, of bytes: Span<UInt8>) -> String? {
    var text: [UInt8] = []
    var next = ranges[field].lowerBound
    while next < ranges[field].upperBound {
      text.append(bytes[next])
      next += bytes[next] == quote ? 2 : 1
    }
    return String(validating: text, as: UTF8.self)
  }

  /// The Unicode scalar at which a field of the row that begins at `start` stands, from 1.
  public func column(of field: Int, in bytes: Span<UInt8>, from start: Int) -> Int {
    column(of: ranges[field].lowerBound, bytes, start)
  }

  private func column(of place: Int, _ bytes: Span<UInt8>, _ start: Int) -> Int {
    var column = 1
    for index in start..<place where bytes[index] & 0xC0 != 0x80 { column += 1 }
    return column
  }

  private func closingQuote(
    _ bytes: Span<UInt8>, after opening: Int, _ line: Int, _ start: Int
  ) throws(TextTableError) -> Int {
    var next = opening + 1
    while next < bytes.count, bytes[next] != lineFeed {
      if bytes[next] == quote {
        guard next + 1 < bytes.count, bytes[next + 1] == quote else { return next }
        next += 1
      }
      next += 1
    }
    throw TextTableError(
      at: TextPlace(line: line, column: column(of: opening, bytes, start)), expected: "a closing quote",
      found: "the end of the line")
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
private let space = UInt8(ascii: " ")
private let tab = UInt8(ascii: "\t")
