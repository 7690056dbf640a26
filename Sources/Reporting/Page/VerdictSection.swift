import Planning

// What is said first: is it better than what we do now, how sure is that, and could there be better?

extension ReportPage {
  /// The page's one line.
  var headline: String {
    let plan = isSolved ? "This plan" : "The given plan"
    guard let lift = answer.lift else {
      return "\(plan) brings \(AmountWords(answer).text(answer.outcome.mean)) of \(answer.measureName)"
    }
    if lift.mean == 0 && lift.sd == 0 { return "\(plan) brings the same as the current one" }
    return
      "\(plan) brings \(AmountWords(answer).text(abs(lift.mean))) \(lift.mean < 0 ? "less" : "more") \(answer.changeName) than the current one"
  }

  var verdict: HTML {
    let title = isSolved ? "Budget plan" : "A given budget plan, scored"
    let dates = answer.periodStarts.first.map { " from \($0)" } ?? ""
    return .all([
      stamp,
      .element("p", class: "kicker", [.text("\(title) for \(span)\(dates)")]),
      .element("h1", [.text(headline)]),
      .element("div", class: "card", [.all([facts] + sentences.map { .paragraph($0) })]),
    ])
  }

  /// Where something speaks against the model, above everything else.
  private var stamp: HTML {
    guard !answer.explorations.isEmpty else { return .none }
    return .element(
      "p", class: "stamp",
      [
        .element("strong", [.text("EXPLORATORY")]),
        .text(", not to be acted on as it is: \(answer.explorations.joined(separator: "; "))."),
      ])
  }

  // MARK: Numbers

  private var facts: HTML {
    let words = AmountWords(answer)
    func fact(_ name: String, _ figure: String, _ rest: [String], _ style: String = "figure") -> HTML {
      .element(
        "div",
        [.element("dt", [.text(name)]), .element("dd", class: style, [PageTable.number(figure)])]
          + rest.filter { !$0.isEmpty }.map { .element("dd", class: "rest", [PageTable.number($0)]) })
    }
    func outcome(_ name: String, _ summary: Recommendation.Summary) -> HTML {
      fact(name, words.text(summary.mean), [isPoint ? "" : "90 %: \(words.interval(summary))"])
    }
    var all = [budgetFact(fact)]
    // The lift of the current plan over itself is nothing.
    if let current = answer.currentOutcome, answer.measure != .lift {
      all.append(outcome("\(measureTitle), current plan", current))
    }
    all.append(outcome("\(measureTitle), \(planName)", answer.outcome))
    if let lift = answer.lift, answer.measure != .lift {
      let share = answer.currentOutcome.flatMap { current in
        current.mean > 0 && answer.measure != .response ? percentText(lift.mean / current.mean, signed: true) : nil
      }
      all.append(
        fact(
          "Difference", words.text(lift.mean, signed: true),
          [
            share.map { "\($0) of what the current plan brings" } ?? "",
            isPoint ? "" : "90 %: \(words.interval(lift, signed: true))",
          ],
          "figure lift"))
    }
    if let probability = answer.probabilityBetter, !isPoint {
      all.append(
        fact("Better than the current plan", percentText(probability), ["of \(countText(answer.drawCount, "draw"))"]))
    }
    all.append(gapFact(fact))
    return .element("dl", class: "facts", all)
  }

  private var measureTitle: String { answer.measureName.capitalizedFirst }

  private func budgetFact(_ fact: (String, String, [String], String) -> HTML) -> HTML {
    let amount = answer.target == nil ? answer.budget.requested ?? answer.budget.spent : answer.budget.spent
    let scale = NumberScale(for: [amount], significantDigits: 5)
    let name = answer.target == nil && answer.budget.requested != nil ? "Budget" : "Spend"
    let own = amount / Double(answer.periodCount)
    let each = answer.periodCount > 1 ? "\(scale.text(own)) a period" : ""
    let left = amount - answer.budget.spent
    return fact(
      name, scale.text(amount) + (answer.labels.currency.map { " " + printable($0) } ?? ""),
      [
        "over \(span)", each,
        left > 1e-9 * amount ? "\(amountText(answer.budget.spent)) of it spent" : "",
      ], "figure")
  }

