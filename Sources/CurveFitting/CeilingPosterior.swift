import Foundation
import NumericKernel
import Optimisation

/// The likelihood of a fit's coordinates with an even prior: that of the ceiling's coordinate on nodes, by integrating the others
/// as if they were normal about the best at each node (the nested Laplace approximation in its simplest form).
///
/// With N observations, m other coordinates, the least sum of squares S at a node and J the derivatives there, the density is
/// `S^(−(N − m) / 2) det(JᵀJ)^(−1/2)`, the noise being integrated too. The rise is told by its logarithm.
struct CeilingPosterior {
  private let fitter: CurveFitter
  private let problem: FitProblem
  /// The coordinate of the ceiling; nil in families without one.
  private let ceiling: Int?
  private let width: Double
  private var nodes: [Node] = []
  /// Sums of the nodes' probabilities, up to each and with it.
  private var cumulative: [Double] = []

  private struct Node {
    var solution: LeastSquaresSolution
    var logDensity: Double
  }

  /// Between nodes, at most: a curve's coordinates are of order one.
  private static let largestWidth = 0.25
  /// Nodes in one standard deviation.
  private static let nodesPerDeviation = 3.0
  /// Nodes less probable than the best by more than e to this do not count.
  private static let negligible = 16.0
  /// Half saturations as far below the smallest media as this factor are no further distinguished.
  private static let belowData = 10.0
  /// From one place of the ceiling to the next it is not far: the first step is nearly Gauss's.
  private static let refit = LevenbergMarquardt(tolerance: 1e-9, damping: 1e-8)
  /// A draw outside its limits is drawn again so often, and then put at the limit.
  private static let redraws = 100

  init(_ fitter: CurveFitter, _ fit: CurveFit) {
    self.fitter = fitter
    problem = fitter.problem(of: fit)
    ceiling = fitter.family.ceiling.map { fitter.firstShape + $0.coordinate }
    var width = CeilingPosterior.largestWidth
    if let ceiling, !fit.solution.isAtLimit[ceiling],
      let covariance = fitter.coordinateCovariance(fit.solution, degreesOfFreedom: fit.degreesOfFreedom)
    {
      width = min(width, covariance[ceiling, ceiling].squareRoot() / CeilingPosterior.nodesPerDeviation)
    }
    self.width = width
    guard let ceiling else {
      nodes = [Node(solution: fit.solution, logDensity: 0)]
      cumulative = [1]
      return
    }
    march(from: fit, along: ceiling)
    if nodes.isEmpty { nodes = [Node(solution: fit.solution, logDensity: 0)] }
    let best = nodes.map(\.logDensity).max() ?? 0
    var sum = 0.0
    for node in nodes {
      sum += exp(node.logDensity - best)
      cumulative.append(sum)
    }
  }

  /// Nodes from the best fit outwards, to either side, until they are negligible or outside what is drawn. A best fit that is
  /// outside itself is left behind.
  private mutating func march(from fit: CurveFit, along ceiling: Int) {
    var best = -Double.infinity
    let startsInside = isDrawn(fit.solution, fit)
    for direction in [1.0, -1.0] {
      var solution = fit.solution
      var hasEntered = startsInside
      var step = direction > 0 ? 0 : 1
      while true {
        let place = fit.solution.point[ceiling] + direction * Double(step) * width
        guard place >= problem.lower[ceiling], place <= problem.upper[ceiling] else { break }
        solution = conditional(at: place, from: solution.point)
        step += 1
        guard isDrawn(solution, fit) else {
          if hasEntered { break }
          continue
        }
        hasEntered = true
        let density = logDensity(solution)
        best = max(best, density)
        if density < best - CeilingPosterior.negligible { break }
        nodes.append(Node(solution: solution, logDensity: density))
      }
    }
  }

  /// Whether a curve is one that may be drawn: its ceiling is not too high, nor reached too early to be told.
  private func isDrawn(_ solution: LeastSquaresSolution, _ fit: CurveFit) -> Bool {
    let shape = FitProblem.shape(solution.point, from: fitter.firstShape)
    let smallest = fit.smallestMedia / fit.largestMedia / CeilingPosterior.belowData
    return (fitter.family.ceilingShare(shape) ?? 1) >= 1 / CurveFitter.largestCeiling
      && (fitter.halfSaturation(shape) ?? 1) >= smallest
  }

  /// The best of the other coordinates.
  private func conditional(at place: Double, from point: [Double]) -> LeastSquaresSolution {
    guard let ceiling else { return fitter.minimised(problem, from: point) }
    var start = point
    start[ceiling] = place
    var held = [Bool](repeating: false, count: point.count)
    held[ceiling] = true
    return fitter.minimised(problem, from: start, held: held, by: CeilingPosterior.refit)
  }

  /// The coordinates that are integrated.
  private func others(_ solution: LeastSquaresSolution) -> [Int] {
    solution.point.indices.filter { $0 != ceiling && !solution.isAtLimit[$0] }
  }

  private func logDensity(_ solution: LeastSquaresSolution) -> Double {
    let others = others(solution)
    let (matrix, lengths) = fitter.normalised(withLogRise(solution), others)
    let triangle = QRFactorisation(matrix).upperTriangle
    var logDeterminant = 0.0
    for (k, length) in lengths.enumerated() { logDeterminant += log(length * abs(triangle[k, k])) }
    let degrees = Double(fitter.media.count - others.count)
    return -0.5 * degrees * log(solution.sumOfSquares) - logDeterminant
  }

  private func withLogRise(_ solution: LeastSquaresSolution) -> Matrix {
    var jacobian = solution.jacobian
    for i in 0..<jacobian.rowCount { jacobian[i, 0] *= solution.point[0] }
    return jacobian
  }

  /// One draw of the coordinates.
  func draw(_ random: inout RandomSource) -> [Double] {
    for _ in 0..<CeilingPosterior.redraws {
      let point = unlimitedDraw(&random)
      let shape = FitProblem.shape(point, from: fitter.firstShape)
      let isInside = point.indices.allSatisfy { problem.lower[$0] <= point[$0] && point[$0] <= problem.upper[$0] }
      if isInside, (fitter.family.ceilingShare(shape) ?? 1) >= 1 / CurveFitter.largestCeiling { return point }
    }
    let point = unlimitedDraw(&random)
    return point.indices.map { min(max(point[$0], problem.lower[$0]), problem.upper[$0]) }
  }

  private func unlimitedDraw(_ random: inout RandomSource) -> [Double] {
    let share = random.uniform() * (cumulative.last ?? 1)
    let index = cumulative.firstIndex { $0 >= share } ?? 0
    var solution = nodes[index].solution
    if let ceiling {
      let place = solution.point[ceiling] + (random.uniform() - 0.5) * width
      solution = conditional(
        at: min(max(place, problem.lower[ceiling]), problem.upper[ceiling]), from: solution.point)
    }
    let others = others(solution)
    let degrees = Double(fitter.media.count - others.count)
    let deviation = (solution.sumOfSquares / random.chiSquared(degreesOfFreedom: degrees)).squareRoot()
    var point = solution.point
    guard let covariance = fitter.inverseGram(withLogRise(solution), others) else { return point }
    let moves: [Double]
    do {
      moves = try Cholesky(covariance).factorTimes(others.map { _ in random.normal() })
    } catch {
      return point
    }
    for (k, j) in others.enumerated() {
      let move = deviation * moves[k]
      if j == 0 { point[0] *= exp(move) } else { point[j] += move }
    }
    return point
  }
}
