import Foundation
import NumericKernel
import Testing

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
