import Apportion
import Benchmark
import Foundation
import Samples

/// Score and weights of outcome draws, each checked against the textbook formula on sorted draws.
let benchmarks: @Sendable () -> Void = {
  let count = 4_000
  let draws = outcomes(count)
  let sorted = draws.sorted()
  let size = Double(count)
  let mean = sorted.reduce(0, +) / size
  let sd = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (size - 1)).squareRoot()
  func quantile(_ level: Double) -> Double {
    let position = level * (size - 1)
    let below = Int(position)
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
  // 200 of 4,000 draws exactly.
  let worst = sorted.prefix(200).reduce(0, +) / 200
  let spread = quantile(0.75) - quantile(0.25)
  let below = (sorted.reduce(0) { $0 + ($1 < mean ? (mean - $1) * (mean - $1) : 0) } / size).squareRoot()
  let target = 2e6
  let short = sorted.reduce(0) { $0 + max(0, target - $1) } / size
  // The least draw taken out, so that no exponential vanishes.
  let entropic = sorted[0] - log(sorted.reduce(0) { $0 + exp(-1e-6 * ($1 - sorted[0])) } / size) / 1e-6

  let cases: [(name: String, utility: any Utility, value: Double)] = [
    ("mean", Mean(), mean),
    ("quantile 5 %", Quantile(level: 0.05), quantile(0.05)),
    ("expected shortfall 5 %", ExpectedShortfall(tail: 0.05), worst),
    ("mean deviation", MeanDeviation(lambda: 1), mean - sd),
    ("mean variance", MeanVariance(lambda: 1e-6), mean - 1e-6 * sd * sd),
    ("mean semideviation", MeanSemideviation(lambda: 1), mean - below),
    ("entropic", Entropic(gamma: 1e-6), entropic),
    ("shortfall", Shortfall(target: target, lambda: 1), mean - short),
    ("target probability", TargetProbability(target: target), Double(sorted.count { $0 >= target }) / size),
    (
      "blend of mean and quantile", Blend(aversion: 0.8, with: Quantile(level: 0.05)), 0.2 * mean + 0.8 * quantile(0.05)
    ),
    ("mean tightness", MeanTightness(alpha: 0.5, level: 0.75), 1 - 0.5 * spread / mean),
    ("Sharpe", Sharpe(reference: 0), mean / sd),
  ]
  let configuration = Benchmark.Configuration(metrics: [.wallClock], timeUnits: .microseconds, maxDuration: .seconds(1))

  for (name, utility, value) in cases {
    Benchmark("\(name), score and weights, D=4000", configuration: configuration) { benchmark in
      var weights = [Double](repeating: 0, count: count)
      var span = weights.mutableSpan
      benchmark.startMeasurement()
      let found = utility.score(draws.span, weights: &span)
      benchmark.stopMeasurement()
      expect(found, near: value, within: 1e-11, name)
    }
  }

  for width in [0.2, 0.002] {
    Benchmark("expected shortfall 5 %, smoothed over \(width) sd, with curvature, D=4000", configuration: configuration)
    {
      benchmark in
      benchmark.startMeasurement()
      let score = ExpectedShortfall(tail: 0.05).smoothed(draws.span, width: width)
      benchmark.stopMeasurement()
      // Where every draw gains 1, so does the score.
      expect(score?.weights.reduce(0, +) ?? 0, near: 1, within: 1e-9, "The sum of the weights")
    }
  }

  Benchmark("to compare: a sort, D=4000", configuration: configuration) { benchmark in
    benchmark.startMeasurement()
    let found = draws.sorted()
    benchmark.stopMeasurement()
    precondition(found == sorted, "A sort sorts.")
  }
}
