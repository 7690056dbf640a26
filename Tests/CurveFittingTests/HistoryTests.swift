import Foundation
import NumericKernel
import ResponseModel
import Testing

@testable import CurveFitting

@Suite struct HistoryTests {
  /// Files of a test, gone with it.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "apportion \(UUID().uuidString)")

    init(_ files: [String: String]) throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
    }

    deinit { do { try FileManager.default.removeItem(at: url) } catch { Issue.record(error) } }

    func path(_ name: String) -> String { url.appending(path: name).path }
  }

  private func mistakes(
    _ text: String, media: String? = nil, columns: HistoryColumns = HistoryColumns()
  ) throws -> String {
    let folder = try Folder(["a.csv": text].merging(media.map { ["b.csv": $0] } ?? [:]) { $1 })
    do throws(HistoryError) {
      let history = try History.read(
        folder.path("a.csv"), media: media.map { _ in folder.path("b.csv") }, columns: columns)
      _ = try FittedCurves(history, FitOptions(family: Linear.self, drawCount: 2))
      return ""
    } catch {
      return error.description.replacing(folder.url.path + "/", with: "")
    }
  }

  @Test func `a table's rows of one channel and date are summed, by group where groups are asked for`() throws {
    let folder = try Folder([
      "a.csv": """
      week_monday, channel ,dma,predicted,spend,impressions
      2024-01-08,tv,north,3,30,1
      2024-01-01,tv,north,1,10,2
      2024-01-01,tv,south,2,20,3
      2024-01-08,tv,south,4,40,4
      """
    ])
    let whole = try History.read(folder.path("a.csv"))
    #expect(whole.dims == [Posterior.Dim(name: "channel", labels: ["tv"])])
    #expect(whole.series.map(\.media) == [[30, 70]] && whole.series.map(\.response) == [[3, 7]])
    #expect(whole.series[0].dates == ["2024-01-01", "2024-01-08"])
    #expect(whole.notes.count == 1 && whole.notes[0].contains("4 rows became 2 observations"))
    let split = try History.read(
      folder.path("a.csv"), columns: HistoryColumns(spend: "impressions", group: "dma"))
    #expect(split.dims.map(\.name) == ["channel", "dma"] && split.dims[1].labels == ["north", "south"])
    #expect(split.series.map(\.name) == ["tv/north", "tv/south"])
    #expect(split.series.map(\.media) == [[2, 1], [3, 4]] && split.notes.isEmpty)
  }

  @Test func `rows that stand twice are warned of, impressions are kept, and only the channels asked for are joined`()
    throws
  {
    let folder = try Folder([
      "a.csv": "week_monday,channel,predicted\nw1,tv,1\nw2,tv,3\n",
      "b.csv":
        "week_monday,channel,spend,impressions\nw1,tv,10,5\nw1,tv,10,5\nw2,tv,20,6\nw1,radio,1,1\nw2,radio,2,2\n",
    ])
    let history = try History.read(folder.path("a.csv"), media: folder.path("b.csv"), channels: ["tv"])
    #expect(history.series.map(\.media) == [[20, 20]] && history.series.map(\.impressions) == [[10, 6]])
    #expect(history.warnings.count == 1 && history.warnings[0].contains("1 row is the same as another one"))
    #expect(history.columnNames == (date: "week_monday", spend: "spend", contribution: "predicted"))
    #expect(throws: HistoryError.self) { try History.read(folder.path("a.csv"), media: folder.path("b.csv")) }
    #expect(throws: HistoryError.self) {
      try History.read(folder.path("a.csv"), media: folder.path("b.csv"), channels: ["radio"])
    }
    let dates = try mistakes(
      "date,channel,contribution\n2024-01-01,tv,1\n", media: "date,channel,spend\n2024-01-01 00:00:00,tv,1\n")
    #expect(dates.contains("found none of tv: '2024-01-01 00:00:00' there, '2024-01-01' here"), "\(dates)")
  }

  @Test func `without dates each row is an observation`() throws {
    let folder = try Folder(["a.csv": "channel,spend,contribution\ntv,1,2\ntv,1,3\nradio,4,5\ntv,1,4\n"])
    let unit = try Folder(["a.csv": "channel,spend [EUR],contribution\ntv,1,2\n"])
    #expect(try History.read(unit.path("a.csv"), columns: HistoryColumns(spend: "spend [EUR]")).series[0].media == [1])
    let history = try History.read(folder.path("a.csv"))
    #expect(history.series.map(\.media) == [[1, 1, 1], [4]] && history.series[0].response == [2, 3, 4])
    #expect(history.series[0].dates.isEmpty)
  }

  @Test func `contributions are joined with media, and what has no partner is counted`() throws {
    let folder = try Folder([
      "a.csv": "date,channel,contribution\n1,tv,2\n2,tv,3\n3,tv,4\n1,radio,5\n",
      "b.csv": "date,channel,spend\n2,tv,30\n1,tv,20\n1,radio,50\n7,radio,60\n8,radio,60\n",
    ])
    let history = try History.read(folder.path("a.csv"), media: folder.path("b.csv"))
    #expect(history.series.map(\.media) == [[20, 30], [50]] && history.series.map(\.response) == [[2, 3], [5]])
    #expect(history.notes.count == 2)
    #expect(history.notes[0].contains("1 observations dropped") && history.notes[1].contains("2 observations dropped"))
  }

  @Test(arguments: ["contribution[tv,1],contribution[tv,2]", "\"contribution[1,tv]\",\"contribution[2,tv]\""])
  func `draws of contributions are joined by the labels of their columns`(columns: String) throws {
    let folder = try Folder([
      "a.csv": ".chain,.draw,\(columns),other\n1,1,2,4,9\n2,1,3,5,9\n",
      "b.csv": "date,channel,spend\n2,tv,30\n1,tv,20\n",
    ])
    // Unquoted commas part fields: such a name must stand in quotes.
    guard columns.hasPrefix("\"") else {
      #expect(throws: HistoryError.self) { try History.read(folder.path("a.csv"), media: folder.path("b.csv")) }
      return
    }
    let history = try History.read(folder.path("a.csv"), media: folder.path("b.csv"))
    let draws = try #require(history.series[0].responseDraws)
    #expect(draws.column(0) == [2, 3] && draws.column(1) == [4, 5])
    #expect(history.series[0].response == [2.5, 4.5] && history.chainCount == 2)
    #expect(throws: HistoryError.self) { try History.read(folder.path("a.csv")) }
  }

  @Test func `mistakes say where, what was expected and what was found`() throws {
    let header = "date,channel,spend,contribution\n"
    #expect(
      try mistakes("day,chanel,cost\n1,2,3\n") == """
        a.csv:1:1: error: missing columns: expected channel, spend, contribution or predicted or channel_contribution, \
        found day, chanel, cost; did you mean 'chanel' for channel?
        """)
    #expect(
      try mistakes(header + "1,tv,2,3\n", columns: HistoryColumns(date: "week", group: "dma"))
        == "a.csv:1:1: error: missing columns: expected dma, week, found date, channel, spend, contribution")
    #expect(try mistakes(header) == "a.csv:1:1: error: expected rows after the header, found none")
    #expect(
      try mistakes(header + "1,tv,-2,x\n2,,NA,3\n").split(separator: "\n") == [
        "a.csv:2:6: error: wrong spend, expected a number that is finite and not negative, found '-2'",
        "a.csv:2:9: error: wrong contribution, expected a finite number, found 'x'",
        "a.csv:3:3: error: wrong channel, expected a name, found nothing",
        "a.csv:3:4: error: wrong spend, expected a number that is finite and not negative, found 'NA'",
      ])
    #expect(
      try mistakes(header + (1...20).map { "\($0),tv,x,1\n" }.joined()).hasSuffix(
        "a.csv: error: 10 more rows are wrong"))
    #expect(
      try mistakes(header + "1,tv,0,1\n2,tv,0,2\n1,radio,1,7\n2,radio,2,7\n") == """
        a.csv: error: tv: expected spend above zero in some observations, found none
        a.csv: error: radio: expected a response that differs with spend, found 7.0 throughout
        """)
    #expect(
      try mistakes(header + "1,tv,3,1\n")
        == "a.csv: error: tv: expected 2 observations or more, for a curve and what it misses, found 1")
    #expect(
      try mistakes("channel,dma,spend,contribution\ntv,n,1,2\nradio,s,1,2\n", columns: HistoryColumns(group: "dma"))
        == "a.csv: error: expected each channel in each dma, found none of tv/s, radio/n")
    #expect(
      try mistakes("date,channel,contribution\n1,tv,2\n1,tele,3\n", media: "date,channel,spend\n1,tv,2\n1,radio,3\n")
        == """
        b.csv: error: expected media of every channel of a.csv on its dates, found none of tele
        a.csv: error: expected contributions of every channel of b.csv on its dates, found none of radio
        """)
    #expect(
      try mistakes("date,channel,contribution\n1,tv,2\n", media: "channel,spend\ntv,2\n").contains(
        "missing columns: expected date or week_monday or week or time"))
    do throws(HistoryError) {
      _ = try History.read("/nowhere/at/all.csv")
      Issue.record("A file that is not there.")
    } catch {
      #expect(error.isMissingInput && error.description.contains("no such file"))
    }
  }

  @Test func `a fitted history is a posterior, and a cell's draws do not depend on the others`() throws {
    func series(_ name: String, _ scale: Double) -> History.Series {
      let media = bunchedMedia(30, largest: 100, seed: 3)
      return History.Series(
        labels: [name], media: media,
        response: media.enumerated().map { scale * ($1 / (40 + $1) + 0.01 * Double($0 % 5 - 2)) })
    }
    func fitted(_ names: [String]) throws -> FittedCurves {
      try FittedCurves(
        History(
          source: "a", dims: [Posterior.Dim(name: "channel", labels: names)],
          series: names.map { series($0, $0 == "tv" ? 2 : 7) }),
        FitOptions(family: MichaelisMenten.self, drawCount: 20))
    }
    let both = try fitted(["tv", "radio"])
    let posterior = both.posterior
    #expect(posterior.channels == ["tv", "radio"] && posterior.drawCount == 20 && posterior.cells[1].window == 1)
    #expect(try fitted(["radio", "tv"]).curves[1].draws == both.curves[0].draws)
    #expect(both.curves[0].draws != both.curves[1].draws)
  }
}
