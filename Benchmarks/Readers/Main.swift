import Apportion
import Foundation
import Samples

/// Reads a plan's posterior some times over: `Readers plan.yaml 7`, on its own number of threads. Writes what each reading took, and
/// the sum of all draws of all parameters, as JSON.
@main
struct Readers {
  private struct Answer: Encodable {
    var seconds: [Seconds] = []
    var draws = 0
    var sum = 0.0
  }

  static func main() throws {
    let posterior = try PlanFile.read(path: CommandLine.arguments[1]).plan.posterior
    var answer = Answer()
    for _ in 0..<(Int(CommandLine.arguments[2]) ?? 1) {
      let (found, seconds) = try timed {
        try PosteriorFile.read(
          paths: posterior.files.map(\.value), format: posterior.format.rawValue, curves: posterior.curves,
          model: posterior.model)
      }
      answer.seconds.append(seconds)
      answer.draws = found.drawCount
      answer.sum = found.cells.reduce(0) { $0 + sum($1.saturationParameters) + sum($1.carryoverParameters) }
    }
    FileHandle.standardOutput.write(try JSONEncoder().encode(answer))
  }

  private static func sum(_ draws: DrawMatrix) -> Double {
    (0..<draws.columnCount).reduce(0) { $0 + draws.column($1).reduce(0, +) }
  }
}
