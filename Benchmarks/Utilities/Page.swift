import Apportion
import Foundation
import Samples

/// The matrices of all problems as one page of Markdown.
struct Page {
  /// One problem's.
  private struct Row {
    var name: String
    var draws: Int
    var cells: Int
    var seconds: Double
    /// The largest that is certified, as a share; nil where none is.
    var gap: Double?
    /// By plan, then by utility: the share of the best that is missed.
    var regrets: [[Double?]]
    /// By plan: in how many draws it beats the current one.
    var better: [Double?]
    /// By plan: mean outcome as a share of the best mean's.
    var gaps: [Double?]
  }

  private let fileCount: Int
  private let generatedCount: Int
  private let timeLimit: Int
  private var rows: [Row] = []
  /// Without their options, which differ between problems.
  private var utilities: [String] = []

  /// - Parameter timeLimit: seconds of one solve.
  init(fileCount: Int, generatedCount: Int, timeLimit: Double) {
    (self.fileCount, self.generatedCount, self.timeLimit) = (fileCount, generatedCount, Int(timeLimit))
  }

  mutating func add(_ matrix: UtilityMatrix, of problem: Problem, _ time: Seconds) {
    let entries = matrix.entries
    utilities = entries.map { String($0.name.prefix { $0 != " " }) }
    let certified = entries.map(\.answer.utility).filter { $0.bound == .certified }
    rows.append(
      Row(
        name: problem.name, draws: entries[0].answer.drawCount, cells: entries[0].answer.cells.count,
        seconds: time.wall, gap: certified.compactMap(\.gap).max(),
        regrets: entries.indices.map { row in
          entries.indices.map { matrix.regretShare(of: row, by: $0) }
        },
        better: entries.map(\.answer.probabilityBetter), gaps: entries.map(\.answer.utility.gap)))
  }

  var text: String {
    let head = """
      # What caution costs

      The best plan by each of nine utilities, scored by all of them, on \(rows.count) problems: \(fileCount) posteriors of `data/`, each with the plan that
      `apportion init` writes for it, and \(generatedCount) generated plans, whose current plan is an even split. Targets are the current plan's
      mean, aversions the inverse of its standard deviation; a solve ends after \(timeLimit) seconds. Made by `Benchmarks/caution`; \(Parallel.threadCount) threads.

      ## How far each plan is below the best by each utility

      In per cent of the best: the median over problems, and the most. A row is the plan that is best by its utility; what is not 0 on the diagonal
      a search has missed that another utility's found.

      """
    let numbers = utilities.indices.map { "[\($0 + 1)]" }
    var lines = [table(["plan for"] + numbers, matrixRows(numbers))]
    lines.append(
      """

      ## What is proved, and what the plans do

      The gap is the bound's distance from the plan, as a share, of utilities that permit a certificate; the others have a labelled bound or none.

      """)
    lines.append(
      table(
        ["plan for", "gap, median", "most", "beats the current plan in, median", "least"],
        utilities.indices.map { plan in
          let gaps = rows.compactMap { $0.gaps[plan] }
          let better = rows.compactMap { $0.better[plan] }
          return [
            "\(numbers[plan]) \(utilities[plan])", gaps.isEmpty ? "" : scientific(Spread(gaps).median),
            gaps.isEmpty ? "" : scientific(Spread(gaps).most),
            better.isEmpty ? "" : percent(Spread(better).median) + " %",
            better.isEmpty ? "" : percent(better.min() ?? 0) + " %",
          ]
        }))
    lines.append("\n## Times\n")
    lines.append(
      table(
        ["problem", "draws", "amounts", "seconds for all", "largest certified gap"],
        rows.map { row in
          [
            row.name, "\(row.draws)", "\(row.cells)", String(format: "%.2f", row.seconds),
            row.gap.map(scientific) ?? "",
          ]
        }))
    return head + "\n" + lines.joined(separator: "\n") + "\n"
  }

  private func matrixRows(_ numbers: [String]) -> [[String]] {
    utilities.indices.map { plan in
      ["\(numbers[plan]) \(utilities[plan])"]
        + utilities.indices.map { column in
          let shares = rows.compactMap { $0.regrets[plan][column] }
          guard !shares.isEmpty else { return "" }
          return "\(percent(Spread(shares).median)) (\(percent(Spread(shares).most)))"
        }
    }
  }

  private func percent(_ share: Double) -> String { String(format: share < 5e-6 ? "0" : "%.2f", share * 100) }
  private func scientific(_ share: Double) -> String { String(format: "%.1e", share) }

  private func table(_ header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.indices.map { $0 == 0 ? "---" : "---:" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
