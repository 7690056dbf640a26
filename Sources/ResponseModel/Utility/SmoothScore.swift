import NumericKernel

/// A twice differentiable score: value, gradient, and the Hessian as `diag(diagonal) + Σ factor · v vᵀ`.
public struct SmoothScore: Sendable {
  /// `factor · v vᵀ`: one term of the Hessian.
  public struct RankOne: Sendable {
    /// Of either sign.
    public var factor: Double
    /// The v of the term, one number per draw.
    public var vector: [Double]
    public init(factor: Double, vector: [Double]) {
      self.factor = factor
      self.vector = vector
    }
  }

  /// The score.
  public var value: Double
  /// One per draw.
  public var weights: [Double]
  /// One per draw, or empty for zero.
  public var diagonal: [Double]
  /// The other terms of the Hessian; empty for none.
  public var rankOnes: [RankOne]

  /// By default the Hessian is zero.
  public init(value: Double, weights: [Double], diagonal: [Double] = [], rankOnes: [RankOne] = []) {
    self.value = value
    self.weights = weights
    self.diagonal = diagonal
    self.rankOnes = rankOnes
  }

  /// The Hessian times a vector.
  public func hessianTimes(_ x: [Double]) -> [Double] {
    precondition(x.count == weights.count, "H x needs one x per draw.")
    var product = diagonal.isEmpty ? [Double](repeating: 0, count: x.count) : zip(diagonal, x).map { $0 * $1 }
    for term in rankOnes {
      let amount = term.factor * dot(term.vector.span, x.span)
      for draw in product.indices { product[draw] += amount * term.vector[draw] }
    }
    return product
  }
}

/// A score with its kinks rounded off over a fixed distance, and a plane above the score itself of the same weights.
///
/// Where the rounded weights are a supergradient of the score at no outcome near, they are a mixture of several: a proof of how
/// good a plan is, at a kink, takes those.
public struct RoundedScore: Sendable {
  /// Value and derivatives of the rounded score.
  public var smooth: SmoothScore
  /// `score(r) ≤ intercept + Σ weights · r` for all draws r, the weights being those of `smooth`; nil where nothing such is known.
  public var intercept: Double?

  public init(smooth: SmoothScore, intercept: Double?) {
    self.smooth = smooth
    self.intercept = intercept
  }

  /// Of a concave score that needs no rounding, or gets none: the plane touches.
  init(touching smooth: SmoothScore, at outcome: Span<Double>, isConcave: Bool) {
    self.smooth = smooth
    intercept = isConcave ? smooth.value - dot(smooth.weights.span, outcome) : nil
  }
}

// What utilities build their curvature from.

extension SmoothScore.RankOne {
  /// `a bᵀ + b aᵀ`, as a sum and a difference of vectors scaled to one length, so that neither loses the other's digits.
  static func pair(_ a: [Double], _ b: [Double]) -> [SmoothScore.RankOne] {
    let ratio = (dot(b.span, b.span) / dot(a.span, a.span)).squareRoot().squareRoot()
    guard ratio > 0, ratio.isFinite else { return [] }
    return [
      SmoothScore.RankOne(factor: 0.5, vector: zip(a, b).map { ratio * $0 + $1 / ratio }),
      SmoothScore.RankOne(factor: -0.5, vector: zip(a, b).map { ratio * $0 - $1 / ratio }),
    ]
  }
}

extension SmoothScore {
  /// The mean of the draws.
  static func mean(_ moments: Moments, count: Int) -> SmoothScore {
    SmoothScore(value: moments.mean, weights: [Double](repeating: 1 / Double(count), count: count))
  }

  /// The standard deviation (ddof 1) of draws that are not all equal, of which the Hessian is
  /// `(I − 1 1ᵀ/D − z zᵀ/(D−1)) / ((D−1) sd)`, z the standardized draws.
  static func deviation(_ outcome: Span<Double>, _ moments: Moments) -> SmoothScore {
    let count = outcome.count
    let standardized = (0..<count).map { moments.standardized(outcome[$0]) }
    let freedom = Double(count - 1)
    let bend = 1 / (freedom * moments.deviation)
    return SmoothScore(
      value: moments.deviation, weights: standardized.map { $0 / freedom },
      diagonal: [Double](repeating: bend, count: count),
      rankOnes: [
        RankOne(factor: -bend / Double(count), vector: [Double](repeating: 1, count: count)),
        RankOne(factor: -bend / freedom, vector: standardized),
      ])
  }

