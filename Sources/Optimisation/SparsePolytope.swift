/// `{ x : lower ≤ x ≤ upper, row.lower ≤ row · x ≤ row.upper }` of many variables, of which most rows name a few: a calendar's
/// limits from one period to the next. As `Polytope`, and kept by the coefficients that are not zero.
public struct SparsePolytope: Sendable, Equatable {
  /// One limit on a weighted sum of some of the variables.
  public struct Row: Sendable, Equatable {
    /// What messages and results call the row.
    public var label: String
    /// The variables that the row names, each once.
    public var places: [Int]
    /// One for each of `places`.
    public var coefficients: [Double]
    /// Either may be infinite; equal for an equality.
    public var lower: Double
    /// The most that the weighted sum may be.
    public var upper: Double

    /// A coefficient for each place.
    public init(label: String, places: [Int], coefficients: [Double], lower: Double, upper: Double) {
      precondition(places.count == coefficients.count, "A coefficient for each place.")
      self.label = label
      self.places = places
      self.coefficients = coefficients
      self.lower = lower
      self.upper = upper
    }

    /// The weighted sum at a point.
    public func activity(at x: [Double]) -> Double {
      var sum = 0.0
      for (place, coefficient) in zip(places, coefficients) { sum += coefficient * x[place] }
      return sum
    }
  }

  /// Finite, `lower ≤ upper`.
  public var lower: [Double]
  /// One per variable, as `lower`.
  public var upper: [Double]
  /// Limits on weighted sums; empty for a box.
  public var rows: [Row]

  /// As many upper bounds as lower ones, and rows that name no other variables.
  public init(lower: [Double], upper: [Double], rows: [Row]) {
    precondition(lower.count == upper.count, "A lower and an upper bound for each variable.")
    precondition(
      rows.allSatisfy { $0.places.allSatisfy { lower.indices.contains($0) } }, "Rows name the polytope's variables.")
    self.lower = lower
    self.upper = upper
    self.rows = rows
  }

  /// The same limits, zeros left out.
  public init(_ polytope: Polytope) {
    self.init(
      lower: polytope.lower, upper: polytope.upper,
      rows: polytope.rows.map { row in
        let places = row.coefficients.indices.filter { row.coefficients[$0] != 0 }
        return Row(
          label: row.label, places: places, coefficients: places.map { row.coefficients[$0] }, lower: row.lower,
          upper: row.upper)
      })
  }

  /// The number of variables.
  public var dimension: Int { lower.count }

  /// The widest of the variables' ranges; 0 where every variable is fixed.
  public var width: Double { zip(lower, upper).reduce(0) { max($0, $1.1 - $1.0) } }

  /// Of how much the point misses the limit it misses by most: for a variable its distance from the bound, for a row the
  /// distance in space from where the row holds. 0 for a point inside.
  public func violation(at x: [Double]) -> Double {
    precondition(x.count == dimension, "A point has one number for each variable.")
    var worst = 0.0
    for (value, bounds) in zip(x, zip(lower, upper)) { worst = max(worst, bounds.0 - value, value - bounds.1) }
    for row in rows {
      let activity = row.activity(at: x)
      let length = dot(row.coefficients, row.coefficients).squareRoot()
      worst = max(worst, max(row.lower - activity, activity - row.upper) / (length > 0 ? length : 1))
    }
    return worst
  }
}

extension Polytope {
  /// The same limits, zeros written out.
  public init(_ polytope: SparsePolytope) {
    self.init(
      lower: polytope.lower, upper: polytope.upper,
      rows: polytope.rows.map { row in
        var coefficients = [Double].zeros(polytope.dimension)
        for (place, coefficient) in zip(row.places, row.coefficients) { coefficients[place] += coefficient }
        return Row(label: row.label, coefficients: coefficients, lower: row.lower, upper: row.upper)
      })
  }
}
