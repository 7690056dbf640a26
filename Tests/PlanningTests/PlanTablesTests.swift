import Foundation
import Planning
import Testing

/// A folder of files that lasts as long as the test.
final class Folder {
  let url = FileManager.default.temporaryDirectory.appending(path: "tables-\(UUID())")

  init(_ files: [String: String]) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: url.appending(path: name)) }
  }

  deinit {
    do { try FileManager.default.removeItem(at: url) } catch { Issue.record(error) }
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The plan's mistakes, paths without the folder.
  func mistakes(_ text: String) -> [String] {
    do {
      _ = try PlanFile.parse(text, source: "plan.yaml", folder: url.path)
      return []
    } catch {
      return error.description.replacing(url.path + "/", with: "").split(separator: "\n").map(String.init)
    }
  }
}

@Suite struct PlanTablesTests {
  private let dated = "posterior: {file: model.nc}\nhorizon: {num_periods: 2, start: 2024-07-01}\n"

  @Test func `shares by period and channel are read from a table beside the plan`() throws {
    let folder = try Folder([
      "plan.yaml": dated + "distribution: {file: f.csv}\ncost_per_unit: {file: c.csv}\ncurrent: {file: now.csv}\n",
      "f.csv":
        "period,channel,share\n2024-07-08, tv ,0.75\n1,tv,0.25\n1,\"radio, local\",1\n2024-07-08,\"radio, local\",0\n",
      "c.csv": "cost,period,channel\r\n0.5,1,tv\r\n0.6,2,tv\r\n",
      "now.csv": "channel,total,per_period,current\ntv,100,50,\nradio,0,0,3\n",
    ])
    let path = folder.url.appending(path: "plan.yaml").path
    let reading = try PlanFile.read(path: path)
    guard case .shares(let shares) = reading.plan.distribution, case .costs(let costs) = reading.plan.costPerUnit,
      case .amounts(let amounts, _) = reading.plan.current
    else {
      Issue.record("tables were given")
      return
    }
    #expect(shares.map(\.cell.value) == ["tv", "radio, local"])
    #expect(shares.map { $0.values.map(\.value) } == [[0.25, 0.75], [1, 0]])
    let table = folder.url.appending(path: "f.csv").path
    #expect(shares[0].cell.position == TextPosition(source: table, line: 2, column: 12))
    #expect(shares[0].values[0].position == TextPosition(source: table, line: 3, column: 6))
    #expect(costs.map { $0.values.map(\.value) } == [[0.5, 0.6]])
    #expect(amounts.map(\.cell.value) == ["tv", "radio"])
    #expect(amounts.map(\.money.value) == [100, 0])
    #expect(reading.inputs == ["plan.yaml", "f.csv", "c.csv", "now.csv"].map { folder.url.appending(path: $0).path })
    let again = try PlanFile.parse(reading.plan.yaml, source: "plan.yaml", folder: "").plan
    #expect(again.withoutPlaces == reading.plan.withoutPlaces)
  }

