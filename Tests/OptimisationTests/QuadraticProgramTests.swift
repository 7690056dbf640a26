import NumericKernel
import Optimisation
import TestSupport
import Testing

/// The largest breach of the conditions that make a point the maximum of a concave program: limits, stationarity, signs, and
/// nothing held by a limit that is not met.
func breach(_ optimum: QuadraticProgram.Optimum, of program: QuadraticProgram) -> Double {
  let p = optimum.point
  let polytope = program.polytope
  var worst = polytope.violation(at: p)
  var rest = zip(program.gradient, program.hessian.symmetricTimes(p)).map { $0 + $1 }
  func check(_ multiplier: Double, _ activity: Double, _ lower: Double, _ upper: Double) {
    if multiplier > 0 { worst = max(worst, min(multiplier, abs(upper - activity))) }
    if multiplier < 0 { worst = max(worst, min(-multiplier, abs(activity - lower))) }
  }
  for (row, multiplier) in zip(polytope.rows, optimum.rowMultipliers) {
    var activity = 0.0
    for j in p.indices {
      rest[j] -= multiplier * row.coefficients[j]
      activity += row.coefficients[j] * p[j]
    }
    check(multiplier, activity, row.lower, row.upper)
  }
  for j in p.indices {
    rest[j] -= optimum.boundMultipliers[j]
    check(optimum.boundMultipliers[j], p[j], polytope.lower[j], polytope.upper[j])
  }
  return rest.reduce(worst) { max($0, abs($1)) }
}

func value(_ program: QuadraticProgram, at p: [Double]) -> Double {
  let curved = program.hessian.symmetricTimes(p)
  return p.indices.reduce(0) { $0 + program.gradient[$1] * p[$1] + 0.5 * p[$1] * curved[$1] }
}

func box(_ lower: [Double], _ upper: [Double], _ rows: ([Double], Double, Double)...) -> Polytope {
  Polytope(
    lower: lower, upper: upper,
    rows: rows.map { Polytope.Row(label: "row", coefficients: $0.0, lower: $0.1, upper: $0.2) })
}

func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}

@Suite struct QuadraticProgramTests {
  let unit = Matrix(diagonal: [-1, -1])
  let flat = Matrix(rowCount: 2, columnCount: 2)

  @Test func `An inner maximum is where the gradient vanishes`() throws {
    // 2a + 3b - a²/2 - b²/2 rises until a = 2, b = 3.
    let program = QuadraticProgram(gradient: [2, 3], hessian: unit, polytope: box([-9, -9], [9, 9]))
    let optimum = try #require(program.maximum())
    #expect(isClose(optimum.point, [2, 3]))
    #expect(optimum.boundMultipliers == [0, 0])
  }

  @Test func `A variable at its bound is exactly there, and the bound has its price`() throws {
    let program = QuadraticProgram(gradient: [2, 3], hessian: unit, polytope: box([0.1, -9], [0.7, 9]))
    let optimum = try #require(program.maximum())
    #expect(optimum.point[0] == 0.7)
    // What is left of the slope at the bound: 2 - 0.7.
    #expect(isClose(optimum.boundMultipliers, [1.3, 0]))
  }

  @Test func `An equality is shared as the curvature says and its price may be negative`() throws {
    // a + b = 1 under -a²/2 - b²: slopes -a = -2b, so a = 2/3, b = 1/3, both slopes -2/3.
    let program = QuadraticProgram(
      gradient: [0, 0], hessian: Matrix(diagonal: [-1, -2]), polytope: box([-5, -5], [5, 5], ([1, 1], 1, 1)))
    let optimum = try #require(program.maximum())
    #expect(isClose(optimum.point, [2.0 / 3, 1.0 / 3]))
    #expect(isClose(optimum.rowMultipliers, [-2.0 / 3]))
  }

