import NumericKernel

/// The best multipliers for a box, by a linear program: the greatest height that all cuts allow a mixture of the grid's points.
///
/// A column for each variable and point, its share in the mixture; a row for each variable, whose shares sum to one, for
/// each row of the polytope, and for each cut. The rows' prices are the multipliers. Points and cuts that the grid has got since
/// the last answer are added to the program, which goes on from there.
final class MasterProblem {
  /// What the program came to.
  struct Answer {
    var multipliers: BoundMultipliers
    /// Of the grid's points.
    var mixture: Mixture
  }

  private let polytope: Polytope
  private let program = LinearProgram()
  /// By variable, then by the number of its point: the column.
  private var columns: [[Int]]
  /// By cut, then as `columns`: what stands there in the cut's row.
  private var majorants: [[[Double]]] = []
  /// What cuts are divided by, so that the program's numbers are of order one: the most that the first cut comes to.
  private var unit: Double?
  /// The column of the height.
  private let height = 0
  /// The row of the first cut.
  private var firstCut: Int { polytope.dimension + polytope.rows.count }

  init(_ polytope: Polytope) {
    self.polytope = polytope
    columns = polytope.lower.map { _ in [] }
    program.add([LinearProgram.Variable(objective: 1, lower: -.infinity, upper: .infinity)])
    for _ in polytope.lower { program.addRow(LinearProgram.Entries(), lower: 1, upper: 1) }
    for row in polytope.rows { program.addRow(LinearProgram.Entries(), lower: row.lower, upper: row.upper) }
  }

  /// Nil where the linear program has no answer, which says nothing of the box.
  func answer(on grid: ChordGrid, over box: GridBox) -> Answer? {
    update(to: grid)
    var upper = [Double].zeros(program.variableCount)
    upper[height] = .infinity
    for (variable, range) in box.ranges.enumerated() {
      for point in range { upper[column(of: point, variable, grid)] = .infinity }
    }
    program.setUpper(upper)
    guard let optimum = program.maximum() else { return nil }
    let rows = optimum.rowMultipliers
    return Answer(
      multipliers: BoundMultipliers(
        cuts: Array(rows[firstCut...]), rows: rows[polytope.dimension..<firstCut].map { $0 * (unit ?? 1) }),
      mixture: Mixture(
        box.ranges.enumerated().map { variable, range in
          range.compactMap { point in
            let share = optimum.point[column(of: point, variable, grid)]
            return share > 1e-12 ? Mixture.Share(x: grid.axes[variable].points[point], share: share) : nil
          }
        }))
  }

  private func column(of point: Int, _ variable: Int, _ grid: ChordGrid) -> Int {
    columns[variable][grid.axes[variable].numbers[point]]
  }

  private func update(to grid: ChordGrid) {
    for variable in columns.indices where grid.axes[variable].points.count > columns[variable].count {
      addPoints(of: variable, on: grid)
    }
    for cut in majorants.count..<grid.parts.count { add(grid.parts[cut], grid.constants[cut].value, grid) }
  }

  /// Where points were put between others, the chords beside these are nearer to the curve now.
  private func addPoints(of variable: Int, on grid: ChordGrid) {
    let axis = grid.axes[variable]
    var fresh: [(number: Int, column: LinearProgram.Variable)] = []
    for (point, number) in axis.numbers.enumerated() where number >= columns[variable].count {
      var rows = LinearProgram.Entries()
      rows.append(1, at: variable)
      for (row, limit) in polytope.rows.enumerated() where limit.coefficients[variable] != 0 {
        rows.append(limit.coefficients[variable] * axis.points[point], at: polytope.dimension + row)
      }
      for cut in majorants.indices {
        rows.append(-grid.parts[cut][variable].majorant(point) / (unit ?? 1), at: firstCut + cut)
      }
      fresh.append((number, LinearProgram.Variable(objective: 0, lower: 0, upper: .infinity, rows: rows)))
    }
    for cut in majorants.indices {
      let before = majorants[cut][variable]
      majorants[cut][variable] = before + .zeros(fresh.count)
      for (point, number) in axis.numbers.enumerated() {
        let value = grid.parts[cut][variable].majorant(point)
        majorants[cut][variable][number] = value
        if number < before.count, value != before[number] {
          program.setCoefficient(-value / (unit ?? 1), row: firstCut + cut, variable: columns[variable][number])
        }
      }
    }
    fresh.sort { $0.number < $1.number }
    columns[variable] += fresh.indices.map { program.variableCount + $0 }
    program.add(fresh.map(\.column))
  }

  private func add(_ cut: [ChordGrid.Part], _ constant: Double, _ grid: ChordGrid) {
    let size = cut.reduce(abs(constant)) { $1.values.reduce($0) { max($0, abs($1)) } }
    let unit = unit ?? (size > 0 && size.isFinite ? size : 1)
    self.unit = unit
    var row = LinearProgram.Entries()
    row.append(1, at: height)
    majorants.append(columns.map { .zeros($0.count) })
    for (variable, part) in cut.enumerated() {
      for point in part.values.indices {
        let value = part.majorant(point)
        majorants[majorants.count - 1][variable][grid.axes[variable].numbers[point]] = value
        row.append(-value / unit, at: column(of: point, variable, grid))
      }
    }
    program.addRow(row, lower: -.infinity, upper: constant / unit)
  }
}

extension ChordGrid.Part {
  /// f at a point, raised by what it may be above the chords beside it: the chords between such values are above f.
  fileprivate func majorant(_ point: Int) -> Double {
    let before = point > 0 ? excess[point - 1] : 0
    let after = point < excess.count ? excess[point] : 0
    return values[point] + max(before, after)
  }
}
