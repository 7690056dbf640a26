import Optimisation
import Planning

extension Recommendation {
  var moneySentences: [String] {
    let scale = NumberScale(for: [budget.spent, budget.requested ?? 0], significantDigits: 5)
    let span = "over \(countText(periodCount, "period"))"
    var sentences: [String] = []
    let currency = labels.currency.map { " " + printable($0) } ?? ""
    if target != nil {
      sentences += targetSentences
    } else if let requested = budget.requested {
      let each = periodCount > 1 ? " (\(scale.text(requested / Double(periodCount))) a period)" : ""
      let used =
        (requested - budget.spent).magnitude <= 1e-9 * requested
        ? "all of it spent" : "\(scale.text(budget.spent)) spent"
      sentences.append("Budget \(scale.text(requested))\(currency) \(span)\(each), \(used).")
    } else {
      sentences.append("Spend \(scale.text(budget.spent))\(currency) \(span).")
    }
    if let current = currentTotal, (current - budget.spent).magnitude > 1e-9 * max(current, budget.spent) {
      sentences.append("The current plan spends \(scale.text(current))\(currency).")
    }
    if let rounding {
      let odd =
        rounding.oddCells.isEmpty ? "" : " but for \(rounding.oddCells.map(printable).joined(separator: ", "))"
      let loss =
        utility.value == 0
        ? "" : ", which is \(boundText(rounding.loss / abs(utility.value) * 100, significantDigits: 2)) %"
      sentences.append(
        "In multiples of \(amountText(rounding.unit))\(odd): rounding costs "
          + "\(numberText(rounding.loss, significantDigits: 2)) of \(target?.kind == .outcome ? "money" : "utility\(loss)")."
      )
    }
    if let price = budget.shadowPrice, target == nil || price != 0 {
      sentences.append(
        "One more \(labels.currency.map(printable) ?? "unit of money") would add \(numberText(price, significantDigits: 3)) of utility."
      )
    }
    return sentences
  }

  /// Only what was proved.
  var boundSentence: String {
    let unit = utility.isInOutcome ? unitOfMeasure : ""
    let value = "Utility \(printable(utility.description)): \(numberText(utility.value, significantDigits: 6))\(unit)."
    switch (utility.bound, utility.upperBound) {
    case (.certified, let upper?) where target?.kind == .marginalROI && utility.gap.map { $0 < 1e-5 } ?? false:
      return
        "\(value) Proved: no plan of this spend scores 0.001 % more, and none of another makes up for its money (\(boundText(upper, significantDigits: 6)))."
    case (.certified, let upper?):
      // Digits that the two share say less than how far apart they are.
      if let gap = utility.gap, gap < 1e-5 {
        let share = isGapMissed ? boundText(gap * 100, significantDigits: 2) : "0.001"
        return "\(value) Proved: no plan within the limits scores \(share) % more."
      }
      // Of a value of next to nothing the digits of so many per cent say no more than that.
      let gap =
        utility.gap.map { $0 > 1000 ? "more than 100,000" : boundText($0 * 100, significantDigits: 2) }
        .map { ", a gap of \($0) %" } ?? ""
      return "\(value) Proved: no plan within the limits scores above \(boundText(upper, significantDigits: 6))\(gap)."
    case (.box, let upper?):
      return
        "\(value) Every draw's own best bounds it by \(boundText(upper, significantDigits: 6)); that bound may be loose."
    case (.none, _), (.certified, nil), (.box, nil):
      guard status == .solved, target?.kind != .outcome else { return value }
      return "\(value) The best plan found; that no better one exists has not been proved."
    }
  }

  private var isGapMissed: Bool {
    (utility.bound == .certified || target?.bound == .certified) && solver != nil && !reachesGap
  }

  /// Where the gap is wider than the plan asks for, or there is none: why.
  var gapSentences: [String] {
    guard let solver, !solver.isInterrupted else { return [] }
    if utility.bound == .none && target?.gap == nil && solver.proof?.end == .timeLimit {
      return ["No bound was proved before the time limit: a longer one may bring one."]
    }
    // Of a plan that was not to be the best of all, that is what it costs.
    guard isGapMissed, mode == nil else { return [] }
    let asked = "The plan asks for a gap of \(amountText(solver.requestedGap * 100)) %: "
    if certificate?.isRatio == true, utility.value < 0 {
      return [asked + "where every ratio is below nothing, all that can be proved is that none is above it."]
    }
    switch solver.proof?.end {
    case .timeLimit: return [asked + "the time limit came first, and a longer one may come nearer."]
    case .boxLimit: return [asked + "the proof's limit of boxes came first."]
    // A proof that closed and is wider is as near as can be told above a best of next to nothing.
    case .rounding, .closed: return [asked + "rounding hides what is left."]
    case .stalled: return [asked + "neither a cut nor a split brings the bound further down."]
    case .exceeded, nil: return [asked + "no proof came nearer."]
    }
  }

  var solverSentences: [String] {
    let method = solver.flatMap { $0.method == .auto ? nil : "Method: \($0.method.rawValue)." }
    return [method].compactMap(\.self) + terminationSentences
  }

