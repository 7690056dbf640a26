import Foundation
import NumericKernel
import Optimisation

extension CurveFitter {
  /// What the data do not say about a fit.
  func warnings(on fit: CurveFit) -> [CurveWarning] {
    var warnings: [CurveWarning] = []
    let solution = fit.solution
    let ceiling = family.ceiling.map { firstShape + $0.coordinate }
    let probability = probabilityWithoutCeiling(fit)
    let isIdentified = probability.map { $0 < CurveFitter.significance } ?? true
    if let probability, !isIdentified { warnings.append(.ceilingNotIdentified(probability: probability)) }
    if let half = fit.halfSaturation {
      // Of a ceiling out of sight all is said.
      let isOutOfSight = ceiling.map { solution.isAtLimit[$0] } ?? false
      if half > fit.largestMedia, !isOutOfSight {
        warnings.append(.halfSaturationBeyondData(half: half, largest: fit.largestMedia))
      } else if half < fit.smallestMedia {
        warnings.append(.halfSaturationBelowData(half: half, smallest: fit.smallestMedia))
      }
    }
    if hasBottom, solution.isAtLimit[1] {
      warnings.append(.atLimit(name: "bottom", value: fit.offset + solution.point[1] * fit.unit))
    }
    for (k, coordinate) in family.shape.enumerated() {
      let index = firstShape + k
      let value = solution.point[index]
      let isEdge = value <= coordinate.lower || value >= coordinate.upper
      if isEdge, isIdentified || index != ceiling {
        warnings.append(.atLimit(name: coordinate.name, value: coordinate.reading(value)))
      }
    }
    let free = (0..<coordinateCount).filter { !solution.isAtLimit[$0] }
    let condition = QRFactorisation(normalised(solution.jacobian, free).matrix).reciprocalCondition
    if isIdentified, condition < CurveFitter.smallestCondition { warnings.append(.nearlySingular) }
    // A descent to rounding error has nothing left to converge to.
    let isExact = solution.sumOfSquares <= 1e-24 * Double(media.count)
    if isIdentified, solution.termination == .iterationLimit, !isExact { warnings.append(.notConverged) }
    if !isExact, let ratio = noiseRatio(fit) { warnings.append(.unevenNoise(ratio: ratio)) }
    if fit.rSquared < CurveFitter.poorFit { warnings.append(.poorFit(rSquared: fit.rSquared)) }
    return warnings
  }

  /// How many times as large residuals are in the upper half of the curve as in the lower; nil where that may be chance. The
  /// logarithm of a mean of n squares is off by `√(2 / n)`.
  private func noiseRatio(_ fit: CurveFit) -> Double? {
    let curve = fitted(fit.solution.point)
    let order = curve.indices.sorted { curve[$0] < curve[$1] }
    let half = order.count / 2
    guard half >= CurveFitter.fewestToCompare else { return nil }
    func meanSquare(_ observations: ArraySlice<Int>) -> Double {
      observations.reduce(0) { $0 + fit.solution.residuals[$1] * fit.solution.residuals[$1] } / Double(half)
    }
    let (low, high) = (meanSquare(order.prefix(half)), meanSquare(order.suffix(half)))
    guard low > 0, high > 0 else { return nil }
    let deviations = log(high / low) / (4 / Double(half)).squareRoot()
    return abs(deviations) > CurveFitter.noiseDeviations ? (high / low).squareRoot() : nil
  }

  /// Halves of fewer observations are not compared.
  static let fewestToCompare = 10
  /// Noise that is the same everywhere looks as uneven in one fit of 15,000.
  static let noiseDeviations = 4.0
  /// A ceiling out of sight is doubted only below this probability, as tests commonly are.
  static let significance = 0.05
  /// Below it six of the sixteen digits of a parameter are lost and more, whatever the noise.
  static let smallestCondition = 1e-6
  /// Less of the variance explained than not.
  static let poorFit = 0.5

  /// The probability that noise alone makes the fit as much better as it is than the best curve whose ceiling is out of sight
  /// (F test with one degree of freedom); nil for families without a ceiling.
  private func probabilityWithoutCeiling(_ fit: CurveFit) -> Double? {
    guard let ceiling = family.ceiling, fit.degreesOfFreedom > 0 else { return nil }
    let index = firstShape + ceiling.coordinate
    var point = fit.solution.point
    let problem = problem(of: fit)
    var held = [Bool](repeating: false, count: coordinateCount)
    held[index] = true
    point[index] = ceiling.isFarAtLower ? problem.lower[index] : problem.upper[index]
    let far = minimised(problem, from: point, held: held)
    // Rounding is noise, too.
    let noise = max(fit.solution.sumOfSquares, 1e-26 * Double(media.count)) / Double(fit.degreesOfFreedom)
    let statistic = max(0, far.sumOfSquares - fit.solution.sumOfSquares) / noise
    return 2 * StudentT(degreesOfFreedom: Double(fit.degreesOfFreedom)).probability(below: -statistic.squareRoot())
  }

  /// The curve at the observations, in the fit's unit.
  func fitted(_ point: [Double]) -> [Double] {
    let none = [Double](repeating: 0, count: media.count)
    var values = none
    var jacobian = Matrix(rowCount: media.count, columnCount: coordinateCount)
    problem(none, origin: 0).evaluate(at: point, residuals: &values, jacobian: &jacobian)
    return values
  }
}
