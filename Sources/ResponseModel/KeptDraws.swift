import NumericKernel

extension Posterior {
  /// The same posterior with these of its draws, in this order; one may be kept more than once. Chains are as they were: whoever does not keep as
  /// many of each says so.
  ///
  /// - Parameter draws: at least one, each of `0..<drawCount`.
  public func keeping(_ draws: [Int]) -> Posterior {
    precondition(!draws.isEmpty, "A posterior has a draw.")
    var kept = self
    for index in cells.indices {
      kept.cells[index].saturationParameters = cells[index].saturationParameters.keeping(draws)
      kept.cells[index].carryoverParameters = cells[index].carryoverParameters.keeping(draws)
      if let reach = cells[index].reach { kept.cells[index].reach?.parameters = reach.parameters.keeping(draws) }
      if case .varying(var multiplier) = cells[index].worth {
        multiplier.coefficients = multiplier.coefficients.keeping(draws)
        multiplier.means = draws.map { multiplier.means[$0] }
        kept.cells[index].worth = .varying(multiplier)
      }
    }
    return kept
  }
}

extension DrawMatrix {
  /// These of its draws, in this order.
  func keeping(_ draws: [Int]) -> DrawMatrix {
    let columns = (0..<columnCount).map { index in
      withColumn(index) { column in draws.map { column[$0] } }
    }
    return DrawMatrix(columns: columns, drawCount: draws.count)
  }
}
