import Foundation
import Samples

/// A line for each family and utility: medians and maxima over the seeds.
enum SolveTable {
  static let head = """
    Seconds of the processor; the goal is of the median of the solve, tables left out.
                                      solve               tables              gap
    family     utility             median     max      median     max     median     max   closed   goal
    """

  /// - Parameter solves: of one family and one utility, at least one.
  static func row(_ solves: [Solve]) -> String {
    let solving = Spread(solves.map(\.solving))
    let tables = Spread(solves.map(\.tables))
    let gap = Spread(solves.map { $0.gap ?? .infinity })
    let numbers = String(
      format: "%8.3f%8.3f    %8.3f%8.3f   %8.1e%8.1e", solving.median, solving.most, tables.median, tables.most,
      gap.median, gap.most)
    let closed = "\(solves.count { $0.isClosed })/\(solves.count)"
    // A solve that was cut short would have taken longer, nobody knows how long.
    let toTheGap = Spread(solves.map { $0.isClosed ? $0.solving : .infinity }).median
    let verdict = solves[0].goal.map { String(format: "%.1f ", $0) + (toTheGap <= $0 ? "met" : "NOT MET") } ?? "none"
    return [
      padded(solves[0].family, 11), padded(solves[0].utility.name.rawValue, 18), numbers, "   ",
      padded(closed, 9), verdict,
    ].joined()
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text.padding(toLength: width, withPad: " ", startingAt: 0)
  }
}
