import Testing

@testable import Reporting

@Suite struct NumberScaleTests {
  @Test(arguments: [
    (0.0, "0"), (1.0, "1.000"), (-1.0, "-1.000"), (12.5, "12.50"), (999.95, "1,000.0"), (1234.5, "1,235"),
    (2_488_278.0, "2,488,278"), (99_999_999.0, "99,999,999"), (100_000_000.0, "100,000k"), (1.234e9, "1,234M"),
    (1e15, "1,000×10^12"), (-2.5e15, "-2,500×10^12"), (1e-9, "1.000×10^-9"), (0.0012, "0.001200"),
    (0.00012, "0.0001200"), (1.234e-6, "0.000001234"), (9.87e-7, "987.0×10^-9"),
    (1.7976931348623157e308, "179,769×10^303"), (1e-300, "1.000×10^-300"),
    (.nan, "n/a"), (.infinity, "inf"), (-.infinity, "-inf"),
  ])
  func `a single number to four digits`(value: Double, text: String) {
    #expect(numberText(value) == text)
  }

  @Test func `one column has one unit and one number of decimals`() {
    let scale = NumberScale(for: [812_004.4, 3.2, 0], significantDigits: 5)
    #expect([812_004.4, 3.2, 0].map { scale.text($0) } == ["812,004.4", "3.2", "0.0"])
  }

  @Test func `a small value beside a large one keeps two digits where two more decimals are enough`() {
    let scale = NumberScale(for: [2.5, 0.084], significantDigits: 3)
    #expect(scale == NumberScale(exponent: 0, decimals: 3))
    // A solver's dust has no say in how money is shown.
    #expect(NumberScale(for: [500_000, 1e-7], significantDigits: 5) == NumberScale(exponent: 0, decimals: 0))
    // 0.000084 would take three decimals more: it is shown as nothing beside 2.5.
    #expect(NumberScale(for: [2.5, 0.000084], significantDigits: 3).decimals == 4)
  }

  @Test func `what rounds to zero has no sign`() {
    let scale = NumberScale(exponent: 0, decimals: 1)
    #expect(scale.digits(-0.04, signed: true) == "0.0")
    #expect(scale.digits(0.04, signed: true) == "0.0")
    #expect(scale.digits(0.05, signed: true) == "+0.1")
    #expect(scale.digits(-0.06, signed: true) == "-0.1")
  }

  @Test(arguments: [
    (0.0, "0 %"), (1.0, "100 %"), (0.974, "97.4 %"), (0.99951, ">99.9 %"), (0.0004, "<0.1 %"), (-0.0004, "<0.1 %"),
    (0.5, "50.0 %"), (12.0, "1,200 %"), (1e9, ">1,000,000 %"),
  ])
  func `a share in per cent never rounds to a certainty`(share: Double, text: String) {
    #expect(percentText(share) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (1.0, "1"), (1.25, "1.25"), (500_000, "500,000"), (30.000000000000004, "30"), (-0.5, "-0.5"),
  ])
  func `an amount as a person would write it`(value: Double, text: String) {
    #expect(amountText(value) == text)
  }

  @Test func `counts have thousands`() {
    #expect([0, 999, 1000, -1_234_567].map { countText($0) } == ["0", "999", "1,000", "-1,234,567"])
  }
}
