// Utilities of one's own: what the worst, or the best, of several futures drawn from the posterior would bring on average.
//
//   swift run -c release --package-path Examples OwnUtility [data/weekly/model.nc]
import Apportion
import Foundation

/// The mean of the worst of so many draws, drawn independently: the order statistics weighed by `(1 − i/n)ᵏ − (1 − (i + 1)/n)ᵏ`, i
/// of the n draws lying below. One future is the mean; the more there are, the more the worst draws count. Weights fall with
/// rank, so that it is concave, and none is negative, so that it never falls: that is all that a proof needs to know.
struct WorstOf: Utility {
  let futures: Double
  let properties = UtilityProperties(isConcave: true, isNondecreasing: true, isSmooth: false)

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    rankedScore(outcome, (0..<outcome.count).sorted { outcome[$0] < outcome[$1] }, futures, weights: &weights)
  }
}

/// The mean of the best of so many draws: it seeks risk, is convex, and still never falls.
struct BestOf: Utility {
  let futures: Double
  let properties = UtilityProperties(isConcave: false, isNondecreasing: true, isSmooth: false)

  func score(_ outcome: Span<Double>, weights: inout MutableSpan<Double>) -> Double {
    rankedScore(outcome, (0..<outcome.count).sorted { outcome[$0] > outcome[$1] }, futures, weights: &weights)
  }
}

/// Of draws in this order, the first weighing most. The weights are the derivatives too: the order does not change by a little.
func rankedScore(
  _ outcome: Span<Double>, _ order: [Int], _ futures: Double, weights: inout MutableSpan<Double>
) -> Double {
  let count = Double(order.count)
  var score = 0.0
  for (rank, draw) in order.enumerated() {
    weights[draw] = pow(1 - Double(rank) / count, futures) - pow(1 - Double(rank + 1) / count, futures)
    score += weights[draw] * outcome[draw]
  }
  return score
}

let plan = Plan(
  posterior: PosteriorChoice(CommandLine.arguments.dropFirst().first ?? "data/weekly/model.nc"),
  horizon: Horizon(periods: 13), budget: .total(2_488_278))
let posterior = try plan.posterior.read()

func show(_ name: String, _ utility: any Utility) throws {
  let answer = try CompiledPlan(plan, posterior, utility: utility).optimise()
  let spend = answer.cells.map { String(format: "%9.0f", $0.total) }.joined()
  let gap = answer.utility.gap.map { String(format: "%.1e", $0) } ?? "unknown"
  print("\(name)\(spend)   value \(Int(answer.utility.value)), \(answer.utility.bound.rawValue), gap \(gap)")
}

print("Spend on \(posterior.cells.map(\.name).joined(separator: ", "))")
for futures in [1.0, 3, 10, 100] { try show("worst of \(Int(futures))\t", WorstOf(futures: futures)) }
// Not concave: its bound lets every draw have its own best plan (box), true and looser.
for futures in [3.0, 10, 100] { try show("best of \(Int(futures))\t", BestOf(futures: futures)) }
