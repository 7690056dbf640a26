import NumericKernel

extension Recommendation.Summary {
  /// Of at least one draw.
  public init(_ draws: [Double]) {
    let span = draws.span
    var weights = [Double](repeating: 0, count: draws.count)
    var weightSpan = weights.mutableSpan
    self.init(
      mean: NumericKernel.mean(span), sd: variance(span).squareRoot(), q05: quantile(span, level: 0.05).value,
      q25: quantile(span, level: 0.25).value, q50: quantile(span, level: 0.5).value,
      q75: quantile(span, level: 0.75).value, q95: quantile(span, level: 0.95).value,
      expectedShortfall05: worstTail(span, tail: 0.05, weights: &weightSpan))
  }
}
