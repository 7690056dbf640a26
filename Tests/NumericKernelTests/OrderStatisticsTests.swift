import NumericKernel
import TestSupport
import Testing

struct OrderStatisticsTests {
  func orderStatistic(_ values: [Double], _ rank: Int) -> Double {
    NumericKernel.orderStatistic(values.span, rank: rank)
  }

  func quantile(_ values: [Double], _ level: Double) -> QuantilePoint {
    NumericKernel.quantile(values.span, level: level)
  }

  func worstTail(_ values: [Double], _ tail: Double) -> (value: Double, weights: [Double]) {
    var weights = [Double](repeating: .nan, count: values.count)
    var span = weights.mutableSpan
    let value = NumericKernel.worstTail(values.span, tail: tail, weights: &span)
    return (value, weights)
  }

  /// Inputs on which selection takes different ways: few and many, in order, ties, and two that mislead an even sample.
  static let inputs: [String: [Double]] = {
    var source = TestRandom(seed: 11)
    let random = (0..<5000).map { _ in source.normal() }
    // Every value that an even sample of 292 takes is 0, the others are random.
    var sampled = random
    for i in 0..<292 { sampled[i * 5000 / 292] = 0 }
    return [
      "one": [4], "two": [2, 1], "few": Array(random[..<9]), "999": Array(random[..<999]),
      "1000": Array(random[..<1000]), "many": random, "ascending": random.sorted(),
      "descending": random.sorted(by: >), "equal": [Double](repeating: 3, count: 3000),
      "ties": random.map { ($0 * 2).rounded() }, "a sample of ties": sampled,
      "a sawtooth": (0..<5000).map { Double($0 % 17) }, "infinities": random.map { abs($0) > 2 ? $0 * .infinity : $0 },
    ]
  }()

  @Test(arguments: inputs.keys.sorted()) func `Selection finds what sorting finds`(name: String) throws {
    let values = try #require(OrderStatisticsTests.inputs[name])
    let sorted = values.sorted()
    let last = values.count - 1
    for rank in Set([0, 1, last / 20, last / 4, last / 2, last - 1, last]) where rank >= 0 && rank <= last {
      #expect(orderStatistic(values, rank) == sorted[rank])
    }
    for level in [0, 0.05, 0.31, 0.5, 0.99, 1] {
      let point = quantile(values, level)
      let position = level * Double(last)
      #expect(point.lowerRank == Int(position))
      #expect(point.fraction == position - position.rounded(.down))
      #expect(point.lower == sorted[point.lowerRank])
      #expect(point.upper == (point.fraction > 0 ? sorted[point.lowerRank + 1] : point.lower))
    }
  }

  @Test func `The next order statistic is found where the sample saw nothing above the first`() throws {
    let values = try #require(OrderStatisticsTests.inputs["a sample of ties"])
    let sorted = values.sorted()
    let lastZero = try #require(sorted.lastIndex(of: 0))
    let point = quantile(values, (Double(lastZero) + 0.5) / Double(values.count - 1))
    #expect(point.lowerRank == lastZero && point.lower == 0)
    #expect(point.upper == sorted[lastZero + 1])
  }

  @Test func `A quantile by hand`() {
    // Position 0.25 · 3 = 0.75 of 1, 2, 3, 6; position 0.9 · 3 = 2.7: 3 + 0.7 · 3.
    #expect(quantile([6, 1, 3, 2], 0.25).value == 1.75)
    #expect(abs(quantile([6, 1, 3, 2], 0.9).value - 5.1) < 1e-15)
  }

  @Test func `A worst tail by hand`() {
    // 0.625 of 4 is two and a half: (1 + 2 + 3/2)/2.5.
    let (value, weights) = worstTail([6, 1, 3, 2], 0.625)
    #expect(abs(value - 1.8) < 1e-15)
    #expect(zip(weights, [0, 0.4, 0.2, 0.4]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func `A tail of whole draws is whole though its product is not`() {
    // 0.07 · 100 is 7.000000000000001: the eighth draw must not count, to rounding.
    let values = (1...100).map(Double.init)
    #expect(0.07 * 100 > 7)
    let (value, weights) = worstTail(values, 0.07)
    #expect(abs(value - 4) < 1e-14)
    #expect(weights[7] == 0)
  }

  @Test(arguments: inputs.keys.sorted()) func `The weights of a worst tail sum to one and give its value`(
    name: String
  ) throws {
    let values = try #require(OrderStatisticsTests.inputs[name]).map { min(max($0, -9), 9) }
    for tail in [1e-6, 0.05, 0.3333, 0.5, 1] {
      let (value, weights) = worstTail(values, tail)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      #expect(weights.allSatisfy { $0 >= 0 && $0 <= 1 / min(1, tail * Double(values.count)) + 1e-15 })
      #expect(abs(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } - value) < 1e-12)
    }
  }

  @Test func `What is not a number is refused, wherever it stands`() async {
    await #expect(processExitsWith: .failure) {
      let values: [Double] = [3, 1, .nan, 2, 5]
      _ = NumericKernel.orderStatistic(values.span, rank: 0)
    }
    await #expect(processExitsWith: .failure) {
      var values = (0..<5000).map(Double.init)
      values[4321] = .nan
      _ = NumericKernel.quantile(values.span, level: 0.5)
    }
  }

  @Test func `A rank that is not there is refused`() async {
    await #expect(processExitsWith: .failure) { _ = NumericKernel.orderStatistic([1.0].span, rank: 1) }
  }
}
