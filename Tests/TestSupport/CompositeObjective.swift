public import NumericKernel
public import Optimisation

/// `U(R(x))`, `R_d(x) = Σ_j r_dj(x_j)`: the shape that the solvers are for, from a curve and an outer function.
public struct CompositeObjective: Objective {
  public typealias Curve =
    @Sendable (_ draw: Int, _ variable: Int, _ x: Double) -> (value: Double, slope: Double, curvature: Double)

  public let dimension: Int
  public let drawCount: Int
  public var outer: any OuterFunction
  /// What the maker says of the curves.
  public var hasConcaveInner = false
  /// Where each curve turns from convex to concave; 0 where it is concave throughout.
  public var inflection: @Sendable (_ draw: Int, _ variable: Int) -> Double = { _, _ in 0 }
  private let curve: Curve

  public init(dimension: Int, drawCount: Int, outer: any OuterFunction, curve: @escaping Curve) {
    self.dimension = dimension
    self.drawCount = drawCount
    self.outer = outer
    self.curve = curve
  }

  public var isSmooth: Bool { outer.isSmooth }

  public func value(at x: [Double]) -> Double { outer.score(expanded(at: x).values).value }

  public func expansion(at x: [Double], smoothing: Double) -> Expansion {
    let (values, slopes, curvatures) = expanded(at: x)
    let score = outer.smoothed(values, width: smoothing)
    var hessian = score.diagonal.isEmpty ? zero : slopes.gram(weights: score.diagonal)
    for rankOne in score.rankOnes {
      let v = slopes.transposeTimes(rankOne.vector)
      for i in v.indices {
        for j in v.indices { hessian[i, j] += rankOne.factor * v[i] * v[j] }
      }
    }
    return Expansion(
      value: score.value, gradient: slopes.transposeTimes(score.weights),
      hessian: hessian + Matrix(diagonal: curvatures.transposeTimes(score.weights)))
  }

  public func localModel(at x: [Double]) -> (any LocalModel)? {
    let (values, slopes, curvatures) = expanded(at: x)
    return outer.concaveSurrogate(at: values).map {
      CompositeModel(values: values, slopes: slopes, curvatures: curvatures, outer: $0)
    }
  }

  private var zero: Matrix { Matrix(rowCount: dimension, columnCount: dimension) }

  private func expanded(at x: [Double]) -> (values: [Double], slopes: DrawMatrix, curvatures: DrawMatrix) {
    var values = [Double](repeating: 0, count: drawCount)
    var slopes = DrawMatrix(drawCount: drawCount, columnCount: dimension)
    var curvatures = slopes
    for j in 0..<dimension {
      slopes.withMutableColumn(j) { slopes in
        curvatures.withMutableColumn(j) { curvatures in
          for d in 0..<drawCount {
            let r = curve(d, j, x[j])
            values[d] += r.value
            slopes[d] = r.slope
            curvatures[d] = r.curvature
          }
        }
      }
    }
    return (values, slopes, curvatures)
  }
}

extension CompositeObjective: CertifiableObjective {
  public func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) {
    let (values, slopes, _) = expanded(at: x)
    return (values, slopes)
  }

  public func outerCut(at inner: [Double]) -> OuterCut? {
    guard outer.isConcave else { return nil }
    let (value, weights) = outer.score(inner)
    return OuterCut(value: value, weights: weights, at: inner)
  }
}

extension CompositeObjective: SeparableObjective {
  public var innerConstant: [Double] { [Double](repeating: 0, count: drawCount) }

  public func chords(of variable: Int, at points: [Double], inner: Range<Int>) -> CurveChords {
    var chords = CurveChords(spends: points, drawCount: inner.count)
    for d in 0..<inner.count {
      let turn = inflection(inner.lowerBound + d, variable)
      let ends = points.map { curve(inner.lowerBound + d, variable, $0) }
      for k in points.indices {
        chords.values[d, k] = ends[k].value
        guard k > 0 else { continue }
        let (a, b) = (points[k - 1], points[k])
        let slope = (ends[k].value - ends[k - 1].value) / (b - a)
        let (start, end) = (ends[k - 1].slope - slope, slope - ends[k].slope)
        if a >= turn {
          chords.above[d, k - 1] = start > 0 && end > 0 ? start * end / (start + end) * (b - a) : 0
        } else if b <= turn {
          chords.below[d, k - 1] = start < 0 && end < 0 ? start * end / -(start + end) * (b - a) : 0
        } else {
          chords.above[d, k - 1] = max(end, 0) * (b - turn)
          chords.below[d, k - 1] = max(-start, 0) * (turn - a)
        }
      }
    }
    return chords
  }
}

private struct CompositeModel: LocalModel {
  var values: [Double]
  var slopes: DrawMatrix
  var curvatures: DrawMatrix
  var outer: any OuterFunction

  private func score(at step: [Double]) -> (value: Double, weights: [Double]) {
    outer.score(zip(values, slopes.times(step)).map { $0 + $1 })
  }

  func value(at step: [Double]) -> (value: Double, gradient: [Double]) {
    let (value, weights) = score(at: step)
    return (value, slopes.transposeTimes(weights))
  }

  func curvature(at step: [Double]) -> Matrix {
    Matrix(diagonal: curvatures.transposeTimes(score(at: step).weights))
  }
}
