import Foundation
import Testing

@testable import Planning
@testable import Reporting

@Suite struct FigureTests {
  private static let hostile = [
    "it's", "`touch /tmp/pwned`", "$(touch pwned)", "{/Bold x}_a^2 %d @x", "two\nlines\r", "\u{202E}turned", "a\\",
    "# no comment",
    "\"quoted\", comma",
  ]

  private static var figure: Figure {
    let panels = hostile.map { name in
      Figure.Panel(
        title: name, x: .amounts("Spend", [3]), y: .amounts("", [2.5]),
        columns: [("x", [0, 1, .nan]), ("y", [2.5, 1, 2])],
        layers: [Figure.Layer(.line(x: "x", y: "y"), .recommended), Figure.Layer(.dots(x: "x", y: "y"), .current)],
        words: [Figure.Words(text: name, x: 1, y: 1)])
    }
    return Figure(
      name: "hostile", title: hostile[1], notes: [hostile[3]], legend: [Figure.LegendEntry(.box, .current, hostile[0])],
      panels: panels, columnWidths: Figure.grid(of: panels.count), xLabel: hostile[4], yLabel: hostile[8])
  }

  /// What is left of a line without its texts: between single quotes gnuplot carries nothing out, between double quotes what stands
  /// between backquotes. Nil where a text does not end.
  private static func unquoted(_ line: Substring) -> String? {
    var rest = ""
    var quote: Character?
    for letter in line {
      if letter == quote {
        quote = nil
      } else if quote == nil, letter == "'" || letter == "\"" {
        quote = letter
      } else if quote == nil || (quote == "\"" && letter == "`") {
        rest.append(letter)
      }
    }
    return quote == nil ? rest : nil
  }

