import Foundation
import NumericKernel
import ResponseModel
import Testing

@Suite struct PeriodWorthsTests {
  @Test func `worths are scaled period by period, whichever kind they are`() {
    func values(_ worths: PeriodWorths) -> [[Double]] {
      switch worths {
      case .one: []
      case .shared(let worths): [worths]
      case .drawn(let worths): (0..<worths.drawCount).map(worths.row)
      }
    }
    #expect(values(PeriodWorths.one.scaled(by: [2, 5])) == [[2, 5]])
    #expect(values(PeriodWorths.shared([3, 7]).scaled(by: [2, 5])) == [[6, 35]])
    let drawn = PeriodWorths.drawn(DrawMatrix(columns: [[1, 2], [3, 4]], drawCount: 2))
    #expect(values(drawn.scaled(by: [2, 5])) == [[2, 15], [4, 20]])
  }

  @Test func `a multiplier is the softplus of its functions by its mean`() {
    // At the middle, t − X + L = L: sin(π/2) = 1 and sin(π) = 0, over √L = 2. So c₁ / 2: 0, 40 and −40.
    let multiplier = HilbertMultiplier(
      coefficients: DrawMatrix(columns: [[0, 80, -80], [5, 5, 5]], drawCount: 3), firstFunction: 1, means: [2, 4, 1],
      middle: 3, halfWidth: 4)
    let values = multiplier.values(at: 3)
    // log(1 + e⁰) = log 2, log(1 + e⁴⁰) = 40 + e⁻⁴⁰, log(1 + e⁻⁴⁰) = e⁻⁴⁰; sin π is 1.2e-16.
    for (found, expected) in zip(values, [0.5 * log(2.0), 10, exp(-40.0)]) {
      #expect(abs(found / expected - 1) <= 1e-14)
    }
    #expect(multiplier.lastTime == 7)
    // At the end of the interval every function is nothing.
    for (found, mean) in zip(multiplier.values(at: 7), [2.0, 4, 1]) { #expect(abs(found - log(2.0) / mean) <= 1e-13) }
  }
}
