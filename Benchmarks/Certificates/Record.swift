import Apportion
import Foundation
import TestSupport

/// Everything that was solved, and what someone else needs to solve it too.
struct Record: Encodable {
  /// A plan without its utility.
  struct Instance: Encodable {
    var family: String
    var seed: UInt64
    /// Money over the horizon, to be spent exactly.
    var budget: Double
    /// Money over the horizon, by channel.
    var lower: [Double]
    /// As `lower`.
    var upper: [Double]
    /// By channel, then by period: shares of the channel's money.
    var pattern: [[Double]]
    /// Lags that count, from 0.
    var window: Int
    /// The curves' file, where they were written.
    var curves: String?

    init(_ instance: PlanInstance, _ family: PlanFamily, _ seed: UInt64, file: String?) {
      self.family = family.rawValue
      self.seed = seed
      (budget, lower, upper, pattern) = (instance.budget, instance.lower, instance.upper, instance.pattern)
      window = instance.posterior.cells[0].window
      curves = file
    }
  }

  var channels: Int
  var draws: Int
  var periods: Int
  var timeLimit: Double
  var instructionSet = CurveKernel.instructionSet
  var instances: [Instance] = []
  var solves: [Solve] = []

  init(channels: Int, draws: Int, periods: Int, timeLimit: Double) {
    (self.channels, self.draws, self.periods, self.timeLimit) = (channels, draws, periods, timeLimit)
  }

  func write(to path: String) throws {
    try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path))
  }
}
