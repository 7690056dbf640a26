import Foundation
import NumericKernel
import Testing

private let instructionSets = ["baseline", "avx2", "avx512"]

/// Values, slopes and curvatures in one column each.
private struct Sums {
  var values: DrawMatrix
  var slopes: DrawMatrix
  var curvatures: DrawMatrix

  init(drawCount: Int) {
    values = DrawMatrix(drawCount: drawCount, columnCount: 1)
    slopes = values
    curvatures = values
  }
}

/// One period without carryover in which draw d sees `media[d]` per unit of spend.
private func bareCurve(
  _ kernel: CurveKernel, media: [Double], parameters: [[Double]], isKept: Bool = true
) -> CurveTiles {
  CurveTiles(
    kernel: kernel, weights: [1], parameters: DrawMatrix(columns: parameters, drawCount: media.count),
    lagWeights: DrawMatrix(columns: [media], drawCount: media.count), exposures: [[1]], bases: [], isKept: isKept)
}

/// Nil where this processor lacks the instruction set.
private func evaluate(_ tiles: CurveTiles, at spend: Double = 1, on set: String = CurveKernel.instructionSet) -> Sums? {
  var sums = Sums(drawCount: tiles.drawCount)
  let ran = CurveTiles.evaluate(
    [CurveTiles.Request(tiles, at: spend, column: 0)], on: set, values: &sums.values, slopes: &sums.slopes,
    curvatures: &sums.curvatures)
  return ran ? sums : nil
}

private func repeated(_ value: Double, _ count: Int) -> [Double] { [Double](repeating: value, count: count) }

@Suite struct LogisticKernelTests {
  /// One draw per rate, at media of 1.
  private func sums(rates: [Double], at spend: Double = 1, on set: String = CurveKernel.instructionSet) -> Sums? {
    let ones = repeated(1, rates.count)
    return evaluate(bareCurve(.logistic, media: ones, parameters: [ones, rates]), at: spend, on: set)
  }

  #if arch(x86_64)
    /// In 64 bits of mantissa: 1 - s² written as 4 e / (1 + e)².
    private func reference(_ u: Double) -> (value: Float80, slope: Float80) {
      let e = Foundation.exp(-Float80(u))
      let m = Foundation.expm1(-Float80(u))
      return (-m / (1 + e), 2 * e / ((1 + e) * (1 + e)))
    }

    @Test(arguments: instructionSets)
    func `the logistic kernel keeps its digits from 1e-300 to saturation`(set: String) {
      let rates = (0..<2003).map { pow(10, -300 + Double($0) * 0.151) }.filter { $0 < 600 }
      guard let sums = sums(rates: rates, on: set) else { return }
      for (draw, rate) in rates.enumerated() {
        let (value, slope) = reference(rate)
        #expect(abs(Float80(sums.values[draw, 0]) - value) <= 4e-15 * value)
        #expect(abs(Float80(sums.slopes[draw, 0]) - Float80(rate) * slope) <= 1e-13 * Float80(rate) * slope)
        let curvature = -Float80(rate) * Float80(rate) * slope * value
        // Below the smallest normal number a product keeps no relative precision.
        guard abs(curvature) > 1e-290 else { continue }
        #expect(abs(Float80(sums.curvatures[draw, 0]) - curvature) <= 2e-13 * abs(curvature))
      }
    }
  #endif

  @Test func `far beyond saturation the curve is its ceiling and its slope nothing`() throws {
    let sums = try #require(self.sums(rates: [1e3, 1e10, 1e300]))
    for draw in 0..<3 {
      #expect(sums.values[draw, 0] == 1)
      #expect(abs(sums.slopes[draw, 0]) <= 1e-3)
      #expect(sums.slopes[draw, 0].isFinite && sums.curvatures[draw, 0].isFinite)
    }
  }

  @Test func `at zero the value is zero and the slope half the rate`() throws {
    let sums = try #require(self.sums(rates: [0, 1, 8], at: 0))
    for (draw, rate) in [0.0, 1, 8].enumerated() {
      #expect(sums.values[draw, 0] == 0)
      #expect(sums.slopes[draw, 0] == rate / 2)
      #expect(sums.curvatures[draw, 0] == 0)
    }
  }

  @Test(arguments: instructionSets)
  func `not a number stays not a number`(set: String) {
    guard let sums = sums(rates: [.nan, 1, .infinity], on: set) else { return }
    #expect(sums.values[0, 0].isNaN && sums.slopes[0, 0].isNaN)
    #expect(abs(sums.values[1, 0] - tanh(0.5)) <= 1e-15)
    #expect(sums.values[2, 0] == 1)
  }
}

