import NumericKernel

extension Cell {
  /// Draws by lags: the weight of each lag, lag 0 first; divided by their sum where the cell says so.
  var lagWeights: DrawMatrix { weights(carryover) }

  private func weights<Family: Carryover>(_ family: Family.Type) -> DrawMatrix {
    var matrix = DrawMatrix(drawCount: drawCount, columnCount: window)
    var parameters = [Double](repeating: 0, count: family.parameters.count)
    var weights = [Double](repeating: 0, count: window)
    for draw in 0..<drawCount {
      for index in parameters.indices { parameters[index] = carryoverParameters[draw, index] }
      var span = weights.mutableSpan
      family.fill(&span, parameters.span)
      let sum = weights.reduce(0, +)
      // Weights that are all zero carry nothing, normalised or not.
      let scale = isNormalized && sum > 0 ? sum : 1
      for lag in weights.indices { matrix[draw, lag] = weights[lag] / scale }
    }
    return matrix
  }
}
