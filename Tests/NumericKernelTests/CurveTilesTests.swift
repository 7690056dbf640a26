import Foundation
import NumericKernel
import Testing

@Suite struct CurveTilesTests {
  /// One draw per rate, one period, exposure 1: the bare curve.
  /// Nil where this processor lacks the instruction set.
  private func evaluate(
    rates: [Double], at spend: Double, on set: String? = nil
  ) -> (values: DrawMatrix, slopes: DrawMatrix, curvatures: DrawMatrix)? {
    let tiles = CurveTiles(
      weights: [1],
      parameters: DrawMatrix(columns: [[Double](repeating: 1, count: rates.count), rates], drawCount: rates.count),
      basePeriodCount: 0, exposure: { _, row in row[0] = 1 }, base: { _, _ in })
    var values = DrawMatrix(drawCount: rates.count, columnCount: 1)
    var slopes = values
    var curvatures = values
    let ran = tiles.evaluate(
      .logistic, on: set, at: spend, column: 0, values: &values, slopes: &slopes, curvatures: &curvatures)
    return ran ? (values, slopes, curvatures) : nil
  }

  #if arch(x86_64)
    /// In 64 bits of mantissa: 1 - s² written as 4 e / (1 + e)².
    private func reference(_ u: Double) -> (value: Float80, slope: Float80) {
      let e = Foundation.exp(-Float80(u))
      let m = Foundation.expm1(-Float80(u))
      return (-m / (1 + e), 2 * e / ((1 + e) * (1 + e)))
    }

    @Test(arguments: ["baseline", "avx2", "avx512"])
    func `the logistic kernel keeps its digits from 1e-300 to saturation`(set: String) {
      let rates = (0..<2003).map { pow(10, -300 + Double($0) * 0.151) }.filter { $0 < 600 }
      guard let (values, slopes, curvatures) = evaluate(rates: rates, at: 1, on: set) else { return }
      for (draw, rate) in rates.enumerated() {
        let (value, slope) = reference(rate)
        #expect(abs(Float80(values[draw, 0]) - value) <= 4e-15 * value)
        #expect(abs(Float80(slopes[draw, 0]) - Float80(rate) * slope) <= 1e-13 * Float80(rate) * slope)
        let curvature = -Float80(rate) * Float80(rate) * slope * value
        // Below the smallest normal number a product keeps no relative precision.
        guard abs(curvature) > 1e-290 else { continue }
        #expect(abs(Float80(curvatures[draw, 0]) - curvature) <= 2e-13 * abs(curvature))
      }
    }
  #endif

  @Test func `far beyond saturation the curve is its ceiling and its slope nothing`() throws {
    let (values, slopes, curvatures) = try #require(evaluate(rates: [1e3, 1e10, 1e300], at: 1))
    for draw in 0..<3 {
      #expect(values[draw, 0] == 1)
      #expect(abs(slopes[draw, 0]) <= 1e-3)
      #expect(slopes[draw, 0].isFinite && curvatures[draw, 0].isFinite)
    }
  }

  @Test func `at zero the value is zero and the slope half the rate`() throws {
    let (values, slopes, curvatures) = try #require(evaluate(rates: [0, 1, 8], at: 0))
    for (draw, rate) in [0.0, 1, 8].enumerated() {
      #expect(values[draw, 0] == 0)
      #expect(slopes[draw, 0] == rate / 2)
      #expect(curvatures[draw, 0] == 0)
    }
  }

  @Test(arguments: ["baseline", "avx2", "avx512"])
  func `not a number stays not a number`(set: String) {
    guard let (values, slopes, _) = evaluate(rates: [.nan, 1, .infinity], at: 1, on: set) else { return }
    #expect(values[0, 0].isNaN && slopes[0, 0].isNaN)
    #expect(abs(values[1, 0] - tanh(0.5)) <= 1e-15)
    #expect(values[2, 0] == 1)
  }

  @Test func `an instruction set that is not there is not run`() {
    #expect(evaluate(rates: [1], at: 1, on: "abacus") == nil)
    #expect(["baseline", "avx2", "avx512"].contains(CurveKernel.instructionSet))
    #expect(evaluate(rates: [1], at: 1, on: CurveKernel.instructionSet) != nil)
  }

  @Test func `tiles hold exposure and base where they were put`() {
    let tiles = CurveTiles(
      weights: [1, 2, 3], parameters: DrawMatrix(drawCount: 37, columnCount: 2), basePeriodCount: 2,
      exposure: { draw, row in for t in 0..<3 { row[t] = Double(100 * draw + t) } },
      base: { draw, row in for t in 0..<2 { row[t] = -Double(100 * draw + t) } })
    for draw in [0, 15, 16, 36] {
      for t in 0..<3 {
        #expect(tiles.exposure(draw: draw, period: t) == Double(100 * draw + t))
        #expect(tiles.base(draw: draw, period: t) == (t < 2 ? -Double(100 * draw + t) : 0))
      }
    }
  }
}
