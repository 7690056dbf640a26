/// Draws are summed in blocks of this many, and the blocks' sums in their order: the same bits on any number of threads.
let summationBlock = 1024

/// `Σ term(i)` over `0..<count`, in fixed blocks; the error grows with the block and the number of blocks, not with `count`.
@inline(__always)
public func blockSum(count: Int, _ term: (Int) -> Double) -> Double {
  var total = 0.0
  var start = 0
  while start < count {
    let end = min(start + summationBlock, count)
    var sum = 0.0
    for i in start..<end { sum += term(i) }
    total += sum
    start = end
  }
  return total
}

/// The mean, summed around the first value: of equal numbers it is exactly that number; of no numbers, not a number.
public func mean(_ values: Span<Double>) -> Double {
  guard values.count > 0 else { return .nan }
  let origin = values[0]
  return origin + blockSum(count: values.count) { values[$0] - origin } / Double(values.count)
}

/// The sample variance (ddof 1); zero for a single number, which has no spread.
public func variance(_ values: Span<Double>) -> Double {
  let deviation = Moments(values).deviation
  return deviation * deviation
}

/// Mean and standard deviation of some values, and so each value's place among them.
public struct Moments: Sendable, Equatable {
  /// Of no values, not a number.
  public let mean: Double
  /// The sample standard deviation (ddof 1): zero for equal values and for a single one. Neither overflows nor underflows
  /// where the deviations themselves do not.
  public let deviation: Double
  /// The rounding error of the greatest value: a spread or a mean below it is noise.
  public let rounding: Double
  /// What rounding took from the mean, so that deviations sum to zero although they may be as small as its last digit.
  private let residue: Double

  /// Of any number of values; deviations are taken from the mean, so that a large mean costs no digits.
  public init(_ values: Span<Double>) {
    let centre = NumericKernel.mean(values)
    mean = centre
    let count = Double(values.count)
    let lost = blockSum(count: values.count) { values[$0] - centre } / count
    residue = lost
    var largest = 0.0
    var greatest = 0.0
    for i in 0..<values.count {
      largest = max(largest, abs((values[i] - centre) - lost))
      greatest = max(greatest, abs(values[i]))
    }
    rounding = greatest * .ulpOfOne
    guard values.count > 1, largest > 0, largest.isFinite else {
      deviation = values.count > 1 && largest > 0 ? largest : 0
      return
    }
    // A power of two takes the squares near 1 and changes no digit.
    let unit = Double(sign: .plus, exponent: max(largest.exponent, -1000), significand: 1)
    let squares = blockSum(count: values.count) {
      let scaled = ((values[$0] - centre) - lost) / unit
      return scaled * scaled
    }
    deviation = unit * (squares / (count - 1)).squareRoot()
  }

  /// How far a value is above the mean, in standard deviations; zero where there is no spread.
  public func standardized(_ value: Double) -> Double {
    deviation > 0 ? ((value - mean) - residue) / deviation : 0
  }
}

/// `Σ a b`.
public func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
  precondition(a.count == b.count, "An inner product needs vectors of one length.")
  return blockSum(count: a.count) { a[$0] * b[$0] }
}