  @Test func `Rows said twice and rows that say nothing change nothing`() throws {
    let program = QuadraticProgram(
      gradient: [1, 2], hessian: unit,
      polytope: box(
        [0, 0], [1, 1], ([1, 1], 1, 1), ([1, 1], 1, 1), ([2, 2], 2, 2), ([1, 1], -.infinity, 1), ([1, 0], -5, 5),
        ([0, 0], -1, 1)))
    let optimum = try #require(program.maximum())
    // a + b = 1 with slopes 1 - a and 2 - b: all on b.
    #expect(isClose(optimum.point, [0, 1]))
    #expect(breach(optimum, of: program) < 1e-12)
  }

  @Test func `A row that contradicts another leaves nothing`() {
    let twice = box([0, 0], [1, 1], ([1, 1], 1, 1), ([1, 1], 1.1, 1.1))
    #expect(QuadraticProgram(gradient: [1, 2], hessian: unit, polytope: twice).maximum() == nil)
    let above = box([0, 0], [1, 1], ([1, 1], 2.5, .infinity))
    #expect(QuadraticProgram(gradient: [1, 2], hessian: unit, polytope: above).maximum() == nil)
    let zero = box([0, 0], [1, 1], ([0, 0], 1, 2))
    #expect(QuadraticProgram(gradient: [1, 2], hessian: unit, polytope: zero).maximum() == nil)
  }

  @Test func `A linear program ends in its corner`() throws {
    // 3a + 2b under a + b <= 4, a + 3b <= 6, a <= 3: corner (3, 1), prices 2, 0 and 1 (Dantzig's kind of table).
    let program = QuadraticProgram(
      gradient: [3, 2], hessian: flat,
      polytope: box([0, 0], [3, 9], ([1, 1], -.infinity, 4), ([1, 3], -.infinity, 6)))
    let optimum = try #require(program.maximum())
    #expect(isClose(optimum.point, [3, 1]))
    // (3, 1) meets a + 3b = 6 as well: a degenerate corner, so the prices are only one of many proofs.
    #expect(breach(optimum, of: program) < 1e-12)
  }

  @Test func `A corner where many limits meet is left or kept as it should be`() throws {
    // Five rows through the origin, which is the maximum.
    let kept = QuadraticProgram(
      gradient: [-1, -1], hessian: flat,
      polytope: box(
        [0, 0], [1, 1], ([1, 1], 0, 5), ([1, 2], 0, 5), ([2, 1], 0, 5), ([1, -1], 0, 5), ([1, -2], 0, 5)))
    #expect(try #require(kept.maximum()).point == [0, 0])
    let left = QuadraticProgram(
      gradient: [1, 1], hessian: flat,
      polytope: box([0, 0], [1, 1], ([1, 1], 0, 5), ([1, -1], 0, 5), ([1, -2], 0, 5)))
    // b <= a / 2.
    #expect(isClose(try #require(left.maximum()).point, [1, 0.5]))
  }

  @Test func `Fixed variables stay where they are`() throws {
    let program = QuadraticProgram(
      gradient: [1, 5, 2], hessian: Matrix(diagonal: [-1, -1, -1]),
      polytope: box([0, 0.3, 0], [1, 0.3, 1], ([1, 1, 1], 1, 1)))
    let optimum = try #require(program.maximum())
    #expect(optimum.point[1] == 0.3)
    // a + c = 0.7 with slopes 1 - a and 2 - c: c alone.
    #expect(isClose(optimum.point, [0, 0.3, 0.7]))
    let all = QuadraticProgram(
      gradient: [1, 5], hessian: unit, polytope: box([0.25, 0.75], [0.25, 0.75], ([1, 1], 1, 1)))
    #expect(try #require(all.maximum()).point == [0.25, 0.75])
  }

  @Test func `Equal slopes and no slopes give a point inside`() throws {
    let simplex = box([0, 0, 0], [1, 1, 1], ([1, 1, 1], 1, 1))
    for slope in [0.0, 1, -1] {
      let program = QuadraticProgram(
        gradient: [slope, slope, slope], hessian: Matrix(rowCount: 3, columnCount: 3), polytope: simplex)
      let optimum = try #require(program.maximum())
      #expect(breach(optimum, of: program) < 1e-12)
    }
  }

