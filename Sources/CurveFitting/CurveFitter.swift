import Foundation
import NumericKernel
import Optimisation
import ResponseModel

/// Fits curves of one family to responses at the same media, by least squares.
///
/// Media are told as shares of the largest, and responses in a unit of their own, so that no unit of the user's makes a
/// difference. A search is begun at curves that reach half their ceiling at quantiles of the media, below and above them all,
/// with slopes from 0.5 to 7; the most promising are followed down by Levenberg and Marquardt, and the best is kept. Nothing
/// limits a ceiling: a response that does not saturate gets a curve that does not, and a warning. A bottom lies between nothing
/// (or the least response, where that is negative) and the largest response.
public struct CurveFitter: Sendable {
  public let family: any FittableSaturation.Type
  /// One for each observation.
  public let media: [Double]
  /// Whether the response at no media is fitted too; else it is none.
  public let hasBottom: Bool

  let points: [FitMedia]
  let largest: Double
  private let starts: [Start]

  /// A shape, and its curve at the observations: of length 1, and without its mean where there is a bottom.
  private struct Start: Sendable {
    var shape: SIMD4<Double>
    var direction: [Double]
    /// What `direction` was divided by.
    var length: Double
    /// What was subtracted before that.
    var mean: Double
  }

  /// - Throws: for media that are negative or not finite, for none at all, and for too few.
  public init(
    _ family: any FittableSaturation.Type, media: [Double], hasBottom: Bool = false
  ) throws(CurveFitError) {
    for (observation, value) in media.enumerated() where !(value >= 0 && value.isFinite) {
      throw .wrongNumber(observation: observation, expected: "spend that is finite and not negative", found: value)
    }
    let fitted = family.shape.count + (hasBottom ? 2 : 1)
    guard media.count > fitted else { throw .tooFewObservations(found: media.count, needed: fitted + 1) }
    guard let largest = media.max(), largest > 0 else { throw .noMedia }
    // No media tell something where there is a bottom; else every curve passes there.
    let levels = Set(media).count - (!hasBottom && media.contains(0) ? 1 : 0)
    guard levels >= fitted else { throw .tooFewLevels(found: levels, needed: fitted) }
    self.family = family
    self.media = media
    self.hasBottom = hasBottom
    self.largest = largest
    let points = media.map { FitMedia(share: $0 / largest, largest: largest) }
    self.points = points
    starts = CurveFitter.starts(family, points, hasBottom)
  }

  /// Numbers that are fitted.
  var coordinateCount: Int { firstShape + family.shape.count }
  var firstShape: Int { hasBottom ? 2 : 1 }

  private static func starts(
    _ family: any FittableSaturation.Type, _ points: [FitMedia], _ hasBottom: Bool
  ) -> [Start] {
    let shares = points.map(\.share).filter { $0 > 0 }.sorted()
    let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map { quantile(shares.span, level: $0).value }
    let halves = [shares[0] / 3] + quantiles + [1, 3, 30]
    let end = FitMedia(share: 1, largest: points[0].largest)
    var starts: [Start] = []
    for start in halves.flatMap({ family.starts(halfSaturation: $0) }) {
      var shape = start
      for (k, coordinate) in family.shape.enumerated() {
        shape[k] = min(max(shape[k], coordinate.lower), coordinate.upper)
      }
      guard !starts.contains(where: { $0.shape == shape }) else { continue }
      let whole = family.curve(at: end, shape).value
      var direction = points.map { family.curve(at: $0, shape).value / whole }
      let mean = hasBottom ? NumericKernel.mean(direction.span) : 0
      if hasBottom { for i in direction.indices { direction[i] -= mean } }
      let length = dot(direction.span, direction.span).squareRoot()
      guard length > 0, length.isFinite else { continue }
      for i in direction.indices { direction[i] /= length }
      starts.append(Start(shape: shape, direction: direction, length: length, mean: mean))
    }
    return starts
  }

