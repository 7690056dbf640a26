public import Planning

extension Recommendation {
  /// `report.html`: the answer as one page for those who decide, with nothing in it from elsewhere and nothing that runs; to be read on a screen of any
  /// size or printed. The same answer and pictures give the same bytes.
  ///
  /// - Parameters:
  ///   - curves: of `CompiledPlan.responseCurves`; none for nothing of them.
  ///   - pictures: of `pageFigures`, as gnuplot's SVG, by the figures' names; those that are not there, or are no pictures, are left out.
  public func page(curves: [ResponseCurve] = [], pictures: [String: String] = [:]) -> String {
    ReportPage(answer: self, curves: curves, pictures: pictures).document
  }
}

/// A page in the making: its parts are in files of their own, in their order.
struct ReportPage {
  let answer: Recommendation
  let curves: [Recommendation.ResponseCurve]
  /// By name, as gnuplot drew them.
  let pictures: [String: String]

  /// What has a heading: a name for links, and what stands under it.
  struct Section {
    var id: String
    var title: String
    var content: [HTML]
  }

  var document: String {
    let sections = [
      allocationSection, curvesSection, outcomeSection, liftSection, calendarSection, limitsSection,
      diagnosticsSection, informationSection, riskSection, extrapolationSection, assumptionsSection,
      reproductionSection,
    ].compactMap(\.self)
    let links = HTML.element(
      "nav", [("aria-label", "Contents")],
      sections.map { .element("a", [("href", "#\($0.id)")], [.text($0.title)]) })
    let parts = sections.map { section in
      HTML.element(
        "section", [("id", section.id), ("aria-labelledby", section.id + "-title")],
        [.all([.element("h2", [("id", section.id + "-title")], [.text(section.title)])] + section.content)])
    }
    let missing =
      pictures.isEmpty
      ? HTML.note(
        "The pictures are not drawn: gnuplot is not installed, or could not draw them. The tables have every number.")
      : .none
    let page = HTML.element("main", [.all([verdict, links, missing] + parts)])
    return HTML.all([page, footer]).document(title: headline, style: PageStyle.text)
  }

  private var footer: HTML {
    .element(
      "footer",
      [
        .text(
          "Apportion \(answer.reproducibility.version). Everything on this page is also in recommendation.json and the tables beside it."
        )
      ])
  }

  // MARK: What the parts share

  var isPoint: Bool { answer.drawCount == 1 }
  var isSolved: Bool { answer.status == .solved }
  var planName: String { isSolved ? "this plan" : "the given plan" }
  var hasCurrent: Bool { answer.currentOutcome != nil }
  /// What is decided: of several dims a cell.
  var unitName: String { answer.dims.count == 1 ? answer.dims[0] : "cell" }
  /// Of a column of them: `Channel`, or `Channel/geo`.
  var unitHeading: String { answer.dims.joined(separator: "/").capitalizedFirst }
  var span: String { countText(answer.periodCount, "period") }

  /// What cells' money is told in.
  var money: NumberScale {
    NumberScale(
      for: answer.cells.flatMap { [$0.total, $0.current ?? 0] } + [answer.budget.spent], significantDigits: 5)
  }

  /// A heading with what its numbers are counted in.
  func heading(_ name: String, _ scale: NumberScale, _ label: String? = nil) -> String {
    let units = [label, scale.unit.isEmpty ? nil : scale.unit].compactMap(\.self)
    return units.isEmpty ? name : "\(name) (\(units.joined(separator: ", ")))"
  }

  /// `1.2 to 3.4`
  func interval(_ summary: Recommendation.Summary, _ scale: NumberScale, signed: Bool = false) -> String {
    "\(scale.digits(summary.q05, signed: signed)) to \(scale.digits(summary.q95, signed: signed))"
  }

  /// A mean with its interval under it; the number alone of a single draw.
  func cell(_ summary: Recommendation.Summary?, _ scale: NumberScale, signed: Bool = false) -> HTML {
    guard let summary else { return .text("–") }
    let mean = scale.digits(summary.mean, signed: signed)
    return isPoint ? PageTable.number(mean) : PageTable.number(mean, interval(summary, scale, signed: signed))
  }

  func list(_ sentences: [String]) -> HTML {
    sentences.isEmpty ? .none : .element("ul", sentences.map { .element("li", [.text($0)]) })
  }

  /// Colours and what they stand for.
  func legend(_ entries: [Figure.LegendEntry]) -> HTML {
    .element(
      "ul", class: "legend",
      entries.map { entry in
        let shape =
          switch entry.mark {
          case .box: "box"
          case .dot: "dot"
          case .stroke: "stroke"
          }
        return .element(
          "li",
          [
            .element("i", [("class", shape), ("style", "background: \(entry.ink.color)")], []), .text(entry.text),
          ])
      })
  }

  /// The pictures of those panels of a figure that there are, under their titles.
  ///
  /// - Parameters:
  ///   - width: a class of the page's style.
  ///   - titles: in the place of the panels' own.
  func gallery(_ figure: Figure, _ width: String = "", titles: [String]? = nil) -> HTML {
    let parts = figure.panels.indices.compactMap { index -> HTML? in
      let title = titles.map { $0[index] } ?? figure.panels[index].title
      guard
        let svg = pictures["\(figure.name)-\(index + 1)"].flatMap({
          InlineSVG($0, label: title.isEmpty ? figure.title : title)
        })
      else { return nil }
      return .element("figure", [title.isEmpty ? .none : .element("figcaption", [.name(title)]), .picture(svg)])
    }
    guard !parts.isEmpty else { return .none }
    return .all([
      legend(figure.legend),
      .element("div", class: width.isEmpty ? "pictures" : "pictures \(width)", [.all(parts)]),
    ])
  }
}
