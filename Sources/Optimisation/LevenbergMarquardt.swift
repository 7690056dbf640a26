public import NumericKernel

/// Residuals as a function of a point, with their derivatives.
public protocol LeastSquaresProblem {
  /// How many residuals there are: at least as many as coordinates.
  var residualCount: Int { get }
  /// Writes the residuals at a point, and their derivatives: a row for each residual, a column for each coordinate. Every
  /// entry of both is written.
  func evaluate(at point: [Double], residuals: inout [Double], jacobian: inout Matrix)
}

/// Where a sum of squares is least, as far as a descent from one start finds it.
public struct LeastSquaresSolution: Sendable {
  /// Within its limits.
  public var point: [Double]
  /// At the point.
  public var residuals: [Double]
  /// At the point; columns of held coordinates included.
  public var jacobian: Matrix
  /// Of the residuals.
  public var sumOfSquares: Double
  /// For each coordinate whether it stands at one of its limits, and the sum would fall beyond.
  public var isAtLimit: [Bool]
  public var termination: Termination
  /// Of the problem.
  public var evaluations: Int
}

/// Minimises a sum of squares within a box (Levenberg 1944, Marquardt 1963; scaled by columns as in Moré, LNM 630, 1978).
///
/// The step at μ minimises `‖J δ + r‖² + μ ‖D δ‖²`, D being the largest norm of each column so far, by two QR factorisations:
/// of J once, and of R with `√μ D` below it for each μ. μ follows Nielsen's rule (IMM-REP-1999-05). A coordinate at a limit is held
/// there while the sum falls outwards; a step is cut at the limits.
///
/// How far there is to go is told by the offset `‖Qᵀ r‖ / ‖r‖`, the share of the residuals that a linear problem would still take
/// away, whatever the coordinates (Bates and Watts, Technometrics 23, 1981). Sums of squares cannot tell offsets below 1e-8 apart: from
/// `polishingOffset` on, undamped steps are taken as long as they make it smaller.
public struct LevenbergMarquardt: Sendable {
  /// Steps tried, at most.
  public var iterationLimit: Int
  /// The descent has converged where the offset is no larger.
  public var tolerance: Double

  /// μ of the first step: small where the start is known to be near.
  public var damping: Double

  /// Its square is what a step could take from the sum: digits of it that are left to compare.
  private static let polishingOffset = 1e-6

  public init(iterationLimit: Int = 200, tolerance: Double = 1e-12, damping: Double = 1e-3) {
    self.iterationLimit = iterationLimit
    self.tolerance = tolerance
    self.damping = damping
  }

