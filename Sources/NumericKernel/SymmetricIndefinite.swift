import CLAPACKE

/// `A = L D Lᵀ` of a symmetric matrix that need not be definite (Bunch-Kaufman): the Karush-Kuhn-Tucker systems of
/// equality-constrained quadratic programs.
public struct SymmetricIndefinite: Sendable {
  /// Why there are no factors.
  public enum Failure: Error, Equatable {
    /// The pivot block at this row (counted from 1) is exactly zero.
    case singular(row: Int)
  }

  let factor: Matrix
  let pivots: [lapack_integer]

  /// Factors a symmetric matrix, of which the lower triangle is read (LAPACK dsytrf).
  public init(_ matrix: Matrix) throws(Failure) {
    precondition(matrix.rowCount == matrix.columnCount, "A symmetric factorisation needs a square matrix.")
    var a = matrix
    let order = lapack_integer(a.rowCount)
    var pivots = [lapack_integer](repeating: 0, count: a.rowCount)
    if order > 0 {
      let info = unsafe LAPACKE_dsytrf(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, &a.elements, order, &pivots)
      precondition(info >= 0, "LAPACKE_dsytrf: argument \(-info) is illegal.")
      guard info == 0 else { throw .singular(row: Int(info)) }
    }
    factor = a
    self.pivots = pivots
  }

  /// `A⁻¹ b` (LAPACK dsytrs).
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == factor.rowCount, "A solve needs one right-hand side per row.")
    var x = b
    let order = lapack_integer(b.count)
    guard order > 0 else { return x }
    let info = unsafe LAPACKE_dsytrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, 1, factor.elements, order, pivots, &x, order)
    precondition(info == 0, "LAPACKE_dsytrs: argument \(-info) is illegal.")
    return x
  }
}
