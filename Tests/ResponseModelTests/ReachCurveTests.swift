import NumericKernel
import ResponseModel
import Testing

/// Reach whose frequency is held, period by period.
@Suite struct ReachCurveTests {
  /// Two draws of β, κ and n.
  private static let parameters = DrawMatrix(columns: [[2, 3], [2, 1], [1, 2]], drawCount: 2)

  private static func cell(frequencies: [Double]) -> Cell {
    let reach = ReachCurve(frequencies: frequencies, held: 2, parameters: parameters)
    var cell = Cell(
      labels: ["video"], saturation: Linear.self, saturationParameters: reach.strengths(at: 2),
      carryover: Geometric.self, carryoverParameters: DrawMatrix(columns: [[0.5, 0.25]], drawCount: 2), window: 2,
      isNormalized: false, mediaScale: 20, outcomeScale: 1, history: [30, 60])
    cell.reach = reach
    return cell
  }

  /// At a frequency of 2: 2 · 2 / (2 + 2) = 1 and 3 · 4 / (4 + 1) = 2.4; of 1: 2 / 3 and 3 / 2.
  @Test func `a person reached brings what the Hill curve says of the frequency`() {
    let reach = ReachCurve(frequencies: [], held: 2, parameters: Self.parameters)
    #expect(reach.strengths(at: 2).column(0).map(\.self) == [1, 2.4000000000000004])
    #expect(reach.strengths(at: 1).column(0).map(\.self) == [2.0 / 3, 1.5])
    let free = ReachCurve(frequencies: [], held: 2, parameters: DrawMatrix(columns: [[0.5]], drawCount: 1))
    #expect(free.strengths(at: 3)[0, 0] == 1.5)
  }

  /// Ten people reached are 1 at a scale of 10: impressions of 40 at frequency 2 and of 10 at frequency 1 are 2 and 1. Draw 0 brings
  /// 2 · 1 of the first period, half of it again in the second, and 2/3 there; what 60 impressions at frequency 1 before the plan
  /// still do in its first period is 6 · 2/3 / 2.
  @Test func `parts of several frequencies add up to the plan`() {
    let cell = Self.cell(frequencies: [4, 1])
    let planned = PlannedCell(cell, mediaPerMoney: [40, 10], carriedIn: [30, 60])
    let parts = planned.parts(frequencies: [2, 1], carriedIn: [4, 1])
    // Frequencies 1, 2 and 4.
    #expect(parts.count == 3)
    #expect(parts.allSatisfy { $0.shares.count == 2 && $0.carriedIn.count == 2 })
    let surface = ResponseSurface([parts], carryOver: false)
    let (rest, whole) = (surface.atRest[0, 0], surface.responses(at: [1])[0, 0])
    #expect(abs(rest - 2) < 1e-14)
    #expect(abs(whole - rest - (2 + 1 + 2.0 / 3)) < 1e-14)
    // Carried in: 30 at frequency 4 are 0.75 people, worth 2 · 4/6 each, now and half again; 60 at 1 are 6, worth 2/3 each.
    #expect(abs(surface.carriedIn[0] - (0.75 * 4 / 3 * 1.5 + 6 * 2 / 3)) < 1e-14)
  }

  @Test func `where no frequency is known the cell's own holds, and other media have one part`() {
    let cell = Self.cell(frequencies: [0, 0])
    let parts = PlannedCell(cell, mediaPerMoney: [40, 10], carriedIn: [30, 60]).parts(
      frequencies: [0, 2], carriedIn: [0, 0])
    #expect(parts.count == 1)
    #expect(parts[0].cell.mediaScale == 20 && parts[0].shares == [40, 10] && parts[0].carriedIn == [30, 60])
    var other = cell
    other.reach = nil
    #expect(PlannedCell(other, mediaPerMoney: [40, 10]).parts(frequencies: [], carriedIn: []).count == 1)
  }
}
