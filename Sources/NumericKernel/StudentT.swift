import Foundation

/// Student's t distribution: how far off an estimate may be whose standard error is itself estimated.
public struct StudentT: Sendable, Equatable {
  /// Above zero.
  public let degreesOfFreedom: Double

  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t needs degrees of freedom.")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The probability of at most t, to about 1e-14 (Abramowitz and Stegun 26.7.1, by the incomplete beta function).
  public func probability(below t: Double) -> Double {
    let tail = 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The t that is not exceeded with this probability, in (0, 1), to about 1e-12 relative: by bisection.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "A quantile needs a probability between 0 and 1.")
    if probability == 0.5 { return 0 }
    let tail = min(probability, 1 - probability)
    // Twice as far until the tail is passed: with few degrees of freedom tails are long.
    var high = 1.0
    while self.probability(below: -high) > tail, high < 0x1p500 { high *= 2 }
    var low = 0.0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if self.probability(below: -middle) > tail { low = middle } else { high = middle }
    }
    return probability < 0.5 ? -high : high
  }
}

/// The regularised incomplete beta function `I_x(a, b)`, by Lentz's evaluation of its continued fraction (Abramowitz and Stegun
/// 26.5.8), which converges fast below the mean; above it by symmetry.
private func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let factor = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let smallest = 1e-300
  func kept(_ value: Double) -> Double { abs(value) < smallest ? smallest : value }
  var c = 1.0
  var d = 1 / kept(1 - (a + b) * x / (a + 1))
  var fraction = d
  for m in 1...1000 {
    let m = Double(m)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    fraction *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    let change = d * c
    fraction *= change
    if abs(change - 1) < 1e-16 { break }
  }
  return factor * fraction
}

extension RandomSource {
  /// The sum of the squares of so many standard normal numbers, whole or not, above zero (Marsaglia and Tsang, ACM Trans. Math.
  /// Softw. 26, 2000).
  public mutating func chiSquared(degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0, "A chi-squared number needs degrees of freedom.")
    // Their method wants a shape of 1 and more; below, a power of a uniform number takes it back.
    let shape = degreesOfFreedom / 2
    let boost = shape < 1 ? pow(uniform(), 1 / shape) : 1
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let z = normal()
      let v = (1 + c * z) * (1 + c * z) * (1 + c * z)
      if v > 0, log(uniform()) < 0.5 * z * z + d - d * v + d * log(v) { return 2 * d * v * boost }
    }
  }
}
