import Planning

// What the plan had to keep, what that costs, and where money would go without it.

extension Recommendation {
  /// Constraints, and what binding limits cost where that was looked for; nil where there is nothing to say beyond the table by
  /// channel.
  var limitTable: TextColumns? {
    let names = Set(cells.map(\.name) + ["budget"])
    let shown = limits.filter { !names.contains($0.name) || $0.relaxedUtility != nil }
    guard !shown.isEmpty else { return nil }
    let showsCost = shown.contains { $0.relaxedUtility != nil }
    var table = TextColumns(
      columns: [("Limit", .left), ("Value", .right), ("Allowed", .right), ("Next unit", .right)]
        + (showsCost ? [("Costs", .right)] : []))
    func costs(_ relaxed: Double?) -> String { relaxed.map { numberText(max(0, $0 - unroundedUtility)) } ?? "" }
    table.rows = shown.map { limit in
      let price =
        limit.isBinding || (limit.shadowPrice ?? 0) != 0
        ? limit.shadowPrice.map { numberText($0, significantDigits: 3) } ?? "" : "-"
      return [printable(limit.name), amountText(withoutDust(limit.value, of: budget.spent)), limit.allowed, price]
        + (showsCost ? [costs(limit.relaxedUtility)] : [])
    }
    if showsCost, let relaxedUtility { table.totals = ["All of them", "", "", "", costs(relaxedUtility)] }
    return table
  }

  /// Where money would go without limits; nil where they cost nothing, or that was not looked for.
  var relaxedSentence: String? {
    guard let relaxedUtility, let relaxedSpend, relaxedUtility > unroundedUtility else { return nil }
    let slight = 1e-3 * budget.spent
    let moved = zip(cells, relaxedSpend).filter { abs($1 - $0.total) > slight }
      .sorted { abs($0.1 - $0.0.total) > abs($1.1 - $1.0.total) }
    guard !moved.isEmpty else { return nil }
    let scale = NumberScale(for: moved.map(\.1) + [budget.spent], significantDigits: 5)
    let shown = moved.prefix(Self.riskiest).map { "\(printable($0.name)) \(scale.text($1))" }
    let beyond = (relaxedDepartures ?? []).map(printable)
    return "Without any of them the best plan found has \(shown.joined(separator: ", "))"
      + (moved.count > shown.count ? ", and \(countText(moved.count - shown.count)) more that change" : "")
      + (moved.count == cells.count ? "." : "; the others as here.")
      + (beyond.isEmpty
        ? ""
        : " It leaves what was observed, where curves are extrapolated: \(beyond.prefix(Self.riskiest).joined(separator: ", "))\(beyond.count > Self.riskiest ? " and others." : ".")")
  }
}

extension Recommendation.LimitResult {
  /// What it allows, in words.
  var allowed: String {
    let ends = [lower.map(amountText), upper.map(amountText)]
    if lower == upper { return ends[0] ?? "" }
    return ends[0].map { low in ends[1].map { "\(low) to \($0)" } ?? "from \(low)" } ?? "to \(ends[1] ?? "")"
  }
}
