import NumericKernel
import TestSupport
import Testing

struct FactorisationTests {
  /// `B Bᵀ` plus 20 times these signs on the diagonal, of order 6: positive definite, or not definite at all.
  func symmetric(signs: [Double]) -> Matrix {
    var source = TestRandom(seed: 3)
    let b = (0..<6).map { _ in (0..<6).map { _ in source.normal() } }
    var matrix = Matrix(diagonal: signs.map { 20 * $0 })
    for i in 0..<6 {
      for j in 0..<6 {
        for k in 0..<6 { matrix[i, j] += b[i][k] * b[j][k] }
      }
    }
    return matrix
  }

  let b: [Double] = [1, -2, 3, -4, 5, -6]

  /// Well conditioned by the diagonal: the residual is a few dozen units of 1e-16 of numbers up to 100.
  func expectSolves(_ matrix: Matrix, _ x: [Double]) {
    for (left, right) in zip(matrix.symmetricTimes(x), b) { #expect(abs(left - right) < 1e-12) }
  }

  @Test func `Cholesky by hand`() throws {
    // ((4, 2), (2, 5)) = L Lᵀ with L = ((2, 0), (1, 2)); x = (1, 1) gives (6, 7).
    let cholesky = try Cholesky(Matrix(rows: [[4, .nan], [2, 5]]))
    #expect(cholesky.factor[0, 0] == 2 && cholesky.factor[1, 0] == 1 && cholesky.factor[1, 1] == 2)
    #expect(cholesky.solve([6, 7]) == [1, 1])
  }

  @Test func `Cholesky solves`() throws {
    let matrix = symmetric(signs: [1, 1, 1, 1, 1, 1])
    expectSolves(matrix, try Cholesky(matrix).solve(b))
  }

  @Test func `Cholesky says where a matrix is not positive definite`() {
    // The leading minors of ((1, 2), (2, 1)) are 1 and −3; of a zero matrix the first is zero.
    #expect(throws: Cholesky.Failure.notPositiveDefinite(leadingMinor: 2)) {
      try Cholesky(Matrix(rows: [[1, 2], [2, 1]]))
    }
    #expect(throws: Cholesky.Failure.notPositiveDefinite(leadingMinor: 1)) {
      try Cholesky(Matrix(rowCount: 3, columnCount: 3))
    }
  }

  @Test func `what is no number has no Cholesky factor, and solves to none`() throws {
    #expect(throws: Cholesky.Failure.self) { try Cholesky(Matrix(rows: [[1, .nan], [.nan, 2]])) }
    #expect(throws: Cholesky.Failure.self) { try Cholesky(Matrix(rows: [[.nan, 0], [0, 2]])) }
    #expect(throws: Cholesky.Failure.self) { try Cholesky(Matrix(rows: [[.infinity, 0], [0, 2]])) }
    let solved = try Cholesky(Matrix(rows: [[4, .nan], [2, 5]])).solve([.nan, 7])
    #expect(solved.allSatisfy { $0.isNaN })
  }

  @Test func `Eigenvalues by hand`() {
    // ((2, 1), (1, 2)): 1 with (1, −1)/√2 and 3 with (1, 1)/√2.
    let eigen = SymmetricEigen(Matrix(rows: [[2, .nan], [1, 2]]))
    #expect(abs(eigen.values[0] - 1) < 1e-15 && abs(eigen.values[1] - 3) < 1e-15)
    #expect(abs(eigen.vectors[0, 0] + eigen.vectors[1, 0]) < 1e-15)
    #expect(abs(eigen.vectors[0, 1] - eigen.vectors[1, 1]) < 1e-15)
  }

  @Test func `Eigenvectors are scaled by their matrix`() {
    let matrix = symmetric(signs: [1, -1, 1, -1, 1, -1])
    let eigen = SymmetricEigen(matrix)
    #expect(eigen.values == eigen.values.sorted())
    for k in 0..<6 {
      let vector = (0..<6).map { eigen.vectors[$0, k] }
      for (i, y) in matrix.symmetricTimes(vector).enumerated() { #expect(abs(y - eigen.values[k] * vector[i]) < 1e-12) }
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-14)
    }
  }

  @Test func `A single number is its own eigenvalue`() {
    let eigen = SymmetricEigen(Matrix(rows: [[-3]]))
    #expect(eigen.values == [-3] && abs(eigen.vectors[0, 0]) == 1)
  }

  @Test func `Matrices of order zero are factored`() throws {
    let empty = Matrix(rowCount: 0, columnCount: 0)
    #expect(try Cholesky(empty).solve([]) == [])
    #expect(SymmetricEigen(empty).values == [])
  }
}
