import Tables
import Testing

@Suite struct NumberRowsTests {
  private func read(
    _ text: String, fields: Int = 3, columns: [Int] = [0, 2], hasComments: Bool = false
  ) throws(TextTableError) -> NumberRows {
    var rows = NumberRows(fieldCount: fields, columns: columns, hasComments: hasComments, firstLine: 2)
    try rows.read(Array(text.utf8).span)
    return rows
  }

  @Test func `only the columns asked for are read, and each row knows its line`() throws {
    let rows = try read("1,x,3\n\n4,,6\r\n 7 ,\"a\", 9 ")
    #expect(rows.values == [1, 3, 4, 6, 7, 9])
    #expect(rows.lines == [2, 4, 5])
    #expect(rows.line == 6)
  }

  @Test func `rows may be read piece by piece`() throws {
    var rows = NumberRows(fieldCount: 1, columns: [0], hasComments: false, firstLine: 1)
    try rows.read(Array("1\n2\n".utf8).span)
    rows.removeRows()
    try rows.read(Array("ab3\n".utf8).span, from: 2)
    #expect(rows.values == [3] && rows.lines == [3])
  }

  @Test func `comments are handed over where there may be any`() throws {
    let bytes = Array("# one\n1,2,3\n#two\r\n".utf8)
    var comments: [String] = []
    var rows = NumberRows(fieldCount: 3, columns: [1], hasComments: true, firstLine: 1)
    try rows.read(bytes.span) { comments.append(String(decoding: bytes[$0], as: UTF8.self)) }
    #expect(comments == ["# one", "#two\r"])
    #expect(rows.values == [2] && rows.lines == [2])
  }

  @Test func `no column at all still counts fields`() throws {
    #expect(try read("a,b,c\nd,e,f\n", columns: []).lines == [2, 3])
    #expect(throws: TextTableError.self) { try read("a,b\n", columns: []) }
  }

  @Test(arguments: [
    ("1,2\n", "line 2, column 1: expected 3 fields as in the header, found 2"),
    ("1\n", "line 2, column 1: expected 3 fields as in the header, found 1"),
    ("1,2,3,4\n", "line 2, column 1: expected 3 fields as in the header, found 4"),
    ("1,2,3\n1,2,", "line 3, column 5: expected a number, found ''"),
    ("1,2,x\n", "line 2, column 5: expected a number, found 'x'"),
    ("1x,2,3\n", "line 2, column 1: expected a number, found '1x'"),
    ("1,2,\"3\"\n", "line 2, column 5: expected a number, found '\"3\"'"),
    (",2,3\n", "line 2, column 1: expected a number, found ''"),
    ("# c\n1,2,3\n", "line 2, column 1: expected a number, found '# c'"),
  ])
  func `a wrong row is told where and how`(text: String, message: String) {
    #expect(throws: TextTableError.self) { try read(text) }
    do throws(TextTableError) {
      _ = try read(text)
    } catch {
      #expect(error.description == message)
    }
  }
}