  /// The curve that is nearest to a response, one number for each observation.
  ///
  /// - Throws: for a response that is not finite, is constant, or does not rise with media.
  public func fit(_ response: [Double]) throws(CurveFitError) -> CurveFit {
    precondition(response.count == media.count, "A response for each observation.")
    for (observation, value) in response.enumerated() where !value.isFinite {
      throw .wrongNumber(observation: observation, expected: "a finite response", found: value)
    }
    let size = response.reduce(0) { max($0, abs($1)) }
    let mean = NumericKernel.mean(response.span)
    let deviations = response.map { size > 0 ? ($0 - mean) / size : 0 }
    let total = dot(deviations.span, deviations.span)
    guard total > 1e-24 * Double(media.count) else { throw .constantResponse(response[0]) }
    let best = search(response, startCount: 6)
    let scaledTotal = total * (size / best.unit) * (size / best.unit)
    // Without a bottom a level line is a curve too, of a channel that is past all saturation.
    let falls = zip(media, deviations).reduce(0) { $0 + $1.0 * $1.1 } <= 0
    guard best.solution.point[0] > 1e3 * FitProblem.leastRise,
      !(hasBottom || falls) || best.solution.sumOfSquares < scaledTotal * (1 - 1e-9)
    else { throw .notRising }
    return described(best, totalSumOfSquares: total * size * size)
  }

  /// A solution, and the unit and the origin that its response is told in.
  struct Found: Sendable {
    var solution: LeastSquaresSolution
    var unit: Double
    var offset: Double
  }

  /// The best of the descents from the most promising starts.
  func search(_ response: [Double], startCount: Int) -> Found {
    let offset = hasBottom ? NumericKernel.mean(response.span) : 0
    let unit = max(response.reduce(0) { max($0, abs($1 - offset)) }, .leastNormalMagnitude)
    let problem = self.problem(response.map { ($0 - offset) / unit }, origin: -offset / unit)
    // What a start leaves is the whole less the square of its projection, where that is not negative.
    let projections = starts.map { dot($0.direction.span, problem.response.span) }
    let order = starts.indices.sorted { max(projections[$0], 0) > max(projections[$1], 0) }
    let points = order.prefix(startCount).map { index in
      let start = starts[index]
      let rise = max(projections[index] / start.length, FitProblem.leastRise)
      let best = NumericKernel.mean(problem.response.span) - rise * start.mean
      let bottom = hasBottom ? min(max(best, problem.lower[1]), problem.upper[1]) : 0
      return [rise] + (hasBottom ? [bottom] : []) + family.shape.indices.map { start.shape[$0] }
    }
    var best: LeastSquaresSolution?
    for point in points {
      let solution = minimised(problem, from: point)
      if solution.sumOfSquares < best?.sumOfSquares ?? .infinity { best = solution }
    }
    guard let best else { preconditionFailure("Every family has a start.") }
    return Found(solution: best, unit: unit, offset: offset)
  }

  func problem(_ scaledResponse: [Double], origin: Double) -> FitProblem {
    FitProblem(family: family, points: points, hasBottom: hasBottom, response: scaledResponse, origin: origin)
  }

  /// The problem whose solution a fit is.
  func problem(of fit: CurveFit) -> FitProblem {
    let response = zip(fit.solution.residuals, fitted(fit.solution.point)).map { $1 - $0 }
    return problem(response, origin: -fit.offset / fit.unit)
  }

  func minimised(
    _ problem: FitProblem, from point: [Double], held: [Bool]? = nil,
    by method: LevenbergMarquardt = LevenbergMarquardt()
  ) -> LeastSquaresSolution {
    method.minimise(problem, from: point, lower: problem.lower, upper: problem.upper, held: held)
  }

  /// The family's parameters at a point of the fit's coordinates.
  func parameters(at point: [Double], unit: Double, offset: Double) -> [Double] {
    family.parameters(
      rise: point[0] * unit, bottom: hasBottom ? offset + point[1] * unit : 0,
      shape: FitProblem.shape(point, from: firstShape), largest: largest)
  }

  private func described(_ found: Found, totalSumOfSquares: Double) -> CurveFit {
    let solution = found.solution
    let degreesOfFreedom = media.count - coordinateCount
    let residual = solution.sumOfSquares * found.unit * found.unit
    let covariance = coordinateCovariance(solution, degreesOfFreedom: degreesOfFreedom)
    let shape = FitProblem.shape(solution.point, from: firstShape)
    var fit = CurveFit(
      family: family, parameters: parameters(at: solution.point, unit: found.unit, offset: found.offset),
      covariance: covariance.map { carriedOver($0, found) },
      bottom: hasBottom ? found.offset + solution.point[1] * found.unit : nil,
      bottomStandardError: hasBottom ? covariance.map { $0[1, 1].squareRoot() * found.unit } : nil,
      rise: solution.point[0] * found.unit, halfSaturation: halfSaturation(shape).map { $0 * largest },
      smallestMedia: media.filter { $0 > 0 }.min() ?? largest, largestMedia: largest,
      observationCount: media.count, degreesOfFreedom: degreesOfFreedom, residualSumOfSquares: residual,
      totalSumOfSquares: totalSumOfSquares, warnings: [], solution: solution, unit: found.unit, offset: found.offset)
    fit.warnings = warnings(on: fit)
    return fit
  }

