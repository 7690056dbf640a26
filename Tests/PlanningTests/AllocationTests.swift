import Foundation
import Planning
import Testing

@Suite struct AllocationTests {
  private let horizon = Horizon(
    periodCount: Placed(2), start: CalendarDate(year: 2024, month: 7, day: 1), step: .week)

  private func read(_ text: String, dims: [String] = ["channel"]) throws -> Allocation {
    let folder = try Folder(["mine.csv": text])
    return try Allocation.read(path: folder.path("mine.csv"), over: horizon, dims: dims)
  }

  private func messages(_ text: String) throws -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let problems as PlanProblems {
      return problems.problems.map { "\($0.position?.line ?? 0):\($0.position?.column ?? 0): \($0.message)" }
    }
  }

  @Test func `money over the horizon, what our reports have beside it passed over`() throws {
    let allocation = try read("channel,current,spend\ntv, x ,5\n radio ,,0\n")
    #expect(allocation.amounts.map(\.cell.value) == ["tv", "radio"])
    #expect(allocation.amounts.map(\.money.value) == [5, 0])
    #expect(allocation.distribution == nil)
    #expect(try read("channel,total\ntv,5\n").amounts.map(\.money.value) == [5])
  }

  @Test func `money by period becomes a total and shares; a period without a row spends nothing`() throws {
    let allocation = try read("period,channel,spend\n2,tv,3\n1,tv,1\n2024-07-08,radio,8\n1,print,0\n")
    #expect(allocation.amounts.map(\.money.value) == [4, 8, 0])
    let shares = try #require(allocation.distribution)
    #expect(shares.map(\.cell.value) == ["tv", "radio"])
    #expect(shares.map { $0.values.map(\.value) } == [[0.25, 0.75], [0, 1]])
  }

  @Test func `each column that is no number's has labels, wherever it stands`() throws {
    let allocation = try read("geo,spend,channel\nnorth,1,tv\nsouth,2,tv\n", dims: ["channel", "geo"])
    #expect(allocation.amounts.map { $0.labels.map(\.dim.value) } == [["geo", "channel"], ["geo", "channel"]])
    #expect(allocation.amounts.map { $0.labels.map(\.label) } == [["north", "tv"], ["south", "tv"]])
  }

  @Test func `every mistake is reported with its place`() throws {
    #expect(
      try messages("channel,spend\ntv,-1\ntv,2\nradio,nan\nprint,five\n") == [
        "2:4: wrong spend, expected an amount of money of at least 0, found -1",
        "3:1: duplicate row, expected each channel once, found tv again after line 2",
        "4:7: wrong spend, expected an amount of money of at least 0, found 'nan'",
        "5:7: wrong spend, expected an amount of money of at least 0, found 'five'",
      ])
    #expect(
      try messages("period,channel,spend\n3,tv,1\n") == [
        "2:1: wrong period, expected a number from 1 to 2 or a period's first day, found '3'"
      ])
    #expect(
      try messages("spend,period\n1,1\n") == [
        "1:1: wrong header, expected columns such as period,channel,spend or period,channel,total, found spend,period"
      ])
  }

  @Test func `text that is no table says where, and a file that is not there is missing`() throws {
    #expect(try messages("channel,spend\ntv\n") == ["2:1: not a table, expected 2 fields as in the header, found 1"])
    let problems = #expect(throws: PlanProblems.self) {
      try Allocation.read(path: "nowhere.csv", over: horizon, dims: ["channel"])
    }
    #expect(problems?.problems.map(\.isMissingInput) == [true])
  }
}