  private func gapFact(_ fact: (String, String, [String], String) -> HTML) -> HTML {
    let target = answer.target.flatMap { $0.kind == .outcome ? $0 : nil }
    let gap = target == nil ? (answer.utility.bound == .certified ? answer.utility.gap : nil) : target?.gap
    guard isSolved, let gap else {
      return fact(
        "Proved gap", isSolved ? "none" : "–",
        [
          isSolved
            ? (answer.utility.bound == .box ? "only a bound that may be loose" : "no bound was proved")
            : "the plan was given"
        ], "figure")
    }
    let share = gap < 1e-5 ? "under 0.001" : boundText(gap * 100, significantDigits: 2)
    return fact(
      "Proved gap", "\(share) %",
      [
        target == nil
          ? "no plan within the limits scores more than this above it"
          : "no plan that does it spends less than this below"
      ],
      "figure")
  }

  // MARK: Sentences

  /// For one who decides, and does not know what a draw is.
  private var sentences: [String] {
    var all = [answer.moneySentences.joined(separator: " ")]
    if let expected = expectation { all.append(expected) }
    all += answer.modeSentences
    let proof = [answer.boundSentence] + answer.gapSentences + answer.solverSentences
    all.append(proof.joined(separator: " "))
    if !answer.brokenLimits.isEmpty {
      all.append("It breaks limits: \(answer.brokenLimits.joined(separator: "; ")).")
    }
    if !answer.warnings.isEmpty {
      all.append(
        "\(counted(answer.warnings.count, "warning").capitalizedFirst) to read first: see Assumptions and caveats.")
    }
    return all
  }

  private var expectation: String? {
    let words = AmountWords(answer)
    guard let lift = answer.lift, let current = answer.currentOutcome, let better = answer.probabilityBetter,
      answer.measure != .lift
    else {
      return isPoint
        ? nil
        : "By the model the plan brings \(words.text(answer.outcome.mean)) of \(answer.measureName) on average, and in nine of ten draws "
          + "between \(words.text(answer.outcome.q05)) and \(words.text(answer.outcome.q95)). A draw is one way the world may be, given the data."
    }
    func text(_ value: Double) -> String { words.text(value) }
    let change = "\(text(abs(lift.mean))) \(lift.mean < 0 ? "less" : "more")"
    if isPoint {
      return "By its curves \(planName) brings \(text(answer.outcome.mean)) of \(answer.measureName), the current one "
        + "\(text(current.mean)): \(change). A single curve a \(unitName) says nothing of how sure that is."
    }
    let worse =
      better == 1
      ? "in none of them does it bring less"
      : "in the others it brings as much or less"
    return
      "By the model the current plan brings \(text(current.mean)) of \(answer.measureName) on average, \(planName) "
      + "\(text(answer.outcome.mean)): \(change). In nine of ten draws the difference is between \(text(lift.q05)) and "
      + "\(text(lift.q95)). A draw is one way the world may be, given the data: \(planName) is better in "
      + "\(better == 1 ? "all" : better == 0 ? "none" : percentText(better)) of \(countText(answer.drawCount)), and \(worse)."
  }
}

/// Outcomes and their differences as one says them: three digits of the smallest that matters, in one unit.
struct AmountWords {
  private let unit: (size: Double, name: String)
  private let decimals: Int

  init(_ answer: Recommendation) {
    let summaries = [answer.currentOutcome, answer.outcome].compactMap(\.self)
    let largest = summaries.flatMap { [abs($0.mean), abs($0.q05), abs($0.q95)] }.max() ?? 0
    let units = [(1e12, " tn"), (1e9, " bn"), (1e6, " M"), (1e3, " k")]
    unit = largest >= 1e4 ? units.first { largest >= $0.0 } ?? (1, "") : (1, "")
    let smallest = (summaries.map(\.mean) + [answer.lift?.mean ?? 0]).map(\.magnitude).filter { $0 > 1e-3 * largest }
      .min()
    // Three digits of the whole, and two of what is least.
    let wanted = max(
      NumberScale(for: [(summaries.map { abs($0.mean) }.max() ?? 0) / unit.size], significantDigits: 3).decimals,
      NumberScale(for: [(smallest ?? largest) / unit.size], significantDigits: 2).decimals)
    decimals = largest > 0 && largest < 1e-3 ? -1 : wanted
  }

  func text(_ value: Double, signed: Bool = false) -> String {
    guard decimals >= 0 else { return NumberScale(for: [value], significantDigits: 3).text(value, signed: signed) }
    return NumberScale(exponent: 0, decimals: decimals).digits(value / unit.size, signed: signed) + unit.name
  }

  func interval(_ summary: Recommendation.Summary, signed: Bool = false) -> String {
    "\(text(summary.q05, signed: signed)) to \(text(summary.q95, signed: signed))"
  }
}
