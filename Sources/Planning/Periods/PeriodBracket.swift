import NumericKernel
import Optimisation
import ResponseModel

/// A plan's utility under which good draws may count against it, with what is above it between two ends of each amount: branch and bound
/// splits these until the two are near.
struct TurningObjective: OverestimableObjective {
  let base: PeriodObjective
  let utility: any TurningUtility

  /// Nil for a utility that is not so, and where no line below the responses is known.
  init?(_ base: PeriodObjective, over polytope: SparsePolytope) {
    guard let utility = base.utility as? any TurningUtility else { return nil }
    (self.base, self.utility) = (base, utility)
    guard overestimator(from: polytope.lower, to: polytope.upper) != nil else { return nil }
  }

  var dimension: Int { base.dimension }
  var isSmooth: Bool { base.isSmooth }
  /// Tangents prove nothing where a draw's weight is negative.
  var hasConcaveInner: Bool { false }
  var innerConstant: [Double] { base.innerConstant }

  func value(at x: [Double]) -> Double { base.value(at: x) }
  func value(at x: [Double], smoothing: Double) -> Double { base.value(at: x, smoothing: smoothing) }
  func expansion(at x: [Double], smoothing: Double) -> Expansion { base.expansion(at: x, smoothing: smoothing) }
  func localModel(at x: [Double]) -> (any LocalModel)? { base.localModel(at: x) }
  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) { base.inner(at: x) }
  func outerCut(at inner: [Double]) -> OuterCut? { base.outerCut(at: inner) }

  func overestimator(from lower: [Double], to upper: [Double]) -> (any CertifiableObjective)? {
    let (least, most) = (base.spend(lower), base.spend(upper))
    guard let above = base.surface.overestimator(from: least, to: most),
      let below = base.surface.underestimator(from: least, to: most)
    else { return nil }
    return PeriodBracket(base: base, utility: utility, above: above, below: below)
  }

  /// Each cell's, at the weights of the draws that the bracket has.
  func looseness(of overestimator: any CertifiableObjective, at x: [Double]) -> [Double] {
    guard let bracket = overestimator as? PeriodBracket else { return x.map { _ in 1 } }
    return bracket.looseness(at: x)
  }
}

/// The best that a utility could come to if every draw's outcome were anywhere between a concave one above it and a linear one below it: concave in
/// the amounts, and above the utility of the responses themselves.
///
/// Inner functions are the outcomes above and, with their sign turned, those below: all concave, and none of them counts against the best.
struct PeriodBracket: CertifiableObjective {
  let base: PeriodObjective
  let utility: any TurningUtility
  let above: PeriodSurface
  let below: PeriodSurface

  var dimension: Int { base.dimension }
  var isSmooth: Bool { true }
  var hasConcaveInner: Bool { true }
  var innerConstant: [Double] { base.offset + base.offset.map { -$0 } }

  private func outcome(_ responses: DrawMatrix) -> [Double] { zip(responses.rowSums(), base.offset).map { $0 + $1 } }

  private func ends(at spend: [Double]) -> (above: [Double], below: [Double]) {
    (outcome(above.responses(at: spend)), outcome(below.responses(at: spend)))
  }

  func value(at x: [Double]) -> Double {
    let ends = ends(at: base.spend(x))
    let best = utility.best(from: ends.below, to: ends.above)
    return utility.score(best.span) / base.scale
  }

  func value(at x: [Double], smoothing: Double) -> Double { value(at: x) }

  func localModel(at x: [Double]) -> (any LocalModel)? { nil }

