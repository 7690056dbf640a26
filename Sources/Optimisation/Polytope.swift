import NumericKernel

/// `{ x : lower ≤ x ≤ upper, row.lower ≤ row · x ≤ row.upper }`, each row with a label to be found by again; of which some
/// variables may leave out what is between their lower bound and a threshold.
public struct Polytope: Sendable, Equatable {
  /// One limit on a weighted sum of the variables.
  public struct Row: Sendable, Equatable {
    /// What messages and results call the row.
    public var label: String
    /// One per variable.
    public var coefficients: [Double]
    /// Either may be infinite; equal for an equality.
    public var lower: Double
    /// The most that the weighted sum may be.
    public var upper: Double

    /// One coefficient for each variable of the polytope, which checks it.
    public init(label: String, coefficients: [Double], lower: Double, upper: Double) {
      self.label = label
      self.coefficients = coefficients
      self.lower = lower
      self.upper = upper
    }
  }

  /// Finite, `lower ≤ upper`.
  public var lower: [Double]
  /// One per variable, as `lower`.
  public var upper: [Double]
  /// Limits on weighted sums; empty for a box.
  public var rows: [Row]
  /// One per variable, which is at its lower bound or no lower than this: the lower bound itself where nothing is left out.
  public var thresholds: [Double]

  /// As many upper bounds as lower ones, and as many coefficients in each row; thresholds, where there are any, within the bounds.
  public init(lower: [Double], upper: [Double], rows: [Row], thresholds: [Double]? = nil) {
    precondition(lower.count == upper.count, "A lower and an upper bound for each variable.")
    precondition(thresholds?.count ?? lower.count == lower.count, "A threshold for each variable.")
    precondition(
      rows.allSatisfy { $0.coefficients.count == lower.count }, "A coefficient for each variable in each row.")
    self.lower = lower
    self.upper = upper
    self.rows = rows
    self.thresholds = thresholds ?? lower
  }

  /// The number of variables.
  public var dimension: Int { lower.count }

  /// The widest of the variables' ranges; 0 where every variable is fixed.
  public var width: Double { zip(lower, upper).reduce(0) { max($0, $1.1 - $1.0) } }
}

extension Polytope {
  /// Of how much the point misses the limit it misses by most: for a variable its distance from the bound, for a row the
  /// distance in space from where the row holds. 0 for a point inside.
  public func violation(at x: [Double]) -> Double {
    precondition(x.count == dimension, "A point has one number for each variable.")
    var worst = 0.0
    for (value, bounds) in zip(x, zip(lower, upper)) { worst = max(worst, bounds.0 - value, value - bounds.1) }
    for j in gaps { worst = max(worst, min(x[j] - lower[j], thresholds[j] - x[j])) }
    for row in rows {
      let activity = dot(row.coefficients, x)
      let length = dot(row.coefficients, row.coefficients).squareRoot()
      worst = max(worst, max(row.lower - activity, activity - row.upper) / (length > 0 ? length : 1))
    }
    return worst
  }

  /// Whether every limit holds to `tolerance` widths of the box.
  public func contains(_ x: [Double], tolerance: Double = 1e-9) -> Bool {
    x.allSatisfy(\.isFinite) && violation(at: x) <= tolerance * max(width, magnitude(x))
  }

  /// The point of the polytope nearest to `x`; nil where the polytope is empty. Where something is left out between bounds, a
  /// near one.
  public func projection(of x: [Double]) -> [Double]? {
    gaps.isEmpty ? connectedProjection(of: x) : projectionAside(of: x)
  }

  /// A point that misses limits by no more than this, in widths of the box, needs no program to be moved by.
  private static let rounding = 1e-12

  /// The nearest point between all bounds, whatever is left out there.
  func connectedProjection(of x: [Double]) -> [Double]? {
    precondition(x.count == dimension, "A point has one number for each variable.")
    let nearest = clipped(x)
    if rows.isEmpty || violation(at: nearest) == 0 { return nearest }
    let program = QuadraticProgram(
      gradient: x.minus(nearest), hessian: Matrix(diagonal: [Double](repeating: -1, count: dimension)),
      polytope: shifted(by: nearest, within: .infinity))
    let connected = Polytope(lower: lower, upper: upper, rows: rows)
    if let optimum = program.maximum() {
      let y = settled(nearest, step: optimum.point)
      if connected.contains(y) { return y }
    }
    return connected.contains(nearest, tolerance: Polytope.rounding) ? nearest : nil
  }

  /// The nearest point of the box, rows aside.
  func clipped(_ x: [Double]) -> [Double] {
    x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) }
  }

  /// The steps from `x` that stay inside and within `radius` in every component.
  func shifted(by x: [Double], within radius: Double) -> Polytope {
    var steps = self
    steps.thresholds = .zeros(dimension)
    for j in x.indices {
      steps.lower[j] = max(lower[j] - x[j], -radius)
      steps.upper[j] = min(upper[j] - x[j], radius)
      steps.thresholds[j] = steps.lower[j]
    }
    for index in rows.indices {
      let activity = dot(rows[index].coefficients, x)
      steps.rows[index].lower -= activity
      steps.rows[index].upper -= activity
    }
    return steps
  }

  /// `x + step`, at a bound exactly where the step leads to one, and what rounding leaves of the rows made up for by the
  /// variable with most room.
  func settled(_ x: [Double], step: [Double]) -> [Double] {
    var y = x.indices.map { j in
      step[j] <= lower[j] - x[j] ? lower[j] : step[j] >= upper[j] - x[j] ? upper[j] : x[j] + step[j]
    }
    y = clipped(y)
    for row in rows {
      let activity = dot(row.coefficients, y)
      let missing = activity < row.lower ? row.lower - activity : activity > row.upper ? row.upper - activity : 0
      guard missing != 0 else { continue }
      func room(_ j: Int) -> Double { min(y[j] - lower[j], upper[j] - y[j]) * abs(row.coefficients[j]) }
      guard let roomiest = y.indices.max(by: { room($0) < room($1) }), room(roomiest) > abs(missing) else { continue }
      y[roomiest] += missing / row.coefficients[roomiest]
    }
    return y
  }
}
