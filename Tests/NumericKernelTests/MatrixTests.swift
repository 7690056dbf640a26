import NumericKernel
import Testing

struct MatrixTests {
  @Test func `Elements stand column by column`() {
    let matrix = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
    #expect(matrix.rowCount == 2 && matrix.columnCount == 3)
    #expect(matrix.elements == [1, 4, 2, 5, 3, 6])
    #expect(matrix[1, 2] == 6)
  }

  @Test func `Sums and multiples go element by element`() {
    let a = Matrix(rows: [[1, 2], [3, 4]])
    #expect(a + Matrix(diagonal: [10, 20]) == Matrix(rows: [[11, 2], [3, 24]]))
    #expect(-2 * a == Matrix(rows: [[-2, -4], [-6, -8]]))
  }

  @Test func `A multiple of a vector's products with itself is added entry by entry`() {
    // 2 (1, 3)(1, 3)ᵀ = ((2, 6), (6, 18)).
    var matrix = Matrix(diagonal: [10, 20])
    matrix.add(2, times: [1, 3])
    #expect(matrix == Matrix(rows: [[12, 6], [6, 38]]))
  }

  @Test func `No rows make a matrix without columns`() {
    #expect(Matrix(rows: []) == Matrix(rowCount: 0, columnCount: 0))
  }
}
