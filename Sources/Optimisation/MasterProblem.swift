import NumericKernel

/// The best multipliers for a box, by a linear program: the greatest height that all cuts allow a mixture of the grid's points.
///
/// A column for each variable and point of the box, its share in the mixture; a row for each variable, whose shares sum to one, for
/// each row of the polytope, and for each cut. The rows' prices are the multipliers.
struct MasterProblem {
  /// What the program came to.
  struct Answer {
    var multipliers: BoundMultipliers
    /// For each variable, where the points stand that have a share.
    var mixture: [[GridProof.Share]]
  }

  let polytope: Polytope

  /// Nil where the linear program has no answer, which says nothing of the box.
  func answer(on grid: ChordGrid, over box: GridBox) -> Answer? {
    let first = box.ranges.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    let height = first[box.ranges.count]
    var program = LinearProgram(
      objective: [Double].zeros(height) + [1], lower: [Double].zeros(height) + [-.infinity],
      upper: [Double](repeating: .infinity, count: height + 1), rows: [])
    for variable in box.ranges.indices {
      let columns = Array(first[variable]..<first[variable + 1])
      program.rows.append(
        LinearProgram.Row(
          variables: columns, coefficients: columns.map { _ in 1 }, lower: 1, upper: 1))
    }
    for row in polytope.rows {
      var coefficients: [Double] = []
      for (variable, range) in box.ranges.enumerated() {
        coefficients += range.map { row.coefficients[variable] * grid.axes[variable].points[$0] }
      }
      program.rows.append(
        LinearProgram.Row(variables: Array(0..<height), coefficients: coefficients, lower: row.lower, upper: row.upper))
    }
    for (cut, constant) in zip(grid.parts, grid.constants) {
      var coefficients: [Double] = []
      for (part, range) in zip(cut, box.ranges) { coefficients += MasterProblem.majorant(part, range).map { -$0 } }
      program.rows.append(
        LinearProgram.Row(
          variables: Array(0...height), coefficients: coefficients + [1], lower: -.infinity, upper: constant.value))
    }
    guard let optimum = program.maximum() else { return nil }
    let rows = optimum.rowMultipliers
    let polytopeRows = box.ranges.count..<box.ranges.count + polytope.rows.count
    return Answer(
      multipliers: BoundMultipliers(cuts: Array(rows[polytopeRows.upperBound...]), rows: Array(rows[polytopeRows])),
      mixture: box.ranges.indices.map { variable in
        box.ranges[variable].compactMap { point in
          let share = optimum.point[first[variable] + point - box.ranges[variable].lowerBound]
          return share > 1e-12 ? GridProof.Share(x: grid.axes[variable].points[point], share: share) : nil
        }
      })
  }

  /// f at the points of a range, raised by what it may be above the chords beside them: the chords between these are above f.
  static func majorant(_ part: ChordGrid.Part, _ range: ClosedRange<Int>) -> [Double] {
    range.map { point in
      let before = point > range.lowerBound ? part.excess[point - 1] : 0
      let after = point < range.upperBound ? part.excess[point] : 0
      return part.values[point] + max(before, after)
    }
  }
}
