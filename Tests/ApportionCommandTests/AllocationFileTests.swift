import Planning
import Testing

@testable import ApportionCommand

@Suite struct AllocationFileTests {
  private let horizon = Horizon(
    periodCount: Placed(2), start: CalendarDate(year: 2024, month: 7, day: 1), step: .week)

  private func read(_ text: String, dims: [String] = ["channel"]) throws -> Allocation {
    let folder = try TemporaryFolder()
    try folder.write("mine.csv", text)
    return try AllocationFile.read(folder.path("mine.csv"), dims: dims, decidedBy: dims, horizon: horizon)
  }

  private func messages(_ text: String) throws -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let problems as PlanProblems {
      return problems.problems.map { "\($0.position?.line ?? 0): \($0.message)" }
    }
  }

  @Test func `money over the horizon, further columns passed over`() throws {
    let allocation = try read("channel,note,spend\ntv, x ,5\n radio ,,0\n")
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

  @Test func `each dim is a column`() throws {
    let allocation = try read("geo,channel,spend\nnorth,tv,1\nsouth,tv,2\n", dims: ["channel", "geo"])
    #expect(allocation.amounts.map(\.cell.value) == ["tv/north", "tv/south"])
  }

  @Test func `every mistake is reported with its line`() throws {
    #expect(
      try messages("channel,spend\ntv,-1\ntv,2\nradio,nan\nprint,five\n") == [
        "2: wrong spend, expected money, not negative, found '-1'",
        "3: duplicate row, tv again after line 2",
        "4: wrong spend, expected money, not negative, found 'nan'",
        "5: wrong spend, expected money, not negative, found 'five'",
      ])
    #expect(
      try messages("period,channel,spend\n3,tv,1\n") == [
        "2: wrong period, expected a number from 1 to 2, or a period's first day, found '3'"
      ])
    #expect(
      try messages("chanel,spend\ntv,1\n") == [
        "1: wrong header, expected channel,spend or period,channel,spend, found chanel,spend"
      ])
  }

  @Test func `text that is no table says where`() throws {
    #expect {
      _ = try read("channel,spend\ntv\n")
    } throws: { error in
      (error as? Failure)?.status == .wrongData
        && (error as? Failure)?.message.contains("mine.csv:2:1: error: ") == true
    }
  }
}
