/// A day of the proleptic Gregorian calendar.
public struct CalendarDate: Sendable, Equatable, Comparable {
  /// As written: 2024.
  public var year: Int
  /// From 1 to 12.
  public var month: Int
  /// Of the month, from 1.
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  public static func < (a: CalendarDate, b: CalendarDate) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }
}

extension CalendarDate: CustomStringConvertible {
  /// Reads ISO 8601's `2024-02-29`; nil for anything else, and for a day that no calendar has.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.count) == [4, 2, 2], text.allSatisfy({ $0 == "-" || ("0"..."9") ~= $0 }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...Self.dayCount(year: year, month: month)).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// `2024-02-29`
  public var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Days in a month, 1 to 12.
  public static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  /// Days from 1 March of the year 0 to this day; negative before.
  ///
  /// Years that start in March end in the leap day, so that the days before a month depend on the month alone: 153 in each
  /// run of five months.
  private var dayNumber: Int {
    let marchYear = month > 2 ? year : year - 1
    let marchMonth = (month + 9) % 12
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    return 365 * marchYear + floor(marchYear, 4) - floor(marchYear, 100) + floor(marchYear, 400) + dayOfYear
  }

  private init(dayNumber: Int) {
    // 146 097 days in 400 years; the estimate of the year is never too late, and at most one too early.
    var marchYear = floor(400 * dayNumber, 146_097) - 1
    func start(_ year: Int) -> Int { 365 * year + floor(year, 4) - floor(year, 100) + floor(year, 400) }
    while start(marchYear + 1) <= dayNumber { marchYear += 1 }
    let dayOfYear = dayNumber - start(marchYear)
    let marchMonth = (5 * dayOfYear + 2) / 153
    self.init(
      year: marchMonth < 10 ? marchYear : marchYear + 1, month: (marchMonth + 2) % 12 + 1,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// So many days later; earlier where negative.
  public func adding(days: Int) -> CalendarDate { CalendarDate(dayNumber: dayNumber + days) }

  /// The same day so many months later, or the last of that month where it is shorter.
  public func adding(months: Int) -> CalendarDate {
    let month = 12 * year + self.month - 1 + months
    let target = (year: floor(month, 12), month: month - 12 * floor(month, 12) + 1)
    return CalendarDate(
      year: target.year, month: target.month,
      day: min(day, Self.dayCount(year: target.year, month: target.month)))
  }

  /// Days from another day to this one.
  public func days(since other: CalendarDate) -> Int { dayNumber - other.dayNumber }
}

/// The quotient rounded down, also below zero.
private func floor(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : (a - b + 1) / b }

extension Horizon {
  /// The first day of each period; empty without a start. Months are counted from the start, so that 31 January is followed
  /// by 29 February and 31 March.
  public var periodStarts: [CalendarDate] { (0..<periodCount.value).compactMap(firstDay) }

  /// Of a period counted from 0, which may come after those that are planned; nil without a start.
  func firstDay(of period: Int) -> CalendarDate? {
    switch step {
    case .day: start?.adding(days: period)
    case .week: start?.adding(days: 7 * period)
    case .month: start?.adding(months: period)
    }
  }
}
