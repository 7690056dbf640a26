import CClp

/// Maximises `objective · x` where `lower ≤ x ≤ upper` and each row's `lower ≤ row · x ≤ upper`, by Clp's simplex method
/// (COIN-OR). What it says is as good as its arithmetic: who needs proof takes the multipliers and proves by weak duality.
public struct LinearProgram: Sendable {
  /// One limit on a weighted sum of the variables, given by the variables that have a part in it.
  public struct Row: Sendable {
    /// The variables, each once.
    public var variables: [Int]
    /// Their coefficients.
    public var coefficients: [Double]
    /// Either end may be infinite.
    public var lower: Double
    public var upper: Double

    public init(variables: [Int], coefficients: [Double], lower: Double, upper: Double) {
      precondition(variables.count == coefficients.count, "A coefficient for each of the row's variables.")
      self.variables = variables
      self.coefficients = coefficients
      self.lower = lower
      self.upper = upper
    }
  }

  /// Where the simplex method ended.
  public struct Optimum: Sendable {
    /// One number per variable.
    public var point: [Double]
    /// One per row: what the objective gains per unit by which the binding end is moved up.
    public var rowMultipliers: [Double]
  }

  public var objective: [Double]
  public var lower: [Double]
  /// May be infinite.
  public var upper: [Double]
  public var rows: [Row]

  public init(objective: [Double], lower: [Double], upper: [Double], rows: [Row]) {
    precondition(objective.count == lower.count && lower.count == upper.count, "Bounds for each of the variables.")
    self.objective = objective
    self.lower = lower
    self.upper = upper
    self.rows = rows
  }

  /// Nil where Clp does not call its answer optimal, which proves nothing.
  public func maximum() -> Optimum? {
    guard let model = unsafe Clp_newModel() else { return nil }
    defer { unsafe Clp_deleteModel(model) }
    unsafe Clp_setLogLevel(model, 0)
    unsafe Clp_setOptimizationDirection(model, -1)
    let (starts, indices, values) = columns
    unsafe Clp_loadProblem(
      model, Int32(objective.count), Int32(rows.count), starts, indices, values, lower, upper, objective,
      rows.map(\.lower), rows.map(\.upper))
    guard unsafe Clp_initialSolve(model) == 0, unsafe Clp_status(model) == 0,
      let point = unsafe Clp_primalColumnSolution(model), let duals = unsafe Clp_dualRowSolution(model)
    else { return nil }
    return unsafe Optimum(
      point: Array(UnsafeBufferPointer(start: point, count: objective.count)),
      rowMultipliers: Array(UnsafeBufferPointer(start: duals, count: rows.count)))
  }

  /// The matrix column by column, as Clp takes it.
  private var columns: (starts: [CoinBigIndex], indices: [Int32], values: [Double]) {
    var starts = [CoinBigIndex](repeating: 0, count: objective.count + 1)
    for row in rows {
      for variable in row.variables { starts[variable + 1] += 1 }
    }
    for variable in objective.indices { starts[variable + 1] += starts[variable] }
    var next = starts
    var indices = [Int32](repeating: 0, count: Int(starts[objective.count]))
    var values = [Double](repeating: 0, count: indices.count)
    for (index, row) in rows.enumerated() {
      for (variable, coefficient) in zip(row.variables, row.coefficients) {
        indices[Int(next[variable])] = Int32(index)
        values[Int(next[variable])] = coefficient
        next[variable] += 1
      }
    }
    return (starts, indices, values)
  }
}
