import Foundation
public import NumericKernel

/// `softplus(Σ_j c_j φ_j(t)) / m`: a multiplier that varies smoothly over time, a Gaussian process in its Hilbert space
/// approximation.
///
/// `φ_j(t) = √(1/L) sin(π j (t − X + L) / 2L)`, X being the middle of the observed periods and L half the width of the interval
/// on which the process lives (Solin and Särkkä, Statistics and Computing 30, 2020, equation 20; Riutort-Mayol et al., Statistics
/// and Computing 33, 2023). PyMC-Marketing's time-varying media are this, m being the mean of the softplus over the observed
/// periods.
public struct HilbertMultiplier: Sendable {
  /// Draws by basis functions: each function's coefficient, the prior's spectral density multiplied in.
  public var coefficients: DrawMatrix
  /// j of the first of those functions: 1, or 2 where the first is left out.
  public var firstFunction: Int
  /// One for each draw: what the softplus is divided by.
  public var means: [Double]
  /// X, in periods from the first observed one.
  public var middle: Double
  /// L, in periods: above 0.
  public var halfWidth: Double

  /// A mean for each draw of the coefficients, and a positive half-width.
  public init(
    coefficients: DrawMatrix, firstFunction: Int, means: [Double], middle: Double, halfWidth: Double
  ) {
    precondition(means.count == coefficients.drawCount, "A mean for each draw.")
    precondition(halfWidth > 0 && halfWidth.isFinite && firstFunction >= 1, "A process lives on an interval.")
    self.coefficients = coefficients
    self.firstFunction = firstFunction
    self.means = means
    self.middle = middle
    self.halfWidth = halfWidth
  }

  /// The last time at which the approximation holds, in periods from the first observed one: at the interval's end the basis
  /// is zero, and beyond it repeats itself.
  public var lastTime: Double { middle + halfWidth }

  /// One number for each draw: the multiplier in a period, counted from the first observed one.
  public func values(at period: Int) -> [Double] {
    let time = Double(period) - middle + halfWidth
    let basis = (0..<coefficients.columnCount).map { index in
      sin(.pi * Double(firstFunction + index) * time / (2 * halfWidth)) / halfWidth.squareRoot()
    }
    return zip(coefficients.times(basis), means).map { softplus($0) / $1 }
  }
}

/// `log(1 + eˣ)`, without overflow: for large x it is x.
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
