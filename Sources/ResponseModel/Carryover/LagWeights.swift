import NumericKernel

extension Cell {
  /// The weight of each lag under one draw, lag 0 first; divided by their sum where the cell says so.
  func lagWeights(draw: Int) -> [Double] {
    let parameters = (0..<carryover.parameters.count).map { carryoverParameters[draw, $0] }
    var weights = [Double](repeating: 0, count: window)
    var span = weights.mutableSpan
    carryover.fill(&span, parameters.span)
    guard isNormalized else { return weights }
    let sum = weights.reduce(0, +)
    // Weights that are all zero carry nothing, normalised or not.
    return sum > 0 ? weights.map { $0 / sum } : weights
  }
}

/// `Σ_l weights[l] · media[t − l]` at time `t`, where media before the first entry and after the last are zero.
func carriedOver(_ media: [Double], _ weights: [Double], at t: Int) -> Double {
  var sum = 0.0
  for lag in max(0, t - media.count + 1)..<max(weights.count, 0) {
    if lag > t { break }
    sum += weights[lag] * media[t - lag]
  }
  return sum
}
