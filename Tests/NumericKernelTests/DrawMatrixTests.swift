import NumericKernel
import TestSupport
import Testing

struct DrawMatrixTests {
  // Counts below, at and above whole tiles of 16 draws: the padding must never be seen.
  static let drawCounts = [0, 1, 15, 16, 17, 40]

  @Test(arguments: drawCounts) func `Columns come back as they were put in`(drawCount: Int) {
    let columns = (0..<3).map { column in (0..<drawCount).map { Double(100 * column + $0) } }
    let matrix = DrawMatrix(columns: columns, drawCount: drawCount)
    #expect(matrix.drawCount == drawCount && matrix.columnCount == 3)
    for column in 0..<3 {
      #expect(matrix.column(column) == columns[column])
      for draw in 0..<drawCount { #expect(matrix[draw, column] == columns[column][draw]) }
      #expect(matrix.withColumn(column) { $0.count } == drawCount)
    }
  }

  @Test func `A new matrix is zero`() {
    let matrix = DrawMatrix(drawCount: 17, columnCount: 2)
    #expect(matrix.column(0) == [Double](repeating: 0, count: 17))
    #expect(matrix == DrawMatrix(columns: [matrix.column(0), matrix.column(1)], drawCount: 17))
  }

  @Test func `Writing to a copy leaves the original`() {
    let original = DrawMatrix(columns: [[1, 2], [3, 4]], drawCount: 2)
    var byElement = original
    byElement[0, 1] = 9
    var byColumn = original
    byColumn.setColumn(0, to: [7, 8])
    var borrowed = original
    borrowed.withMutableColumn(1) { $0[1] = -1 }
    #expect(original.column(0) == [1, 2] && original.column(1) == [3, 4])
    #expect(byElement.column(1) == [9, 4] && byElement.row(1) == [byElement[1, 0], 4])
    #expect(byColumn.column(0) == [7, 8])
    #expect(borrowed.column(1) == [3, -1])
    #expect(byElement != original && byColumn != original && borrowed != original)
  }

  @Test func `A draw or column that is not there is refused`() async {
    await #expect(processExitsWith: .failure) { _ = DrawMatrix(drawCount: 2, columnCount: 1)[2, 0] }
    await #expect(processExitsWith: .failure) { _ = DrawMatrix(drawCount: 2, columnCount: 1).column(1) }
  }
}