  @Test func `a current plan by period is read from a calendar of an earlier run, and written with it`() throws {
    let folder = try Folder([
      "plan.yaml": dated + "current: {file: calendar.csv}\n",
      "calendar.csv":
        "period,start,channel,spend,units\n1,2024-07-01,tv,10,1\n2,2024-07-08,tv,0.1,1\n2,2024-07-08,radio,5,1\n",
    ])
    let plan = try PlanFile.read(path: folder.url.appending(path: "plan.yaml").path).plan
    guard case .byPeriod(let series, _) = plan.current else {
      Issue.record("a table by period was given")
      return
    }
    #expect(series.map(\.cell.value) == ["tv", "radio"])
    #expect(series.map { $0.values.map(\.value) } == [[10, 0.1], [0, 5]])
    #expect(plan.yaml.contains("current:\n  tv: [10, 0.1]\n  radio: [0, 5]\n"), "\(plan.yaml)")
    #expect(try PlanFile.parse(plan.yaml, source: "plan.yaml", folder: "").plan.yaml == plan.yaml)
    #expect(
      folder.mistakes(dated + "current: {tv: [1, 2], radio: 3, search: [1]}\n") == [
        "plan.yaml:3:30: error: wrong value of current.radio, expected a list of money by period, as of tv, found one number",
        "plan.yaml:3:41: error: wrong length of current.search, expected 2 numbers, one a period, found 1",
      ])
  }

  @Test func `everything wrong in a table is told by its own line, after what is wrong in the plan`() throws {
    let folder = try Folder([
      "f.csv": """
      period,channel,share
      1,tv,0.5
      1,tv,0.5
      2,tv,-0.5
      3,radio,1
      2024-07-09,radio,1
      1,radio,lots
      1,print,0.4
      2,print,0.5
      """
    ])
    #expect(
      folder.mistakes(dated + "distribution: {file: f.csv}\nsolver: {seed: x}\n") == [
        "plan.yaml:4:16: error: wrong value of solver.seed, expected a whole number of at least 0, found 'x'",
        "f.csv:3:3: error: duplicate row, expected each channel once a period, found tv in period 1 again after line 2",
        "f.csv:4:6: error: wrong share, expected a share of at least 0, found -0.5",
        "f.csv:5:1: error: wrong period, expected a number from 1 to 2 or a period's first day, found '3'",
        "f.csv:5:3: error: missing rows of radio, expected one for each period from 1 to 2, found none for period 2",
        "f.csv:6:1: error: wrong period, expected a number from 1 to 2 or a period's first day, found '2024-07-09'",
        "f.csv:7:9: error: wrong share, expected a share of at least 0, found 'lots'",
        "f.csv:8:9: error: wrong shares of print, expected a sum of 1, found 0.9",
      ])
  }

  @Test func `dates in a table need a start in the plan`() throws {
    let folder = try Folder(["f.csv": "period,channel,share\n2024-07-01,tv,1\n1,tv,1\n"])
    #expect(
      folder.mistakes("posterior: {file: m.nc}\nhorizon: {num_periods: 1}\ndistribution: {file: f.csv}\n") == [
        "f.csv:2:1: error: wrong period, expected a number from 1 to 1 (or a period's first day, where horizon.start is given), found '2024-07-01'"
      ])
  }

  @Test(arguments: [
    (
      "cost_per_unit", "period,channel,cost\n1,tv,0\n2,tv,1\n",
      "t.csv:2:6: error: wrong cost, expected a cost above 0, found 0"
    ),
    (
      "cost_per_unit", "period,channel,share\n1,tv,0\n",
      "t.csv:1:1: error: wrong header, expected columns such as period,channel,cost, found period,channel,share"
    ),
    (
      "distribution", "period;channel;share\n",
      "t.csv:1:1: error: wrong header, expected columns such as period,channel,share, found period;channel;share"
    ),
    (
      "distribution", "period,channel,share, share\n",
      "t.csv:1:1: error: wrong header, expected columns such as period,channel,share, found period,channel,share,share"
    ),
    (
      "distribution", "period,channel,share\n1,tv\n",
      "t.csv:2:1: error: not a table, expected 3 fields as in the header, found 2"
    ),
    ("distribution", "", "t.csv:1:1: error: not a table, expected a header, found nothing"),
    (
      "current", "channel,money\n",
      "t.csv:1:1: error: wrong header, expected columns such as channel,spend or channel,total, found channel,money"
    ),
    (
      "current", "channel,spend,total\n",
      "t.csv:1:1: error: wrong header, expected columns such as channel,spend or channel,total, found channel,spend,total"
    ),
    (
      "current", "spend\n",
      "t.csv:1:1: error: wrong header, expected columns such as channel,spend or channel,total, found spend"
    ),
    (
      "current", "channel,spend\ntv,1\ntv,2\n",
      "t.csv:3:1: error: duplicate row, expected each channel once, found tv again after line 2"
    ),
    (
      "current", "channel,spend\ntv,-1\n",
      "t.csv:2:4: error: wrong spend, expected an amount of money of at least 0, found -1"
    ),
    (
      "current", "channel,spend\ntv,\n",
      "t.csv:2:4: error: wrong spend, expected an amount of money of at least 0, found nothing"
    ),
  ])
  func `a wrong table is refused with its place`(key: String, csv: String, line: String) throws {
    let folder = try Folder(["t.csv": csv])
    #expect(folder.mistakes(dated + "\(key): {file: t.csv}") == [line])
  }

  @Test func `a table that is not there is a mistake of the plan`() throws {
    let folder = try Folder([:])
    #expect(
      folder.mistakes(dated + "distribution: {file: f.csv}\ncurrent: {file: .}") == [
        "plan.yaml:3:22: error: no such file, expected a CSV file, found nothing at f.csv",
        "plan.yaml:4:17: error: . cannot be read: a directory",
      ])
  }

  @Test func `what outcomes are worth by period is read from a table, or refused with its place`() throws {
    let folder = try Folder([
      "worth.csv": "period,outcome_value\n2024-07-08,3\n1,2.5\n", "short.csv": "period,margin\n2,0.5\n",
      "twice.csv": "period,margin\n1,0.5\n2,0.5\n2,0.6\n", "cells.csv": "period,channel,margin\n1,tv,1\n2,tv,1\n",
      "below.csv": "margin,period\n-1,1\n0.5,2\n",
    ])
    let plan = try PlanFile.parse(
      dated + "outcome_value: {file: worth.csv}\n", source: "plan.yaml", folder: folder.url.path
    ).plan
    guard case .byPeriod(let worth, _) = plan.terms.value else {
      Issue.record("a table was given")
      return
    }
    #expect(worth.map(\.value) == [2.5, 3])
    #expect(
      ["short", "twice", "cells", "below"].map {
        folder.mistakes(dated + "measure: profit\nmargin: {file: \($0).csv}\n")
      } == [
        ["short.csv:1:1: error: missing rows, expected one for each period from 1 to 2, found none for period 1"],
        ["twice.csv:4:1: error: duplicate row, expected each period once, found period 2 again after line 3"],
        ["cells.csv:1:1: error: wrong header, expected columns such as period,margin, found period,channel,margin"],
        ["below.csv:2:1: error: wrong margin, expected a number of at least 0, found -1"],
      ])
  }
}
