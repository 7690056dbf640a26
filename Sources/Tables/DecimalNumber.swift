/// The number that starts at `position`, which is moved past it: the double nearest to what is written, ties to even. Nil, and
/// the position stays, where none starts there.
///
/// Digits with or without a point and an exponent, and in letters of any case `nan`, `NA` (R's word for a missing number),
/// `inf` and `infinity`, all with or without a sign.
///
/// `w · 10ᵏ` with `w ≤ 2⁵³` and `|k| ≤ 22` is one rounded operation on exact numbers (Clinger, "How to read floating point
/// numbers accurately", PLDI 1990). Other w of at most 19 digits with `−19 ≤ k < 0` are an exact division of whole numbers, whose
/// remainder says which way to round. The rest is left to the standard library.
@inline(__always)
public func decimalNumber(in bytes: Span<UInt8>, at position: inout Int) -> Double? {
  let start = position
  let end = bytes.count
  var next = start
  var isNegative = false
  if next < end, bytes[next] == minus || bytes[next] == plus {
    isNegative = bytes[next] == minus
    next += 1
  }
  let firstDigit = next
  var digits: UInt64 = 0
  while next < end {
    let digit = bytes[next] &- zero
    guard digit < 10 else { break }
    digits = digits &* 10 &+ UInt64(digit)
    next += 1
  }
  var digitCount = next - firstDigit
  var exponent = 0
  if next < end, bytes[next] == point {
    next += 1
    let firstDecimal = next
    while next < end {
      let digit = bytes[next] &- zero
      guard digit < 10 else { break }
      digits = digits &* 10 &+ UInt64(digit)
      next += 1
    }
    exponent = firstDecimal - next
    digitCount -= exponent
  }
  guard digitCount > 0 else { return wordedNumber(in: bytes, at: &position) }
  if next < end, bytes[next] | 0x20 == letterE, let (written, after) = writtenExponent(in: bytes, after: next) {
    exponent += written
    next = after
  }
  position = next
  if digitCount > 19 { digitCount -= leadingZeros(in: bytes, from: firstDigit) }
  guard digitCount <= 19, let size = nearest(to: digits, timesTenTo: exponent) else {
    return libraryNumber(in: bytes, start..<next)
  }
  return isNegative ? -size : size
}

/// The double nearest to `digits · 10^exponent`; nil where that takes more than this file's arithmetic.
@inline(__always)
private func nearest(to digits: UInt64, timesTenTo exponent: Int) -> Double? {
  if digits <= 1 << 53 {
    if exponent <= 0, exponent >= -22 { return Double(digits) / exactPowers[-exponent] }
    if exponent > 0, exponent <= 22 { return Double(digits) * exactPowers[exponent] }
  }
  guard exponent < 0, exponent >= -19, digits > 0 else { return nil }
  return quotient(digits, by: wholePowers[-exponent])
}

/// `digits / divisor` rounded once. The numerator is shifted until the whole quotient has 62 or 63 bits; a bit for the remainder
/// at its end then decides what the 53 bits of a double cannot tell.
private func quotient(_ digits: UInt64, by divisor: UInt64) -> Double {
  let shift = 62 - (64 - digits.leadingZeroBitCount) + (64 - divisor.leadingZeroBitCount)
  let numerator = UInt128(digits) << UInt128(shift)
  let (whole, remainder) = divisor.dividingFullWidth((UInt64(numerator >> 64), UInt64(truncatingIfNeeded: numerator)))
  return Double(whole | (remainder == 0 ? 0 : 1)) * Double(bitPattern: UInt64(1023 - shift) << 52)
}

private let exactPowers: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

private let wholePowers: [UInt64] = [
  1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
  1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
  100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]

/// What stands after an `e`; nil where that is no exponent. Beyond 9,999 it is 9,999, which is beyond every double.
private func writtenExponent(in bytes: Span<UInt8>, after letter: Int) -> (exponent: Int, end: Int)? {
  var next = letter + 1
  var isNegative = false
  if next < bytes.count, bytes[next] == minus || bytes[next] == plus {
    isNegative = bytes[next] == minus
    next += 1
  }
  let first = next
  var exponent = 0
  while next < bytes.count, bytes[next] &- zero < 10 {
    exponent = min(exponent * 10 + Int(bytes[next] &- zero), 9999)
    next += 1
  }
  return next > first ? (isNegative ? -exponent : exponent, next) : nil
}

/// Zeros before the first digit that is none.
private func leadingZeros(in bytes: Span<UInt8>, from start: Int) -> Int {
  var count = 0
  var next = start
  while next < bytes.count, bytes[next] == zero || bytes[next] == point {
    if bytes[next] == zero { count += 1 }
    next += 1
  }
  return count
}

private func libraryNumber(in bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
  var text = ""
  for index in range { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
  if let number = Double(text) { return number }
  // The library wants a digit on either side of the point.
  let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  guard halves.count == 2 else { return nil }
  let whole = halves[0].last?.isNumber ?? false ? "" : "0"
  let fraction = halves[1].first?.isNumber ?? false ? "" : "0"
  return Double("\(halves[0])\(whole).\(fraction)\(halves[1])")
}

private func wordedNumber(in bytes: Span<UInt8>, at position: inout Int) -> Double? {
  var next = position
  var isNegative = false
  if next < bytes.count, bytes[next] == minus || bytes[next] == plus {
    isNegative = bytes[next] == minus
    next += 1
  }
  var word = ""
  while next < bytes.count, word.utf8.count <= 8, (0x61...0x7A).contains(bytes[next] | 0x20) {
    word.unicodeScalars.append(Unicode.Scalar(bytes[next] | 0x20))
    next += 1
  }
  let number: Double
  switch word {
  case "nan", "na": number = .nan
  case "inf", "infinity": number = .infinity
  default: return nil
  }
  position = next
  return isNegative ? -number : number
}

private let zero = UInt8(ascii: "0")
private let point = UInt8(ascii: ".")
private let minus = UInt8(ascii: "-")
private let plus = UInt8(ascii: "+")
private let letterE = UInt8(ascii: "e")
