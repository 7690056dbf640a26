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

/// The mean; of no numbers, not a number.
public func mean(_ values: Span<Double>) -> Double {
  blockSum(count: values.count) { values[$0] } / Double(values.count)
}

/// The sample variance (ddof 1), by two passes; zero for a single number, which has no spread.
public func variance(_ values: Span<Double>) -> Double {
  guard values.count > 1 else { return 0 }
  let centre = mean(values)
  let squares = blockSum(count: values.count) { (values[$0] - centre) * (values[$0] - centre) }
  return squares / Double(values.count - 1)
}

/// `Σ a b`.
public func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
  precondition(a.count == b.count, "An inner product needs vectors of one length.")
  return blockSum(count: a.count) { a[$0] * b[$0] }
}
