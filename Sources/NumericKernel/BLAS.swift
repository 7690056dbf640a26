import COpenBLAS

extension DrawMatrix {
  /// `A x`: one number per draw; `x` has one number per column.
  public func times(_ x: [Double]) -> [Double] {
    precondition(x.count == columnCount, "A x needs one x per column.")
    var y = [Double](repeating: 0, count: drawCount)
    guard drawCount > 0, columnCount > 0 else { return y }
    unsafe cblas_dgemv(
      CblasColMajor, CblasNoTrans, blasint(drawCount), blasint(columnCount), 1, storage.start, blasint(stride), x, 1,
      0, &y, 1)
    return y
  }

  /// Where at most one draw in so many has a weight, picking them takes less than reading all: quantiles weigh one or two.
  private static let fewDraws = 64

  /// `Aᵀ w`: one number per column; `w` has one number per draw. Draws of weight 0 do not count, whatever they are.
  public func transposeTimes(_ w: [Double]) -> [Double] {
    precondition(w.count == drawCount, "Aᵀ w needs one w per draw.")
    var y = [Double](repeating: 0, count: columnCount)
    guard drawCount > 0, columnCount > 0 else { return y }
    let few = drawCount / DrawMatrix.fewDraws
    // Counted no further than needed: beside the product a pass over all weights would show.
    let weighted = Array(w.indices.lazy.filter { w[$0] != 0 }.prefix(few + 1))
    guard weighted.count > few else {
      for column in y.indices { y[column] = weighted.reduce(0) { $0 + w[$1] * self[$1, column] } }
      return y
    }
    unsafe cblas_dgemv(
      CblasColMajor, CblasTrans, blasint(drawCount), blasint(columnCount), 1, storage.start, blasint(stride), w, 1, 0,
      &y, 1)
    return y
  }

  /// `y + factor · a`, a one of the columns, in place of y: one number per draw.
  public func add(_ factor: Double, column: Int, to y: inout [Double]) {
    precondition(
      y.count == drawCount && column >= 0 && column < columnCount, "One number per draw, and a column of them.")
    unsafe cblas_daxpy(blasint(drawCount), factor, storage.start + column * stride, 1, &y, 1)
  }

  /// Columns of a product that are computed together.
  private static let panel = 64
  /// A weight of this share of the greatest adds nothing that rounding of the others would leave.
  private static let negligible = 1e-22

  /// `Aᵀ diag(w) A`, symmetric, columns by columns; `w` has one number per draw, of any sign.
  public func gram(weights w: [Double]) -> Matrix {
    precondition(w.count == drawCount, "Aᵀ diag(w) A needs one w per draw.")
    guard drawCount > 0, columnCount > DrawMatrix.panel else { return panelGram(w) }
    // Many columns: draws of next to no weight are left out, and of two halves that mirror each other one.
    let greatest = w.reduce(0) { max($0, abs($1)) }
    let counted = w.indices.filter { abs(w[$0]) > DrawMatrix.negligible * greatest || w[$0] != w[$0] }
    let picked = counted.count < drawCount ? rows(counted) : self
    let weighted = picked.scalingDraws(by: counted.map { w[$0] })
    let panels = Swift.stride(from: 0, to: columnCount, by: DrawMatrix.panel).map {
      $0..<min($0 + DrawMatrix.panel, columnCount)
    }
    let pairs = panels.indices.flatMap { row in (0...row).map { (row: panels[row], column: panels[$0]) } }
    let products = Parallel.map(pairs.count) { picked.crossProduct(pairs[$0].row, with: weighted, pairs[$0].column) }
    var result = Matrix(rowCount: columnCount, columnCount: columnCount)
    for (pair, product) in zip(pairs, products) {
      for (j, column) in pair.column.enumerated() {
        for (i, row) in pair.row.enumerated() where row >= column {
          result[row, column] = product[i, j]
          result[column, row] = product[i, j]
        }
      }
    }
    return result
  }

  private func panelGram(_ w: [Double]) -> Matrix {
    crossProduct(0..<columnCount, with: scalingDraws(by: w), 0..<columnCount)
  }

  private func scalingDraws(by w: [Double]) -> DrawMatrix {
    var weighted = self
    for index in 0..<columnCount {
      weighted.withMutableColumn(index) { column in
        for draw in w.indices { column[draw] *= w[draw] }
      }
    }
    return weighted
  }

  /// Some of the draws, in the order given.
  private func rows(_ draws: [Int]) -> DrawMatrix {
    var picked = DrawMatrix(unwritten: draws.count, columnCount: columnCount)
    for index in 0..<columnCount {
      picked.withMutableColumn(index) { column in
        withColumn(index) { own in
          for row in draws.indices { column[row] = own[draws[row]] }
        }
      }
    }
    return picked
  }

  /// `A[columns]ᵀ B[others]`: one row for each of the one, one column for each of the other; both matrices have the same draws.
  func crossProduct(_ columns: Range<Int>, with other: DrawMatrix, _ others: Range<Int>) -> Matrix {
    precondition(
      drawCount == other.drawCount && columns.upperBound <= columnCount && others.upperBound <= other.columnCount,
      "Columns of the same draws.")
    var result = Matrix(rowCount: columns.count, columnCount: others.count)
    guard drawCount > 0, !columns.isEmpty, !others.isEmpty else { return result }
    unsafe cblas_dgemm(
      CblasColMajor, CblasTrans, CblasNoTrans, blasint(columns.count), blasint(others.count), blasint(drawCount), 1,
      storage.start + columns.lowerBound * stride, blasint(stride),
      other.storage.start + others.lowerBound * other.stride, blasint(other.stride), 0, &result.elements,
      blasint(columns.count))
    return result
  }
}

extension Matrix {
  /// `S x` for a symmetric matrix, of which the lower triangle is read.
  public func symmetricTimes(_ x: [Double]) -> [Double] {
    precondition(rowCount == columnCount && x.count == rowCount, "S x needs a square S and one x per column.")
    var y = [Double](repeating: 0, count: rowCount)
    guard rowCount > 0 else { return y }
    unsafe cblas_dsymv(
      CblasColMajor, CblasLower, blasint(rowCount), 1, elements, blasint(rowCount), x, 1, 0, &y, 1)
    return y
  }
}

/// Holds BLAS to one thread, so that its answers do not depend on the machine's cores, and the cores are left to `Parallel`.
public func useOneBLASThread() {
  // Said again, OpenBLAS would begin anew the threads that were ended.
  if openblas_get_num_threads() != 1 { openblas_set_num_threads(1) }
}

/// The same, for a program at its beginning, while nothing else runs in the process: OpenBLAS has then begun a thread for
/// each further core, and each spins for some 50 ms before it sleeps. They are ended.
package func endBLASThreads() {
  useOneBLASThread()
  end_blas_threads()
}

/// `Σ_i x[i] x[i + lag]` over the pairs that there are: of centred numbers their autocovariance times their count.
public func laggedProduct(_ x: Span<Double>, lag: Int) -> Double {
  precondition(lag >= 0, "A lag looks back.")
  guard lag < x.count else { return 0 }
  return unsafe x.withUnsafeBufferPointer { x in
    guard let start = x.baseAddress else { return 0 }
    return unsafe cblas_ddot(blasint(x.count - lag), start, 1, start + lag, 1)
  }
}
