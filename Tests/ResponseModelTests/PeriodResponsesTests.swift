import NumericKernel
import ResponseModel
import Testing

/// What periods bring, beside the surface that sums them.
@Suite struct PeriodResponsesTests {
  private func planned(_ order: TransformationOrder, history: [Double]) -> PlannedCell {
    let draws = 5
    var cell = Cell(
      labels: ["tv"], saturation: Hill.self,
      saturationParameters: DrawMatrix(
        columns: [
          (0..<draws).map { 2 + Double($0) }, [Double](repeating: 3, count: draws),
          (0..<draws).map { 1 + 0.3 * Double($0) },
        ],
        drawCount: draws),
      carryover: Delayed.self,
      carryoverParameters: DrawMatrix(
        columns: [(0..<draws).map { 0.2 + 0.1 * Double($0) }, [Double](repeating: 1, count: draws)], drawCount: draws),
      window: 4, isNormalized: true, order: order, mediaScale: 2, outcomeScale: 10, history: history)
    cell.history = history
    let worths = (0..<history.count + 5 + 3).map { 1 + 0.1 * Double($0 % 3) }
    return PlannedCell(
      cell, shares: [Double](repeating: 1, count: 5), prices: (0..<5).map { .constant(1 + 0.5 * Double($0)) },
      carriedIn: history, worths: .shared(worths))
  }

  @Test(arguments: [TransformationOrder.carryoverFirst, .saturationFirst])
  func `periods sum to what the surface says`(order: TransformationOrder) {
    let spend = [4.0, 0, 7, 2, 9]
    for history in [[], [3.0, 1, 4, 1]] {
      for carryOver in [true, false] {
        let cell = planned(order, history: history)
        let surface = PeriodSurface([[cell]], carryOver: carryOver)
        let own = cell.responsesByPeriod(to: spend, carryOver: carryOver)
        #expect(own.total.columnCount == (carryOver ? 8 : 5))
        for (sum, whole) in zip(own.total.rowSums(), surface.responses(at: spend).minus(surface.atRest).column(0)) {
          #expect(abs(sum - whole) <= 1e-12 * abs(whole))
        }
        // Without its own spend a period has what is carried over.
        for period in 0..<5 {
          var without = spend
          without[period] = 0
          let rest = cell.responsesByPeriod(to: without, carryOver: carryOver).total.column(period)
          for (a, b) in zip(rest, own.carriedOver.column(period)) { #expect(abs(a - b) <= 1e-12 * max(abs(a), 1)) }
        }
      }
    }
  }
}
