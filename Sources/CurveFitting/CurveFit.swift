import Foundation
public import NumericKernel
import Optimisation
import ResponseModel

/// A curve fitted to observed media and response by least squares, and how far it may be trusted.
public struct CurveFit: Sendable {
  /// The family, and its parameters in its order and in the units of the data.
  public var family: any FittableSaturation.Type
  /// One for each of the family's parameters.
  public var parameters: [Double]
  /// `s² (JᵀJ)⁻¹` carried over to the parameters, s² being the residual sum of squares by the degrees of freedom; nil where the
  /// data do not tell the parameters apart, or the ceiling is out of sight. What else stands at a limit counts as known.
  public var covariance: Matrix?
  /// The response at no media, where it was fitted; a family without a bottom has no parameter for it.
  public var bottom: Double?
  /// Of its standard error; nil where it was not fitted, or the covariance is not known.
  public var bottomStandardError: Double?
  /// From no media to the largest observed: what the data tell best.
  public var rise: Double
  /// The media at which half the ceiling is reached; nil for a family without one.
  public var halfSaturation: Double?
  /// Observed, above zero.
  public var smallestMedia, largestMedia: Double
  /// Observations.
  public var observationCount: Int
  /// Observations less fitted numbers.
  public var degreesOfFreedom: Int
  /// Of the response about the curve.
  public var residualSumOfSquares: Double
  /// Of the response about its mean.
  public var totalSumOfSquares: Double
  /// What the data do not say, in the order of weight.
  public var warnings: [CurveWarning]

  /// The fit in its own coordinates and unit: draws begin here.
  var solution: LeastSquaresSolution
  var unit: Double
  var offset: Double

  /// `1 − residual / total sum of squares`.
  public var rSquared: Double { 1 - residualSumOfSquares / totalSumOfSquares }

  /// Of an observation about the curve, in units of the response.
  public var residualStandardDeviation: Double { (residualSumOfSquares / Double(degreesOfFreedom)).squareRoot() }

  /// One for each parameter; nil where the covariance is not known.
  public var standardErrors: [Double]? {
    covariance.map { covariance in parameters.indices.map { covariance[$0, $0].squareRoot() } }
  }

  /// The parameter's interval with this probability, by Laplace: Student's t about the estimate, for numbers that must be
  /// positive in their logarithm and for shares in their logit. Nil where no standard error is known; where the data do not
  /// tell the ceiling it says little, and draws say more.
  public func interval(ofParameter index: Int, probability: Double) -> ClosedRange<Double>? {
    guard let error = standardErrors?[index], degreesOfFreedom > 0 else { return nil }
    let t = StudentT(degreesOfFreedom: Double(degreesOfFreedom)).quantile(0.5 + probability / 2)
    let value = parameters[index]
    func range(_ low: Double, _ high: Double) -> ClosedRange<Double>? { low <= high ? low...high : nil }
    switch family.parameters[index].domain {
    case .positiveToOne, .unitInterval, .openUnitInterval:
      guard value < 1, value > 0 else { return nil }
      let logit = log(value / (1 - value))
      let width = t * error / (value * (1 - value))
      return range(1 / (1 + exp(width - logit)), 1 / (1 + exp(-width - logit)))
    case .real where family.parameters[index].name == "bottom": return range(value - t * error, value + t * error)
    case .real, .nonnegative, .positive:
      guard value > 0 else { return range(value - t * error, value + t * error) }
      let width = exp(t * error / value)
      return range(value / width, value * width)
    }
  }

  /// The curve at `media` ≥ 0, its bottom included.
  public func response(at media: Double) -> Double {
    let value = family.point(at: media, parameters.span).value
    return family.hasBottom ? value : value + (bottom ?? 0)
  }
}

/// What a fit's data do not say.
public enum CurveWarning: Sendable, Equatable {
  /// A curve whose ceiling is out of sight fits as well: by the F test with this probability or more.
  case ceilingNotIdentified(probability: Double)
  /// Half the ceiling is reached beyond all observed media.
  case halfSaturationBeyondData(half: Double, largest: Double)
  /// Half the ceiling is reached below all observed media but none.
  case halfSaturationBelowData(half: Double, smallest: Double)
  /// A number stands at its limit.
  case atLimit(name: String, value: Double)
  /// Some combination of parameters could be another without the curve being another at the data.
  case nearlySingular
  /// The descent ended before its tolerance was reached.
  case notConverged
  /// What the curve misses is so many times as large in the upper half of responses as in the lower: standard errors, and draws
  /// by Laplace, take the noise to be the same everywhere.
  case unevenNoise(ratio: Double)
  /// Less than half the response's variance is explained.
  case poorFit(rSquared: Double)
}

extension Saturation {
  /// Whether one of its parameters is the response at no media.
  static var hasBottom: Bool { parameters.contains { $0.name == "bottom" } }
}
