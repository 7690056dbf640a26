import Planning

// What it would be worth to know more, where the risk comes from, and where the model is asked for what it has not seen.

extension ReportPage {
  var informationSection: Section? {
    guard let information = answer.information else {
      return answer.noInformationSentence.map {
        Section(id: "information", title: "What knowing more is worth", content: [.paragraph($0)])
      }
    }
    let perfect = information.perfect
    let all = [perfect] + information.cells.map(\.estimate)
    let scale = NumberScale(for: all.map(\.value), significantDigits: 4)
    let regrets = [information.regret, information.currentRegret].compactMap(\.self)
    let regretScale = NumberScale(for: regrets.flatMap { [$0.mean, $0.q95] }, significantDigits: 4)
    func row(_ name: HTML, _ estimate: ValueOfInformation.Estimate) -> [HTML] {
      [
        name, PageTable.number(scale.digits(estimate.value)),
        PageTable.number("± " + scale.digits(estimate.standardError)),
      ]
    }
    let order = information.cells.enumerated().sorted {
      ($1.element.estimate.value, $0.offset) < ($0.element.estimate.value, $1.offset)
    }
    let table = PageTable(
      columns: [
        .init("Known before the money is spent", .name),
        .init(heading("Worth", scale, answer.measureLabel ?? answer.labels.outcome)),
        .init("Standard error"),
      ],
      rows: order.map { row(.name($0.element.name), $0.element.estimate) },
      totals: row(.text("Every curve"), perfect))
    func regret(_ name: String, _ summary: Recommendation.Summary?) -> [HTML]? {
      summary.map { [.text(name)] + [$0.mean, $0.q05, $0.q95].map { PageTable.number(regretScale.digits($0)) } }
    }
    let regretTable = PageTable(
      columns: [
        .init(heading("Regret", regretScale), .name), .init("Mean"), .init("5 % of draws"), .init("95 % of draws"),
      ],
      rows: [regret("Current plan", information.currentRegret), regret(planName.capitalizedFirst, information.regret)]
        .compactMap(\.self))
    return Section(
      id: "information", title: "What knowing more is worth",
      content: [
        answer.informationSentence.map { .paragraph($0) } ?? .none,
        .note(
          "The most that an experiment could be worth, to one who maximises the mean. Knowing one curve alone is told from below, but for its standard error: plans that follow it gain as much on average."
        ), table.html,
        .note("Regret is what the best plan of each draw, known beforehand, would have brought beyond this one."),
        regretTable.html,
      ])
  }

  var riskSection: Section? {
    let risks = answer.cells.compactMap(\.risk)
    guard risks.count == answer.cells.count, risks.contains(where: { $0.sd != 0 }) else { return nil }
    let scale = NumberScale(for: risks.flatMap { [$0.sd, $0.shortfall05] }, significantDigits: 4)
    func share(_ value: Double?) -> HTML { value.map { PageTable.number(percentText($0)) } ?? .text("–") }
    let order = answer.cells.indices.sorted { (risks[$1].sd, $0) < (risks[$0].sd, $1) }
    let table = PageTable(
      columns: [
        .init(unitHeading, .name), .init(heading("Adds to the standard deviation", scale)), .init("Share"),
        .init(heading("Adds to the shortfall", scale)), .init("Share"),
      ],
      rows: order.map { index in
        [
          .name(answer.cells[index].name), PageTable.number(scale.digits(risks[index].sd)), share(risks[index].sdShare),
          PageTable.number(scale.digits(risks[index].shortfall05)), share(risks[index].shortfall05Share),
        ]
      },
      totals: [
        .text("All together"), PageTable.number(scale.digits(risks.reduce(0) { $0 + $1.sd })), share(1),
        PageTable.number(scale.digits(risks.reduce(0) { $0 + $1.shortfall05 })),
        risks.allSatisfy { $0.shortfall05Share != nil } ? share(1) : .text("–"),
      ])
    return Section(
      id: "risk", title: "Where the risk comes from",
      content: [
        .note(
          "What each \(unitName) adds to the spread of the whole incremental response, and to how far its mean over the worst 5 % of draws is below the mean. The parts come to the whole; one that does well where others do badly takes risk away."
        ), table.html,
      ])
  }

  var extrapolationSection: Section {
    let beyond = answer.cells.filter { $0.departure != nil }
    let isKnown = answer.cells.contains { $0.observed != nil }
    var content: [HTML] = []
    if !isKnown {
      content.append(
        .paragraph("What was spent in observed periods is not known: how far the plan leaves it cannot be said."))
    } else if beyond.isEmpty {
      content.append(.paragraph("In no period does a \(unitName)'s money leave what was observed in one."))
    } else {
      let scale = NumberScale(
        for: beyond.flatMap { [$0.perPeriod.max() ?? 0, $0.observed?.most ?? 0] }, significantDigits: 4)
      let table = PageTable(
        columns: [
          .init(unitHeading, .name), .init(heading("Planned in a period", scale)),
          .init(heading("Observed in a period", scale)), .init("Multiple", .words),
        ],
        rows: beyond.map { cell in
          func range(_ low: Double, _ high: Double) -> HTML {
            let (low, high) = (scale.digits(low), scale.digits(high))
            return PageTable.number(low == high ? low : "\(low) to \(high)")
          }
          return [
            .name(cell.name), range(cell.perPeriod.min() ?? 0, cell.perPeriod.max() ?? 0),
            cell.observed.map { range($0.least, $0.most) } ?? .text("–"), .text(cell.departure?.inWords ?? ""),
          ]
        })
      content = [
        .paragraph(
          "\(countText(beyond.count)) of \(countText(answer.cells.count)) \(unitName)s leave what was observed in a period: there the curve is the model's guess. keep_in_observed_range: true keeps a plan within."
        ), table.html,
      ]
    }
    return Section(id: "extrapolation", title: "Beyond what was observed", content: content)
  }
}

extension ObservedSpend.Departure {
  /// For people.
  fileprivate var inWords: String {
    switch self {
    case .above(nil): "nothing was observed"
    case .above(let multiple?): "\(amount(multiple)) times the most"
    case .below(0): "nothing, below the least"
    case .below(let share): "\(amount(share)) times the least"
    }
  }

  /// Never 1, which would be within.
  private func amount(_ ratio: Double) -> String { numberText(ratio, significantDigits: abs(ratio - 1) < 0.01 ? 5 : 3) }
}
