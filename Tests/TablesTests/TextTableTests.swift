import Tables
import Testing

@Suite struct TextTableTests {
  @Test func `a table is a header and rows that know their lines`() throws {
    let table = try TextTable(csv: "channel,spend\ntv,12\nradio,3.5\n")
    #expect(table.header == ["channel", "spend"])
    #expect(table.rows.map(\.fields) == [["tv", "12"], ["radio", "3.5"]])
    #expect(table.rows.map(\.line) == [2, 3])
    #expect(table.column("spend") == 1)
    #expect(table.column("share") == nil)
  }

  @Test func `quotes hold commas, quotes and line breaks, and lines are still counted`() throws {
    let table = try TextTable(csv: "a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\r\nlast,1")
    #expect(table.rows.map(\.fields) == [["x, \"y\"", "two\r\nlines"], ["last", "1"]])
    #expect(table.rows.map(\.line) == [2, 4])
    #expect(table.rows[0].places == [TextPlace(line: 2, column: 1), TextPlace(line: 2, column: 12)])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `any line ending, a byte order mark and blank lines are read`(ending: String) throws {
    let lines = ["\u{FEFF}a,b", "", "1,2", "", "3,4", "", ""]
    let table = try TextTable(csv: lines.joined(separator: ending))
    #expect(table.header == ["a", "b"])
    #expect(table.rows.map(\.fields) == [["1", "2"], ["3", "4"]])
    #expect(table.rows.map(\.line) == [3, 5])
  }

  @Test func `the numbers of rows that pandas writes first are passed over, and nothing else without a name`() throws {
    let table = try TextTable(csv: ",a,b\n0,1,2\n1,3,4\n")
    #expect(table.header == ["a", "b"] && table.rows.map(\.fields) == [["1", "2"], ["3", "4"]])
    #expect(table.rows[1].places == [TextPlace(line: 3, column: 3), TextPlace(line: 3, column: 5)])
    for text in [",a\n1,2\n", ",a\n0,1\n0,2\n", "a,\n1,0\n", ",\n0,1\n", "\"\"\n0\n"] {
      #expect(throws: TextTableError.self) { try TextTable(csv: text) }
    }
  }

  @Test func `empty fields are fields, and spaces belong to them`() throws {
    let table = try TextTable(csv: "a,b,c\n,\"\",\n x ,,\n")
    #expect(table.rows.map(\.fields) == [["", "", ""], [" x ", "", ""]])
  }

  @Test func `columns count characters as Unicode does, not bytes`() throws {
    let table = try TextTable(csv: "a,b\nRadio Köln 📻,7\n")
    #expect(table.rows[0].places[1] == TextPlace(line: 2, column: 14))
  }

  @Test func `a header alone is a table without rows`() throws {
    #expect(try TextTable(csv: "a,b") == TextTable(header: ["a", "b"], rows: []))
  }

  @Test(arguments: [
    ("", "line 1, column 1: expected a header, found nothing"),
    ("\n\n", "line 1, column 1: expected a header, found nothing"),
    ("a,,c\n", "line 1, column 3: expected a name for each column, found an empty one"),
    ("a,b,a\n", "line 1, column 5: expected a different name for each column, found 'a' again"),
    ("a,b\n1,2\n1,2,3\n", "line 3, column 1: expected 2 fields as in the header, found 3"),
    ("a,b\n1\n", "line 2, column 1: expected 2 fields as in the header, found 1"),
    ("a\n1,2\n", "line 2, column 1: expected 1 field as in the header, found 2"),
    ("a,b\n1,x\"y\"\n", "line 2, column 4: expected quotes round the whole field, found a quote inside it"),
    (
      "a,b\n\"x\"y,1\n",
      "line 2, column 4: expected a comma or the end of the line after a closing quote, found 'y'"
    ),
    ("a,b\n1,\"x\ny\n", "line 2, column 3: expected a closing quote, found the end of the text"),
  ])
  func `text that is no table says where, what was expected and what was found`(csv: String, message: String) {
    let error = #expect(throws: TextTableError.self) { try TextTable(csv: csv) }
    #expect(error?.description == message)
  }

  @Test func `a table is written with quotes only where they are needed`() {
    let rows = [["tv", "1"], ["a,b", "say \"x\""], ["two\nlines", ""], [" x ", "ö"]]
    let table = TextTable(header: ["channel", "note"], rows: rows.map { TextTable.Row(line: 0, fields: $0) })
    #expect(table.csv == "channel,note\ntv,1\n\"a,b\",\"say \"\"x\"\"\"\n\"two\nlines\",\n x ,ö\n")
  }

  @Test func `what is written reads back as it was`() throws {
    let awkward = ["", ",", "\"", "\"\"", "\r\n", "\r", "a\"b,c\nd", "é", " "]
    for header in [["one"], ["one", "two, \"three\""]] {
      let rows = awkward.map { field in TextTable.Row(line: 0, fields: header.map { _ in field }) }
      let back = try TextTable(csv: TextTable(header: header, rows: rows).csv)
      #expect(back.header == header)
      #expect(back.rows.map(\.fields) == rows.map(\.fields))
    }
  }
}
