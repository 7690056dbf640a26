/// Where in a plan's text something stands, counted from 1.
public struct TextPosition: Sendable, Equatable, Hashable {
  /// The file as the user gave it, or what stands for one: `--set budget.total`.
  public var source: String
  /// The line in the source, from 1.
  public var line: Int
  /// The column in the line, from 1.
  public var column: Int

  public init(source: String, line: Int, column: Int) {
    self.source = source
    self.line = line
    self.column = column
  }
}

/// A value and where it was written, so that a mistake found later can still say where.
public struct Placed<Value: Sendable>: Sendable {
  /// What was written there.
  public var value: Value
  /// Nil for a plan that was not read from text.
  public var position: TextPosition?

  public init(_ value: Value, at position: TextPosition? = nil) {
    self.value = value
    self.position = position
  }
}

extension Placed: Equatable where Value: Equatable {}
