import NumericKernel

/// The best multipliers for a box, by a linear program: the greatest height that all cuts allow a mixture of the grid's points.
///
/// A column for each variable and point, its share in the mixture; a row for each variable, whose shares sum to one, for
/// each row of the polytope, and for each cut at work. The rows' prices are the multipliers. Few of the cuts matter in any one box:
/// those are at work that the latest answers rested on, and others come back where an answer breaks them. Points and cuts that the
/// grid has got since the last answer are added to the program, which goes on from there.
final class MasterProblem {
  /// What the program came to.
  struct Answer {
    var multipliers: BoundMultipliers
    /// Of the grid's points.
    var mixture: Mixture
  }

  /// A cut that has a row.
  private struct Worker {
    /// Its number on the grid.
    var cut: Int
    /// By variable, then by the number of the point: what stands in its row.
    var majorants: [[Double]]
    /// Answers since it last had a price.
    var idle = 0
  }

  private let polytope: Polytope
  private let program = LinearProgram()
  /// By variable, then by the number of its point: the column.
  private var columns: [[Int]]
  /// In the order of their rows.
  private var workers: [Worker] = []
  var cutsAtWork: Int { workers.count }
  /// How many of the grid's cuts have been at work.
  private var met = 0
  /// What cuts are divided by, so that the program's numbers are of order one: the most that the first cut comes to.
  private var unit: Double?
  /// The column of the height.
  private let height = 0
  /// The row of the first cut.
  private var firstCut: Int { polytope.dimension + polytope.rows.count }

  /// Cuts that come back to work together, and how often before an answer counts as it is.
  private static let comeback = (count: 8, rounds: 12)
  /// A cut rests after so many answers without a price, once so many are at work.
  private static let rest = (idle: 12, workers: 48)
  /// What an answer may be above a cut at rest, of order one as all numbers here are.
  private static let tolerance = 1e-7

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
    guard var optimum = program.maximum() else { return nil }
    var shares = shares(of: optimum, on: grid, in: box)
    for _ in 0..<Self.comeback.rounds {
      let broken = broken(by: shares, upTo: optimum.point[height], on: grid)
      if broken.isEmpty { break }
      for cut in broken { add(cut, of: grid) }
      guard let next = program.maximum() else { break }
      optimum = next
      shares = self.shares(of: optimum, on: grid, in: box)
    }
    let rows = optimum.rowMultipliers
    var cuts = [Double].zeros(grid.cuts.count)
    for (worker, price) in zip(workers, rows[firstCut...]) { cuts[worker.cut] = price }
    let answer = Answer(
      multipliers: BoundMultipliers(
        cuts: cuts, rows: rows[polytope.dimension..<firstCut].map { $0 * (unit ?? 1) }),
      mixture: Mixture(
        shares.enumerated().map { variable, shares in
          shares.map { Mixture.Share(x: grid.axes[variable].points[$0.point], share: $0.share) }
        }))
    giveRest(prices: rows[firstCut...])
    return answer
  }

  /// By variable: the points that have a share.
  private func shares(
    of optimum: LinearProgram.Optimum, on grid: ChordGrid, in box: GridBox
  ) -> [[(point: Int, share: Double)]] {
    box.ranges.enumerated().map { variable, range in
      range.compactMap { point in
        let share = optimum.point[column(of: point, variable, grid)]
        return share > 1e-12 ? (point, share) : nil
      }
    }
  }

  /// Cuts at rest that a mixture's height breaks, those broken most.
  private func broken(by shares: [[(point: Int, share: Double)]], upTo height: Double, on grid: ChordGrid) -> [Int] {
    let busy = Set(workers.map(\.cut))
    let unit = unit ?? 1
    let misses = grid.parts.indices.lazy.filter { !busy.contains($0) }.map { cut -> (cut: Int, miss: Double) in
      var most = grid.constants[cut].value
      for (variable, shares) in shares.enumerated() {
        for (point, share) in shares { most += share * grid.parts[cut][variable].majorant(point) }
      }
      return (cut, height - most / unit)
    }
    return misses.filter { $0.miss > Self.tolerance }.sorted { $0.miss > $1.miss }.prefix(Self.comeback.count).map(
      \.cut)
  }

  private func giveRest(prices: ArraySlice<Double>) {
    for (index, price) in prices.enumerated() { workers[index].idle = price > 0 ? 0 : workers[index].idle + 1 }
    guard workers.count > Self.rest.workers else { return }
    let resting = workers.indices.filter { workers[$0].idle >= Self.rest.idle }
    guard !resting.isEmpty else { return }
    program.removeRows(resting.map { firstCut + $0 })
    workers = workers.indices.filter { workers[$0].idle < Self.rest.idle }.map { workers[$0] }
  }

  private func column(of point: Int, _ variable: Int, _ grid: ChordGrid) -> Int {
    columns[variable][grid.axes[variable].numbers[point]]
  }

  private func update(to grid: ChordGrid) {
    for variable in columns.indices where grid.axes[variable].points.count > columns[variable].count {
      addPoints(of: variable, on: grid)
    }
    for cut in met..<grid.parts.count { add(cut, of: grid) }
    met = grid.parts.count
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
      for (row, worker) in workers.enumerated() {
        rows.append(-grid.parts[worker.cut][variable].majorant(point) / (unit ?? 1), at: firstCut + row)
      }
      fresh.append((number, LinearProgram.Variable(objective: 0, lower: 0, upper: .infinity, rows: rows)))
    }
    for row in workers.indices {
      let before = workers[row].majorants[variable]
      workers[row].majorants[variable] = before + .zeros(fresh.count)
      for (point, number) in axis.numbers.enumerated() {
        let value = grid.parts[workers[row].cut][variable].majorant(point)
        workers[row].majorants[variable][number] = value
        if number < before.count, value != before[number] {
          program.setCoefficient(-value / (unit ?? 1), row: firstCut + row, variable: columns[variable][number])
        }
      }
    }
    fresh.sort { $0.number < $1.number }
    columns[variable] += fresh.indices.map { program.variableCount + $0 }
    program.add(fresh.map(\.column))
  }

  private func add(_ cut: Int, of grid: ChordGrid) {
    let (parts, constant) = (grid.parts[cut], grid.constants[cut].value)
    let size = parts.reduce(abs(constant)) { $1.values.reduce($0) { max($0, abs($1)) } }
    let unit = unit ?? (size > 0 && size.isFinite ? size : 1)
    self.unit = unit
    var row = LinearProgram.Entries()
    row.append(1, at: height)
    var worker = Worker(cut: cut, majorants: columns.map { .zeros($0.count) })
    for (variable, part) in parts.enumerated() {
      for point in part.values.indices {
        let value = part.majorant(point)
        worker.majorants[variable][grid.axes[variable].numbers[point]] = value
        row.append(-value / unit, at: column(of: point, variable, grid))
      }
    }
    workers.append(worker)
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