  private var terminationSentences: [String] {
    guard let solver else { return [] }
    if solver.isInterrupted {
      return ["The search was interrupted: a longer one may find a better plan, or prove more of this one."]
    }
    switch solver.termination {
    case .timeLimit: return ["The solver stopped at its time limit: a longer one may find a better plan."]
    case .iterationLimit:
      guard solver.proof?.end != .boxLimit else { return [] }
      return ["The solver stopped at its limit of iterations: the plan may not be the best near by."]
    case .stalled: return ["The solver stopped where rounding hides any further gain."]
    case .converged: return []
    }
  }

  var brokenLimits: [String] {
    guard status == .evaluatedOutsideLimits else { return [] }
    let targets = target.flatMap { $0.isMet ? nil : "target.\($0.kind.rawValue)" }
    return [targets].compactMap(\.self)
      + limits.filter { $0.slack < 0 }.map { limit in
        let end = limit.nearerEnd.map { " (\(amountText(limit.value)) against \(amountText($0)))" } ?? ""
        return "\(printable(limit.name)), by \(amountText(-limit.slack))\(end)"
      }
  }

  // MARK: Risk

  /// Which cells the spread of the response comes from, the largest parts first; nil where there is no spread to share.
  var riskSentence: String? {
    let parts = cells.compactMap { cell in cell.risk?.sdShare.map { (name: cell.name, share: $0) } }
      .filter { $0.share != 0 }
      .sorted { $0.share.magnitude > $1.share.magnitude }
    guard parts.count > 1 else { return nil }
    let sd = cells.reduce(0) { $0 + ($1.risk?.sd ?? 0) }
    let shown = parts.prefix(Self.riskiest).filter { $0.share.magnitude >= 0.01 }
    let rest = parts.dropFirst(shown.count)
    var words = shown.map { "\(printable($0.name)) \(percentText($0.share))" }
    if !rest.isEmpty {
      let names = rest.count == 1 ? printable(rest[rest.startIndex].name) : "\(rest.count) others"
      words.append("\(names) \(percentText(rest.reduce(0) { $0 + $1.share }))")
    }
    let unit = labels.outcome.map { " " + printable($0) } ?? ""
    return
      "The response's standard deviation, \(numberText(sd))\(unit), is made up of \(words.joined(separator: ", "))."
  }

  /// What knowing more would be worth before the money is spent.
  var informationSentence: String? {
    guard let information else { return noInformationSentence }
    let perfect = information.perfect
    func worth(_ estimate: ValueOfInformation.Estimate) -> String { numberText(estimate.value, significantDigits: 3) }
    let share =
      information.known > 0 ? " (\(percentText(perfect.value / information.known)) of the best mean)" : ""
    let most = perfect.upperBound.map { ", at most \(boundText($0, significantDigits: 3))" } ?? ""
    // Within two standard errors of nothing is as good as nothing.
    let told = information.cells.filter { $0.estimate.value > 2 * $0.estimate.standardError }
      .sorted { $0.estimate.value > $1.estimate.value }.prefix(3)
    let single =
      told.isEmpty
      ? "no channel's curve alone is worth knowing"
      : "knowing one curve alone, "
        + told.map { "\(printable($0.name))'s \(worth($0.estimate))" }.joined(separator: ", ")
        + (information.cells.count < cells.count
          ? " (of the \(countText(information.cells.count)) whose curves differ most over draws)" : "")
    return
      "Knowing every curve before spending would be worth \(worth(perfect))\(unitOfMeasure)\(share)\(most); \(single)."
  }

  /// Why it is not said of a plan whose report has it; nil where it was not asked for.
  var noInformationSentence: String? {
    guard let asked = asked?.plan, asked.output.report == .full, solver?.isInterrupted == false, drawCount > 1 else {
      return nil
    }
    let kind =
      hasCalendar
      ? "whose periods are decided"
      : asked.target != nil ? "with a target" : asked.riskLimits.isEmpty ? nil : "with limits of risk"
    return kind.map { "What knowing more would be worth, and regret, are not computed for plans \($0)." }
  }

  /// Why it is not said what halves of the draws keep of their promises; nil where that was not asked for, or means nothing.
  var noOutOfSampleSentence: String? {
    guard let asked = asked?.plan, asked.output.report == .full, solver?.isInterrupted == false, status == .solved,
      drawCount >= OutOfSample.leastDraws, asked.target == nil, asked.riskLimits.isEmpty
    else { return nil }
    return
      "Whether plans chosen by half of the draws keep what they promise was not seen: too few of their searches ended within the time limit."
  }

  /// As many cells as a sentence names.
  static let riskiest = 8
}

extension Recommendation.Score {
  /// Whether it is counted in what the outcome is: ratios, shares of draws and measures of spread between channels are not.
  fileprivate var isInOutcome: Bool {
    !["sharpe", "raroc", "target_probability", "entropy_of_shares", "diversification_ratio", "mean_variance"]
      .contains(name)
  }
}