  /// Coordinates that stand at a limit count as known; nil where that is the ceiling's, which nobody knows then.
  func coordinateCovariance(_ solution: LeastSquaresSolution, degreesOfFreedom: Int) -> Matrix? {
    let free = (0..<coordinateCount).filter { !solution.isAtLimit[$0] }
    if let ceiling = family.ceiling, solution.isAtLimit[firstShape + ceiling.coordinate] { return nil }
    guard degreesOfFreedom > 0, let inverse = inverseGram(solution.jacobian, free) else { return nil }
    let variance = solution.sumOfSquares / Double(degreesOfFreedom)
    var covariance = Matrix(rowCount: coordinateCount, columnCount: coordinateCount)
    for (a, i) in free.enumerated() {
      for (b, j) in free.enumerated() { covariance[i, j] = variance * inverse[a, b] }
    }
    return covariance
  }

  /// `(JᵀJ)⁻¹` of some columns, by columns of length 1; nil where they do not differ but for rounding.
  func inverseGram(_ jacobian: Matrix, _ columns: [Int]) -> Matrix? {
    let (scaled, lengths) = normalised(jacobian, columns)
    guard !lengths.contains(0) else { return nil }
    let factors = QRFactorisation(scaled)
    guard factors.reciprocalCondition > 1e-12, var inverse = factors.inverseGram else { return nil }
    for i in columns.indices {
      for j in columns.indices { inverse[i, j] /= lengths[i] * lengths[j] }
    }
    return inverse
  }

  /// Some columns, each divided by its length.
  func normalised(_ jacobian: Matrix, _ columns: [Int]) -> (matrix: Matrix, lengths: [Double]) {
    var matrix = Matrix(rowCount: jacobian.rowCount, columnCount: columns.count)
    var lengths: [Double] = []
    for (k, j) in columns.enumerated() {
      let column = jacobian.elements.span.extracting(j * jacobian.rowCount..<(j + 1) * jacobian.rowCount)
      let length = dot(column, column).squareRoot()
      lengths.append(length)
      for i in 0..<jacobian.rowCount { matrix[i, k] = length > 0 ? column[i] / length : 0 }
    }
    return (matrix, lengths)
  }

  /// A covariance of coordinates as one of parameters: by differences, good to nine digits or so.
  private func carriedOver(_ covariance: Matrix, _ found: Found) -> Matrix {
    let point = found.solution.point
    let step = 1e-5
    let slopes = point.indices.map { j -> [Double] in
      let size = j == 0 ? step * point[0] : step
      var ahead = point
      var behind = point
      ahead[j] += size
      behind[j] -= size
      return zip(
        parameters(at: ahead, unit: found.unit, offset: found.offset),
        parameters(at: behind, unit: found.unit, offset: found.offset)
      ).map { ($0 - $1) / (2 * size) }
    }
    let count = family.parameters.count
    var result = Matrix(rowCount: count, columnCount: count)
    for a in 0..<count {
      for b in 0..<count {
        for i in point.indices {
          for j in point.indices { result[a, b] += slopes[i][a] * covariance[i, j] * slopes[j][b] }
        }
      }
    }
    return result
  }

  /// The share of the largest media at which half the ceiling is reached: by bisection in its logarithm.
  func halfSaturation(_ shape: SIMD4<Double>) -> Double? {
    guard let reached = family.ceilingShare(shape) else { return nil }
    let half = 0.5 * family.curve(at: FitMedia(share: 1, largest: largest), shape).value / reached
    var low = -600.0
    var high = 600.0
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if family.curve(at: FitMedia(share: exp(middle), largest: largest), shape).value < half {
        low = middle
      } else {
        high = middle
      }
    }
    return exp(high)
  }
}
