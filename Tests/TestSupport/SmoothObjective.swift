import NumericKernel
public import Optimisation

/// A smooth function given by its expansion: textbook problems in a line.
public struct SmoothObjective: Objective {
  public let dimension: Int
  public let isSmooth = true
  private let expand: @Sendable ([Double]) -> Expansion

  public init(dimension: Int, _ expand: @escaping @Sendable ([Double]) -> Expansion) {
    self.dimension = dimension
    self.expand = expand
  }

  /// `Σ_j f_j(x_j)`, each given with its first and second derivative.
  public init(
    dimension: Int, separable f: @escaping @Sendable (_ j: Int, _ x: Double) -> (Double, Double, Double)
  ) {
    self.init(dimension: dimension) { x in
      var expansion = Expansion(value: 0, gradient: [], hessian: Matrix(rowCount: dimension, columnCount: dimension))
      for j in x.indices {
        let (value, slope, curvature) = f(j, x[j])
        expansion.value += value
        expansion.gradient.append(slope)
        expansion.hessian[j, j] = curvature
      }
      return expansion
    }
  }

  public func value(at x: [Double]) -> Double { expand(x).value }

  public func expansion(at x: [Double], smoothing: Double) -> Expansion { expand(x) }

  public func localModel(at x: [Double]) -> (any LocalModel)? { nil }
}