  /// A function of scores by the chain rule: its value, its slope in each, and its symmetric second derivatives (zero where
  /// not given).
  static func combining(
    _ parts: [SmoothScore], value: Double, slopes: [Double], curvatures: [[Double]] = []
  ) -> SmoothScore {
    let count = parts[0].weights.count
    var result = SmoothScore(
      value: value, weights: [Double](repeating: 0, count: count), diagonal: [Double](repeating: 0, count: count))
    for (part, slope) in zip(parts, slopes) where slope != 0 {
      accumulate(part.weights, times: slope, into: &result.weights)
      accumulate(part.diagonal, times: slope, into: &result.diagonal)
      result.rankOnes += part.rankOnes.map { RankOne(factor: slope * $0.factor, vector: $0.vector) }
    }
    for (i, row) in curvatures.enumerated() {
      guard row[(i + 1)...].contains(where: { $0 != 0 }) else {
        if row[i] != 0 { result.rankOnes.append(RankOne(factor: row[i], vector: parts[i].weights)) }
        continue
      }
      var partner = [Double](repeating: 0, count: count)
      for j in i..<parts.count {
        accumulate(parts[j].weights, times: j == i ? row[i] / 2 : row[j], into: &partner)
      }
      result.rankOnes += RankOne.pair(parts[i].weights, partner)
    }
    return result
  }

  private static func accumulate(_ x: [Double], times factor: Double, into sum: inout [Double]) {
    for draw in x.indices { sum[draw] += factor * x[draw] }
  }

  /// The derivatives of `S(r, t(r))`, where this score holds those of `S(r, t)` at a fixed distance t, and `t(r)` is a
  /// multiple of the draws' standard deviation.
  ///
  /// S is homogeneous: with `y = r − centre`, `S − centre` (of degree 1; S itself, of degree 0) is multiplied by `cᵏ` when y
  /// and t are by c. Euler's identity then gives every derivative in t: with g and H the derivatives in r,
  /// `t S_t = k S − g·y`, `t S_rt = (k − 1) g − H y`, `t² S_tt = (k − 1)(k S − 2 g·y) + yᵀ H y`.
  func followingSpread(
    of outcome: Span<Double>, _ moments: Moments, centre: Double, degree: Double
  ) -> SmoothScore {
    let count = outcome.count
    let freedom = Double(count - 1)
    let y = (0..<count).map { outcome[$0] - centre }
    // ∇t / t
    let u = (0..<count).map { moments.standardized(outcome[$0]) / (freedom * moments.deviation) }
    let product = hessianTimes(y)
    let growth = dot(weights.span, y.span)
    let homogeneous = degree * (value - centre)
    let slope = homogeneous - growth
    let bend = (degree - 1) * (homogeneous - 2 * growth) + dot(y.span, product.span) - slope
    let partner = (0..<count).map { (degree - 1) * weights[$0] - product[$0] + bend / 2 * u[$0] }
    let spread = slope / (freedom * moments.deviation * moments.deviation)
    var result = self
    for draw in 0..<count { result.weights[draw] += slope * u[draw] }
    result.diagonal = diagonal.isEmpty ? [Double](repeating: spread, count: count) : diagonal.map { $0 + spread }
    result.rankOnes += RankOne.pair(partner, u)
    result.rankOnes.append(
      RankOne(factor: -spread / Double(count), vector: [Double](repeating: 1, count: count)))
    return result
  }
}

extension Utility {
  /// The score as it is, with no curvature: what is left to say where the draws have no spread to round kinks over.
  func unsmoothed(_ outcome: Span<Double>) -> SmoothScore {
    let (value, weights) = weightedScore(outcome)
    return SmoothScore(value: value, weights: weights)
  }
}
