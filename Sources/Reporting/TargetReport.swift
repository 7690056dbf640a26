import Planning

// What a target asked for and what came of it, in sentences and in JSON.

extension Recommendation {
  /// What was asked for, what the plan comes to, what may be spent, and what is proved of the least that has to be.
  var targetSentences: [String] {
    guard let target else { return [] }
    let span = "over \(countText(periodCount, "period"))"
    let currency = labels.currency.map { " " + printable($0) } ?? ""
    func money(_ amount: Double) -> String { numberText(amount, significantDigits: 6) + currency }
    func number(_ number: Double?) -> String { number.map { numberText($0, significantDigits: 4) } ?? "-" }
    let asked = number(target.asked)
    let reached = number(target.reached)
    var sentences: [String] = []
    switch target.kind {
    case .roi:
      sentences.append("Target ROI \(asked): \(money(budget.spent)) \(span) returns \(reached).")
    case .costPerOutcome:
      sentences.append(
        "Target cost per \(outcomeUnit) \(asked): \(money(budget.spent)) \(span) comes to \(reached).")
    case .marginalROI:
      sentences.append(
        "Target marginal ROI \(asked): after \(money(budget.spent)) \(span) the next unit of money returns \(reached) at most."
      )
    case .outcome:
      sentences.append("Target outcome \(asked): \(money(budget.spent)) \(span) reaches \(reached).")
    case .profit: sentences.append("Most profit: \(money(budget.spent)) \(span).")
    }
    guard status == .solved else { return sentences }
    if let cap = target.cap {
      let isReached = (cap - budget.spent).magnitude <= 1e-9 * cap
      sentences.append(
        target.isOwnCap
          ? "No budget was given: plans of up to \(money(cap)) were compared."
          : isReached
            ? "The budget of \(money(cap)) is all spent, and holds the plan back."
            : "The budget, \(money(cap)), is not all needed.")
    }
    if target.kind == .outcome {
      switch (target.leastSpend, target.gap) {
      case (let least?, _) where target.bound == .box:
        sentences.append(
          "Every draw's own best plan comes to less below \(money(least)); the least spend may be anywhere above.")
      case (let least?, let gap?):
        sentences.append(
          gap < 1e-5
            ? "Proved: no plan within the limits reaches it that spends 0.001 % less."
            : "Proved: no plan within the limits reaches it that spends less than \(money(least)), a gap of \(boundText(gap * 100, significantDigits: 2)) %."
        )
      default: sentences.append("The least spend found; that no smaller one does has not been proved.")
      }
    }
    return sentences
  }

  private var outcomeUnit: String { labels.outcome.map(printable) ?? "unit of response" }
}

extension Recommendation.TargetResult {
  var json: JSONValue {
    .object([
      ("kind", .text(kind.rawValue)),
      ("asked", JSONValue(asked)),
      ("reached", JSONValue(reached)),
      ("met", .bool(isMet)),
      ("cap", JSONValue(cap)),
      ("cap_is_given", .bool(!isOwnCap)),
      ("bound", .text(bound.rawValue)),
      ("least_spend", JSONValue(leastSpend)),
      ("gap", JSONValue(gap)),
    ])
  }
}
