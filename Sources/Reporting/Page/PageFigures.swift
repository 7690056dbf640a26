public import Planning

// The pictures of the page: one pair of axes each, so that they stand beside each other on a desk and under each other on a telephone.

extension Recommendation {
  /// Small pictures for `page`, for those to whom it is shown. All cells have theirs, but for those of least money of very many.
  ///
  /// - Parameter curves: of `CompiledPlan.responseCurves`; none for no pictures of them.
  public func pageFigures(curves: [ResponseCurve]) -> [Figure] {
    var cards = self.cards(of: withNamesInEach(allocationFigure), Recommendation.rowCard)
    if !curves.isEmpty {
      cards += self.cards(of: curvesFigure(curves, most: Recommendation.mostCards), Recommendation.smallCard)
    }
    if let figure = outcomeFigure { cards += self.cards(of: figure, Recommendation.wideCard) }
    if let figure = liftFigure() { cards += self.cards(of: figure, Recommendation.rowCard) }
    if hasCalendar {
      cards += self.cards(of: periodResponseFigure, Recommendation.broadCard)
      cards += self.cards(of: calendarFigure(most: Recommendation.mostCards), Recommendation.smallCard)
    }
    return cards
  }

  /// Of more cells than these those of least money have no picture of their own on the page.
  static let mostCards = 150

  private static func smallCard(_: Figure.Panel) -> Figure.Card { Figure.Card(width: 360, height: 230, letters: 14) }
  private static func wideCard(_: Figure.Panel) -> Figure.Card { Figure.Card(width: 520, height: 290) }
  private static func broadCard(_: Figure.Panel) -> Figure.Card { Figure.Card(width: 760, height: 300) }

  /// A row for each tick.
  private static func rowCard(_ panel: Figure.Panel) -> Figure.Card {
    Figure.Card(width: 560, height: (panel.x.label.isEmpty ? 44 : 70) + 30 * Double(max(2, panel.y.ticks.count)))
  }

  /// A picture for each panel, named after it and its place among them, from 1.
  private func cards(of figure: Figure, _ card: (Figure.Panel) -> Figure.Card) -> [Figure] {
    figure.panels.enumerated().map { index, panel in
      var own = Figure(name: "\(figure.name)-\(index + 1)", title: "", panels: [panel], columnWidths: [1])
      // Both are said beside it.
      own.panels[0].title = ""
      if figure.panels.count > 1 { own.panels[0].x.label = "" }
      if panel.leftRoom > 0 { own.panels[0] = besideNames(own.panels[0]) }
      own.card = card(own.panels[0])
      return own
    }
  }

  /// With fewer ticks, for which names leave little room, and names that keep off dots at nothing.
  private func besideNames(_ panel: Figure.Panel) -> Figure.Panel {
    var panel = panel
    if panel.x.ticks.count > 4 {
      panel.x.ticks = panel.x.ticks.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    }
    for index in panel.words.indices where panel.words[index].alignment == .right { panel.words[index].x -= 0.02 }
    return panel
  }

  /// Of panels that share their rows each with the names of these.
  private func withNamesInEach(_ figure: Figure) -> Figure {
    var figure = figure
    let names = figure.panels[0].words.filter { $0.alignment == .right }
    for index in figure.panels.indices.dropFirst() {
      figure.panels[index].words += names
      figure.panels[index].leftRoom = figure.panels[0].leftRoom
    }
    return figure
  }
}
