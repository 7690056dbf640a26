import NumericKernel

/// A polytope as an interior point sees it: variables that can move, limits on them and on weighted sums of them that leave room, and
/// weighted sums that are given. Variables come first among the limits, then rows.
struct InteriorLimits {
  /// A weighted sum of free variables.
  struct Row {
    /// Among the polytope's rows.
    var index: Int
    /// Among the free variables.
    var places: [Int]
    var coefficients: [Double]
  }

  /// The polytope's variables that are not fixed.
  let free: [Int]
  /// The polytope's point at which every free variable is zero.
  private let fixed: [Double]
  /// Of the limits; either end may be infinite.
  let lower: [Double]
  let upper: [Double]
  let rows: [Row]
  let equalities: [Row]
  /// What the equalities sum to.
  let targets: [Double]

  /// Nil where fixed variables alone break a row by more than 1e-9 of its size.
  init?(_ polytope: SparsePolytope) {
    let free = polytope.lower.indices.filter { polytope.lower[$0] < polytope.upper[$0] }
    var places: [Int: Int] = [:]
    for (place, variable) in free.enumerated() { places[variable] = place }
    let fixed = polytope.lower.indices.map { places[$0] == nil ? polytope.lower[$0] : 0 }
    var lower = free.map { polytope.lower[$0] }
    var upper = free.map { polytope.upper[$0] }
    var (rows, equalities, targets) = ([Row](), [Row](), [Double]())
    for (index, row) in polytope.rows.enumerated() {
      let own = row.activity(at: fixed)
      let kept = row.places.indices.filter { places[row.places[$0]] != nil && row.coefficients[$0] != 0 }
      guard !kept.isEmpty else {
        let size = zip(row.places, row.coefficients).reduce(0) { $0 + abs($1.1 * fixed[$1.0]) }
        guard own >= row.lower - 1e-9 * size, own <= row.upper + 1e-9 * size else { return nil }
        continue
      }
      let reduced = Row(
        index: index, places: kept.compactMap { places[row.places[$0]] },
        coefficients: kept.map { row.coefficients[$0] })
      if row.lower == row.upper {
        equalities.append(reduced)
        targets.append(row.lower - own)
      } else if row.lower.isFinite || row.upper.isFinite {
        rows.append(reduced)
        lower.append(row.lower - own)
        upper.append(row.upper - own)
      }
    }
    (self.free, self.fixed, self.lower, self.upper) = (free, fixed, lower, upper)
    (self.rows, self.equalities, self.targets) = (rows, equalities, targets)
  }

  var variableCount: Int { free.count }
  var count: Int { lower.count }
  /// Ends of limits that there are.
  var endCount: Int {
    lower.reduce(0) { $0 + ($1.isFinite ? 1 : 0) } + upper.reduce(0) { $0 + ($1.isFinite ? 1 : 0) }
  }

  /// How far a variable can move.
  func range(_ variable: Int) -> Double { upper[variable] - lower[variable] }

  /// The polytope's point.
  func point(_ x: [Double]) -> [Double] {
    var point = fixed
    for (place, variable) in free.enumerated() { point[variable] = x[place] }
    return point
  }

  /// Of a number for each of the polytope's variables, those of the free ones.
  func freePart(_ numbers: [Double]) -> [Double] { free.map { numbers[$0] } }

  /// Each variable, then each row's sum.
  func activities(_ x: [Double]) -> [Double] { x + rows.map { $0.sum(x) } }

  /// What the equalities lack.
  func missing(_ x: [Double]) -> [Double] { zip(targets, equalities).map { $0 - $1.sum(x) } }

  /// The unit of what equalities lack: the largest of their sums, or of how far a variable can move.
  var scale: Double {
    targets.reduce((0..<variableCount).reduce(0) { max($0, range($1)) }) { max($0, abs($1)) }
  }

  /// `Σ v · limit`, one number per variable.
  func combination(_ v: [Double]) -> [Double] {
    var sum = Array(v.prefix(variableCount))
    for (row, factor) in zip(rows, v.dropFirst(variableCount)) { row.add(factor, to: &sum) }
    return sum
  }

  /// `Σ y · equality`.
  func equalityCombination(_ y: [Double]) -> [Double] {
    var sum = [Double].zeros(variableCount)
    for (row, factor) in zip(equalities, y) { row.add(factor, to: &sum) }
    return sum
  }

  /// Adds `Σ weight · limit limitᵀ` to a lower triangle.
  func addSquares(_ weights: [Double], to matrix: inout Matrix) {
    for j in 0..<variableCount { matrix[j, j] += weights[j] }
    for (row, weight) in zip(rows, weights.dropFirst(variableCount)) where weight != 0 {
      for (k, column) in row.places.enumerated() {
        let factor = weight * row.coefficients[k]
        for (i, place) in row.places.enumerated() where place >= column {
          matrix[place, column] += factor * row.coefficients[i]
        }
      }
    }
  }
}

extension InteriorLimits.Row {
  func sum(_ x: [Double]) -> Double {
    var sum = 0.0
    for (place, coefficient) in zip(places, coefficients) { sum += coefficient * x[place] }
    return sum
  }

  func add(_ factor: Double, to sum: inout [Double]) {
    guard factor != 0 else { return }
    for (place, coefficient) in zip(places, coefficients) { sum[place] += factor * coefficient }
  }

  /// One number per variable.
  func dense(_ count: Int) -> [Double] {
    var row = [Double].zeros(count)
    add(1, to: &row)
    return row
  }
}
