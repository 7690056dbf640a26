import Foundation
import NumericKernel

// Vehtari, Gelman, Simpson, Carpenter and Bürkner, "Rank-normalization, folding, and localization: an improved R-hat for
// assessing convergence of MCMC", Bayesian Analysis 16 (2021). Chains are cut in halves, which lie one after the other in one array:
// the rows of the paper's matrices.

/// `Φ⁻¹((r − 3/8) / (S + 1/4))` of every rank r from 1 among the S draws of split chains: the same for all of a posterior's parameters,
/// and a good part of what their diagnostics cost.
public struct NormalScores: Sendable {
  fileprivate let scores: [Double]

  /// - Parameter drawsPerChain: as many in each chain; the middle one of an odd number has no rank.
  public init(chainCount: Int, drawsPerChain: Int) {
    precondition(chainCount >= 1 && drawsPerChain >= 0, "There is a chain, and no number of draws is negative.")
    let count = 2 * chainCount * (drawsPerChain / 2)
    scores = (0..<count).map { NormalScores.score(rank: Double($0 + 1), of: count) }
  }

  fileprivate static func score(rank: Double, of count: Int) -> Double {
    standardNormalQuantile((rank - 0.375) / (Double(count) + 0.25))
  }
}

extension PosteriorDiagnostics.Parameter {
  /// The diagnostics of one scalar parameter's draws, chain after chain.
  ///
  /// - Parameter scores: of as many draws and chains, made once for several parameters.
  public init(name: String, draws: Span<Double>, chainCount: Int, scores: NormalScores? = nil) {
    guard let halves = Halves(draws, chainCount: chainCount) else {
      self.init(name: name, rHat: nil, effectiveSampleSize: nil)
      return
    }
    let order = increasingOrder(halves.values.span)
    let scores = scores ?? NormalScores(chainCount: chainCount, drawsPerChain: draws.count / chainCount)
    let normal = halves.rankNormalized(in: order, scores)
    self.init(
      name: name, rHat: chainCount < 2 ? nil : halves.rHat(in: order, normal: normal, scores),
      effectiveSampleSize: normal.effectiveSampleSize)
  }
}

/// `√(((n − 1) W + B) / (n W))` of the split chains' rank-normalised draws or of their distances from the median, whichever is
/// larger: 1 where the chains agree in location and spread, and above 1.01 where they should not be trusted.
///
/// `draws` are chain-major, as many in each of `chainCount` chains. Nil with fewer than two chains, fewer than four draws a
/// chain, or all draws equal; infinite where chains that do not move stand at different values. Finite draws only.
///
/// Source: Vehtari et al. 2021, sections 3.1 and 4; the value is that of ArviZ's `rhat` (method `rank`).
public func rankNormalizedRHat(_ draws: Span<Double>, chainCount: Int) -> Double? {
  guard chainCount >= 2, let halves = Halves(draws, chainCount: chainCount) else { return nil }
  let order = increasingOrder(halves.values.span)
  let scores = NormalScores(chainCount: chainCount, drawsPerChain: draws.count / chainCount)
  return halves.rHat(in: order, normal: halves.rankNormalized(in: order, scores), scores)
}

/// How many independent draws would know the centre of the distribution as well: `S / τ`, S the number of draws and
/// `τ = −1 + 2 Σ P̂` over Geyer's initial monotone sequence of the split chains' rank-normalised autocorrelations.
///
/// `draws` are chain-major, as many in each of `chainCount` chains. At most `S log₁₀ S`, for draws may be better than
/// independent. Nil with fewer than four draws a chain, or all draws equal. Finite draws only.
///
/// Source: Vehtari et al. 2021, sections 3.2 and 4; the value is that of ArviZ's `ess` (method `bulk`).
public func bulkEffectiveSampleSize(_ draws: Span<Double>, chainCount: Int) -> Double? {
  guard let halves = Halves(draws, chainCount: chainCount) else { return nil }
  let scores = NormalScores(chainCount: chainCount, drawsPerChain: draws.count / chainCount)
  return halves.rankNormalized(in: increasingOrder(halves.values.span), scores).effectiveSampleSize
}

/// Each chain's first and last half, the middle draw of an odd number left out.
private struct Halves {
  /// As many in each half, half after half.
  var values: [Double]
  let length: Int

  /// Nil with fewer than four draws a chain or all draws equal.
  init?(_ draws: Span<Double>, chainCount: Int) {
    precondition(chainCount >= 1 && draws.count % chainCount == 0, "Chains have the same number of draws.")
    let chainLength = draws.count / chainCount
    guard chainLength >= 4 else { return nil }
    length = chainLength / 2
    values = []
    values.reserveCapacity(2 * chainCount * length)
    for chain in 0..<chainCount {
      for start in [chain * chainLength, (chain + 1) * chainLength - length] {
        for draw in start..<(start + length) { values.append(draws[draw]) }
      }
    }
    let first = values[0]
    if values.allSatisfy({ $0 == first }) { return nil }
  }

  private init(_ values: [Double], length: Int) {
    self.values = values
    self.length = length
  }

  var count: Int { values.count / length }

  /// From so many lags on, which chains that hardly move ask for, all at once are quicker than one after the other.
  private static let manyLags = 128

  /// What `body` makes of each half.
  private func each(_ body: (Span<Double>) -> Double) -> [Double] {
    (0..<count).map { half in body(values.span.extracting((half * length)..<((half + 1) * length))) }
  }