  @Test func `A Hessian that is not concave is taken by its concave part`() throws {
    // Without its upward curvature in b the function is a - a²/2 + b.
    let program = QuadraticProgram(
      gradient: [1, 1], hessian: Matrix(diagonal: [-1, 4]), polytope: box([-3, -3], [3, 3]))
    #expect(isClose(try #require(program.maximum()).point, [1, 3], 1e-9))
  }

  @Test func `The answer does not depend on the unit of the value or of the variables`() throws {
    for scale in [1e-9, 1e-3, 1e6, 1e9] {
      for width in [1e-9, 1.0, 1e9] {
        let program = QuadraticProgram(
          gradient: [scale * 1 / width, scale * 2 / width, scale * 1.5 / width],
          hessian: Matrix(diagonal: [-1, -3, -2].map { $0 * scale / width / width }),
          polytope: box([0, 0, 0], [0.6 * width, width, width], ([1, 1, 1], width, width)))
        let optimum = try #require(program.maximum())
        // Slopes 1 - a = 2 - 3b = 1.5 - 2c = s with a + b + c = 1: s = (1 + 2/3 + 3/4 - 1) / (1 + 1/3 + 1/2) = 17/22.
        let s = 17.0 / 22
        #expect(isClose(optimum.point.map { $0 / width }, [1 - s, (2 - s) / 3, (1.5 - s) / 2]))
        #expect(abs(optimum.rowMultipliers[0] / scale * width - s) < 1e-12)
      }
    }
  }

  @Test(arguments: 0..<200) func `Random programs meet the conditions of a maximum`(seed: Int) throws {
    var random = Xorshift(seed: UInt64(seed) + 1)
    let program = randomProgram(&random)
    guard let optimum = program.maximum() else {
      Issue.record("The program was made around a feasible point.")
      return
    }
    #expect(breach(optimum, of: program) < 1e-9)
  }

  @Test(arguments: 0..<100) func `Small programs agree with the best of all their active sets`(seed: Int) throws {
    var random = Xorshift(seed: UInt64(seed) + 1000)
    let program = randomProgram(&random, largest: 4)
    let optimum = try #require(program.maximum())
    let best = try #require(bestOfAllActiveSets(program))
    #expect(abs(value(program, at: optimum.point) - best) < 1e-9 * max(1, abs(best)))
  }

  @Test func `A start from another program's active set changes nothing`() throws {
    for seed in 0..<50 {
      var random = Xorshift(seed: UInt64(seed) + 77)
      var program = randomProgram(&random)
      let first = try #require(program.maximum())
      for j in program.gradient.indices { program.gradient[j] += random.uniform(-0.3, 0.3) }
      let cold = try #require(program.maximum())
      let warm = try #require(program.maximum(from: first.activeSet))
      #expect(breach(warm, of: program) < 1e-9)
      #expect(abs(value(program, at: warm.point) - value(program, at: cold.point)) < 1e-10)
    }
  }
}