@Suite struct HillKernelTests {
  #if arch(x86_64)
    /// All errors relative to 1 + n |log(x/κ)|.
    private func expectDigits(
      _ tiles: CurveTiles, media: [Double], kappa: Double, n: Double, on set: String
    ) {
      guard let sums = evaluate(tiles, on: set) else { return }
      for (draw, x) in media.enumerated() {
        let logarithm = Foundation.log(Float80(x) / Float80(kappa))
        let a = Foundation.exp(-Float80(n) * logarithm)
        let h = 1 / (1 + a)
        // In spend, of which there is 1.
        let slope = Float80(n) * (a * h * h)
        let factor = 1 + Float80(n) * abs(logarithm)
        // Below the smallest normal numbers nothing keeps relative precision, nor do what is made of them.
        guard h > 1e-290, a > 1e-290, x / kappa >= Double.leastNormalMagnitude else { continue }
        #expect(abs(Float80(sums.values[draw, 0]) - h) <= 4e-15 * factor * h, "value at \(x), n \(n)")
        // The kernel differentiates in u = x / κ.
        let u = Float80(x) / Float80(kappa)
        guard slope / u < 1e290, slope / u > 1e-290 else { continue }
        #expect(abs(Float80(sums.slopes[draw, 0]) - slope) <= 1e-13 * factor * slope, "slope at \(x), n \(n)")
        guard slope / u / u < 1e290, slope / u / u > 1e-290 else { continue }
        let curvature = slope * ((Float80(n) - 1) - 2 * Float80(n) * h)
        let margin = 1e-13 * factor * Float80(1 + n) * slope
        #expect(abs(Float80(sums.curvatures[draw, 0]) - curvature) <= margin, "curvature at \(x), n \(n)")
      }
    }

    @Test(arguments: instructionSets, [0.3, 1, 1.7, 2, 3, 5, 8])
    func `the Hill kernel keeps its digits from 1e-300 to 1e300`(set: String, n: Double) {
      let media = (0..<2003).map { pow(10, -300 + Double($0) * 0.2996) }
      for kappa in [1, 3e-4, 7e8] {
        let parameters = [repeated(1, media.count), repeated(kappa, media.count), repeated(n, media.count)]
        expectDigits(
          bareCurve(.hill, media: media, parameters: parameters, isKept: false), media: media, kappa: kappa, n: n,
          on: set)
      }
    }

    @Test(arguments: instructionSets, [0.3, 1, 1.7, 2, 3, 5, 8])
    func `so it does with one power for all periods`(set: String, n: Double) {
      // Around half saturation, which is where the first draw stands, as far as the period's part can be told.
      let reach = 300 / n
      let steps: [Double] = (0..<2003).map { exp(reach * (Double($0) / 1001 - 1)) }
      let media: [Double] = [1.0] + steps.filter { $0 > 1e-300 && $0 < 1e300 }
      let parameters = [repeated(1, media.count), repeated(2, media.count), repeated(n, media.count)]
      expectDigits(
        bareCurve(.hill, media: media, parameters: parameters), media: media, kappa: 2, n: n, on: set)
    }
  #endif

  @Test func `one power for all periods is the same curve at any spend`() throws {
    let count = 37
    let parameters = DrawMatrix(
      columns: [
        (0..<count).map { 0.5 + Double($0) }, (0..<count).map { 0.1 + 0.2 * Double($0) },
        (0..<count).map { 0.4 + 0.1 * Double($0) },
      ], drawCount: count)
    let lagWeights = DrawMatrix(
      columns: [(0..<count).map { 1 / (1 + Double($0)) }, (0..<count).map { Double($0) / (1 + Double($0)) }],
      drawCount: count)
    func tiles(isKept: Bool) -> CurveTiles {
      CurveTiles(
        kernel: .hill, weights: [1, 2, 3, 4], parameters: parameters, lagWeights: lagWeights,
        exposures: [[1, 0], [0.5, 1], [0, 0.5], [0, 0]], bases: [[0, 2]], isKept: isKept)
    }
    func agree(_ x: Double, _ y: Double, _ size: Double) -> Bool { x == y || abs(x - y) <= 1e-12 * abs(size) }
    for spend in [0, 1e-200, 1e-30, 1e-3, 0.5, 7, 1e6, 1e30] {
      let a = try #require(evaluate(tiles(isKept: true), at: spend))
      let b = try #require(evaluate(tiles(isKept: false), at: spend))
      for draw in 0..<count {
        let slope = b.slopes[draw, 0]
        #expect(agree(a.values[draw, 0], b.values[draw, 0], b.values[draw, 0]))
        #expect(agree(a.slopes[draw, 0], slope, slope))
        #expect(agree(a.curvatures[draw, 0], b.curvatures[draw, 0], slope / spend))
      }
    }
  }

  @Test(arguments: instructionSets)
  func `at zero the curve is that of a power`(set: String) {
    let n = [0.5, 1, 1.5, 2, 3]
    let parameters = [repeated(1, 5), repeated(4, 5), n]
    guard let sums = evaluate(bareCurve(.hill, media: repeated(1, 5), parameters: parameters), at: 0, on: set) else {
      return
    }
    // What the kernel says in place of infinite, divided by κ and by κ².
    let vast = 0x1p512
    #expect(sums.values.column(0) == [0, 0, 0, 0, 0])
    #expect(sums.slopes.column(0) == [vast / 4, 0.25, 0, 0, 0])
    #expect(sums.curvatures.column(0) == [-vast / 16, -0.125, vast / 16, 0.125, 0])
  }

