/// Rectangular text: a header and rows of as many fields, each remembering its line.
public struct TextTable: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    /// The line in the file that the row starts on, counted from 1.
    public var line: Int
    public var fields: [String]
    public init(line: Int, fields: [String]) {
      self.line = line
      self.fields = fields
    }
  }

  public var header: [String]
  public var rows: [Row]

  public init(header: [String], rows: [Row]) {
    self.header = header
    self.rows = rows
  }
}
