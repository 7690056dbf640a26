import Testing

@testable import NumericKernel

@Suite struct QRFactorisationTests {
  private let line = Matrix(rows: [[1, 0], [1, 1], [1, 2]])

  @Test func `least squares by hand`() throws {
    // Through (0, 1), (1, 2), (2, 6): 0.5 + 2.5 t.
    let x = try #require(QRFactorisation(line).solve([1, 2, 6]))
    #expect(abs(x[0] - 0.5) < 1e-14 && abs(x[1] - 2.5) < 1e-14)
  }

  @Test func `the inverse of the columns' products by hand`() throws {
    // AᵀA = [[3, 3], [3, 5]], of determinant 6.
    let inverse = try #require(QRFactorisation(line).inverseGram)
    for (i, j, value) in [(0, 0, 5.0 / 6), (0, 1, -0.5), (1, 0, -0.5), (1, 1, 0.5)] {
      #expect(abs(inverse[i, j] - value) < 1e-14)
    }
  }

  @Test func `the triangle has the columns' lengths, and Qᵀ keeps what they span`() {
    let factors = QRFactorisation(line)
    #expect(abs(abs(factors.upperTriangle[0, 0]) - 3.0.squareRoot()) < 1e-15 && factors.upperTriangle[1, 0] == 0)
    // A column's image is the triangle's.
    let image = factors.transposeTimes([0, 1, 2])
    #expect(abs(image[0] - factors.upperTriangle[0, 1]) < 1e-14)
    #expect(abs(image[1] - factors.upperTriangle[1, 1]) < 1e-14)
  }

  @Test func `columns that depend on each other are seen`() {
    let twice = QRFactorisation(Matrix(rows: [[1, 0], [0, 0], [0, 0]]))
    #expect(twice.solve([1, 2, 3]) == nil && twice.inverseGram == nil && twice.reciprocalCondition == 0)
    #expect(QRFactorisation(Matrix(diagonal: [1, 1])).reciprocalCondition == 1)
  }

  @Test func `a single column is a length and a way`() throws {
    // (3, 4) is 5 long, and (6, 8) twice of it.
    let column = QRFactorisation(Matrix(rows: [[3], [4]]))
    #expect(abs(abs(column.upperTriangle[0, 0]) - 5) < 1e-14)
    #expect(abs(try #require(column.solve([6, 8]))[0] - 2) < 1e-14)
  }

  @Test func `no columns leave nothing to solve`() {
    let none = QRFactorisation(Matrix(rowCount: 3, columnCount: 0))
    #expect(none.solve([1, 2, 3]) == [] && none.transposeTimes([1, 2, 3]) == [] && none.reciprocalCondition == 1)
    #expect(none.inverseGram?.rowCount == 0)
  }

  @Test func `a factor times independent numbers has the covariance`() throws {
    // [[4, 2], [2, 5]] = L Lᵀ with L = [[2, 0], [1, 2]].
    let factor = try Cholesky(Matrix(rows: [[4, 2], [2, 5]]))
    #expect(factor.factorTimes([1, 0]) == [2, 1] && factor.factorTimes([0, 1]) == [0, 2])
  }
}
