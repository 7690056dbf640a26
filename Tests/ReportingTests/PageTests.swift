import Foundation
import ResponseModel
import Testing

@testable import Planning
@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "it's 'quoted' & \"doubly\"", "two\nlines\r\u{0}",
    "\u{202E}turned \u{2066}back", "שלום عليكم", "</style></section>]]>", "&amp;#60; --> {{x}} ${y}",
    "\u{FFFE}\u{FFFF}",
  ]

  /// Each cell adds its own part to a lift of 1000, some of them less than nothing.
  private static func answer(_ names: [String]) -> Recommendation {
    var answer = MadeUp.recommendation
    answer.cells = names.enumerated().map { index, name in
      var cell = MadeUp.cell(
        [name], [Double(1000 - index), 10], current: 500, index == 0 ? .upper : nil, marginalROI: 1, roi: (1.5, 0.5))
      cell.lift = MadeUp.summary(Double(names.count - 2 * index), 3)
      cell.currentMarginalROI = 1.25
      cell.observed = ObservedSpend(least: 0, most: index == 1 ? 400 : 2000)
      cell.risk = RiskContribution(sd: 1, sdShare: 1 / Double(names.count), shortfall05: 2, shortfall05Share: nil)
      return cell
    }
    let parts = answer.cells.map { $0.lift?.mean ?? 0 }
    answer.lift = MadeUp.summary(parts.reduce(0, +), 50)
    return answer
  }

  private static func curves(of answer: Recommendation) -> [Recommendation.ResponseCurve] {
    answer.cells.map { cell in
      Recommendation.ResponseCurve(
        spend: [0, 500, cell.total], response: [0, 500, 900].map { MadeUp.summary($0, $0 / 10) }, observed: 0...800)
    }
  }

  /// What a page says and is made of.
  private final class Reading: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    init(_ page: String) throws {
      super.init()
      let parser = XMLParser(data: Data(page.utf8))
      parser.delegate = self
      try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") in line \(parser.lineNumber)")
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { elements.append((name, attributes)) }

    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

    func count(_ name: String) -> Int { elements.count { $0.name == name } }
  }

  private static let sections = [
    "allocation", "curves", "outcome", "lift", "calendar", "limits", "diagnostics", "risk", "extrapolation",
    "assumptions", "reproduction",
  ]

  @Test func `a page is well-formed, has one heading above all others, and every section once, in order`() throws {
    let answer = Self.answer(["tv", "search", "radio"])
    let page = try Reading(answer.page(curves: Self.curves(of: answer)))
    #expect(page.count("h1") == 1)
    #expect(page.elements.filter { $0.name == "section" }.compactMap { $0.attributes["id"] } == Self.sections)
    #expect(page.count("h2") == Self.sections.count)
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let links = page.elements.compactMap { $0.attributes["href"] }
    #expect(links == Self.sections.map { "#\($0)" })
  }

  @Test func `nothing of a page runs, or comes from elsewhere`() throws {
    let answer = Self.answer(Self.hostile)
    let text = answer.page(curves: Self.curves(of: answer))
    let page = try Reading(text)
    #expect(Set(page.elements.map(\.name)).isDisjoint(with: ["script", "img", "iframe", "link", "object", "embed"]))
    #expect(page.elements.allSatisfy { $0.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "src" } })
    for word in ["http://", "https://", "url(", "@import", "javascript:"] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func `hostile names are shown as they are, but for what would move their line`() throws {
    let answer = Self.answer(Self.hostile)
    let text = answer.page(curves: Self.curves(of: answer))
    let page = try Reading(text)
    for name in Self.hostile[0...2] + [Self.hostile[5], Self.hostile[7]] {
      #expect(page.text.contains(name), "\(name)")
    }
    #expect(page.text.contains("two\u{FFFD}lines\u{FFFD}\u{FFFD}"))
    #expect(page.text.contains("turned back"))
    #expect(!text.unicodeScalars.contains { ["\u{202E}", "\u{2066}", "\u{FFFE}", "\u{0}"].contains($0) })
    #expect(page.count("bdi") >= 4 * Self.hostile.count)
  }

  @Test func `all of thirty channels are in each table that is by channel`() throws {
    let names = (1...30).map { "channel number \($0)." }
    let answer = Self.answer(names)
    let page = try Reading(answer.page(curves: Self.curves(of: answer)))
    // Allocation, curves, lift, calendar and risk.
    for name in names { #expect(page.text.components(separatedBy: name).count - 1 >= 5, "\(name)") }
    let figures = answer.pageFigures(curves: Self.curves(of: answer))
    #expect(figures.count { $0.name.hasPrefix("response_curves-") } == 30)
    #expect(Set(figures.map(\.name)).count == figures.count)
  }

  @Test(arguments: [3, 30, 90])
  func `the steps of the waterfall come to the lift, the largest gain first`(count: Int) throws {
    let answer = Self.answer((0..<count).map { "channel \($0)" })
    let lift = try #require(answer.lift).mean
    for steps in [answer.liftSteps(), answer.liftSteps(most: 40)] {
      // Numbers of so few digits add up without any rounding.
      #expect(steps.reduce(0) { $0 + $1.size } == lift)
      #expect(steps.last?.to == lift)
      #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.to == $1.from && $0.size >= $1.size })
    }
    #expect(answer.liftSteps().count == count)
    #expect(answer.liftSteps(most: 40).count == min(count, 40))
    let figure = try #require(answer.liftFigure())
    #expect(figure.panels[0].columns.allSatisfy { $0.values.count == min(count, 40) + 1 })
    #expect(figure.script.contains("plot 'lift_by_channel.csv'"))
  }

  @Test func `what the parts do not come to has a step of its own`() {
    var answer = Self.answer(["tv", "search"])
    // The parts are 2 and 0.
    answer.lift = MadeUp.summary(5, 1)
    #expect(answer.liftSteps().map(\.size) == [2, 0, 3])
    #expect(answer.liftSteps().last?.name == "what no part does")
  }

  @Test func `without a current plan there is nothing of a difference`() throws {
    var answer = Self.answer(["tv", "search"])
    (answer.lift, answer.currentOutcome, answer.currentDraws, answer.probabilityBetter) = (nil, nil, nil, nil)
    for index in answer.cells.indices { (answer.cells[index].current, answer.cells[index].lift) = (nil, nil) }
    let page = try Reading(answer.page())
    #expect(!page.elements.contains { $0.attributes["id"] == "lift" })
    #expect(!page.text.contains("Better than the current plan"))
    #expect(page.text.contains("This plan brings 1.93 M of incremental response"))
  }

  @Test func `a single draw has no interval and no probability`() throws {
    var answer = Self.answer(["tv", "search"])
    (answer.draws, answer.currentDraws, answer.drawCount) = ([2], [1], 1)
    let page = try Reading(answer.page(curves: Self.curves(of: answer)))
    #expect(!page.text.contains("90 %") && !page.text.contains("Better than the current plan"))
    #expect(page.text.contains("There are no intervals, and no probabilities."))
  }

  @Test func `checks that are weak are stamped on the page, and each is told with what was wanted`() throws {
    var answer = Self.answer(["tv", "search"])
    answer.explorations = ["checks: convergence_report.json says converged: false"]
    answer.diagnostics = PosteriorDiagnostics(
      parameters: [.init(name: "beta", rHat: 1.02, effectiveSampleSize: 150)], divergences: nil)
    let page = try Reading(answer.page())
    #expect(page.elements.contains { $0.attributes["class"] == "stamp" })
    #expect(page.text.contains("EXPLORATORY, not to be acted on as it is: checks: convergence_report.json says"))
    #expect(page.text.contains("1.020") && page.text.contains("150") && page.text.contains("not known"))
    #expect(page.elements.count { $0.attributes["class"] == "weak" && $0.name == "span" } == 2)
    #expect(try !Reading(Self.answer(["tv"]).page()).elements.contains { $0.attributes["class"] == "stamp" })
  }

  @Test func `the channel that leaves what was observed is named with the multiple, and no other`() throws {
    let answer = Self.answer(["tv", "search", "radio"])
    let text = answer.page()
    let start = try #require(text.range(of: "id=\"extrapolation\""))
    let end = try #require(text.range(of: "id=\"assumptions\""))
    let section = text[start.upperBound..<end.lowerBound]
    // 999 in a period, of which 400 was the most.
    #expect(section.contains("<bdi>search</bdi>") && section.contains("2.50 times the most"))
    #expect(!section.contains("<bdi>tv</bdi>"))
  }

  @Test func `pictures stand in their places, and what is no picture stands nowhere`() throws {
    let answer = Self.answer(["tv", "search"])
    let svg = "<svg viewBox='0 0 9 9'><g><path d='M0,0 L1,1'/></g></svg>"
    let page = try Reading(
      answer.page(
        curves: Self.curves(of: answer),
        pictures: [
          "response_curves-1": svg, "response_curves-2": "<svg viewBox='0 0 9 9'><script>x</script></svg>",
          "lift_by_channel-1": "Segmentation fault",
        ]))
    #expect(page.count("svg") == 1)
    #expect(!page.text.contains("pictures are not drawn"))
    #expect(try Reading(answer.page()).text.contains("The pictures are not drawn: gnuplot is not installed"))
  }

  @Test func `the same answer gives the same page`() {
    let answer = Self.answer(Self.hostile)
    #expect(answer.page(curves: Self.curves(of: answer)) == answer.page(curves: Self.curves(of: answer)))
  }
}
