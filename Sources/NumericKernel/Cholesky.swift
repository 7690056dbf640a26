import CLAPACKE

/// `A = L Lᵀ` of a symmetric positive definite matrix.
public struct Cholesky: Sendable {
  /// Why there is no factor.
  public enum Failure: Error, Equatable {
    /// The leading minor of this order is not positive, or no number.
    case notPositiveDefinite(leadingMinor: Int)
  }

  /// L in the lower triangle, diagonal included; above it stand the entries of `A`.
  public let factor: Matrix

  /// Factors a symmetric matrix, of which the lower triangle is read (LAPACK dpotrf).
  public init(_ matrix: Matrix) throws(Failure) {
    precondition(matrix.rowCount == matrix.columnCount, "Cholesky needs a square matrix.")
    var a = matrix
    let order = lapack_integer(a.rowCount)
    guard order > 0 else {
      factor = a
      return
    }
    // What is no number is found below: the door that looks for it first calls it an illegal argument.
    let info = unsafe LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, &a.elements, order)
    precondition(info >= 0, "LAPACKE_dpotrf_work: argument \(-info) is illegal.")
    guard info == 0 else { throw .notPositiveDefinite(leadingMinor: Int(info)) }
    for k in 0..<a.rowCount where !a[k, k].isFinite { throw .notPositiveDefinite(leadingMinor: k + 1) }
    switch Interference.fault?(.cholesky) {
    case nil: break
    case .failure: throw .notPositiveDefinite(leadingMinor: 1)
    case .numbers(let change): a.elements = a.elements.map(change)
    }
    factor = a
  }

  /// `A⁻¹ b` (LAPACK dpotrs).
  public func solve(_ b: [Double]) -> [Double] {
    precondition(b.count == factor.rowCount, "A solve needs one right-hand side per row.")
    var x = b
    let order = lapack_integer(b.count)
    guard order > 0 else { return x }
    let info = unsafe LAPACKE_dpotrs_work(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, 1, factor.elements, order, &x, order)
    precondition(info == 0, "LAPACKE_dpotrs_work: argument \(-info) is illegal.")
    return x
  }

  /// `L z`: of independent z of variance 1, numbers whose covariance is A.
  public func factorTimes(_ z: [Double]) -> [Double] {
    precondition(z.count == factor.rowCount, "L z needs one z per row.")
    return z.indices.map { i in (0...i).reduce(0) { $0 + factor[i, $1] * z[$1] } }
  }
}
