extension TextTable {
  /// Reads comma-separated values (RFC 4180): a header, then rows of as many fields.
  ///
  /// A field in double quotes may hold commas, line breaks and doubled quotes. Lines end in LF, CRLF or CR; a byte order
  /// mark at the start and lines with nothing on them are passed over; spaces belong to the field. So is a first column without a
  /// name that numbers the rows from 0, which pandas writes unless told otherwise.
  ///
  /// - Throws: where the text is empty, a header name is empty or stands twice, a row has another number of fields than the
  ///   header, or a quote stands where it cannot.
  public init(csv text: String) throws(TextTableError) {
    var scanner = CSVScanner(text)
    guard var names = try scanner.nextRow() else {
      throw TextTableError(at: TextPlace(line: 1, column: 1), expected: "a header", found: "nothing")
    }
    var seen: Set<String> = []
    let mayBeNumbered = names.fields.count > 1 && names.fields[0].isEmpty
    for (name, place) in zip(names.fields, names.places).dropFirst(mayBeNumbered ? 1 : 0) {
      if name.isEmpty {
        throw TextTableError(at: place, expected: "a name for each column", found: "an empty one")
      }
      if !seen.insert(name).inserted {
        throw TextTableError(at: place, expected: "a different name for each column", found: "'\(name)' again")
      }
    }
    var rows: [Row] = []
    while let row = try scanner.nextRow() {
      if row.fields.count != names.fields.count {
        throw TextTableError(
          at: TextPlace(line: row.line, column: 1),
          expected: "\(names.fields.count) field\(names.fields.count == 1 ? "" : "s") as in the header",
          found: "\(row.fields.count)")
      }
      rows.append(row)
    }
    if mayBeNumbered {
      guard rows.indices.allSatisfy({ rows[$0].fields[0] == "\($0)" }) else {
        throw TextTableError(at: names.places[0], expected: "a name for each column", found: "an empty one")
      }
      names.fields.removeFirst()
      for index in rows.indices {
        rows[index].fields.removeFirst()
        rows[index].places.removeFirst()
      }
    }
    self.init(header: names.fields, rows: rows)
  }
}

/// Reads a text row by row, and knows where it is.
private struct CSVScanner {
  private let scalars: [Unicode.Scalar]
  private var next = 0
  private var place = TextPlace(line: 1, column: 1)

  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    self.scalars = scalars
  }

  private var current: Unicode.Scalar? { next < scalars.count ? scalars[next] : nil }

  private mutating func advance() {
    next += 1
    place.column += 1
  }

  private var isAtLineBreak: Bool { current == "\n" || current == "\r" }

  /// Passes over LF, CRLF or CR, and says what it was.
  private mutating func takeLineBreak() -> String.UnicodeScalarView {
    var taken = String.UnicodeScalarView()
    if current == "\r" {
      taken.append("\r")
      next += 1
      if current == "\n" {
        taken.append("\n")
        next += 1
      }
    } else {
      taken.append("\n")
      next += 1
    }
    place = TextPlace(line: place.line + 1, column: 1)
    return taken
  }

  /// The next line with something on it; nil at the end.
  mutating func nextRow() throws(TextTableError) -> TextTable.Row? {
    while isAtLineBreak { _ = takeLineBreak() }
    if current == nil { return nil }
    var row = TextTable.Row(line: place.line, fields: [])
    while true {
      row.places.append(place)
      row.fields.append(current == "\"" ? try quotedField() : try plainField())
      if current == "," {
        advance()
        continue
      }
      if current != nil { _ = takeLineBreak() }
      return row
    }
  }

  private mutating func plainField() throws(TextTableError) -> String {
    var field = String.UnicodeScalarView()
    while let scalar = current, scalar != ",", !isAtLineBreak {
      if scalar == "\"" {
        throw TextTableError(at: place, expected: "quotes round the whole field", found: "a quote inside it")
      }
      field.append(scalar)
      advance()
    }
    return String(field)
  }

  private mutating func quotedField() throws(TextTableError) -> String {
    let start = place
    var field = String.UnicodeScalarView()
    advance()
    while let scalar = current {
      if scalar == "\"" {
        advance()
        guard current == "\"" else {
          if current != nil && current != "," && !isAtLineBreak {
            throw TextTableError(
              at: place, expected: "a comma or the end of the line after a closing quote",
              found: "'\(scalars[next])'")
          }
          return String(field)
        }
        field.append("\"")
        advance()
      } else if isAtLineBreak {
        field.append(contentsOf: takeLineBreak())
      } else {
        field.append(scalar)
        advance()
      }
    }
    throw TextTableError(at: start, expected: "a closing quote", found: "the end of the text")
  }
}
