/// The `rank`-th smallest value (counted from 0), by selection: Hoare's quickselect with the median of three as pivot, on
/// a copy. Not-a-number is refused.
public func orderStatistic(_ values: Span<Double>, rank: Int) -> Double {
  precondition(rank >= 0 && rank < values.count, "No value has rank \(rank) among \(values.count).")
  var work = (0..<values.count).map { values[$0] }
  return select(&work, rank: rank)
}

/// Partially sorts, so that `values[rank]` is in its place, nothing before it is larger and nothing behind it is smaller.
@discardableResult
func select(_ values: inout [Double], rank: Int) -> Double {
  var low = 0
  var high = values.count - 1
  while low < high {
    let middle = low + (high - low) / 2
    let a = values[low]
    let b = values[middle]
    let c = values[high]
    precondition(a == a && b == b && c == c, "Order statistics need numbers: a value is not a number.")
    let pivot = max(min(a, b), min(max(a, b), c))
    var i = low
    var j = high
    while i <= j {
      while values[i] < pivot { i += 1 }
      while values[j] > pivot { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if rank <= j { high = j } else if rank >= i { low = i } else { break }
  }
  return values[rank]
}

/// A quantile and the two order statistics it lies between.
public struct QuantilePoint: Sendable, Equatable {
  /// `lower + fraction · (upper − lower)`.
  public var value: Double
  /// The order statistics at `lowerRank` and at the next rank (the same at the last rank).
  public var lower: Double
  public var upper: Double
  /// Rank of `lower`, counted from 0, and the share of the way to the next.
  public var lowerRank: Int
  public var fraction: Double
}

/// The linearly interpolated order statistic at `level · (n − 1)` (numpy's "linear", R's type 7), `level` in [0, 1].
public func quantile(_ values: Span<Double>, level: Double) -> QuantilePoint {
  precondition(level >= 0 && level <= 1 && values.count > 0, "A quantile needs a level in [0, 1] and a value.")
  let position = level * Double(values.count - 1)
  let rank = min(Int(position), values.count - 1)
  let fraction = position - Double(rank)
  var work = (0..<values.count).map { values[$0] }
  let lower = select(&work, rank: rank)
  guard fraction > 0, rank + 1 < work.count else {
    return QuantilePoint(value: lower, lower: lower, upper: lower, lowerRank: rank, fraction: 0)
  }
  var upper = work[rank + 1]
  for i in (rank + 1)..<work.count where work[i] < upper { upper = work[i] }
  return QuantilePoint(
    value: lower + fraction * (upper - lower), lower: lower, upper: upper, lowerRank: rank, fraction: fraction)
}

/// The mean of the worst `tail · n` values, `tail` in (0, 1], the boundary value counted in part (Rockafellar and Uryasev,
/// J. Risk 2000), and each value's weight in it: `1 / (tail n)` below the boundary, what is left shared equally by the values
/// at the boundary, zero above. The weights sum to 1.
public func worstTail(_ values: Span<Double>, tail: Double, weights: inout MutableSpan<Double>) -> Double {
  precondition(tail > 0 && tail <= 1 && values.count > 0, "A tail is a share in (0, 1] of at least one value.")
  precondition(weights.count == values.count, "One weight per value.")
  let size = tail * Double(values.count)
  // A tail of whole draws may come as 2.9999999999999996: the boundary is then the last whole draw.
  let whole = (size - 1e-9 * size).rounded(.up)
  let boundary = orderStatistic(values, rank: min(max(Int(whole), 1), values.count) - 1)
  var below = 0
  var at = 0
  for i in 0..<values.count {
    if values[i] < boundary { below += 1 } else if values[i] == boundary { at += 1 }
  }
  let full = 1 / size
  let share = max(0, 1 - Double(below) * full) / Double(at)
  for i in 0..<values.count {
    weights[i] = values[i] < boundary ? full : values[i] == boundary ? share : 0
  }
  // Summed around the boundary: exact when the values share a large constant.
  return boundary + blockSum(count: values.count) { weights[$0] == 0 ? 0 : weights[$0] * (values[$0] - boundary) }
}
