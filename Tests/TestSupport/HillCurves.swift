import Foundation
public import Optimisation

extension CompositeObjective {
  /// Hill curves with exponents in a range: concave where they are at most one, S-shaped above.
  public static func hills(
    _ outer: any OuterFunction, exponents range: ClosedRange<Double>, dimension: Int = 4, drawCount: Int = 60,
    seed: UInt64
  ) -> CompositeObjective {
    var random = Xorshift(seed: seed)
    let count = drawCount * dimension
    let scales = (0..<count).map { _ in random.uniform(0.5, 2) }
    let centres = (0..<count).map { index in 0.15 + 0.1 * Double(index % dimension) + random.uniform(0, 0.05) }
    let exponents = (0..<count).map { _ in random.uniform(range.lowerBound, range.upperBound) }
    var objective = CompositeObjective(dimension: dimension, drawCount: drawCount, outer: outer) { draw, variable, x in
      let index = dimension * draw + variable
      let (beta, kappa, n) = (scales[index], centres[index], exponents[index])
      guard x > 0 else { return (0, n == 1 ? beta / kappa : 0, 0) }
      let a = pow(kappa / x, n)
      let h = 1 / (1 + a)
      let slope = n / x * a * h * h
      return (beta * h, beta * slope, beta * slope / x * ((n - 1) - 2 * n * h))
    }
    objective.hasConcaveInner = range.upperBound <= 1
    objective.inflection = { draw, variable in
      let index = dimension * draw + variable
      let (kappa, n) = (centres[index], exponents[index])
      return n > 1 ? kappa * pow((n - 1) / (n + 1), 1 / n) : 0
    }
    return objective
  }
}

extension Polytope {
  /// A budget of one, exactly or at most, no variable having more than 0.7 of it.
  public static func budget(_ dimension: Int, isExact: Bool) -> Polytope {
    Polytope(
      lower: [Double](repeating: 0, count: dimension), upper: [Double](repeating: 0.7, count: dimension),
      rows: [
        Polytope.Row(
          label: "budget", coefficients: [Double](repeating: 1, count: dimension), lower: isExact ? 1 : -.infinity,
          upper: 1)
      ])
  }
}

extension Xorshift {
  /// Shares that sum to one: the smaller the concentration (one over a whole number), the nearer to a corner.
  public mutating func shares(_ count: Int, peakedness: Int = 1) -> [Double] {
    let raw = (0..<count).map { _ in pow(-log(1 - uniform(0, 1)), Double(peakedness)) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }
}
