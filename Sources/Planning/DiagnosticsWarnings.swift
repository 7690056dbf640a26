import ResponseModel

extension Posterior {
  /// What is to be known of every plan by this posterior.
  ///
  /// - Parameter doubts: of its sampling.
  func warnings(doubts: [String]) -> [String] {
    let silent = cells.filter { $0.outcomeScale == 0 }.map(\.name)
    let shown = silent.prefix(12).joined(separator: ", ") + (silent.count > 12 ? ", …" : "")
    return [diagnostics.caveat].compactMap(\.self) + doubts + (drawCount == 1 ? [Self.pointEstimate] : [])
      + (silent.isEmpty
        ? []
        : [
          "no response of \(shown) in the model, whatever is spent there: a scale is 0, as where the data have none of the channel"
        ])
  }

  private static let pointEstimate =
    "one draw is a point estimate: a single curve per channel approximates what a model knows and carries no uncertainty, so "
    + "that intervals, probabilities and utilities that weigh risk say nothing"
}

extension PosteriorDiagnostics {
  /// What speaks against the sampling, in sentences.
  ///
  /// The limits are those of Vehtari et al. (Bayesian Analysis 2021): R-hat above 1.01, or fewer than 100 effective draws a
  /// chain, taken as 400 in all.
  var doubts: [String] {
    var doubts: [String] = []
    if let worst = parameters.filter({ ($0.rHat ?? 0) > 1.01 }).max(by: { ($0.rHat ?? 0) < ($1.rHat ?? 0) }),
      let rHat = worst.rHat
    {
      doubts.append(
        "the sampler's chains disagree: R-hat is \((rHat * 1000).rounded() / 1000) for \(worst.name), above 1.01")
    }
    if let worst = parameters.filter({ ($0.effectiveSampleSize ?? .infinity) < 400 }).min(by: {
      ($0.effectiveSampleSize ?? 0) < ($1.effectiveSampleSize ?? 0)
    }), let size = worst.effectiveSampleSize {
      doubts.append("few effective draws: \(Int(size)) for \(worst.name), below 400")
    }
    if let divergences, divergences > 0 {
      doubts.append("\(divergences) divergent transition\(divergences == 1 ? "" : "s"): the posterior may be biased")
    }
    return doubts
  }
}
