/// Rectangular text: a header and rows of as many fields, each remembering its line.
public struct TextTable: Sendable, Equatable {
  /// One row of fields, and where it was.
  public struct Row: Sendable, Equatable {
    /// The line in the file that the row starts on, counted from 1.
    public var line: Int
    /// One per column, in the header's order.
    public var fields: [String]
    /// Where each field starts; empty for a row that was not read from text.
    public var places: [TextPlace]

    public init(line: Int, fields: [String], places: [TextPlace] = []) {
      self.line = line
      self.fields = fields
      self.places = places
    }
  }

  /// The names of the columns.
  public var header: [String]
  /// In the file's order, as many fields in each as the header has.
  public var rows: [Row]

  public init(header: [String], rows: [Row]) {
    self.header = header
    self.rows = rows
  }

  /// The number of the column with this name; nil without one.
  public func column(_ name: String) -> Int? { header.firstIndex(of: name) }
}

/// A place in a text: its line, and the Unicode scalar in it, both counted from 1.
public struct TextPlace: Sendable, Equatable {
  /// The line, from 1.
  public var line: Int
  /// The Unicode scalar in the line, from 1.
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Text that is not a table, and where.
public struct TextTableError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where the text goes wrong.
  public var place: TextPlace
  /// What should stand there, in words.
  public var expected: String
  /// What stands there, in words.
  public var found: String

  public init(at place: TextPlace, expected: String, found: String) {
    self.place = place
    self.expected = expected
    self.found = found
  }

  /// `line 3, column 1: expected 3 fields as in the header, found 2`
  public var description: String {
    "line \(place.line), column \(place.column): expected \(expected), found \(found)"
  }
}
