// A quarter of six channels: what a proposal brings, what two utilities would do with the same money, and how sure that is.
//
//   swift run -c release --package-path Examples Quarter [data/weekly/model.nc]
//
// plan.py asks the command the same, and prints the same.
import Apportion
import Foundation

func column(_ number: Double) -> String { String(format: "%14.0f", number) }

func row(_ name: String, _ columns: [String]) {
  print(name.padding(toLength: 10, withPad: " ", startingAt: 0) + columns.joined())
}

// A plan, made here; PlanFile.read(path:) reads one from YAML.
let model = CommandLine.arguments.dropFirst().first ?? "data/weekly/model.nc"
var plan = Plan(
  posterior: PosteriorChoice(model), horizon: Horizon(periods: 13), budget: .total(2_488_278),
  bounds: Bounds([
    "tv": 0...1_500_000, "search": 300_000...1_200_000, "social": 150_000...900_000, "display": 20_000...300_000,
    "radio": 20_000...300_000, "print": 5_000...60_000,
  ]))
let posterior = try plan.posterior.read()
print("\(posterior.drawCount) draws of \(posterior.cells.map(\.name).joined(separator: ", "))")

// The proposal is scored under every draw; the two others are the best by their utility.
let proposal = Allocation([
  "tv": 700_000, "search": 800_000, "social": 500_000, "display": 228_278, "radio": 220_000, "print": 40_000,
])
let proposed = try CompiledPlan(plan, posterior, scoring: proposal).evaluate()
let bold = try CompiledPlan(plan, posterior).optimise()
plan.utility = UtilityChoice("expected_shortfall", ["tail": 0.1])
let careful = try CompiledPlan(plan, posterior).optimise()
let answers = [proposed, bold, careful]

print("\nIncremental response by quantile, the mean, and the spend behind it")
row("", ["proposal", "mean", "worst tenth"].map { String(repeating: " ", count: 14 - $0.count) + $0 })
for level in [0.05, 0.25, 0.5, 0.75, 0.95] {
  row("\(Int(level * 100)) %", answers.map { column(quantile($0.draws.span, level: level).value) })
}
row("average", answers.map { column($0.outcome.mean) })
for (index, name) in posterior.cells.map(\.name).enumerated() {
  row(name, answers.map { column($0.cells[index].total) })
}

// Draws are paired: the same draw of the model under both plans.
let better = zip(careful.draws, bold.draws).count { $0 > $1 }
print("\nThe careful plan does better than the other in \(better) of \(posterior.drawCount) draws.")
for answer in answers.dropFirst() {
  let score = answer.utility
  let value = String(format: "%.0f", score.value)
  let gap = score.gap.map { String(format: "%.1e", $0) } ?? "unknown"
  print("\(score.name): \(value), \(score.bound.rawValue), gap \(gap)")
}

// Both on one scale, as a histogram: # the best mean, . the proposal.
print("\nDraws by incremental response")
let (low, high) = (proposed.draws.min() ?? 0, bold.draws.max() ?? 0)
let width = (high - low) / 16
func counts(_ draws: [Double]) -> [Int] {
  draws.reduce(into: [Int](repeating: 0, count: 16)) { $0[min(15, Int(($1 - low) / width))] += 1 }
}
for (bin, count) in zip(counts(proposed.draws), counts(bold.draws)).enumerated() {
  let bar = String(repeating: ".", count: count.0 / 10) + String(repeating: "#", count: count.1 / 10)
  print(column(low + Double(bin) * width) + "  " + bar)
}
