import NumericKernel
import Testing

@Suite struct LinearProgramTests {
  @Test func `a linear program by hand`() throws {
    // 3 x + 2 y under x + y ≤ 4, x + 3 y ≤ 9, x ≤ 3: at (3, 1), where the first row and x's bound hold; its price is 2.
    let program = LinearProgram(
      objective: [3, 2], lower: [0, 0], upper: [3, .infinity],
      rows: [
        LinearProgram.Row(variables: [0, 1], coefficients: [1, 1], lower: -.infinity, upper: 4),
        LinearProgram.Row(variables: [0, 1], coefficients: [1, 3], lower: -.infinity, upper: 9),
      ])
    let optimum = try #require(program.maximum())
    #expect(optimum.point == [3, 1])
    #expect(optimum.rowMultipliers == [2, 0])
  }

  @Test func `an equality has a price of either sign`() throws {
    // -x - y with x + 2 y = 2: all on y, each unit of the row costs a half.
    let program = LinearProgram(
      objective: [-1, -1], lower: [0, 0], upper: [.infinity, .infinity],
      rows: [LinearProgram.Row(variables: [0, 1], coefficients: [1, 2], lower: 2, upper: 2)])
    let optimum = try #require(program.maximum())
    #expect(optimum.point == [0, 1])
    #expect(optimum.rowMultipliers == [-0.5])
  }

  @Test func `what has no optimum has no answer`() {
    let empty = LinearProgram(
      objective: [1], lower: [0], upper: [1],
      rows: [LinearProgram.Row(variables: [0], coefficients: [1], lower: 2, upper: .infinity)])
    #expect(empty.maximum() == nil)
    let unbounded = LinearProgram(objective: [1], lower: [0], upper: [.infinity], rows: [])
    #expect(unbounded.maximum() == nil)
  }
}
