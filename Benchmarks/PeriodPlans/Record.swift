import Apportion
import TestSupport

/// Solves, and plans that others can solve.
struct Record: Encodable {
  struct Plan: Encodable {
    struct Channel: Encodable {
      var curve: String
      /// By parameter, then by draw.
      var parameters: [[Double]]
      var retention: [Double]
      /// By period, the tail's too.
      var season: [Double]
    }
    var channelCount: Int
    var periods: Int
    var window: Int
    var budget: Double
    /// In shares of the budget.
    var ramp: Double
    var upper: Double
    var channels: [Channel]

    init(_ plan: CalendarPlan, _ channelCount: Int, _ periods: Int) {
      (self.channelCount, self.periods, budget) = (channelCount, periods, plan.budget)
      window = plan.cells[0][0].cell.window
      ramp = plan.polytope.rows[1].upper
      upper = plan.polytope.upper[0]
      channels = plan.cells.map { parts in
        let cell = parts[0].cell
        guard case .shared(let season) = parts[0].worths else { preconditionFailure("A season for all draws.") }
        return Channel(
          curve: cell.saturation.name,
          parameters: (0..<cell.saturationParameters.columnCount).map { cell.saturationParameters.column($0) },
          retention: cell.carryoverParameters.column(0), season: season)
      }
    }
  }

  struct Solve: Encodable {
    var channels: Int
    var periods: Int
    var utility: String
    var option: Double
    var value: Double
    var bound: Double
    var iterations: Int
    var point: [Double]
    var wall: Double
    var cpu: Double

    init(_ solve: PeriodSolve, _ measured: PeriodPlans.Measured, channels: Int, periods: Int) {
      (self.channels, self.periods) = (channels, periods)
      (utility, option) = (measured.name, measured.option)
      (value, bound, iterations, point) = (solve.value, solve.bound, solve.iterations, solve.point)
      (wall, cpu) = (solve.wall, solve.cpu)
    }
  }

  var draws: Int
  var plans: [Plan] = []
  var solves: [Solve] = []
}
