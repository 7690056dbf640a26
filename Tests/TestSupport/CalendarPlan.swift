import Foundation
import NumericKernel
public import Optimisation
public import ResponseModel

/// A plan by period to measure solvers on: concave curves under geometric carryover, a season, ramps and a budget. As many instances
/// as there are seeds.
public struct CalendarPlan: Sendable {
  public var cells: [[PlannedCell]]
  /// Money over the horizon: one for each channel and period.
  public var budget: Double
  /// In shares of the budget.
  public var polytope: SparsePolytope
  /// An even plan, in shares.
  public var even: [Double]

  /// - Parameters:
  ///   - window: lags of the carryover.
  ///   - ramp: how much a channel's spend may change from period to period, in units of its mean.
  public init(channels: Int, periods: Int, draws: Int, window: Int = 8, ramp: Double = 0.25, seed: UInt64 = 1) {
    var random = TestRandom(seed: seed)
    let common = (0..<draws).map { _ in random.normal() }
    func logNormal(_ mean: Double, _ variation: Double, share: Double) -> [Double] {
      common.map { z in
        mean * exp(variation * (share.squareRoot() * z + (1 - share).squareRoot() * random.normal()))
      }
    }
    cells = (0..<channels).map { channel in
      let half = exp(0.2 + 0.4 * random.normal())
      let ceiling = logNormal(exp(0.5 * random.normal()), 0.3, share: 0.3)
      let middle = random.uniform() * 0.6 + 0.1
      let retention = (0..<draws).map { _ in min(max(middle + 0.05 * random.normal(), 0.02), 0.9) }
      // Hill curves of slopes up to one and logistic ones take turns.
      let isHill = channel % 2 == 0
      let parameters =
        isHill
        ? [ceiling, logNormal(half, 0.2, share: 0), (0..<draws).map { _ in 0.75 + 0.25 * random.uniform() }]
        : [ceiling, logNormal(2 / half, 0.2, share: 0)]
      let phase = random.uniform()
      let season = (0..<periods + window - 1).map { t in
        1 + 0.4 * sin(2 * .pi * (2 * Double(t) / Double(periods) + phase)) + 0.05 * random.normal()
      }
      let cell = Cell(
        labels: ["channel \(channel + 1)"], saturation: isHill ? Hill.self : Logistic.self,
        saturationParameters: DrawMatrix(columns: parameters, drawCount: draws), carryover: Geometric.self,
        carryoverParameters: DrawMatrix(columns: [retention], drawCount: draws), window: window, isNormalized: true,
        mediaScale: 1, outcomeScale: 1, history: [])
      return [
        PlannedCell(
          cell, mediaPerMoney: [Double](repeating: 1, count: periods), worths: .shared(season.map { max($0, 0.1) }))
      ]
    }
    let count = channels * periods
    budget = Double(count)
    let share = 1 / budget
    var rows = [
      SparsePolytope.Row(
        label: "budget", places: Array(0..<count), coefficients: [Double](repeating: 1, count: count), lower: 1,
        upper: 1)
    ]
    for channel in 0..<channels {
      for t in 1..<max(periods, 1) {
        rows.append(
          SparsePolytope.Row(
            label: "ramp", places: [channel * periods + t - 1, channel * periods + t], coefficients: [-1, 1],
            lower: -ramp * share, upper: ramp * share))
      }
    }
    polytope = SparsePolytope(
      lower: [Double](repeating: 0, count: count), upper: [Double](repeating: 2.5 * share, count: count), rows: rows)
    even = [Double](repeating: share, count: count)
  }

  /// Under a utility.
  public func objective(_ utility: any Utility) -> CalendarObjective {
    CalendarObjective(
      PeriodSurface(cells, carryOver: true), utility, money: budget, reference: even.map { $0 * budget })
  }
}