  @Test func `names stand between quotes whatever they hold`() throws {
    let lines = Self.figure.script.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.contains { $0.contains("\"it's\"") })
    for line in lines {
      let commands = try #require(Self.unquoted(line), "\(line)")
      #expect(!commands.contains { "`@{}#".contains($0) }, "\(line)")
      #expect(!commands.contains("touch") && !commands.contains("system"), "\(line)")
    }
    #expect(!Self.figure.script.unicodeScalars.contains("\u{202E}"))
    #expect(!Self.figure.script.unicodeScalars.contains("\r"))
  }

  @Test func `a comment of a script has one line`() {
    let comments = Self.figure.script.split(separator: "\n").filter { $0.hasPrefix("# two") }
    #expect(comments == ["# two\u{FFFD}lines\u{FFFD}"])
    #expect(!Self.figure.script.split(separator: "\n").contains { $0.hasPrefix("lines") })
  }

  @Test func `each panel has its rows, two empty lines before the next, and its name at the end`() {
    let lines = Self.figure.data.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(6) == ["x,y,panel", "0.0,2.5,it's", "1.0,1.0,it's", ",2.0,it's", "", ""])
    #expect(lines.count == 1 + 3 * 9 + 2 * 8 + 1)
    #expect(Self.figure.script.contains("'hostile.csv' skip 1 index 8 using 1:2 with lines"))
  }

  @Test func `a column that a panel has not is empty`() {
    var figure = Self.figure
    figure.panels = Array(figure.panels.prefix(2))
    figure.panels[1].columns = [("z", [7])]
    figure.panels[1].layers = [Figure.Layer(.dots(x: "z", y: "z"), .ink)]
    #expect(figure.data.hasSuffix(",,7.0,`touch /tmp/pwned`\n"))
    #expect(figure.script.contains("index 1 using 3:3 with points"))
  }

  @Test(arguments: [
    (0.0, 1_200_000.0, ["0", "0.5 M", "1.0 M"]), (0, 7, ["0", "2", "4", "6"]), (0, 0.3, ["0", "0.1", "0.2", "0.3"]),
    (0, 9_000, ["0", "2,000", "4,000", "6,000", "8,000"]),
    (-40_000, 60_000, ["0", "50 k"]),
    (0, 3e9, ["0", "1 bn", "2 bn", "3 bn"]),
  ])
  func `ticks are round numbers in one unit`(low: Double, high: Double, expected: [String]) {
    #expect(Figure.Axis.spanning("", low...high, ticks: 4).ticks.map(\.text) == expected)
  }

  @Test(arguments: [
    (1_234_567.0, "1.23 M"), (0, "0"), (55_000, "55.0 k"), (999_900, "1.00 M"), (2184, "2,184"), (-439_000, "-439 k"),
    (1.5, "1.50"), (12.34, "12.3"),
  ])
  func `amounts have three digits`(value: Double, expected: String) { #expect(shortAmount(value) == expected) }

  @Test func `periods are named by their first days, and the year where it begins`() {
    let starts = ["2024-12-16", "2024-12-23", "2024-12-30", "2025-01-06", "2025-01-13"]
    #expect(
      Figure.Axis.periods(5, starts: starts, ticks: 5).ticks.map(\.text) == [
        "16 Dec 24", "23 Dec", "30 Dec", "6 Jan 25", "13 Jan",
      ])
    #expect(Figure.Axis.periods(5, starts: starts, ticks: 2).ticks.map(\.at) == [1, 4])
    #expect(Figure.Axis.periods(3, starts: [], ticks: 3).ticks.map(\.text) == ["1", "2", "3"])
  }

  @Test func `a density holds all draws, and is highest where most of them are`() {
    // Normal quantiles at 200 even ranks: a density of 1 over sqrt(2 pi) = 0.399 at zero.
    let draws = (1...200).map { rank -> Double in
      let p = Double(rank) / 201
      return 10 + (p < 0.5 ? -1 : 1) * sqrt(-2 * log(min(p, 1 - p))) * 0.9
    }
    let density = Density(draws)
    let step = (density.range.upperBound - density.range.lowerBound) / 2000
    let places = (0...2000).map { density.range.lowerBound + Double($0) * step }
    let sum = density.values(at: places).reduce(0, +) * step
    // The kernel's own tails beyond the range: less than a hundredth.
    #expect(abs(sum - 1) < 0.01)
    #expect(density.range.contains(10))
    #expect(density.isSpread)
    #expect(!Density([3, 3, 3]).isSpread)
    #expect(!Density([3]).isSpread)
    #expect(!Density([1e16, 1e16 + 2]).isSpread)
  }

  @Test func `every layer of every picture is drawn of columns that its panel has`() {
    let figures = MadeUp.recommendation.figures(curves: [])
    #expect(figures.map(\.name) == ["allocation", "outcome"])
    for figure in figures {
      for panel in figure.panels {
        #expect(Set(panel.columns.map(\.values.count)).count == 1)
        #expect(Set(panel.columns.map(\.name)).count == panel.columns.count)
      }
      // A column that is not there would end the process here.
      #expect(figure.script.contains("plot '\(figure.name).csv'"))
    }
    #expect(Set(figures.map(\.name)).isSubset(of: Figure.names))
  }

  @Test func `of a single draw there is no picture of a distribution`() {
    var answer = MadeUp.recommendation
    (answer.draws, answer.currentDraws, answer.drawCount) = ([2], [1], 1)
    #expect(answer.figures(curves: []).map(\.name) == ["allocation"])
  }

  @Test func `of very many cells the first are drawn, and the picture says so`() {
    var answer = MadeUp.recommendation
    answer.cells = (0..<400).map {
      MadeUp.cell(["channel \($0)"], [Double(1000 - $0), 0], current: 500, nil, marginalROI: 1, roi: (1, 0.5))
    }
    let figure = answer.allocationFigure
    #expect(figure.panels[0].columns[0].values.count == 40)
    #expect(figure.notes == ["The 40 cells of most money; all are in allocation.csv"])
    let curve = Recommendation.ResponseCurve(
      spend: [0, 1000], response: [MadeUp.summary(0, 0), MadeUp.summary(100, 10)], observed: nil)
    let curves = answer.curvesFigure(answer.cells.map { _ in curve })
    #expect(curves.panels.count == Figure.mostPanels)
    #expect(curves.notes[0].hasSuffix("364 cells of less money not shown"))
  }
}
