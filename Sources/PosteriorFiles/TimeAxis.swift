import Foundation

/// The days of a time coordinate, as CF metadata tell it: numbers, and `units` such as "days since 2022-01-03".
///
/// Source: CF Metadata Conventions 1.11, section 4.4.
struct TimeAxis: Equatable {
  /// The first day of each period, ISO 8601.
  var dates: [String]
  /// Whether all periods are equally long in days, or all between 28 and 31 days (months).
  var isContiguous: Bool

  struct Failure: Error, Equatable {
    var message: String
  }

  /// `values` in `units` of the proleptic Gregorian calendar (`calendar`; nil is the standard one, the same since 1582). Days
  /// must increase from one value to the next.
  init(values: [Double], units: String, calendar: String?) throws(Failure) {
    if let calendar, !["proleptic_gregorian", "gregorian", "standard"].contains(calendar) {
      throw Failure(message: "expected the Gregorian calendar, found \(calendar)")
    }
    let parts = units.components(separatedBy: " since ")
    guard parts.count == 2, let perDay = TimeAxis.unitsPerDay[parts[0]], let origin = TimeAxis.milliseconds(parts[1])
    else {
      throw Failure(
        message: "expected units such as \u{201C}days since 2022-01-03\u{201D}, found \u{201C}\(units)\u{201D}")
    }
    var days: [Int] = []
    for (index, value) in values.enumerated() {
      // Whole milliseconds: the sum of two fractions of a day may fall just short of midnight.
      let time = (value / perDay * TimeAxis.millisecondsPerDay).rounded() + origin
      let day = (time / TimeAxis.millisecondsPerDay).rounded(.down)
      guard TimeAxis.daysOfFourDigitYears.contains(day) else {
        throw Failure(message: "expected a date in the years 1 to 9999, found \(value) \(units)")
      }
      guard days.last.map({ $0 < Int(day) }) ?? true else {
        throw Failure(
          message:
            "expected each period on a later day than the one before, found \(TimeAxis.iso(Int(day))) at position "
            + "\(index + 1) after \(TimeAxis.iso(days[index - 1]))")
      }
      days.append(Int(day))
    }
    dates = days.map(TimeAxis.iso)
    let steps = zip(days.dropFirst(), days).map { $0 - $1 }
    let equal = steps.allSatisfy { $0 == steps[0] }
    let monthly = steps.allSatisfy { (28...31).contains($0) }
    isContiguous = !days.isEmpty && (equal || monthly)
  }

  /// From days such as 2022-01-03, one a period.
  init(dates: [String]) throws(Failure) {
    var days: [Double] = []
    for (index, date) in dates.enumerated() {
      guard let time = TimeAxis.milliseconds(date) else {
        throw Failure(message: "expected a day such as 2022-01-03 at position \(index + 1), found \(date.prefix(40))")
      }
      days.append((time / TimeAxis.millisecondsPerDay).rounded(.down))
    }
    try self.init(values: days, units: "days since 1970-01-01", calendar: nil)
  }

  private static let millisecondsPerDay = 86_400_000.0

  private static let unitsPerDay: [String: Double] = [
    "days": 1, "hours": 24, "minutes": 1440, "seconds": 86400, "milliseconds": 8.64e7, "microseconds": 8.64e10,
    "nanoseconds": 8.64e13,
  ]

  /// 0001-01-01 to 9999-12-31, in days since 1970-01-01.
  private static let daysOfFourDigitYears = -719_162.0...2_932_896.0

  /// Milliseconds from 1970-01-01 to "2022-01-03", "2022-01-03 00:00:00" or "2022-01-03T00:00:00.000"; nil for other text.
  private static func milliseconds(_ text: String) -> Double? {
    let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard (1...2).contains(halves.count) else { return nil }
    let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard date.count == 3, (1...9999).contains(date[0]) else { return nil }
    let day = days(year: date[0], month: date[1], dayOfMonth: date[2])
    guard civil(day) == (date[0], date[1], date[2]) else { return nil }
    guard halves.count == 2 else { return Double(day) * millisecondsPerDay }
    let clock = halves[1].split(separator: ":").compactMap { Double($0) }
    guard clock.count == 3, halves[1].filter({ $0 == ":" }).count == 2, clock.allSatisfy({ (0..<61).contains($0) })
    else {
      return nil
    }
    return Double(day) * millisecondsPerDay + ((clock[0] * 60 + clock[1]) * 60 + clock[2]) * 1000
  }

  /// The day of a date written as `milliseconds` reads it, in days since 1970-01-01; nil for other text.
  static func day(_ text: String) -> Int? {
    milliseconds(text).map { Int(($0 / millisecondsPerDay).rounded(.down)) }
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, so that the leap day is its
  /// last; 400 years have 146,097 days, and the months from March on begin `⌊(153 m + 2) / 5⌋` days in.
  private static func days(year: Int, month: Int, dayOfMonth: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let marchMonth = (month + 9) % 12
    return 365 * marchYear + marchYear / 4 - marchYear / 100 + marchYear / 400
      + (153 * marchMonth + 2) / 5 + dayOfMonth - 1 - 719_468
  }

  /// The inverse of `days`.
  private static func civil(_ day: Int) -> (Int, Int, Int) {
    let sinceMarch0 = day + 719_468
    var year = Int((Double(sinceMarch0) / 365.2425).rounded(.down))
    while days(year: year + 1, month: 3, dayOfMonth: 1) <= day { year += 1 }
    while days(year: year, month: 3, dayOfMonth: 1) > day { year -= 1 }
    let dayOfYear = day - days(year: year, month: 3, dayOfMonth: 1)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = (marchMonth + 2) % 12 + 1
    return (month <= 2 ? year + 1 : year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  static func iso(_ day: Int) -> String {
    let (year, month, dayOfMonth) = civil(day)
    return String(format: "%04d-%02d-%02d", year, month, dayOfMonth)
  }
}
