import Foundation

/// The `rank`-th smallest value (counted from 0), by selection on a copy. Not-a-number is refused.
public func orderStatistic(_ values: Span<Double>, rank: Int) -> Double {
  orderStatistics(values, rank: rank).lower
}

/// The order statistics of a rank and of the next (the same at the last rank).
func orderStatistics(_ values: Span<Double>, rank: Int) -> (lower: Double, upper: Double) {
  precondition(rank >= 0 && rank < values.count, "No value has rank \(rank) among \(values.count).")
  if let pair = narrowedSelection(values, rank: rank) { return pair }
  var work = (0..<values.count).map { values[$0] }
  precondition(work.allSatisfy { $0 == $0 }, notANumber)
  return select(&work, rank: rank)
}

private let notANumber = "Order statistics need numbers: a value is not a number."

/// As `orderStatistics`, by looking only at values between two that an even sample says lie around the rank: one pass without
/// branches (Floyd and Rivest, Commun. ACM 1975, with one sample). Nil where there are few values, or where the sample,
/// evenly spaced and so not random, misled.
private func narrowedSelection(_ values: Span<Double>, rank: Int) -> (lower: Double, upper: Double)? {
  let count = values.count
  // Below this many the sample costs as much as it saves.
  guard count >= 1000 else { return nil }
  let sampleCount = Int(cbrt(Double(count) * Double(count)))
  var sample = (0..<sampleCount).map { values[$0 * count / sampleCount] }
  precondition(sample.allSatisfy { $0 == $0 }, notANumber)
  // Three standard deviations of the sampled rank to either side.
  let share = Double(rank) / Double(count)
  let expected = share * Double(sampleCount)
  let margin = 3 * (Double(sampleCount) * share * (1 - share)).squareRoot() + 1
  let first = Int((expected - margin).rounded(.down))
  let last = Int((expected + margin).rounded(.up))
  let low = first < 0 ? -Double.infinity : select(&sample, rank: first).lower
  let high = last >= sampleCount ? Double.infinity : select(&sample, rank: last).lower
  var below = 0
  var unordered = 0
  var middle = unsafe [Double](unsafeUninitializedCapacity: count) { buffer, kept in
    var end = 0
    for i in 0..<count {
      let value = values[i]
      unordered |= value == value ? 0 : 1
      below += value < low ? 1 : 0
      unsafe buffer[end] = value
      end += (value >= low ? 1 : 0) & (value <= high ? 1 : 0)
    }
    kept = end
  }
  precondition(unordered == 0, notANumber)
  let place = rank - below
  guard place >= 0, place + 1 < middle.count || rank + 1 == count && place < middle.count else { return nil }
  return select(&middle, rank: place)
}

/// Partially sorts numbers by Hoare's quickselect with the median of three as pivot, so that `values[rank]` is in its
/// place, nothing before it is larger and nothing behind it is smaller; and finds the next.
@discardableResult
func select(_ values: inout [Double], rank: Int) -> (lower: Double, upper: Double) {
  unsafe values.withUnsafeMutableBufferPointer { values in
    var low = 0
    var high = values.count - 1
    while low < high {
      let a = unsafe values[low]
      let b = unsafe values[low + (high - low) / 2]
      let c = unsafe values[high]
      let pivot = max(min(a, b), min(max(a, b), c))
      var i = low
      var j = high
      while i <= j {
        while unsafe values[i] < pivot { i += 1 }
        while unsafe values[j] > pivot { j -= 1 }
        if i <= j {
          unsafe values.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if rank <= j { high = j } else if rank >= i { low = i } else { break }
    }
    let lower = unsafe values[rank]
    guard rank + 1 < values.count else { return (lower, lower) }
    var upper = unsafe values[rank + 1]
    for i in (rank + 1)..<values.count { upper = unsafe min(upper, values[i]) }
    return (lower, upper)
  }
}

/// A quantile and the two order statistics it lies between.
public struct QuantilePoint: Sendable, Equatable {
  /// `lower + fraction · (upper − lower)`.
  public var value: Double
  /// The order statistics at `lowerRank` and at the next rank (the same at the last rank and where `fraction` is zero).
  public var lower: Double
  /// The next order statistic after `lower`, or the same, as said there.
  public var upper: Double
  /// Rank of `lower`, counted from 0, and the share of the way to the next.
  public var lowerRank: Int
  /// The share of the way from `lower` to `upper`, in [0, 1).
  public var fraction: Double
}

/// The linearly interpolated order statistic at `level · (n − 1)` (numpy's "linear", R's type 7), `level` in [0, 1].
public func quantile(_ values: Span<Double>, level: Double) -> QuantilePoint {
  precondition(level >= 0 && level <= 1 && values.count > 0, "A quantile needs a level in [0, 1] and a value.")
  let position = level * Double(values.count - 1)
  let rank = min(Int(position), values.count - 1)
  let (lower, upper) = orderStatistics(values, rank: rank)
  let fraction = rank + 1 < values.count ? position - Double(rank) : 0
  guard fraction > 0 else {
    return QuantilePoint(value: lower, lower: lower, upper: lower, lowerRank: rank, fraction: 0)
  }
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