/// Rows through and beside a feasible point, some repeated; the Hessian of any rank, none included.
func randomProgram(_ random: inout Xorshift, largest: Int = 30) -> QuadraticProgram {
  let count = 1 + Int(random.next() % UInt64(largest))
  let rowCount = Int(random.next() % 5)
  let rank = Int(random.next() % UInt64(count + 1))
  var hessian = Matrix(rowCount: count, columnCount: count)
  for _ in 0..<rank {
    let v = (0..<count).map { _ in random.normal() }
    for i in 0..<count {
      for j in 0..<count { hessian[i, j] -= v[i] * v[j] }
    }
  }
  let inside = (0..<count).map { _ in random.uniform(0, 1) }
  var polytope = Polytope(
    lower: inside.map { random.uniform(0, 1) < 0.2 ? $0 : $0 - random.uniform(0, 1) },
    upper: inside.map { random.uniform(0, 1) < 0.2 ? $0 : $0 + random.uniform(0, 1) }, rows: [])
  for index in 0..<rowCount {
    if index > 0, random.uniform(0, 1) < 0.2 {
      polytope.rows.append(polytope.rows[index - 1])
      continue
    }
    let coefficients = (0..<count).map { _ in random.uniform(0, 1) < 0.5 ? 1 : random.normal() }
    let activity = zip(coefficients, inside).reduce(0) { $0 + $1.0 * $1.1 }
    let kind = random.uniform(0, 1)
    polytope.rows.append(
      Polytope.Row(
        label: "\(index)", coefficients: coefficients, lower: kind < 0.6 ? activity : -.infinity,
        upper: kind < 0.4 || kind > 0.6 ? activity : activity + 0.2))
  }
  return QuadraticProgram(gradient: (0..<count).map { _ in random.normal() }, hessian: hessian, polytope: polytope)
}

/// The best feasible point among the stationary points on every face: each variable at its lower bound, at its upper bound
/// or free, each row at its lower end, at its upper end or slack. Flat faces are skipped: a maximum on one has another on
/// its edge.
func bestOfAllActiveSets(_ program: QuadraticProgram) -> Double? {
  let count = program.gradient.count
  let rows = program.polytope.rows
  var best: Double?
  var states = [Int](repeating: 0, count: count + rows.count)
  repeat {
    let free = (0..<count).filter { states[$0] == 0 }
    var p = (0..<count).map { states[$0] == 1 ? program.polytope.lower[$0] : program.polytope.upper[$0] }
    for j in free { p[j] = 0 }
    let held = rows.indices.filter { states[count + $0] != 0 }
    let order = free.count + held.count
    var system = Matrix(rowCount: order, columnCount: order)
    var right = [Double](repeating: 0, count: order)
    let curved = program.hessian.symmetricTimes(p)
    for (a, i) in free.enumerated() {
      right[a] = -program.gradient[i] - curved[i]
      for (b, j) in free.enumerated() { system[a, b] = program.hessian[i, j] }
    }
    for (a, r) in held.enumerated() {
      let end = states[count + r] == 1 ? rows[r].lower : rows[r].upper
      right[free.count + a] = end - zip(rows[r].coefficients, p).reduce(0) { $0 + $1.0 * $1.1 }
      for (b, j) in free.enumerated() {
        system[free.count + a, b] = rows[r].coefficients[j]
        system[b, free.count + a] = rows[r].coefficients[j]
      }
    }
    if right.allSatisfy(\.isFinite), let solution = solved(system, right) {
      for (a, j) in free.enumerated() { p[j] = solution[a] }
      if p.allSatisfy(\.isFinite), program.polytope.contains(p, tolerance: 1e-10) {
        best = max(best ?? -.infinity, value(program, at: p))
      }
    }
  } while advance(&states)
  return best
}

/// By elimination with row exchanges; nil where a pivot is 0.
private func solved(_ system: Matrix, _ right: [Double]) -> [Double]? {
  var rows = right.indices.map { row in right.indices.map { system[row, $0] } + [right[row]] }
  for k in rows.indices {
    guard let pivot = (k..<rows.count).max(by: { abs(rows[$0][k]) < abs(rows[$1][k]) }), rows[pivot][k] != 0 else {
      return nil
    }
    rows.swapAt(k, pivot)
    for row in rows.indices where row != k {
      let factor = rows[row][k] / rows[k][k]
      for column in k...rows.count { rows[row][column] -= factor * rows[k][column] }
    }
  }
  return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
}

/// The next of all numbers to base 3; false after the last.
private func advance(_ digits: inout [Int]) -> Bool {
  for index in digits.indices {
    digits[index] += 1
    if digits[index] < 3 { return true }
    digits[index] = 0
  }
  return false
}
