/// Numbers indexed by posterior draw and column, one column's draws contiguous (column-major to BLAS).
///
/// A column starts on a 64-byte boundary and is padded with zeros to a whole number of tiles of `tileSize` draws.
public struct DrawMatrix: Sendable {
  /// Draws travel through the kernels in tiles of this many.
  public static let tileSize = 16

  /// Draws in each column, without the padding.
  public let drawCount: Int
  /// Columns, one for each cell or parameter.
  public let columnCount: Int
  /// Numbers from one column to the next: `drawCount` rounded up to whole tiles.
  let stride: Int
  private(set) var storage: AlignedBuffer

  /// Zeros.
  public init(drawCount: Int, columnCount: Int) {
    self.init(drawCount: drawCount, columnCount: columnCount, isZeroed: true)
  }

  /// Of which every column is about to be written whole.
  package init(unwritten drawCount: Int, columnCount: Int) {
    self.init(drawCount: drawCount, columnCount: columnCount, isZeroed: false)
  }

  private init(drawCount: Int, columnCount: Int, isZeroed: Bool) {
    precondition(drawCount >= 0 && columnCount >= 0, "A draw matrix has no negative dimension.")
    self.drawCount = drawCount
    self.columnCount = columnCount
    stride = (drawCount + DrawMatrix.tileSize - 1) / DrawMatrix.tileSize * DrawMatrix.tileSize
    storage = AlignedBuffer(count: stride * columnCount, isZeroed: isZeroed)
  }

  /// One array of draws per column.
  public init(columns: [[Double]], drawCount: Int) {
    self.init(drawCount: drawCount, columnCount: columns.count)
    for (index, column) in columns.enumerated() { self.setColumn(index, to: column) }
  }

  /// One number; the draw and the column are counted from 0.
  public subscript(draw: Int, column: Int) -> Double {
    get {
      precondition(draw >= 0 && draw < drawCount && column >= 0 && column < columnCount, "No such draw or column.")
      return unsafe storage.start[column * stride + draw]
    }
    set {
      precondition(draw >= 0 && draw < drawCount && column >= 0 && column < columnCount, "No such draw or column.")
      makeUnique()
      unsafe storage.start[column * stride + draw] = newValue
    }
  }

  /// One column's draws, borrowed.
  public func withColumn<R, E: Error>(_ index: Int, _ body: (Span<Double>) throws(E) -> R) throws(E) -> R {
    precondition(index >= 0 && index < columnCount, "No such column.")
    return try unsafe body(Span(_unsafeStart: storage.start + index * stride, count: drawCount))
  }

  /// One column's draws, to be written.
  public mutating func withMutableColumn<R, E: Error>(
    _ index: Int, _ body: (inout MutableSpan<Double>) throws(E) -> R
  ) throws(E) -> R {
    precondition(index >= 0 && index < columnCount, "No such column.")
    makeUnique()
    var span = unsafe MutableSpan(_unsafeStart: storage.start + index * stride, count: drawCount)
    return try body(&span)
  }

  /// A copy of one column's draws.
  public func column(_ index: Int) -> [Double] {
    withColumn(index) { column in (0..<column.count).map { column[$0] } }
  }

  /// A copy of one draw's numbers, one for each column.
  public func row(_ draw: Int) -> [Double] { (0..<columnCount).map { self[draw, $0] } }

  /// Replaces one column's draws: `values` has one number per draw.
  public mutating func setColumn(_ index: Int, to values: [Double]) {
    precondition(values.count == drawCount, "A column needs one value per draw.")
    withMutableColumn(index) { column in
      for draw in values.indices { column[draw] = values[draw] }
    }
  }

  /// Replaces one column's draws by the same column's of another matrix.
  package mutating func copyColumn(_ index: Int, of other: DrawMatrix) {
    precondition(drawCount == other.drawCount, "A column of as many draws.")
    precondition(index >= 0 && index < min(columnCount, other.columnCount), "No such column.")
    makeUnique()
    let offset = index * stride
    unsafe (storage.start + offset).update(from: other.storage.start + offset, count: stride)
  }

  /// The same with one more draw after the others: a number for each column.
  package func withRow(_ row: [Double]) -> DrawMatrix {
    precondition(row.count == columnCount, "A number for each column.")
    return DrawMatrix(columns: row.indices.map { column($0) + [row[$0]] }, drawCount: drawCount + 1)
  }

  /// The sum over columns, one number per draw.
  public func rowSums() -> [Double] {
    var sums = [Double](repeating: 0, count: drawCount)
    for index in 0..<columnCount {
      withColumn(index) { column in
        for draw in sums.indices { sums[draw] += column[draw] }
      }
    }
    return sums
  }

  /// Every entry times a number.
  public func scaled(by factor: Double) -> DrawMatrix {
    var scaled = self
    for index in 0..<columnCount {
      scaled.withMutableColumn(index) { column in
        for draw in 0..<column.count { column[draw] *= factor }
      }
    }
    return scaled
  }

  /// Entry by entry.
  public mutating func add(_ other: DrawMatrix) {
    precondition(
      drawCount == other.drawCount && columnCount == other.columnCount, "A sum needs matrices of one shape.")
    for index in 0..<columnCount { add(other, column: index, to: index) }
  }

  /// Adds a column of another matrix to one of this one's.
  public mutating func add(_ other: DrawMatrix, column: Int, to index: Int) {
    withMutableColumn(index) { sum in
      other.withColumn(column) { summand in
        for draw in 0..<sum.count { sum[draw] += summand[draw] }
      }
    }
  }

  /// Entry by entry.
  public func minus(_ other: DrawMatrix) -> DrawMatrix {
    precondition(
      drawCount == other.drawCount && columnCount == other.columnCount, "A difference needs matrices of one shape.")
    var difference = self
    for index in 0..<columnCount {
      difference.withMutableColumn(index) { column in
        other.withColumn(index) { subtrahend in
          for draw in 0..<column.count { column[draw] -= subtrahend[draw] }
        }
      }
    }
    return difference
  }

  /// The storage, columns one after another, for kernels that write whole tiles.
  mutating func paddedStart() -> UnsafeMutablePointer<Double> {
    makeUnique()
    return unsafe storage.start
  }

  /// Writes some tiles, each one row a column.
  func fill(_ out: UnsafeMutablePointer<Double>, tiles: Range<Int>) {
    var place = unsafe out
    for tile in tiles {
      for column in 0..<columnCount {
        unsafe place.update(
          from: storage.start + column * stride + tile * DrawMatrix.tileSize, count: DrawMatrix.tileSize)
        unsafe place += DrawMatrix.tileSize
      }
    }
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }
}

extension DrawMatrix: Equatable {
  public static func == (a: DrawMatrix, b: DrawMatrix) -> Bool {
    a.drawCount == b.drawCount && a.columnCount == b.columnCount
      && (0..<a.columnCount).allSatisfy { a.column($0) == b.column($0) }
  }
}
