import Optimisation

extension CompiledPlan {
  /// What is worth a look before the plan is solved: checks of the model that are weak, limits that the others imply, and bounds far beyond what
  /// was observed.
  public func findings() -> [String] {
    let doubts = plan.explorations.map { "the answer will be exploratory: \($0)" }
    if let calendar { return doubts + calendar.findings() }
    var sentences = doubts + limits.redundancies(money: money)
    guard let peaks = observedRanges?.map(\.most) else { return sentences }
    let reachable = limits.polytope(money: money).upper.map { $0 * money }
    for (index, name) in spendCells.names.enumerated() where limits.isStated[index] && reachable[index].isFinite {
      let periods = pattern.shares[index][0].indices
      let most = periods.map { t in pattern.shares[index].reduce(0) { $0 + $1[t] } }.max() ?? 0
      let ratio = most * reachable[index] / peaks[index]
      guard ratio > CompiledPlan.farBeyond else { continue }
      let beyond =
        peaks[index] > 0
        ? "\(Double((10 * ratio).rounded() / 10)) times the most that was observed" : "where nothing was observed"
      sentences.append(
        "\(name) may spend \(SpendLimits.format(most * reachable[index])) in a period, \(beyond): there its curve is extrapolated"
      )
    }
    return sentences
  }

  /// A bound is far beyond what was observed where it is more than twice as much.
  private static let farBeyond = 2.0
}
