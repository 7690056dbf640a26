import CLAPACKE

/// `A = Q R` of a matrix with at least as many rows as columns: least squares without squaring its condition.
public struct QRFactorisation: Sendable {
  /// R in the upper triangle; below it the reflectors that make Q.
  let factor: Matrix
  let reflectorScales: [Double]

  /// Factors a matrix of finite numbers (LAPACK dgeqrf).
  public init(_ matrix: Matrix) {
    precondition(matrix.rowCount >= matrix.columnCount, "Least squares need a row for each column.")
    var a = matrix
    var scales = [Double](repeating: 0, count: a.columnCount)
    if a.columnCount > 0 {
      let rows = lapack_integer(a.rowCount)
      let info = unsafe LAPACKE_dgeqrf(
        LAPACK_COL_MAJOR, rows, lapack_integer(a.columnCount), &a.elements, rows, &scales)
      precondition(info == 0, "LAPACKE_dgeqrf: argument \(-info) is illegal.")
    }
    factor = a
    reflectorScales = scales
  }

  /// R, square, with zeros below its diagonal.
  public var upperTriangle: Matrix {
    let count = factor.columnCount
    var r = Matrix(rowCount: count, columnCount: count)
    for j in 0..<count {
      for i in 0...j { r[i, j] = factor[i, j] }
    }
    return r
  }

  /// `Qᵀ b`, its first numbers: one for each column of A (LAPACK dormqr).
  public func transposeTimes(_ b: [Double]) -> [Double] {
    precondition(b.count == factor.rowCount, "Qᵀ b needs one b per row.")
    guard factor.columnCount > 0 else { return [] }
    var c = b
    let rows = lapack_integer(b.count)
    let info = unsafe LAPACKE_dormqr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), CChar(UInt8(ascii: "T")), rows, 1,
      lapack_integer(factor.columnCount), factor.elements, rows, reflectorScales, &c, rows)
    precondition(info == 0, "LAPACKE_dormqr: argument \(-info) is illegal.")
    return Array(c.prefix(factor.columnCount))
  }

  /// The x that minimises `‖A x − b‖` (LAPACK dtrtrs); nil where a diagonal element of R is zero.
  public func solve(_ b: [Double]) -> [Double]? {
    var x = transposeTimes(b)
    guard factor.columnCount > 0 else { return x }
    let info = unsafe LAPACKE_dtrtrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")),
      lapack_integer(factor.columnCount), 1, factor.elements, lapack_integer(factor.rowCount), &x,
      lapack_integer(x.count))
    precondition(info >= 0, "LAPACKE_dtrtrs: argument \(-info) is illegal.")
    return info == 0 ? x : nil
  }

  /// An estimate of `1 / (‖R‖ ‖R⁻¹‖)` in the 1-norm, from 0 for a singular matrix to 1 (LAPACK dtrcon).
  public var reciprocalCondition: Double {
    guard factor.columnCount > 0 else { return 1 }
    var result = 0.0
    let info = unsafe LAPACKE_dtrcon(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "1")), CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")),
      lapack_integer(factor.columnCount), factor.elements, lapack_integer(factor.rowCount), &result)
    precondition(info == 0, "LAPACKE_dtrcon: argument \(-info) is illegal.")
    return result
  }

  /// `(Aᵀ A)⁻¹ = R⁻¹ R⁻ᵀ`, symmetric (LAPACK dpotri); nil where a diagonal element of R is zero.
  public var inverseGram: Matrix? {
    let count = factor.columnCount
    guard count > 0 else { return Matrix(rowCount: 0, columnCount: 0) }
    var inverse = upperTriangle
    let info = unsafe LAPACKE_dpotri(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), lapack_integer(count), &inverse.elements, lapack_integer(count))
    precondition(info >= 0, "LAPACKE_dpotri: argument \(-info) is illegal.")
    guard info == 0 else { return nil }
    for j in 0..<count {
      for i in 0..<j { inverse[j, i] = inverse[i, j] }
    }
    return inverse
  }
}
