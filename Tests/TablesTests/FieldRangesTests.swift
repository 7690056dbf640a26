import Tables
import Testing

@Suite struct FieldRangesTests {
  /// The fields of every row, or what is wrong.
  private func rows(_ text: String, count: Int) -> Result<[[String?]], TextTableError> {
    let bytes = Array(text.utf8)
    var fields = FieldRanges(count: count)
    var rows: [[String?]] = []
    var next = 0
    var line = 1
    do throws(TextTableError) {
      while next < bytes.count {
        if try fields.read(bytes.span, at: &next, line: line) {
          rows.append((0..<count).map { fields.text($0, of: bytes.span) })
        }
        line += 1
      }
      return .success(rows)
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b", [["a", "b"]]),
    ("a,b\r\n\r\n\n c\t, d \r\n", [["a", "b"], ["c", "d"]]),
    ("\"a,b\",\"say \"\"so\"\"\"\n,\n", [["a,b", "say \"so\""], ["", ""]]), (" \"a\" ,\"\"\n", [["a", ""]]),
    ("ä,β", [["ä", "β"]]),
  ]) func `fields are those of the row, without spaces and quotes round them`(text: String, expected: [[String]]) throws
  {
    #expect(try rows(text, count: 2).get() == expected)
    #expect(
      try TextTable(csv: "x,y\n" + text.filter { $0 != " " && $0 != "\t" }).rows.map(\.fields)
        == expected.map { $0.map { $0.replacing(" ", with: "") } })
  }

  @Test(arguments: [
    ("1,2\n1,2,3\n", "line 2, column 1: expected 2 fields as in the header, found 3"),
    ("\n1\n", "line 2, column 1: expected 2 fields as in the header, found 1"),
    ("ä,b\"\n", "line 1, column 4: expected quotes round the whole field, found a quote inside it"),
    ("a,\"b\n\",c\n", "line 1, column 3: expected a closing quote, found the end of the line"),
    (
      "\"a\"b,c\n",
      "line 1, column 4: expected a comma or the end of the line after a closing quote, found more of the field"
    ),
  ]) func `what is wrong is told with its place`(text: String, sentence: String) {
    guard case .failure(let error) = rows(text, count: 2) else {
      Issue.record("\(text) is read")
      return
    }
    #expect(error.description == sentence)
  }

  @Test func `bytes that are not UTF-8 are no text`() throws {
    let bytes: [UInt8] = [0xFF, 0x2C, 0x61]
    var fields = FieldRanges(count: 2)
    var next = 0
    #expect(try fields.read(bytes.span, at: &next, line: 1))
    let first = fields.text(0, of: bytes.span)
    let second = fields.text(1, of: bytes.span)
    #expect(first == nil && second == "a" && fields.column(of: 1, in: bytes.span, from: 0) == 3)
  }
}
