import Foundation
import NumericKernel
import Testing

@testable import ResponseModel

@Suite struct MediaPriceTests {
  @Test func `a power price by hand`() {
    // γ = 0.5, r = 100, p = 2: f = 100 (100 · 0.5 / 1.5)⁻² = 0.09, u(400) = √100 · √400 / 2 = 100.
    let price = PowerPrice(price: 2, elasticity: 0.5, referenceSpend: 100)
    #expect(abs(price.floor - 0.09) <= 1e-15)
    #expect(price.units(at: 400).value == 100)
    #expect(price.units(at: 100).value == 50)
    // Below the floor: a = 1.5 √100 / 0.3 = 50, c = −0.5 · 10 / 0.027 = −185.185…; u(0.045) = (2.25 − 0.375) / 2.
    #expect(abs(price.units(at: 0.045).value - 0.9375) <= 1e-14)
    #expect(price.units(at: 0).value == 0 && abs(price.units(at: 0).slope - 25) <= 1e-13)
    // A hundred times the slope at the reference, 0.5 / 2.
    #expect(abs(price.units(at: 0).slope / price.units(at: 100).slope - 100) <= 1e-11)
  }

  @Test(arguments: [0, 0.001, 0.1, 0.25, 0.5, 0.8, 0.98])
  func `a power price is smooth at its floor, rises and bends down, whatever the unit of money`(elasticity: Double) {
    for unit in [1e-9, 1.0, 1e9] {
      let price = PowerPrice(price: 3 * unit, elasticity: elasticity, referenceSpend: 100 * unit)
      let (below, above) = (price.units(at: price.floor * (1 - 1e-12)), price.units(at: price.floor * (1 + 1e-12)))
      #expect(abs(below.value - above.value) <= 1e-11 * above.value)
      // On both sides a share of 1e-12 from it, times the slope's own slope.
      #expect(abs(below.slope - above.slope) <= 1e-11 / (1 - elasticity) * above.slope)
      let grid = (0..<200).map { 100 * unit * pow(10, -14 + 0.09 * Double($0)) }
      for spend in grid {
        let point = price.units(at: spend)
        #expect(point.slope > 0 && point.curvature <= 0)
        let step = 1e-4 * spend
        // Only where no floor is between: the second derivative jumps there.
        if abs(spend - price.floor) <= 2 * step { continue }
        let (up, down) = (price.units(at: spend + step), price.units(at: spend - step))
        // Differences: step²/6 of a third derivative, and rounding of 1e-16 of the value by the step.
        #expect(
          abs((up.value - down.value) / (2 * step) - point.slope) <= 1e-7 * point.slope + 1e-15 * point.value / step)
        #expect(
          abs((up.slope - down.slope) / (2 * step) - point.curvature) <= 1e-6 * point.slope / spend)
      }
      #expect(
        price.units(at: 100 * unit).value == 100 / 3 || abs(price.units(at: 100 * unit).value * 3 / 100 - 1) <= 1e-15)
    }
  }

  @Test func `tiers by hand`() {
    let tiers = PriceTiers([.init(start: 0, price: 2), .init(start: 10, price: 4), .init(start: 30, price: 5)])
    #expect([0, 5, 10, 20, 30, 35].map { tiers.units(at: $0).value } == [0, 2.5, 5, 7.5, 10, 11])
    #expect([0, 10, 29, 30].map { tiers.units(at: $0).slope } == [0.5, 0.25, 0.25, 0.2])
    #expect(tiers.isConcave)
    #expect(!PriceTiers([.init(start: 0, price: 2), .init(start: 10, price: 1)]).isConcave)
  }

  static let prices: [MediaPrice] = [
    .constant(2), .power(PowerPrice(price: 2, elasticity: 0.3, referenceSpend: 50)),
    .power(PowerPrice(price: 0.1, elasticity: 0.9, referenceSpend: 500)),
    .tiers(PriceTiers([.init(start: 0, price: 2), .init(start: 10, price: 4), .init(start: 90, price: 5)])),
    .tiers(PriceTiers([.init(start: 0, price: 2), .init(start: 40, price: 0.5), .init(start: 90, price: 3)])),
  ]

  @Test(arguments: prices)
  func `between two amounts media are no further from the chord than the price says`(price: MediaPrice) {
    let grid = [0, 0.01, 3, 10, 39, 70, 200, 5000]
    for (i, a) in grid.enumerated() {
      for b in grid[(i + 1)...] {
        let excess = price.excess(from: a, to: b)
        let (start, end) = (price.units(at: a).value, price.units(at: b).value)
        var worst = (above: 0.0, below: 0.0)
        for k in 0...400 {
          let share = Double(k) / 400
          let off = price.units(at: a + share * (b - a)).value - (start + share * (end - start))
          worst = (max(worst.above, off), max(worst.below, -off))
        }
        let rounding = 1e-14 * end
        #expect(worst.above <= excess.above + rounding && worst.below <= excess.below + rounding)
        if case .tiers = price {
          #expect(excess.above <= worst.above + 0.01 * end && excess.below <= worst.below + 0.01 * end)
        }
      }
    }
  }

  /// A cell whose price changes, at some shares by period.
  private func surface(
    _ price: MediaPrice, _ saturation: any Saturation.Type, _ parameters: [[Double]], order: TransformationOrder
  ) -> ResponseSurface {
    let drawCount = parameters[0].count
    let cell = Cell(
      labels: ["tv"], saturation: saturation,
      saturationParameters: DrawMatrix(columns: parameters, drawCount: drawCount), carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [(0..<drawCount).map { 0.04 * Double($0) }], drawCount: drawCount),
      window: 4, isNormalized: true, order: order, mediaScale: 20, outcomeScale: 10, history: [5, 30, 0, 8])
    let shares = [0.4, 0.3, 0, 0.1, 0.1, 0.1]
    return ResponseSurface(
      [[PlannedCell(cell, shares: shares, prices: shares.map { _ in price }, carriedIn: cell.history)]], carryOver: true
    )
  }

  private func surfaces(_ price: MediaPrice) -> [ResponseSurface] {
    let draws = (0..<19).map { Double($0) }
    let sets: [(any Saturation.Type, [[Double]])] = [
      (Logistic.self, [draws.map { 1 + 0.1 * $0 }, draws.map { 0.3 + 0.1 * $0 }]),
      (Hill.self, [draws.map { $0 - 5 }, draws.map { 0.3 + 0.2 * $0 }, draws.map { 1.1 + 0.2 * $0 }]),
      (
        HillBottom.self,
        [draws.map { 1 + $0 }, draws.map { 0.02 * $0 }, draws.map { 0.3 + 0.2 * $0 }, draws.map { 0.6 + 0.2 * $0 }]
      ),
    ]
    return sets.flatMap { set in
      [TransformationOrder.carryoverFirst, .saturationFirst].map { surface(price, set.0, set.1, order: $0) }
    }
  }

  @Test(arguments: prices)
  func `a response at changing prices has the derivatives of its values`(price: MediaPrice) {
    for surface in surfaces(price) {
      for spend in [3.0, 37, 120, 2500] {
        let step = 1e-5 * spend
        let (point, up, down) = (
          surface.point(at: [spend]), surface.point(at: [spend + step]), surface.point(at: [spend - step])
        )
        for draw in 0..<surface.drawCount {
          let slope = (up.responses[draw, 0] - down.responses[draw, 0]) / (2 * step)
          let curvature = (up.slopes[draw, 0] - down.slopes[draw, 0]) / (2 * step)
          let size = abs(point.responses[draw, 0]) + 1
          // Rounding by the step; and the third derivative, of a power's order at most.
          #expect(abs(point.slopes[draw, 0] - slope) <= 1e-7 * abs(slope) + 1e-13 * size / step)
          #expect(
            abs(point.curvatures[draw, 0] - curvature) <= 1e-6 * (abs(curvature) + abs(slope) / spend) + 1e-13 * size
              / spend / step)
          #expect(surface.slopes(at: [spend]).slopes[draw, 0] == point.slopes[draw, 0])
        }
      }
    }
  }

  @Test(arguments: prices)
  func `between two amounts a response is no further from its chord than is said`(price: MediaPrice) {
    let grid = [0, 0.5, 20, 80, 300, 4000]
    for surface in surfaces(price) {
      let chords = surface.chords(of: 0, at: grid)
      for node in grid.indices {
        let values = surface.responses(at: [grid[node]])
        for draw in 0..<surface.drawCount {
          #expect(abs(values[draw, 0] - chords.values[draw, node]) <= 1e-13 * (abs(values[draw, 0]) + 1))
        }
      }
      for interval in 0..<grid.count - 1 {
        for k in 1..<40 {
          let share = Double(k) / 40
          let values = surface.responses(at: [grid[interval] + share * (grid[interval + 1] - grid[interval])])
          for draw in 0..<surface.drawCount {
            let (start, end) = (chords.values[draw, interval], chords.values[draw, interval + 1])
            let off = values[draw, 0] - (start + share * (end - start))
            let rounding = 1e-13 * (abs(start) + abs(end))
            #expect(off <= chords.above[draw, interval] + rounding && -off <= chords.below[draw, interval] + rounding)
          }
        }
      }
    }
  }

  @Test func `a response is concave where curve and price both are`() {
    let draws = (0..<5).map { Double($0) }
    let parameters = [draws.map { 1 + $0 }, draws.map { 0.5 + $0 }]
    let isConcave = Self.prices.map { surface($0, Logistic.self, parameters, order: .carryoverFirst).isConcave }
    #expect(isConcave == [true, true, true, true, false])
  }

  @Test func `a power of no elasticity, and one tier, are a fixed price`() {
    let draws = (0..<20).map { Double($0) }
    let parameters = [draws.map { 1 + $0 }, draws.map { 0.5 + $0 }]
    let fixed = surface(.constant(2), Logistic.self, parameters, order: .carryoverFirst).point(at: [70])
    for price in [
      MediaPrice.power(PowerPrice(price: 2, elasticity: 0, referenceSpend: 5)),
      .tiers(PriceTiers([.init(start: 0, price: 2)])),
    ] {
      let point = surface(price, Logistic.self, parameters, order: .carryoverFirst).point(at: [70])
      for draw in draws.indices {
        for (a, b) in [
          (point.responses, fixed.responses), (point.slopes, fixed.slopes), (point.curvatures, fixed.curvatures),
        ] {
          #expect(abs(a[draw, 0] - b[draw, 0]) <= 1e-13 * abs(b[draw, 0]))
        }
      }
    }
  }
}
