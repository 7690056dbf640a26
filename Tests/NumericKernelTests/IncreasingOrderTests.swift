import NumericKernel
import TestSupport
import Testing

@Suite struct IncreasingOrderTests {
  @Test(
    arguments: [
      [], [1], [2, 1], [0.0, -1, .infinity, -.infinity, 2e-308, -2e-308, 1e308, -1e308, 3, 3, -1, 3],
    ] as [[Double]])
  func `positions are those of a stable sort`(values: [Double]) {
    #expect(increasingOrder(values.span) == values.indices.sorted { (values[$0], $0) < (values[$1], $1) })
  }

  @Test func `numbers that differ in their last bits alone are sorted too`() {
    // Backwards: too many steps for a sort by insertion.
    let values = (0..<5000).map { 1 + Double(5000 - $0) * .ulpOfOne }
    #expect(increasingOrder(values.span) == Array((0..<5000).reversed()))
  }

  @Test func `so are those of many random numbers, equal ones among them`() {
    var random = Xorshift(seed: 3)
    let values = (0..<20_000).map { _ in
      Bool.random(using: &random)
        ? Double(Int.random(in: -50...50, using: &random)) : Double.random(in: -1e9...1e9, using: &random)
    }
    #expect(increasingOrder(values.span) == values.indices.sorted { (values[$0], $0) < (values[$1], $1) })
  }
}
