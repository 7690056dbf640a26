public import NumericKernel
import Optimisation
import ResponseModel

/// How the uncertainty of a fit becomes draws.
public enum Uncertainty: String, Sendable, CaseIterable {
  /// The likelihood's own: over the ceiling as it is, and over the rest normal about the best for each ceiling (Laplace).
  case laplace
  /// Fits to the curve with what it misses at each observation when that is left out, up or down by chance: the wild bootstrap
  /// (Wu, Annals of Statistics 14, 1986; with the residuals of MacKinnon and White's HC3), for noise that is not the same everywhere.
  case bootstrap
}

extension CurveFitter {
  /// Draws of the family's parameters, one column each, whose spread is how little the data say: the same for the same seed, on
  /// any number of threads.
  ///
  /// By Laplace, the coordinates of the fit have an even prior, and so has the logarithm of the noise: the coordinate of the
  /// ceiling is drawn from its own likelihood, the others being fitted anew and integrated at each of its values, for it is seldom
  /// normal. Ceilings of more than `largestCeiling` times the response at the largest media are not drawn: where the data do not
  /// tell the ceiling it is the prior that does, and the fit warns. By bootstrap, whatever a fit finds is a draw.
  ///
  /// An exact fit has no uncertainty: its draws are all the same.
  public func draws(_ fit: CurveFit, count: Int, by uncertainty: Uncertainty, seed: UInt64) -> DrawMatrix {
    precondition(count >= 1, "At least one draw is drawn.")
    let rows: [[Double]]
    if fit.solution.sumOfSquares <= CurveFitter.exactFit * Double(media.count) || fit.degreesOfFreedom < 1 {
      rows = [[Double]](repeating: fit.parameters, count: count)
    } else {
      switch uncertainty {
      case .laplace:
        var random = RandomSource(seed: seed)
        let posterior = CeilingPosterior(self, fit)
        rows = (0..<count).map { _ in parameters(at: posterior.draw(&random), unit: fit.unit, offset: fit.offset) }
      case .bootstrap: rows = bootstrapped(fit, count: count, seed: seed)
      }
    }
    return matrix(rows)
  }

  /// A curve for each draw of the response.
  ///
  /// - Parameter responses: a column for each observation.
  /// - Returns: a column for each of the family's parameters, and how many draws' best curves do not rise with media: they are
  ///   flat, but for a millionth of a millionth.
  /// - Throws: for a response that is not finite.
  public func fit(draws responses: DrawMatrix) throws(CurveFitError) -> (parameters: DrawMatrix, flatCount: Int) {
    precondition(responses.columnCount == media.count, "A column of responses for each observation.")
    for observation in media.indices {
      let wrong = responses.withColumn(observation) { column -> Double? in
        for draw in 0..<column.count where !column[draw].isFinite { return column[draw] }
        return nil
      }
      if let wrong { throw .wrongNumber(observation: observation, expected: "a finite response", found: wrong) }
    }
    let fits = Parallel.map(responses.drawCount) { draw in
      let found = search(responses.row(draw), startCount: CurveFitter.startsPerDraw)
      let isFlat = found.solution.point[0] <= 1e3 * FitProblem.leastRise
      return (parameters(at: found.solution.point, unit: found.unit, offset: found.offset), isFlat)
    }
    return (matrix(fits.map(\.0)), fits.count { $0.1 })
  }

  /// Of the response at the largest media, the highest ceiling that Laplace draws.
  public static let largestCeiling = 100.0
  /// A mean square below it is rounding, in a fit's unit.
  static let exactFit = 1e-24
  /// Draws are many and much alike: few starts do.
  static let startsPerDraw = 2

  private func bootstrapped(_ fit: CurveFit, count: Int, seed: UInt64) -> [[Double]] {
    let curve = fitted(fit.solution.point)
    let missed = zip(fit.solution.residuals, leverages(fit.solution)).map { $0 / max(1 - $1, CurveFitter.leastFreedom) }
    var seeds = RandomSource(seed: seed)
    let streams = (0..<count).map { _ in RandomSource(seed: seeds.next()) }
    return Parallel.map(count) { draw in
      var random = streams[draw]
      let response = curve.indices.map { i in
        (curve[i] + (random.uniform() < 0.5 ? missed[i] : -missed[i])) * fit.unit + fit.offset
      }
      let found = search(response, startCount: CurveFitter.startsPerDraw)
      return parameters(at: found.solution.point, unit: found.unit, offset: found.offset)
    }
  }

  /// How far each observation pulls the curve to itself, from 0 to 1: its residual is smaller by as much than if it were left out.
  private func leverages(_ solution: LeastSquaresSolution) -> [Double] {
    let free = (0..<coordinateCount).filter { !solution.isAtLimit[$0] }
    guard let inverse = inverseGram(solution.jacobian, free) else { return media.map { _ in 0 } }
    return media.indices.map { i in
      var sum = 0.0
      for (a, j) in free.enumerated() {
        for (b, k) in free.enumerated() { sum += solution.jacobian[i, j] * inverse[a, b] * solution.jacobian[i, k] }
      }
      return sum
    }
  }

  /// A curve that goes through an observation whatever it is says nothing of its noise.
  private static let leastFreedom = 0.05

  private func matrix(_ rows: [[Double]]) -> DrawMatrix {
    DrawMatrix(columns: family.parameters.indices.map { column in rows.map { $0[column] } }, drawCount: rows.count)
  }
}