  /// - Parameters:
  ///   - start: within the limits.
  ///   - held: for each coordinate whether it stays where it starts; none by default.
  public func minimise(
    _ problem: some LeastSquaresProblem, from start: [Double], lower: [Double], upper: [Double], held: [Bool]? = nil
  ) -> LeastSquaresSolution {
    let count = start.count
    precondition(lower.count == count && upper.count == count, "Each coordinate has its limits.")
    precondition((0..<count).allSatisfy { lower[$0] <= start[$0] && start[$0] <= upper[$0] }, "A start is in the box.")
    var here = State(problem, at: start)
    var evaluations = 1
    var scales = [Double](repeating: 0, count: count)
    var damping = self.damping
    var growth = 2.0
    var polished: (state: State, offset: Double)?
    var termination = Termination.iterationLimit
    var tried = 0
    search: while tried < iterationLimit {
      let gradient = (0..<count).map { columnProduct(here.jacobian, $0, here.residuals) }
      let norms = (0..<count).map { columnProduct(here.jacobian, $0).squareRoot() }
      for j in 0..<count { scales[j] = max(scales[j], norms[j]) }
      let free = (0..<count).filter { j in
        held?[j] != true && norms[j] > 0 && !(here.point[j] <= lower[j] && gradient[j] >= 0)
          && !(here.point[j] >= upper[j] && gradient[j] <= 0)
      }
      var columns = Matrix(rowCount: problem.residualCount, columnCount: free.count)
      for (k, j) in free.enumerated() {
        for i in 0..<problem.residualCount { columns[i, k] = here.jacobian[i, j] }
      }
      let whole = QRFactorisation(columns)
      let triangle = whole.upperTriangle
      let right = whole.transposeTimes(here.residuals)
      // Where a column depends on those before it, but for rounding, its direction means nothing.
      let reach = free.indices.filter { abs(triangle[$0, $0]) > 1e-13 * norms[free[$0]] }
      let offset = here.sum > 0 ? (squaredNorm(reach.map { right[$0] }) / here.sum).squareRoot() : 0
      if let polished, offset > 0.9 * polished.offset {
        here = polished.state
        termination = .converged
        break
      }
      if offset <= tolerance {
        termination = .converged
        break
      }
      let isPolishing = offset <= LevenbergMarquardt.polishingOffset
      polished = isPolishing ? (here, offset) : nil
      while tried < iterationLimit {
        tried += 1
        let sizes = free.map { scales[$0] }
        let step =
          isPolishing
          ? dampedStep(triangle, right, sizes, 0) ?? dampedStep(triangle, right, sizes, damping)
          : dampedStep(triangle, right, sizes, damping)
        var trial = here.point
        if let step {
          for (k, j) in free.enumerated() { trial[j] = min(max(trial[j] + step[k], lower[j]), upper[j]) }
        }
        let moved = free.map { trial[$0] - here.point[$0] }
        if zip(free, moved).allSatisfy({ abs($1) <= 1e-15 * max(abs(here.point[$0]), 1e-3) }) {
          termination = .converged
          break search
        }
        let there = State(problem, at: trial)
        evaluations += 1
        if isPolishing {
          guard there.sum <= here.sum * (1 + 1e-12) else {
            termination = .converged
            break search
          }
          here = there
          break
        }
        guard there.sum < here.sum else {
          damping *= growth
          growth *= 2
          if damping > 1e30 {
            termination = .stalled
            break search
          }
          continue
        }
        // What a linear problem would gain: ‖r‖² − ‖r + J δ‖², in the coordinates of R.
        var predicted = 0.0
        for i in 0..<free.count {
          var change = 0.0
          for k in i..<free.count { change += triangle[i, k] * moved[k] }
          predicted -= change * (2 * right[i] + change)
        }
        let gain = predicted > 0 ? min((here.sum - there.sum) / predicted, 1) : 1
        let bend = 2 * gain - 1
        damping = max(damping * max(1.0 / 3, 1 - bend * bend * bend), 1e-20)
        growth = 2
        here = there
        break
      }
    }
    let isAtLimit = (0..<count).map { j in
      guard held?[j] != true else { return false }
      let slope = columnProduct(here.jacobian, j, here.residuals)
      return here.point[j] <= lower[j] && slope >= 0 || here.point[j] >= upper[j] && slope <= 0
    }
    return LeastSquaresSolution(
      point: here.point, residuals: here.residuals, jacobian: here.jacobian, sumOfSquares: here.sum,
      isAtLimit: isAtLimit, termination: termination, evaluations: evaluations)
  }

  /// A point and what is known there.
  private struct State {
    var point: [Double]
    var residuals: [Double]
    var jacobian: Matrix
    /// Infinite where it is no number.
    var sum: Double

    init(_ problem: some LeastSquaresProblem, at point: [Double]) {
      self.point = point
      residuals = [Double](repeating: 0, count: problem.residualCount)
      jacobian = Matrix(rowCount: problem.residualCount, columnCount: point.count)
      problem.evaluate(at: point, residuals: &residuals, jacobian: &jacobian)
      sum = squaredNorm(residuals)
      if sum.isNaN { sum = .infinity }
    }
  }

  /// The step by R, Qᵀ r and the scales of its coordinates; nil where columns depend on each other.
  private func dampedStep(_ triangle: Matrix, _ right: [Double], _ scales: [Double], _ damping: Double) -> [Double]? {
    let count = right.count
    var stacked = Matrix(rowCount: 2 * count, columnCount: count)
    for k in 0..<count {
      for i in 0...k { stacked[i, k] = triangle[i, k] }
      stacked[count + k, k] = damping.squareRoot() * scales[k]
    }
    let target = right.map { -$0 } + [Double](repeating: 0, count: count)
    return QRFactorisation(stacked).solve(target)
  }
}

private func squaredNorm(_ values: [Double]) -> Double { dot(values, values) }

/// A column times a vector, or times itself.
private func columnProduct(_ matrix: Matrix, _ column: Int, _ vector: [Double]? = nil) -> Double {
  let column = matrix.elements.span.extracting(column * matrix.rowCount..<(column + 1) * matrix.rowCount)
  if let vector { return NumericKernel.dot(column, vector.span) }
  return NumericKernel.dot(column, column)
}