  @Test(arguments: instructionSets)
  func `not a number stays not a number`(set: String) {
    let parameters = [[1.0, 1, 1, 1], [1, 1, .nan, 1], [2, 2, 2, .nan]]
    for isKept in [true, false] {
      let tiles = bareCurve(.hill, media: [.nan, 1, 1, 1], parameters: parameters, isKept: isKept)
      guard let sums = evaluate(tiles, on: set) else { return }
      #expect(sums.values[0, 0].isNaN && sums.slopes[0, 0].isNaN)
      #expect(sums.values[1, 0] == 0.5)
      #expect(sums.values[2, 0].isNaN)
      #expect(sums.values[3, 0].isNaN)
    }
  }
}

@Suite struct CurveTilesTests {
  @Test func `an instruction set that is not there is not run`() {
    let tiles = bareCurve(.logistic, media: [1], parameters: [[1], [1]])
    #expect(evaluate(tiles, on: "abacus") == nil)
    #expect(instructionSets.contains(CurveKernel.instructionSet))
    #expect(evaluate(tiles) != nil)
  }

  /// Lags of 1, 2, 3 under draw d, divided by d + 1.
  private func weekly(drawCount: Int, isKept: Bool) -> CurveTiles {
    CurveTiles(
      kernel: .logistic, weights: [1, 2, 3],
      parameters: DrawMatrix(
        columns: [repeated(2, drawCount), (0..<drawCount).map { 0.1 + 0.01 * Double($0) }], drawCount: drawCount),
      lagWeights: DrawMatrix(
        columns: (1...3).map { lag in (0..<drawCount).map { Double(lag) / Double($0 + 1) } }, drawCount: drawCount),
      exposures: [[1, 0, 0], [0.5, 1, 0], [0, 0.5, 1]], bases: [[0, 4, 5], [0, 0, 4]], isKept: isKept)
  }

  @Test func `media after carryover are lag weights times media`() {
    let tiles = weekly(drawCount: 37, isKept: true)
    for draw in [0, 15, 16, 36] {
      let scale = Double(draw + 1)
      let exposures = (0..<3).map { tiles.exposure(draw: draw, period: $0) }
      let bases = (0..<3).map { tiles.base(draw: draw, period: $0) }
      let weights: [Double] = [1 / scale, 2 / scale, 3 / scale]
      let expectedExposures: [Double] = [weights[0], 0.5 * weights[0] + weights[1], 0.5 * weights[1] + weights[2]]
      let expectedBases: [Double] = [4 * weights[1] + 5 * weights[2], 4 * weights[2], 0]
      #expect(exposures == expectedExposures)
      #expect(bases == expectedBases)
    }
  }

  @Test func `kept or not, the sums are the same to the last bit`() throws {
    // Blocks of 128 draws and pieces of 1,024, both left unfilled.
    let kept = weekly(drawCount: 2341, isKept: true)
    let sums = try #require(evaluate(kept, at: 0.7))
    let anew = try #require(evaluate(weekly(drawCount: 2341, isKept: false), at: 0.7))
    #expect(sums.values == anew.values && sums.slopes == anew.slopes && sums.curvatures == anew.curvatures)
    for draw in [0, 127, 128, 1023, 1024, 2340] {
      let rate = 0.1 + 0.01 * Double(draw)
      var expected = 0.0
      for t in 0..<3 {
        let media = kept.base(draw: draw, period: t) + 0.7 * kept.exposure(draw: draw, period: t)
        expected += 2 * Double(t + 1) * tanh(rate * media / 2)
      }
      #expect(abs(sums.values[draw, 0] - expected) <= 1e-14 * expected)
    }
  }

  @Test func `values alone, and values and slopes alone, are the same`() throws {
    let tiles = weekly(drawCount: 100, isKept: true)
    let sums = try #require(evaluate(tiles, at: 0.3))
    let request = [CurveTiles.Request(tiles, at: 0.3, column: 0)]
    var values = DrawMatrix(drawCount: 100, columnCount: 1)
    CurveTiles.evaluate(request, values: &values)
    #expect(values == sums.values)
    var slopes = values
    CurveTiles.evaluate(request, values: &values, slopes: &slopes)
    #expect(values == sums.values && slopes == sums.slopes)
  }

  @Test func `enough work for several threads gives the bits of one`() {
    // 40 cells of 4,500 draws and 3 periods: more than half a million terms.
    let tiles = weekly(drawCount: 4500, isKept: true)
    let requests = (0..<40).map { CurveTiles.Request(tiles, at: 0.01 * Double($0), column: $0) }
    var together = DrawMatrix(drawCount: 4500, columnCount: 40)
    CurveTiles.evaluate(requests, values: &together)
    var alone = DrawMatrix(drawCount: 4500, columnCount: 40)
    for request in requests { CurveTiles.evaluate([request], values: &alone) }
    #expect(together == alone)
  }
}
