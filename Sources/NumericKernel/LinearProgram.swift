import CClp

/// Maximises `objective · x` where `lower ≤ x ≤ upper` and each row's `lower ≤ row · x ≤ upper`, by Clp's dual simplex method
/// (COIN-OR), which goes on from its last answer where rows and variables were added, rows removed or upper ends moved since. What it says
/// is as good as its arithmetic: who needs proof takes the multipliers and proves by weak duality.
///
/// Clp does not scale: its own scaling of rows that hold very small numbers has given optima that were none. Numbers of order
/// one are the caller's part.
@safe public final class LinearProgram {
  /// Coefficients, each with the place that it belongs to: the variables of a row, or the rows of a variable.
  public struct Entries {
    public var places: [Int32] = []
    public var coefficients: [Double] = []

    public init() {}

    public init(_ places: some Sequence<Int>, _ coefficients: [Double]) {
      self.places = places.map(Int32.init)
      self.coefficients = coefficients
      precondition(self.places.count == coefficients.count, "A coefficient for each place.")
    }

    public mutating func append(_ coefficient: Double, at place: Int) {
      places.append(Int32(place))
      coefficients.append(coefficient)
    }
  }

  /// Where the simplex method ended.
  public struct Optimum: Sendable {
    /// One number per variable.
    public var point: [Double]
    /// One per row: what the objective gains per unit by which the binding end is moved up.
    public var rowMultipliers: [Double]
  }

  private let model: UnsafeMutableRawPointer
  public private(set) var rowCount = 0
  /// Of the variables; Clp takes them all at once.
  private var upper: [Double] = []
  private var isSolved = false

  public var variableCount: Int { upper.count }

  /// Without variables and rows.
  ///
  /// - Parameter tolerance: by how much an answer may miss a limit.
  public init(tolerance: Double = 1e-7) {
    guard let model = unsafe Clp_newModel() else { preconditionFailure("There is no memory for a linear program.") }
    unsafe self.model = model
    unsafe Clp_setLogLevel(model, 0)
    unsafe Clp_scaling(model, 0)
    unsafe Clp_setPrimalTolerance(model, tolerance)
  }

  deinit { unsafe Clp_deleteModel(model) }

  /// A variable, and its part in the rows that are there already.
  public struct Variable {
    public var objective: Double
    /// Either end may be infinite.
    public var lower: Double
    public var upper: Double
    public var rows: Entries

    public init(objective: Double, lower: Double, upper: Double, rows: Entries = Entries()) {
      self.objective = objective
      self.lower = lower
      self.upper = upper
      self.rows = rows
    }
  }

  public func add(_ variables: [Variable]) {
    let starts = variables.reduce(into: [CoinBigIndex(0)]) {
      $0.append($0[$0.count - 1] + CoinBigIndex($1.rows.places.count))
    }
    // Clp minimises.
    unsafe Clp_addColumns(
      model, Int32(variables.count), variables.map(\.lower), variables.map(\.upper), variables.map { -$0.objective },
      starts,
      variables.flatMap(\.rows.places), variables.flatMap(\.rows.coefficients))
    upper += variables.map(\.upper)
  }

  /// A limit on a weighted sum of the variables. Either end may be infinite.
  public func addRow(_ variables: Entries, lower: Double, upper: Double) {
    unsafe Clp_addRows(
      model, 1, [lower], [upper], [0, CoinBigIndex(variables.places.count)], variables.places, variables.coefficients)
    rowCount += 1
  }

  /// Takes rows away, each named once; those after them move up.
  public func removeRows(_ rows: [Int]) {
    unsafe Clp_deleteRows(model, Int32(rows.count), rows.map(Int32.init))
    rowCount -= rows.count
  }

  public func setCoefficient(_ value: Double, row: Int, variable: Int) {
    unsafe Clp_modifyCoefficient(model, Int32(row), Int32(variable), value, true)
  }

  /// One per variable.
  public func setUpper(_ upper: [Double]) {
    precondition(upper.count == variableCount, "An upper end for each variable.")
    guard upper != self.upper else { return }
    self.upper = upper
    unsafe Clp_chgColumnUpper(model, upper)
  }

  /// Nil where Clp does not call its answer optimal, which proves nothing.
  public func maximum() -> Optimum? {
    defer { isSolved = true }
    guard solved(isSolved) || isSolved && solved(false), let point = unsafe Clp_primalColumnSolution(model),
      let duals = unsafe Clp_dualRowSolution(model)
    else { return nil }
    let optimum = unsafe Optimum(
      point: Array(UnsafeBufferPointer(start: point, count: variableCount)),
      rowMultipliers: UnsafeBufferPointer(start: duals, count: rowCount).map { -$0 })
    switch Interference.fault?(.linearProgram) {
    case nil: return optimum
    case .failure: return nil
    case .numbers(let change):
      return Optimum(point: optimum.point.map(change), rowMultipliers: optimum.rowMultipliers.map(change))
    }
  }

  /// From the last answer, or anew.
  private func solved(_ isWarm: Bool) -> Bool {
    if !isWarm, unsafe Clp_statusExists(model) != 0 {
      // Every row's slack is basic, every variable at its lower end or free.
      for row in 0..<rowCount { unsafe Clp_setRowStatus(model, Int32(row), 1) }
      for variable in upper.indices {
        let isFree = unsafe Clp_columnLower(model)[variable] < -1e30 && upper[variable] == .infinity
        unsafe Clp_setColumnStatus(model, Int32(variable), isFree ? 0 : 3)
      }
    }
    return unsafe Clp_dual(model, 0) == 0 && Clp_status(model) == 0
  }
}
