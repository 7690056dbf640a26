/// Numbers for people: one unit and one number of decimals for everything that stands in one column, so that sizes can be
/// compared by eye.
///
/// From a hundred million on numbers are given in a larger unit (k, M, then powers of ten), and below a millionth in a
/// smaller one, so that a column is never wider than about eleven characters. People read 0.000987, and not 987×10^-6.
struct NumberScale: Equatable {
  /// Numbers are divided by ten to this power before they are written: a multiple of 3.
  var exponent: Int
  var decimals: Int

  /// A scale that shows the largest of the values to about so many significant digits, and the smallest to two where that
  /// takes no more than two decimals more. Zeros, infinite values, and what is below a millionth of the largest have no say.
  init(for values: [Double], significantDigits: Int) {
    let sizes = values.map(\.magnitude).filter { $0 > 0 && $0.isFinite }
    guard let largest = sizes.max(), let smallest = sizes.filter({ $0 >= largest * 1e-6 }).min() else {
      self.init(exponent: 0, decimals: 0)
      return
    }
    let order = decimalOrder(largest)
    let exponent = order >= 8 ? (order - 3) / 3 * 3 : order < -6 ? max(-300, (order - 2) / 3 * 3) : 0
    let wanted = significantDigits - 1 - (order - exponent)
    let wantedBySmallest = 1 - (decimalOrder(smallest) - exponent)
    self.init(exponent: exponent, decimals: max(0, wanted, min(wantedBySmallest, wanted + 2)))
  }

  init(exponent: Int, decimals: Int) {
    self.exponent = exponent
    self.decimals = decimals
  }

  /// What the numbers are counted in, for a heading or behind a number: empty, "k", "M", or "×10^9".
  var unit: String {
    switch exponent {
    case 0: ""
    case 3: "k"
    case 6: "M"
    default: "×10^\(exponent)"
    }
  }

  /// The number with thousands separated by commas, without the unit; a plus before what is signed and positive. A number
  /// that rounds to zero has no sign.
  func digits(_ value: Double, signed: Bool = false) -> String {
    guard value.isFinite else { return value.isNaN ? "n/a" : value < 0 ? "-inf" : "inf" }
    let text = fixedPoint((value / powerOfTen(exponent)).magnitude, decimals: decimals)
    guard text.contains(where: { $0 != "0" && $0 != "." }) else { return text }
    return (value < 0 ? "-" : signed ? "+" : "") + text
  }

  /// The number with its unit.
  func text(_ value: Double, signed: Bool = false) -> String { digits(value, signed: signed) + unit }
}

/// A single number with its unit, to so many significant digits.
func numberText(_ value: Double, significantDigits: Int = 4) -> String {
  NumberScale(for: [value], significantDigits: significantDigits).text(value)
}

/// A single number as the least of so many significant digits that is nowhere below it: what bounds from above is not rounded
/// down.
func boundText(_ value: Double, significantDigits: Int) -> String {
  let scale = NumberScale(for: [value], significantDigits: significantDigits)
  let places = scale.decimals - scale.exponent
  let power = powerOfTen(abs(places))
  // Multiplied and divided, a number of few digits may end just above itself.
  let whole = (places > 0 ? value * power : value / power).nextDown.rounded(.up)
  return scale.text(places > 0 ? whole / power : whole * power)
}

/// A number as a person would write it: six significant digits, zeros behind the decimal point left out.
func amountText(_ value: Double) -> String {
  let scale = NumberScale(for: [value], significantDigits: 6)
  var digits = scale.digits(value)
  if digits.contains(".") {
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
  }
  return digits + scale.unit
}

/// A whole number with thousands separated by commas.
func countText(_ count: Int) -> String {
  (count < 0 ? "-" : "") + grouped(String(count.magnitude))
}

/// "1 draw", "2,000 draws".
package func countText(_ count: Int, _ noun: String) -> String { "\(countText(count)) \(noun)\(count == 1 ? "" : "s")" }

/// A share as per cent: 0.974 is "97.4 %". Only a share of exactly one is "100 %", and only one of exactly zero "0 %".
func percentText(_ share: Double, signed: Bool = false) -> String {
  let sign = share < 0 ? "-" : signed && share > 0 ? "+" : ""
  let percent = share.magnitude * 100
  if percent > 0 && percent < 0.1 { return "<0.1 %" }
  if !signed && percent < 100 && percent > 99.9 { return ">99.9 %" }
  if !signed && (percent == 100 || percent == 0) { return "\(Int(percent)) %" }
  guard percent < 1e6 else { return sign + ">1,000,000 %" }
  return sign + fixedPoint(percent, decimals: percent >= 1000 ? 0 : 1) + " %"
}

/// The power of ten that the number is at least: 0 for 9.99, 1 for 10.
private func decimalOrder(_ size: Double) -> Int {
  // Shortest digits, as `description` has them, never mistake 1000 for 10^2.9999.
  let text = size.description
  if let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) { return exponent }
  let whole = text.prefix { $0 != "." }
  if whole != "0" { return whole.count - 1 }
  return -text.dropFirst(2).prefix { $0 == "0" }.count - 1
}

private func powerOfTen(_ exponent: Int) -> Double {
  var power = 1.0
  for _ in 0..<exponent.magnitude { power *= 10 }
  return exponent < 0 ? 1 / power : power
}

/// A number that is not negative, rounded to so many decimals. `NumberScale` keeps it below about 10^9, where the scaled
/// number is exact enough for every digit shown.
private func fixedPoint(_ value: Double, decimals: Int) -> String {
  let scaled = (value * powerOfTen(decimals)).rounded(.toNearestOrAwayFromZero)
  guard scaled < 1e18 else { return value.description }
  let all = String(Int(scaled))
  let padded = String(repeating: "0", count: max(0, decimals + 1 - all.count)) + all
  let whole = grouped(String(padded.dropLast(decimals)))
  return decimals == 0 ? whole : whole + "." + padded.suffix(decimals)
}

private func grouped(_ digits: String) -> String {
  var text = ""
  for (position, digit) in digits.enumerated() {
    if position > 0 && (digits.count - position) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}
