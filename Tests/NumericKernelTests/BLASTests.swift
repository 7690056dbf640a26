import NumericKernel
import TestSupport
import Testing

struct BLASTests {
  let columns: [[Double]]
  let matrix: DrawMatrix
  // More than two tiles, not whole ones.
  let drawCount = 37

  init() {
    var source = TestRandom(seed: 1)
    columns = (0..<3).map { _ in (0..<37).map { _ in source.normal() } }
    matrix = DrawMatrix(columns: columns, drawCount: 37)
  }

  /// Sums of up to 37 products of numbers about 1: another order of summation changes them by a few units of 1e-16.
  func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-13 }

  @Test func `A matrix times a vector by hand`() {
    // Rows (1, 3) and (2, 4): (1 · 10 + 3 · 1, 2 · 10 + 4 · 1), and transposed (1 · 10 + 2 · 1, 3 · 10 + 4 · 1).
    let small = DrawMatrix(columns: [[1, 2], [3, 4]], drawCount: 2)
    #expect(small.times([10, 1]) == [13, 24])
    #expect(small.transposeTimes([10, 1]) == [12, 34])
    // diag(10, 1): 10 · 1² + 2², 10 · 1 · 3 + 2 · 4, 10 · 3² + 4².
    #expect(small.gram(weights: [10, 1]) == Matrix(rows: [[14, 38], [38, 106]]))
  }

  @Test func `Products are the sums they stand for`() {
    let x = [0.5, -2, 3]
    let w = (0..<drawCount).map { Double($0 % 5) - 2 }
    for (draw, y) in matrix.times(x).enumerated() {
      #expect(isNear(y, (0..<3).reduce(0) { $0 + columns[$1][draw] * x[$1] }))
    }
    for (column, y) in matrix.transposeTimes(w).enumerated() {
      #expect(isNear(y, (0..<drawCount).reduce(0) { $0 + columns[column][$1] * w[$1] }))
    }
    let gram = matrix.gram(weights: w)
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(isNear(gram[i, j], (0..<drawCount).reduce(0) { $0 + columns[i][$1] * w[$1] * columns[j][$1] }))
      }
    }
  }

  @Test func `A weighted product leaves its matrix as it was`() {
    _ = matrix.gram(weights: [Double](repeating: 3, count: drawCount))
    #expect(matrix.column(2) == columns[2])
  }

  @Test func `A symmetric product reads the lower triangle only`() {
    // ((2, 1), (1, 3)) (1, 10) = (12, 31), whatever stands above the diagonal.
    #expect(Matrix(rows: [[2, .nan], [1, 3]]).symmetricTimes([1, 10]) == [12, 31])
  }

  @Test func `Where few draws have weights, only they count`() {
    // Two draws of 300 have a weight; another, of none, is infinite.
    var long = DrawMatrix(drawCount: 300, columnCount: 2)
    long[7, 0] = 3
    long[299, 1] = -2
    long[50, 0] = .infinity
    var few = [Double](repeating: 0, count: 300)
    few[7] = 2
    few[299] = 0.5
    #expect(long.transposeTimes(few) == [6, -1])
  }

  @Test func `Nothing times nothing is nothing`() {
    #expect(DrawMatrix(drawCount: 3, columnCount: 0).times([]) == [0, 0, 0])
    #expect(DrawMatrix(drawCount: 0, columnCount: 2).transposeTimes([]) == [0, 0])
    #expect(DrawMatrix(drawCount: 0, columnCount: 2).gram(weights: []) == Matrix(rowCount: 2, columnCount: 2))
    #expect(Matrix(rowCount: 0, columnCount: 0).symmetricTimes([]) == [])
  }

  @Test(arguments: [1, 2, 3, 7, 64, 1000], [1, 2, 3]) func `Lagged products all at once are those of each lag`(
    length: Int, rowCount: Int
  ) {
    var random = Xorshift(seed: 7)
    let rows = (0..<(length * rowCount)).map { _ in random.normal() }
    let all = laggedProducts(rows.span, length: length)
    #expect(all.count == length)
    func sum(_ lag: Int) -> Double {
      (0..<rowCount).reduce(0) { sum, row in
        sum + laggedProduct(rows.span.extracting((row * length)..<((row + 1) * length)), lag: lag)
      }
    }
    // Roundings of the transforms: some tens of them, each of the sum at lag 0.
    for lag in 0..<length { #expect(abs(all[lag] - sum(lag)) <= 1e-14 * sum(0)) }
  }
}