  /// `Φ⁻¹((r − 3/8) / (S + 1/4))` of each draw's rank r from 1 among all S, equal draws sharing the mean of their ranks.
  ///
  /// - Parameter order: the positions of the draws in increasing order.
  func rankNormalized(in order: [Int], _ table: NormalScores) -> Halves {
    precondition(table.scores.count == values.count, "There is a score for each rank.")
    var scores = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let score =
        end == start + 1
        ? table.scores[start] : NormalScores.score(rank: Double(start + 1 + end) / 2, of: values.count)
      for position in start..<end { scores[order[position]] = score }
      start = end
    }
    return Halves(scores, length: length)
  }

  /// Of the draws, rank-normalised as they are, `normal`, and as distances from their median.
  func rHat(in order: [Int], normal: Halves, _ scores: NormalScores) -> Double? {
    // Draws at two values, equally far from the median, have a location but no spread to compare.
    let (distances, distanceOrder) = folded(in: order)
    return [normal.rHat, distances.rankNormalized(in: distanceOrder, scores).rHat].compactMap { $0 }.max()
  }

  /// The distances from the median, and the positions of these in increasing order: those of the draws below it, backwards, merged
  /// with those of the others.
  private func folded(in order: [Int]) -> (Halves, order: [Int]) {
    let middle = Double(values.count - 1) / 2
    let (lower, upper) = (values[order[Int(middle)]], values[order[Int(middle.rounded(.up))]])
    let median = lower + 0.5 * (upper - lower)
    let distances = values.map { abs($0 - median) }
    var above = order.partitioningIndex { values[$0] >= median }
    var below = above - 1
    var merged: [Int] = []
    merged.reserveCapacity(order.count)
    while below >= 0 || above < order.count {
      if above == order.count || below >= 0 && distances[order[below]] < distances[order[above]] {
        merged.append(order[below])
        below -= 1
      } else {
        merged.append(order[above])
        above += 1
      }
    }
    return (Halves(distances, length: length), merged)
  }

  /// R-hat of chains as they stand. Nil where nothing varies.
  private var rHat: Double? {
    let n = Double(length)
    let means = each { mean($0) }
    let between = n * variance(means.span)
    let variances = each { variance($0) }
    let within = mean(variances.span)
    guard within > 0 else { return between > 0 ? .infinity : nil }
    return ((between / within + n - 1) / n).squareRoot()
  }

  /// Of rank-normalised draws.
  var effectiveSampleSize: Double? {
    let means = each { mean($0) }
    let centred = Halves(values.indices.map { values[$0] - means[$0 / length] }, length: length)
    var products: [Double] = []
    /// The halves' mean autocovariance at one lag, divided by n at every lag.
    func autocovariance(_ lag: Int) -> Double {
      guard lag >= Halves.manyLags else {
        return centred.each { laggedProduct($0, lag: lag) }.reduce(0, +) / Double(values.count)
      }
      if products.isEmpty { products = laggedProducts(centred.values.span, length: length) }
      return products[lag] / Double(values.count)
    }
    let n = Double(length)
    let within = autocovariance(0) * n / (n - 1)
    let total = within * (n - 1) / n + variance(means.span)
    guard total > 0 else { return nil }
    func autocorrelation(_ lag: Int) -> Double { lag == 0 ? 1 : 1 - (within - autocovariance(lag)) / total }

    // Pairs of neighbouring lags have a positive sum that falls with the lag (Geyer 1992): what does not is noise, and is
    // cut off at the first sum that is not positive and levelled before it. The first even lag cut off still counts once
    // where it is positive.
    var pairs = 0.0
    var even = 1.0
    var sum = even + autocorrelation(1)
    var smallest = Double.infinity
    var lag = 1
    while lag < length - 3, sum > 0 {
      smallest = min(smallest, sum)
      pairs += smallest
      even = autocorrelation(lag + 1)
      sum = even + autocorrelation(lag + 2)
      lag += 2
    }
    let time = -1 + 2 * pairs + (even > 0 || sum >= 0 ? even : 0)
    let count = Double(values.count)
    return count / max(time, 1 / log10(count))
  }
}

extension [Int] {
  /// The first place from which on all are `isIn`, where none before it are.
  fileprivate func partitioningIndex(_ isIn: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isIn(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// `Φ⁻¹(p)` for p in (0, 1), with about 16 digits.
///
/// Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988),
/// routine PPND16: rational functions of `0.180625 − q²` in the middle, `q = p − 1/2`, and of `√(−log min(p, 1 − p))` in the
/// tails.
func standardNormalQuantile(_ p: Double) -> Double {
  precondition(p > 0 && p < 1, "A quantile of the normal distribution needs a level strictly between 0 and 1.")
  let q = p - 0.5
  if abs(q) <= 0.425 { return q * rational(0.180625 - q * q, Wichura.middle) }
  let r = (-log(min(p, 1 - p))).squareRoot()
  let size = r <= 5 ? rational(r - 1.6, Wichura.tail) : rational(r - 5, Wichura.farTail)
  return q < 0 ? -size : size
}

/// Coefficients of AS 241, the highest power first, numerator and denominator.
private enum Wichura {
  static let middle = (
    [
      2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
      1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
    ],
    [
      5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
      5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
    ]
  )
  static let tail = (
    [
      7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
      3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
    ],
    [
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
      6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1,
    ]
  )
  static let farTail = (
    [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
      2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
    ],
    [
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
      1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
    ]
  )
}

private func rational(_ x: Double, _ coefficients: (over: [Double], under: [Double])) -> Double {
  horner(x, coefficients.over) / horner(x, coefficients.under)
}

/// A polynomial, the coefficient of the highest power first.
private func horner(_ x: Double, _ coefficients: [Double]) -> Double {
  var sum = 0.0
  for coefficient in coefficients { sum = sum * x + coefficient }
  return sum
}
