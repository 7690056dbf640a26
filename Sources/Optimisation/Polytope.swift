/// `{ x : lower ≤ x ≤ upper, row.lower ≤ row · x ≤ row.upper }`: each variable and row with a label to be found by again.
public struct Polytope: Sendable, Equatable {
  public struct Row: Sendable, Equatable {
    public var label: String
    public var coefficients: [Double]
    /// Either may be infinite; equal for an equality.
    public var lower: Double
    public var upper: Double

    public init(label: String, coefficients: [Double], lower: Double, upper: Double) {
      self.label = label
      self.coefficients = coefficients
      self.lower = lower
      self.upper = upper
    }
  }

  /// Finite, `lower ≤ upper`.
  public var lower: [Double]
  public var upper: [Double]
  public var rows: [Row]

  public init(lower: [Double], upper: [Double], rows: [Row]) {
    precondition(lower.count == upper.count, "A lower and an upper bound for each variable.")
    precondition(rows.allSatisfy { $0.coefficients.count == lower.count }, "A coefficient for each variable in each row.")
    self.lower = lower
    self.upper = upper
    self.rows = rows
  }

  public var dimension: Int { lower.count }
}