  /// Draws between their ends are all at one outcome, which follows the others: its part of the curvature is taken out.
  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    let spend = base.spend(x)
    let (upper, upperSlopes) = above.slopes(at: spend)
    let (lower, lowerSlopes) = below.slopes(at: spend)
    let (most, least) = (outcome(upper), outcome(lower))
    let best = utility.best(from: least, to: most)
    let (value, weights) = utility.weightedScore(best.span)
    var (gradient, hessian) = above.derivatives(
      at: spend, of: SmoothScore(value: value, weights: weights.map { max($0, 0) }))
    let against = lowerSlopes.transposeTimes(weights.map { min($0, 0) })
    for j in gradient.indices { gradient[j] += against[j] }
    if let score = utility.smoothed(best.span, width: 0) {
      let columns = gradient.indices.map { j -> [Double] in
        let (high, low) = (upperSlopes.column(j), lowerSlopes.column(j))
        return best.indices.map { best[$0] >= most[$0] ? high[$0] : best[$0] <= least[$0] ? low[$0] : 0 }
      }
      let slopes = DrawMatrix(columns: columns, drawCount: best.count)
      if !score.diagonal.isEmpty {
        let gram = slopes.gram(weights: score.diagonal)
        for index in hessian.elements.indices { hessian.elements[index] += gram.elements[index] }
      }
      for term in score.rankOnes
        + [score.following(best.indices.filter { best[$0] < most[$0] && best[$0] > least[$0] })]
        .compactMap(\.self)
      {
        let image = slopes.transposeTimes(term.vector)
        for column in image.indices {
          for row in image.indices { hessian[row, column] += term.factor * image[column] * image[row] }
        }
      }
    }
    return Expansion(
      value: value / base.scale, gradient: gradient.map { $0 * base.money / base.scale },
      hessian: base.money * base.money / base.scale * hessian)
  }

  func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) {
    let spend = base.spend(x)
    let (upper, upperSlopes) = above.slopes(at: spend)
    let (lower, lowerSlopes) = below.slopes(at: spend)
    let columns = x.indices.map { j in upperSlopes.column(j) + lowerSlopes.column(j).map { -$0 } }
    let slopes = DrawMatrix(columns: columns, drawCount: 2 * base.offset.count)
    return (outcome(upper) + outcome(lower).map { -$0 }, slopes.scaled(by: base.money))
  }

  /// The plane that touches the utility at the best draws between their ends: what weighs negatively does so by what is below.
  func outerCut(at inner: [Double]) -> OuterCut? {
    let count = base.offset.count
    let best = utility.best(from: inner[count...].map { -$0 }, to: Array(inner[..<count]))
    let (value, weights) = utility.weightedScore(best.span)
    let signed = weights.map { max($0, 0) } + weights.map { max(-$0, 0) }
    return OuterCut(
      intercept: (value - dot(weights.span, best.span)) / base.scale, weights: signed.map { $0 / base.scale },
      near: inner)
  }

  /// By variable: what the draws of its cell are taken to be above or below what they are, at their weights.
  func looseness(at x: [Double]) -> [Double] {
    let spend = base.spend(x)
    let ends = ends(at: spend)
    let weights = utility.weightedScore(utility.best(from: ends.below, to: ends.above).span).weights
    let responses = base.surface.responses(at: spend)
    let over = above.responses(at: spend).minus(responses).transposeTimes(weights.map { max($0, 0) })
    let under = responses.minus(below.responses(at: spend)).transposeTimes(weights.map { max(-$0, 0) })
    return x.indices.map { over[$0 / above.periodCount] + under[$0 / above.periodCount] }
  }
}

extension SmoothScore {
  /// What some draws that are moved together, to where the score is highest, add to the curvature in the others; nil where there are none.
  ///
  /// With H the Hessian and 1 a one for each of them, `−H1 (1ᵀH1)⁻¹ 1ᵀH`.
  fileprivate func following(_ draws: [Int]) -> RankOne? {
    guard !draws.isEmpty else { return nil }
    let sums = rankOnes.map { term in draws.reduce(0) { $0 + term.vector[$1] } }
    var own = diagonal.isEmpty ? 0 : draws.reduce(0) { $0 + diagonal[$1] }
    var cross = [Double](repeating: 0, count: weights.count)
    for (term, sum) in zip(rankOnes, sums) {
      own += term.factor * sum * sum
      for draw in cross.indices { cross[draw] += term.factor * sum * term.vector[draw] }
    }
    return own < 0 ? RankOne(factor: -1 / own, vector: cross) : nil
  }
}
