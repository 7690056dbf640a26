import Foundation
import TestSupport

/// A file of draws of steep Hill curves and a plan of it: bounds that take boxes to prove.
struct SteepModel {
  let folder: TemporaryFolder
  let plan: String

  /// Writes `draws.csv` and `plan.yaml`, which asks for a utility.
  init(utility: String, lines: String = "") throws {
    folder = try TemporaryFolder()
    plan = folder.path("plan.yaml")
    let channels = ["tv", "search", "radio"]
    var random = Xorshift(seed: 11)
    let names = ["beta", "kappa", "slope", "alpha"].flatMap { name in channels.map { "\(name)[\($0)]" } }
    let rows = (1...60).map { draw in
      let beta = [3.0, 4, 5].map { $0 * exp(0.3 * random.normal()) }
      let kappa = [5.0, 8, 6].map { $0 * exp(0.2 * random.normal()) }
      let slope = channels.map { _ in random.uniform(1.6, 4) }
      let alpha = channels.map { _ in random.uniform(0.1, 0.7) }
      return (beta + kappa + slope + alpha).map { "\($0)" } + ["1", "\(draw)", "\(draw)"]
    }
    let table = [names + [".chain", ".iteration", ".draw"]] + rows
    try folder.write("draws.csv", table.map { $0.joined(separator: ",") + "\n" }.joined())
    try folder.write(
      "plan.yaml",
      """
      posterior:
        file: draws.csv
        model:
          channels: [tv, search, radio]
          saturation: {hill: {beta: beta, kappa: kappa, slope: slope}}
          carryover: {geometric: {alpha: alpha}, window: 3}
      horizon: {num_periods: 4}
      budget: {total: 40}
      current: {tv: 15, search: 15, radio: 10}
      bounds: {default: [0, 30]}
      utility: \(utility)
      output: {report: tables}
      \(lines)

      """)
  }
}
