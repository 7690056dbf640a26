import Apportion
import Foundation

/// Apportion's side of a comparison: one request as JSON on standard input, its answer on standard output; on one thread.
@main
struct PeerSide {
  static func main() throws {
    Parallel.use(threads: 1)
    let request = try JSONDecoder().decode(Request.self, from: FileHandle.standardInput.readDataToEndOfFile())
    let plan = try PlanFile.read(path: request.plan, settings: request.settings).plan
    let posterior = try PosteriorFile.read(path: plan.posterior.file.value)
    let answer: any Encodable =
      switch request.work {
      case .evaluate:
        try Evaluation(plan, posterior, at: request.allocation ?? [], count: request.count)
      case .solve:
        try Solve(plan, posterior, count: request.count)
      }
    FileHandle.standardOutput.write(try JSONEncoder().encode(answer))
  }
}
