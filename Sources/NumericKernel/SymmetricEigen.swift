import CLAPACKE

/// `A = V diag(values) Vᵀ` of a symmetric matrix, eigenvalues ascending.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending: one for each column of `vectors`.
  public let values: [Double]
  /// One eigenvector per column.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix of finite numbers, of which the lower triangle is read (LAPACK dsyev).
  public init(_ matrix: Matrix) {
    precondition(matrix.rowCount == matrix.columnCount, "An eigenvalue problem needs a square matrix.")
    var a = matrix
    var values = [Double](repeating: 0, count: a.rowCount)
    let order = lapack_integer(a.rowCount)
    if order > 0 {
      let info = unsafe LAPACKE_dsyev(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), order, &a.elements, order, &values)
      precondition(info == 0, "LAPACKE_dsyev: \(info) off-diagonal elements did not converge.")
    }
    if case .numbers(let change) = Interference.fault?(.symmetricEigen) {
      values = values.map(change)
      a.elements = a.elements.map(change)
    }
    self.values = values
    vectors = a
  }
}
