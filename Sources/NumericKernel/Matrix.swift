/// A small dense matrix, column-major as BLAS and LAPACK read it.
public struct Matrix: Sendable, Equatable {
  /// Entries in each column.
  public let rowCount: Int
  /// Entries in each row.
  public let columnCount: Int
  /// Column after column: entry (i, j) stands at `j · rowCount + i`.
  public var elements: [Double]

  /// Zeros.
  public init(rowCount: Int, columnCount: Int) {
    self.rowCount = rowCount
    self.columnCount = columnCount
    elements = [Double](repeating: 0, count: rowCount * columnCount)
  }

  /// One array per row, all of one length; no rows make a matrix without columns.
  public init(rows: [[Double]]) {
    self.init(rowCount: rows.count, columnCount: rows.first?.count ?? 0)
    for (i, row) in rows.enumerated() {
      precondition(row.count == columnCount, "Every row of a matrix has the same length.")
      for (j, element) in row.enumerated() { self[i, j] = element }
    }
  }

  /// A square matrix with these numbers on its diagonal and zeros elsewhere.
  public init(diagonal: [Double]) {
    self.init(rowCount: diagonal.count, columnCount: diagonal.count)
    for (i, element) in diagonal.enumerated() { self[i, i] = element }
  }

  /// The entry in a row and a column, both counted from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[column * rowCount + row] }
    set { elements[column * rowCount + row] = newValue }
  }

  /// Entry by entry.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.rowCount == b.rowCount && a.columnCount == b.columnCount, "A sum needs matrices of one shape.")
    var sum = a
    for i in sum.elements.indices { sum.elements[i] += b.elements[i] }
    return sum
  }

  /// Adds a factor times `v vᵀ`.
  public mutating func add(_ factor: Double, times v: [Double]) {
    precondition(v.count == rowCount && v.count == columnCount, "A number for each row and column.")
    for j in v.indices {
      for i in v.indices { self[i, j] += factor * v[i] * v[j] }
    }
  }

  /// Every entry times the factor.
  public static func * (factor: Double, a: Matrix) -> Matrix {
    var scaled = a
    for i in scaled.elements.indices { scaled.elements[i] *= factor }
    return scaled
  }
}
