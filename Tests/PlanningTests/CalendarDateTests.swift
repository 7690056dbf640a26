import Planning
import Testing

@Suite struct CalendarDateTests {
  @Test(arguments: ["2024-02-29", "2000-02-29", "1900-02-28", "2023-12-31", "0001-01-01"])
  func `a day of the calendar is read and written back`(text: String) {
    #expect(CalendarDate(text)?.description == text)
  }

  @Test(arguments: [
    "2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-4-1", "24-04-01",
    "2024/04/01",
    "2024-04-01T00:00", "", "--", "2024-04-0١",
  ])
  func `what no calendar has is not a day`(text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test func `days are added across months, leap days and centuries`() throws {
    let day = try #require(CalendarDate("2024-02-28"))
    #expect(day.adding(days: 1).description == "2024-02-29")
    #expect(day.adding(days: 2).description == "2024-03-01")
    #expect(day.adding(days: 366).description == "2025-02-28")
    #expect(day.adding(days: -59).description == "2023-12-31")
    // 400 years of the Gregorian calendar are 146 097 days.
    #expect(day.adding(days: 146_097).description == "2424-02-28")
    #expect(day.adding(days: -146_097).description == "1624-02-28")
  }

  @Test func `walking day by day meets every day once, in order`() throws {
    var day = try #require(CalendarDate("1899-12-31"))
    for _ in 0..<80_000 {
      let next = day.adding(days: 1)
      let isNextInMonth = next.year == day.year && next.month == day.month && next.day == day.day + 1
      let isFirst = next.day == 1 && day.day == CalendarDate.dayCount(year: day.year, month: day.month)
      guard isNextInMonth || (isFirst && next.days(since: day) == 1) else {
        Issue.record("\(day) was followed by \(next)")
        return
      }
      day = next
    }
    // 80 000 days are 219 years of 365 days, 53 leap days (1900 and 2100 have none) and 12 days.
    #expect(day.description == "2119-01-12")
  }

  @Test func `months are counted from the start and end where the month does`() {
    let horizon = Horizon(
      periodCount: Placed(5), start: CalendarDate(year: 2023, month: 11, day: 30), step: .month)
    #expect(
      horizon.periodStarts.map(\.description) == ["2023-11-30", "2023-12-30", "2024-01-30", "2024-02-29", "2024-03-30"])
  }

  @Test func `weeks and days follow each other, and without a start periods have no dates`() {
    var horizon = Horizon(periodCount: Placed(3), start: CalendarDate(year: 2024, month: 12, day: 23))
    #expect(horizon.periodStarts.map(\.description) == ["2024-12-23", "2024-12-30", "2025-01-06"])
    horizon.step = .day
    #expect(horizon.periodStarts.map(\.description) == ["2024-12-23", "2024-12-24", "2024-12-25"])
    horizon.start = nil
    #expect(horizon.periodStarts.isEmpty)
  }
}
