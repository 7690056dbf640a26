import Planning

// What a plan keeps on draws that did not choose it, in words.

extension Recommendation {
  /// Nil where it was not looked for.
  var outOfSampleSentence: String? {
    guard let test = outOfSample else { return noOutOfSampleSentence }
    func short(_ number: Double) -> String { numberText(number, significantDigits: 2) }
    func share(_ number: Double) -> String {
      utility.value == 0 ? "" : " (\(percentText(number / abs(utility.value))))"
    }
    // What rounding leaves is nothing.
    let isNothing = test.optimism <= 1e-9 * abs(utility.value)
    let loss =
      isNothing
      ? "Plans chosen by half of the draws keep all that they promise on the other half"
      : "Plans chosen by half of the draws promise \(short(test.optimism))\(share(test.optimism)) of utility more than the other half has; of this plan, chosen by all, expect about \(short(test.expectedLoss)) less than stated"
    let moving = test.amounts.filter { $0.q95 - $0.q05 > 1e-4 * budget.spent }
      .sorted { $0.q95 - $0.q05 > $1.q95 - $1.q05 }
    let amounts = moving.prefix(4).map {
      "\(printable($0.name)) \(shortAmount($0.q05)) to \(shortAmount($0.q95))"
    }
    let rest = moving.count > amounts.count ? ", and less for \(countText(moving.count - amounts.count, "other"))" : ""
    let stays =
      moving.isEmpty ? "all of them spend the same" : "they spend on \(amounts.joined(separator: ", "))\(rest)"
    return "\(loss); \(stays)."
  }
}
