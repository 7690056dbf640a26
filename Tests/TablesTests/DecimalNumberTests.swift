import Foundation
import Tables
import TestSupport
import Testing

/// Numbers from bytes, against the C library's `strtod`, bit by bit.
@Suite struct DecimalNumberTests {
  private func read(_ text: String) -> (value: Double?, end: Int) {
    let bytes = Array(text.utf8)
    var position = 0
    let value = decimalNumber(in: bytes.span, at: &position)
    return (value, position)
  }

  private func expectAsLibrary(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let (value, end) = read(text)
    let expected = unsafe strtod(text, nil)
    #expect(end == text.utf8.count, "\(text)", sourceLocation: sourceLocation)
    #expect(
      value?.bitPattern == expected.bitPattern || (value?.isNaN ?? false) && expected.isNaN, "\(text)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    "0", "-0", "0.0", "1", "-1.5", "+2", ".5", "5.", "5.e3", "1e3", "1E+3", "1e-3", "1e22", "1e23", "9007199254740993",
    "9007199254740993.0", "0.1", "0.30000000000000004", "123456789012345678", "1234567890123456789.5",
    "12345678901234567890", "0.00000000000000000001234567890123456789", "1e308", "1.8e308", "1e-308", "4.9e-324",
    "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "1e400", "2.2250738585072011e-308",
    "0.500000000000000166533453693773481063544750213623046875", "1.00000000000000011102230246251565404", "inf", "-inf",
    "Infinity", "nan", "NaN", "1e99999999999999999999", "00000000000000000000000001.5",
  ])
  func `a number is the double that the C library reads`(text: String) { expectAsLibrary(text) }

  @Test func `random numbers of any length and exponent are those that the C library reads`() {
    var random = Xorshift(seed: 11)
    for _ in 0..<200_000 {
      let digits = (0..<Int.random(in: 1...21, using: &random)).map { _ in "\(Int.random(in: 0...9, using: &random))" }
      let point = Int.random(in: 0...digits.count, using: &random)
      var text = digits[..<point].joined() + "." + digits[point...].joined()
      if Bool.random(using: &random) { text = "-" + text }
      if Int.random(in: 0..<3, using: &random) == 0 { text += "e\(Int.random(in: -330...330, using: &random))" }
      expectAsLibrary(text)
    }
  }

  @Test func `every double is read back from its shortest text and from 17 and from 18 digits`() {
    var random = Xorshift(seed: 12)
    for _ in 0..<100_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
      guard value.isFinite else { continue }
      let ordinary = value.significand * exp2(Double.random(in: -20...20, using: &random))
      for text in [
        "\(value)", "\(ordinary)", String(format: "%.17g", ordinary), String(format: "%.18g", ordinary),
        String(format: "%.17f", ordinary),
      ] {
        expectAsLibrary(text)
      }
    }
  }

  @Test(arguments: ["", "x", "-", ".", "-.e5", "nano"])
  func `what is no number is none`(text: String) {
    #expect(read(text) == (nil, 0))
  }

  @Test(arguments: [("1,2", 1.0, 1), ("1e,", 1, 1), ("1e+", 1, 1), ("1.5.2", 1.5, 3), ("2 ", 2, 1), ("7e5x", 7e5, 3)])
  func `reading stops where the number does`(text: String, value: Double, end: Int) {
    #expect(read(text).value == value && read(text).end == end)
  }

  @Test func `NA, as R writes a missing number, is not a number`() {
    #expect(read("NA").value?.isNaN ?? false)
  }
}
