public import Apportion

/// Draws of parameters, each even over its own range.
public func draws(_ count: Int, _ ranges: [ClosedRange<Double>], from random: inout SplitMix) -> DrawMatrix {
  let columns = ranges.map { range in
    (0..<count).map { _ in random.uniform(range.lowerBound, range.upperBound) }
  }
  return DrawMatrix(columns: columns, drawCount: count)
}
