import Foundation
import NumericKernel
import Testing

@Suite struct LinearProgramTests {
  private func program(_ variables: [(objective: Double, lower: Double, upper: Double)]) -> LinearProgram {
    let program = LinearProgram()
    program.add(variables.map { LinearProgram.Variable(objective: $0.objective, lower: $0.lower, upper: $0.upper) })
    return program
  }

  @Test func `a linear program by hand`() throws {
    // 3 x + 2 y under x + y ≤ 4, x + 3 y ≤ 9, x ≤ 3: at (3, 1), where the first row and x's bound hold; its price is 2.
    let program = program([(3, 0, 3), (2, 0, .infinity)])
    program.addRow(LinearProgram.Entries([0, 1], [1, 1]), lower: -.infinity, upper: 4)
    program.addRow(LinearProgram.Entries([0, 1], [1, 3]), lower: -.infinity, upper: 9)
    let optimum = try #require(program.maximum())
    #expect(optimum.point == [3, 1])
    #expect(optimum.rowMultipliers == [2, 0])
  }

  @Test func `an equality has a price of either sign`() throws {
    // -x - y with x + 2 y = 2: all on y, each unit of the row costs a half.
    let program = program([(-1, 0, .infinity), (-1, 0, .infinity)])
    program.addRow(LinearProgram.Entries([0, 1], [1, 2]), lower: 2, upper: 2)
    let optimum = try #require(program.maximum())
    #expect(optimum.point == [0, 1])
    #expect(optimum.rowMultipliers == [-0.5])
  }

  @Test func `what has no optimum has no answer`() {
    let empty = program([(1, 0, 1)])
    empty.addRow(LinearProgram.Entries([0], [1]), lower: 2, upper: .infinity)
    #expect(empty.maximum() == nil)
    #expect(program([(1, 0, .infinity)]).maximum() == nil)
  }

  @Test func `what is added or moved since is in the next answer`() throws {
    // Of x + 2 y under x + y ≤ 3.
    let program = program([(1, 0, 2), (2, 0, 2)])
    program.addRow(LinearProgram.Entries([0, 1], [1, 1]), lower: -.infinity, upper: 3)
    #expect(try #require(program.maximum()).point == [1, 2])
    program.addRow(LinearProgram.Entries([1], [1]), lower: -.infinity, upper: 1)
    #expect(try #require(program.maximum()).point == [2, 1])
    program.add([
      LinearProgram.Variable(objective: 3, lower: 0, upper: 1, rows: LinearProgram.Entries([0, 1], [1, 1]))
    ])
    #expect(try #require(program.maximum()).point == [2, 0, 1])
    program.setUpper([1, 2, 0.5])
    #expect(try #require(program.maximum()).point == [1, 0.5, 0.5])
    program.setCoefficient(2, row: 1, variable: 1)
    #expect(try #require(program.maximum()).point == [1, 0.25, 0.5])
    #expect(program.variableCount == 3 && program.rowCount == 2)
  }

  /// Programs of the kind that branch and bound asks: a mixture of points and the least of many cuts, some of whose numbers are
  /// tiny. With Clp's own scaling their "optima" had multipliers of the wrong sign.
  @Test(arguments: 1...20) func `multipliers are those of an optimum`(seed: UInt64) throws {
    var random = Numbers(seed: seed)
    let (variables, points) = (6, 30)
    let program = LinearProgram()
    program.add([LinearProgram.Variable(objective: 1, lower: -.infinity, upper: .infinity)])
    program.add((0..<variables * points).map { _ in LinearProgram.Variable(objective: 0, lower: 0, upper: .infinity) })
    for variable in 0..<variables {
      program.addRow(
        LinearProgram.Entries(1 + variable * points..<1 + (variable + 1) * points, .init(repeating: 1, count: points)),
        lower: 1, upper: 1)
    }
    let spends = (0..<variables * points).map { Double($0 % points) / Double(points - 1) }
    program.addRow(LinearProgram.Entries(1...variables * points, spends), lower: 2, upper: 2)
    var cuts: [[Double]] = []
    var height = Double.infinity
    for _ in 0..<25 {
      let steepness = (0..<variables).map { _ in random.next(2, 40) }
      let cut = spends.indices.map { 0.2 / (1 + pow(0.4 / max(spends[$0], 1e-9), steepness[$0 / points] / 4)) }
      cuts.append(cut)
      program.addRow(LinearProgram.Entries(0...variables * points, [1] + cut.map { -$0 }), lower: -.infinity, upper: 0)
      let optimum = try #require(program.maximum())
      let theta = optimum.rowMultipliers[(variables + 1)...]
      let price = optimum.rowMultipliers[variables]
      #expect(theta.allSatisfy { $0 >= -1e-9 } && abs(theta.reduce(0, +) - 1) <= 1e-9)
      // Weak duality: what these multipliers prove is what was attained.
      var proved = 2 * price
      for variable in 0..<variables {
        proved +=
          (0..<points).map { point in
            let place = variable * points + point
            return zip(theta, cuts).reduce(0) { $0 + $1.0 * $1.1[place] } - price * spends[place]
          }.max() ?? 0
      }
      #expect(abs(proved - optimum.point[0]) <= 1e-8)
      #expect(optimum.point[0] <= height + 1e-9)
      height = optimum.point[0]
    }
  }
}

private struct Numbers {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(_ low: Double, _ high: Double) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return low + (high - low) * Double(state >> 11) * 0x1p-53
  }
}
