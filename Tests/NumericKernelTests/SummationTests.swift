import NumericKernel
import TestSupport
import Testing

struct SummationTests {
  func mean(of values: [Double]) -> Double { NumericKernel.mean(values.span) }
  func variance(of values: [Double]) -> Double { NumericKernel.variance(values.span) }
  func moments(of values: [Double]) -> Moments { Moments(values.span) }

  @Test(arguments: [0, 1, 1023, 1024, 1025, 5000]) func `Every term is summed once`(count: Int) {
    // Whole numbers below 2⁵³ are summed without rounding.
    #expect(blockSum(count: count) { Double($0 + 1) } == Double(count * (count + 1) / 2))
  }

  @Test func `Blocks keep what a running sum loses`() {
    // A million times 0.1: one running sum is off by 1.3e-6, blocks of 1024 by 2e-9.
    #expect(abs(blockSum(count: 1_000_000) { _ in 0.1 } - 100_000) < 1e-8)
  }

  @Test func `Mean and variance by hand`() {
    // 1, 2, 3, 6: mean 3, squares 4 + 1 + 0 + 9 over three.
    #expect(mean(of: [1, 2, 3, 6]) == 3)
    #expect(abs(variance(of: [1, 2, 3, 6]) - 14.0 / 3) < 1e-15)
    #expect(moments(of: [1, 2, 3, 6]).standardized(6) == 3 / moments(of: [1, 2, 3, 6]).deviation)
    #expect(mean(of: []).isNaN)
  }

  @Test(arguments: [0.1, -1e9 / 3, 1e300]) func `Equal values have exactly their mean and no spread`(value: Double) {
    for count in [1, 3, 10, 2000] {
      let moments = moments(of: [Double](repeating: value, count: count))
      #expect(moments.mean == value)
      #expect(moments.deviation == 0)
      #expect(moments.standardized(value) == 0)
    }
  }

  @Test(arguments: [1, 1e-200, 1e200, 0x1p-1060]) func `The spread neither overflows nor underflows`(unit: Double) {
    let moments = moments(of: [1 * unit, 2 * unit, 3 * unit, 6 * unit])
    // A subnormal unit has few digits: 2⁻¹⁰⁶⁰ is 16384 of the smallest number.
    #expect(abs(moments.deviation / unit - (14.0 / 3).squareRoot()) < (unit < 1e-300 ? 1e-4 : 1e-15))
  }

  @Test func `A spread of deviations that no number can hold is infinite, not nothing`() {
    // Their mean is −0.26e308, and the second is 1.96e308 above it: more than the greatest number, 1.8e308.
    #expect(moments(of: [0, 1.7e308, -1e308, -1e308, -1e308]).deviation == .infinity)
  }

  @Test func `A large constant does not drown the spread`() {
    // 1e9 + (0, 1, 2): the mean is exact, the variance 1; the one-pass formula would say 0 or 128.
    #expect(variance(of: [1e9, 1e9 + 1, 1e9 + 2]) == 1)
    // Deviations of a few units in the last place, whose mean is none of them, still sum to zero.
    let values = [1, 1.0.nextUp, 1.0.nextUp]
    let moments = moments(of: values)
    #expect(abs(values.reduce(0) { $0 + moments.standardized($1) }) < 1e-15)
  }

  @Test func `An inner product by hand`() {
    let a: [Double] = [1, 2, 3]
    let b: [Double] = [4, -5, 6]
    // 4 − 10 + 18.
    let product = dot(a.span, b.span)
    #expect(product == 12)
  }
}
