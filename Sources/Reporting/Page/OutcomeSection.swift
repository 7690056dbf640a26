import Planning

// How sure the outcome is, and where the difference to the current plan comes from.

extension ReportPage {
  var outcomeSection: Section? {
    let drawn = answer.outcomeFigure.map { figure in
      gallery(
        figure, "wide",
        titles: ["Each plan: \(answer.measureName)", "The difference, draw by draw"].prefix(figure.panels.count).map(
          \.self))
    }
    if isPoint {
      return Section(
        id: "outcome", title: "How sure the outcome is",
        content: [
          .paragraph(
            "Nothing is known of that: a single curve a \(unitName) is a point estimate. There are no intervals, and no probabilities."
          )
        ])
    }
    return Section(
      id: "outcome", title: "How sure the outcome is",
      content: [lossSentence.map { .paragraph($0) } ?? .none, drawn ?? .none, quantileTable, halvesText])
  }

  /// What plans keep on draws that did not choose them.
  private var halvesText: HTML { answer.outOfSampleSentence.map { .paragraph($0) } ?? .none }

  /// What it would be if it went badly.
  private var lossSentence: String? {
    guard let lift = answer.lift else { return nil }
    let scale = NumberScale(for: [lift.q05, lift.expectedShortfall05], significantDigits: 4)
    func words(_ value: Double) -> String { "\(scale.text(abs(value))) \(value < 0 ? "less" : "more")" }
    return
      "One time in twenty \(planName) brings \(words(lift.q05)) than the current one or does worse than that; over those draws it brings "
      + "\(words(lift.expectedShortfall05)) on average."
  }

  private var quantileTable: HTML {
    let showsLift = answer.lift != nil && answer.measure != .lift
    let summaries =
      [
        answer.currentOutcome.flatMap { answer.measure == .lift ? nil : ("Current plan", $0, false) },
        (planName.capitalizedFirst, answer.outcome, false),
        showsLift ? answer.lift.map { ("Difference, draw by draw", $0, true) } : nil,
      ].compactMap(\.self)
    let scale = NumberScale(for: summaries.flatMap { [$0.1.mean, $0.1.q05, $0.1.q95] }, significantDigits: 5)
    let table = PageTable(
      columns: [.init(heading(answer.measureName.capitalizedFirst, scale, answer.measureLabel), .name)]
        + ["Mean", "5 %", "25 %", "Median", "75 %", "95 %", "Mean of the worst 5 %"].map { .init($0) },
      rows: summaries.map { name, summary, isDifference in
        [HTML.text(name)]
          + [
            summary.mean, summary.q05, summary.q25, summary.q50, summary.q75, summary.q95, summary.expectedShortfall05,
          ].map { PageTable.number(scale.digits($0, signed: isDifference)) }
      })
    return table.html
  }

  // MARK: The lift

  var liftSection: Section? {
    let steps = answer.liftSteps()
    guard let lift = answer.lift, !steps.isEmpty else { return nil }
    let drawn = answer.liftFigure().map { gallery($0, "row", titles: [""]) } ?? .none
    let spread = answer.cells.compactMap(\.lift).flatMap { [$0.mean, $0.q05, $0.q95] }
    let scale = NumberScale(for: spread + [lift.mean, lift.q05, lift.q95], significantDigits: 5)
    let unit = answer.measure == .profit ? answer.labels.currency : answer.measure == .roi ? nil : answer.labels.outcome
    func number(_ value: Double) -> HTML {
      PageTable.number(scale.digits(withoutDust(value, of: abs(lift.mean)), signed: true))
    }
    let table = PageTable(
      columns: [.init(unitHeading, .name), .init(heading("Adds, mean", scale, unit))]
        + (isPoint ? [] : [.init("90 % of draws")]) + [.init("So far")],
      rows: steps.map { step in
        let own = step.cell.flatMap { answer.cells[$0].lift }
        return [HTML.name(step.name), number(step.size)]
          + (isPoint ? [] : [PageTable.number(own.map { interval($0, scale, signed: true) } ?? "–")]) + [
            number(step.to)
          ]
      },
      totals: [.text("All together"), number(lift.mean)]
        + (isPoint ? [] : [PageTable.number(interval(lift, scale, signed: true))]) + [number(lift.mean)])
    return Section(
      id: "lift", title: "Where the difference comes from",
      content: [
        .note(
          "From the current plan to \(planName). In the model the outcome is a sum over \(unitName)s, in every draw, so that the parts come to the whole exactly and no interaction is left to be shared out."
            + (isPoint ? "" : " Intervals do not add up: what is good in one draw may be bad in another.")),
        drawn, table.html,
      ])
  }
}
