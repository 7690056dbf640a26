import Testing

@testable import PosteriorFiles

@Suite struct TimeAxisTests {
  @Test(arguments: [
    ("days since 2022-01-03", 57.0, "2022-03-01"), ("days since 2024-01-01 00:00:00", 59, "2024-02-29"),
    ("hours since 2024-02-28 12:00:00", 12, "2024-02-29"), ("hours since 2024-02-28T01:00:00.000", 23, "2024-02-29"),
    ("minutes since 1999-12-31", 1440, "2000-01-01"), ("seconds since 1970-01-01", 1_709_164_800, "2024-02-29"),
    // Midnight, that 86400 makes 4e-9 ms too early.
    ("seconds since 1970-01-01 00:00:36", 31_535_964, "1971-01-01"),
    ("nanoseconds since 1970-01-01", 1_709_164_800e9, "2024-02-29"), ("days since 1900-02-28", 1, "1900-03-01"),
    ("days since 2000-02-28", 1, "2000-02-29"), ("days since 1970-01-01", -719_162, "0001-01-01"),
    ("days since 1970-01-01", 2_932_896, "9999-12-31"), ("days since 1970-01-01", 0.999, "1970-01-01"),
    ("days since 1970-01-01", -0.001, "1969-12-31"),
  ]) func `Numbers since a day are days`(units: String, value: Double, date: String) throws {
    #expect(try TimeAxis(values: [value], units: units, calendar: nil).dates == [date])
  }

  @Test func `Ten years of days follow each other`() throws {
    let axis = try TimeAxis(values: (0..<3653).map(Double.init), units: "days since 2015-01-01", calendar: "standard")
    #expect(Set(axis.dates).count == 3653)
    #expect(axis.dates.sorted() == axis.dates)
    #expect(axis.dates.last == "2024-12-31")
    #expect(axis.isContiguous)
  }

  @Test(
    arguments: [
      ([0, 7, 14], true), ([0, 14, 28], true), ([0, 31, 59, 90, 120], true), ([0, 31, 90], false), ([0, 7, 15], false),
      ([5], true), ([], false),
    ] as [([Double], Bool)]) func `Equal steps and months are contiguous`(
      days: [Double], isContiguous: Bool
    ) throws
  {
    let axis = try TimeAxis(values: days, units: "days since 2023-01-01", calendar: nil)
    #expect(axis.isContiguous == isContiguous)
  }

  @Test(arguments: [
    "days", "days since", "fortnights since 2022-01-03", "days since 2022-02-30", "days since 2022-13-01",
    "days since 22-1", "days since yesterday", "days since 2022-01-03 noon", "days since 2022-01-03 00:99:00",
    "days since 2022-01-03 00:00:00 UTC",
  ]) func `Other units are refused`(units: String) {
    #expect(throws: TimeAxis.Failure.self) { try TimeAxis(values: [0], units: units, calendar: nil) }
  }

  @Test(arguments: [Double.nan, 1e300, -719_163]) func `A day outside the years 1 to 9999 is refused`(value: Double) {
    #expect(throws: TimeAxis.Failure.self) {
      try TimeAxis(values: [value], units: "days since 1970-01-01", calendar: nil)
    }
  }
}
