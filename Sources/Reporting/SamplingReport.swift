import ResponseModel

/// How well a sampler did, as lines.
struct SamplingReport {
  var chainCount: Int
  var drawsPerChain: Int
  /// Fewer than the chains have together where they were thinned.
  var drawCount: Int
  var diagnostics: PosteriorDiagnostics

  func lines(_ style: TextStyle) -> [String] {
    if drawCount == 1 { return facts([["Draws", "1: a point estimate"]]).lines(style) }
    if let caveat = diagnostics.caveat { return facts([["Draws", printable(caveat)]]).lines(style) }
    let largest = diagnostics.largestRHat.map { rHatText($0) }
    let smallest = diagnostics.smallestEffectiveSampleSize.map { countText(Int($0.rounded(.down))) }
    return facts([
      ["Draws", drawsText(drawCount, chainCount: chainCount, drawsPerChain: drawsPerChain)],
      ["Largest R-hat", largest ?? "too few draws to say"],
      ["Smallest effective sample size", smallest ?? "too few draws to say"],
      ["Divergences", divergencesText(diagnostics.divergences)],
    ]).lines(style) + doubtful.map { style.warning("  " + $0) }
  }

  private func facts(_ rows: [[String]]) -> TextColumns {
    TextColumns(columns: [("", .left), ("", .left)], rows: rows)
  }

  /// Parameters that the sampler may not have got right, a dozen at most, those of which its chains agree least: R-hat above 1.01,
  /// or fewer than 400 effective draws (Vehtari et al., Bayesian Analysis 2021).
  private var doubtful: [String] {
    let all = diagnostics.parameters.filter { ($0.rHat ?? 1) > 1.01 || ($0.effectiveSampleSize ?? 400) < 400 }
    let worst = all.enumerated().sorted { ($1.element.rHat ?? 0, $0.offset) < ($0.element.rHat ?? 0, $1.offset) }
    let lines = worst.prefix(12).map(\.element).map {
      let rHat = $0.rHat.map { "R-hat \(rHatText($0))" }
      let size = $0.effectiveSampleSize.map { "effective sample size \(countText(Int($0.rounded(.down))))" }
      return "\(printable($0.name)): \([rHat, size].compactMap { $0 }.joined(separator: ", "))"
    }
    return lines + (all.count > lines.count ? ["and \(counted(all.count - lines.count, "more parameter"))"] : [])
  }
}

/// `2,000 (4 chains of 500)`, or of those that were kept `100 of 2,000 (4 chains of 500)`
func drawsText(_ count: Int, chainCount: Int, drawsPerChain: Int) -> String {
  let whole = chainCount * drawsPerChain
  let kept = count == whole ? "" : "\(countText(count)) of "
  return "\(kept)\(countText(whole)) (\(counted(chainCount, "chain")) of \(countText(drawsPerChain)))"
}

func divergencesText(_ count: Int?) -> String { count.map { countText($0) } ?? "the file does not say" }

private func rHatText(_ value: Double) -> String { NumberScale(exponent: 0, decimals: 3).digits(value) }
