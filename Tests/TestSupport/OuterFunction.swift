import Foundation
import NumericKernel

/// A function of many numbers, larger being better, as `CompositeObjective` needs it.
public protocol OuterFunction: Sendable {
  var isSmooth: Bool { get }
  var isConcave: Bool { get }
  /// Value and a (super)gradient.
  func score(_ r: [Double]) -> (value: Double, weights: [Double])
  /// Kinks rounded off over `width`, an absolute distance.
  func smoothed(_ r: [Double], width: Double) -> SmoothedScore
  /// Itself where concave; else a concave function that touches it and that only better numbers exceed.
  func concaveSurrogate(at r: [Double]) -> (any OuterFunction)?
}

/// A value, its gradient, and its Hessian `diag(diagonal) + Σ factor · vector vectorᵀ`.
public struct SmoothedScore: Sendable {
  public var value: Double
  public var weights: [Double]
  public var diagonal: [Double] = []
  public var rankOnes: [(factor: Double, vector: [Double])] = []
}

/// The mean.
public struct MeanOuter: OuterFunction {
  public let isSmooth = true
  public let isConcave = true
  public init() {}

  public func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    (mean(r.span), [Double](repeating: 1 / Double(r.count), count: r.count))
  }

  public func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    let (value, weights) = score(r)
    return SmoothedScore(value: value, weights: weights)
  }

  public func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? { self }
}

/// `mean − lambda · sd` (ddof 1): concave, and the best of the numbers may count against it.
public struct MeanDeviationOuter: OuterFunction {
  public let isSmooth = true
  public let isConcave = true
  public var lambda: Double
  public init(lambda: Double) { self.lambda = lambda }

  public func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    let moments = Moments(r.span)
    let (share, rest) = (1 / Double(r.count), Double(r.count - 1))
    return (
      moments.mean - lambda * moments.deviation, r.map { share - lambda * moments.standardized($0) / rest }
    )
  }

  public func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    let (value, weights) = score(r)
    let moments = Moments(r.span)
    guard moments.deviation > 0 else { return SmoothedScore(value: value, weights: weights) }
    let (count, rest) = (Double(r.count), Double(r.count - 1))
    let factor = lambda / (rest * moments.deviation)
    return SmoothedScore(
      value: value, weights: weights, diagonal: r.map { _ in -factor },
      rankOnes: [(factor / count, r.map { _ in 1 }), (factor / rest, r.map(moments.standardized))])
  }

  public func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? { self }
}

/// The mean of the worst share `tail`: concave, with kinks. A tail of one in n is the least of n numbers.
public struct WorstTailOuter: OuterFunction {
  public let isSmooth = false
  public let isConcave = true
  public var tail: Double
  public init(tail: Double) { self.tail = tail }

  public func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    var weights = [Double](repeating: 0, count: r.count)
    var span = weights.mutableSpan
    let value = worstTail(r.span, tail: tail, weights: &span)
    return (value, weights)
  }

  /// `max_ζ ζ − Σ s(ζ − r_d) / (tail n)`, s the softplus of that width.
  public func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    guard width > 0 else {
      let (value, weights) = score(r)
      return SmoothedScore(value: value, weights: weights)
    }
    let size = tail * Double(r.count)
    let zeta = logisticRoot(r, width: width, sum: size)
    let steps = r.map { logistic((zeta - $0) / width) }
    let bends = steps.map { $0 * (1 - $0) / width }
    let bend = bends.reduce(0, +)
    let excess = r.reduce(0) { $0 + softplus((zeta - $1) / width) * width }
    return SmoothedScore(
      value: zeta - excess / size, weights: steps.map { $0 / size }, diagonal: bends.map { -$0 / size },
      rankOnes: bend > 0 ? [(1 / (size * bend), bends)] : [])
  }

  public func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? { self }
}

/// The `rank`-th smallest number, counted from 0: monotone, with kinks, and not concave.
public struct OrderStatisticOuter: OuterFunction {
  public let isSmooth = false
  public let isConcave = false
  public var rank: Int
  public init(rank: Int) { self.rank = rank }

  public func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    let value = orderStatistic(r.span, rank: rank)
    var weights = [Double](repeating: 0, count: r.count)
    if let at = r.firstIndex(of: value) { weights[at] = 1 }
    return (value, weights)
  }

  /// ζ with `Σ logistic((ζ − r_d) / width) = rank + ½`.
  public func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    guard width > 0 else {
      let (value, weights) = score(r)
      return SmoothedScore(value: value, weights: weights)
    }
    let zeta = logisticRoot(r, width: width, sum: Double(rank) + 0.5)
    let steps = r.map { logistic((zeta - $0) / width) }
    let slopes = steps.map { $0 * (1 - $0) / width }
    let slope = slopes.reduce(0, +)
    let w = slopes.map { $0 / slope }
    let u = zip(steps, slopes).map { step, s in s * (1 - 2 * step) / width / slope }
    let total = u.reduce(0, +)
    return SmoothedScore(
      value: zeta, weights: w, diagonal: u.map { -$0 },
      rankOnes: [
        (0.5, zip(u, w).map { $0 + $1 }), (-0.5, zip(u, w).map { $0 - $1 }), (-total, w),
      ])
  }

  /// The least of the numbers that are at or above the order statistic now.
  public func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? {
    let order = r.indices.sorted { (r[$0], $0) < (r[$1], $1) }
    return LeastOfOuter(members: Array(order[rank...]))
  }
}

/// The least of some of the numbers: concave, with kinks.
public struct LeastOfOuter: OuterFunction {
  public let isSmooth = false
  public let isConcave = true
  public var members: [Int]
  public init(members: [Int]) { self.members = members }

  public func score(_ r: [Double]) -> (value: Double, weights: [Double]) {
    var weights = [Double](repeating: 0, count: r.count)
    guard let least = members.min(by: { r[$0] < r[$1] }) else { return (.infinity, weights) }
    weights[least] = 1
    return (r[least], weights)
  }

  public func smoothed(_ r: [Double], width: Double) -> SmoothedScore {
    let (value, weights) = score(r)
    return SmoothedScore(value: value, weights: weights)
  }

  public func concaveSurrogate(at r: [Double]) -> (any OuterFunction)? { self }
}

private func logistic(_ x: Double) -> Double {
  let e = exp(-abs(x))
  return x >= 0 ? 1 / (1 + e) : e / (1 + e)
}

private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

/// ζ with `Σ logistic((ζ − r_d) / width) = sum`: bisection to the last bit.
private func logisticRoot(_ r: [Double], width: Double, sum: Double) -> Double {
  guard let least = r.min(), let most = r.max() else { return 0 }
  var (low, high) = (least - 60 * width, most + 60 * width)
  while true {
    let middle = low + 0.5 * (high - low)
    if middle <= low || middle >= high { return middle }
    if r.reduce(0, { $0 + logistic((middle - $1) / width) }) < sum { low = middle } else { high = middle }
  }
}
