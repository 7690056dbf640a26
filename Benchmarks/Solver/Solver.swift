import Apportion
import Benchmark
import Samples

/// Textbook programs of several sizes, each checked against its known optimum.
let benchmarks: @Sendable () -> Void = {
  let configuration = Benchmark.Configuration(metrics: [.wallClock], timeUnits: .microseconds, maxDuration: .seconds(1))

  func simplex(_ count: Int) -> Polytope {
    Polytope(
      lower: [Double](repeating: 0, count: count), upper: [Double](repeating: 1, count: count),
      rows: [Polytope.Row(label: "budget", coefficients: [Double](repeating: 1, count: count), lower: 1, upper: 1)])
  }
  func numbers(_ count: Int, _ lower: Double, _ upper: Double) -> [Double] {
    var random = SplitMix(seed: UInt64(count))
    return (0..<count).map { _ in random.uniform(lower, upper) }
  }
  func distance(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { max($0, abs($1.0 - $1.1)) } }

  for count in [6, 30, 100] {
    let polytope = simplex(count)

    let objective = WaterFilling(a: numbers(count, 0.1, 1))
    let optimum = objective.optimum
    let even = [Double](repeating: 1 / Double(count), count: count)
    Benchmark("trust-region SQP, logarithms on a simplex, \(count) variables", configuration: configuration) {
      benchmark in
      benchmark.startMeasurement()
      let solution = TrustRegionSQP().maximum(of: objective, over: polytope, from: even)
      benchmark.stopMeasurement()
      precondition(solution.map { distance($0.point, optimum) <= 1e-8 } ?? false, "Logarithms fill like water.")
    }

    // The nearest point of the simplex: every number less one threshold, and nothing below zero.
    let target = numbers(count, -1, 1)
    let nearest = nearestOnSimplex(target)
    let program = QuadraticProgram(
      gradient: target, hessian: Matrix(diagonal: [Double](repeating: -1, count: count)), polytope: polytope)
    Benchmark("quadratic program, nearest point of a simplex, \(count) variables", configuration: configuration) {
      benchmark in
      benchmark.startMeasurement()
      let found = program.maximum()
      benchmark.stopMeasurement()
      precondition(found.map { distance($0.point, nearest) <= 1e-9 } ?? false, "The nearest point of a simplex.")
    }

    // A linear program: all of the budget to the best.
    let best = target.indices.max { target[$0] < target[$1] } ?? 0
    let linear = QuadraticProgram(
      gradient: target, hessian: Matrix(rowCount: count, columnCount: count), polytope: polytope)
    Benchmark("linear program on a simplex, \(count) variables", configuration: configuration) { benchmark in
      benchmark.startMeasurement()
      let found = linear.maximum()
      benchmark.stopMeasurement()
      precondition(found.map { abs($0.point[best] - 1) <= 1e-9 } ?? false, "All of the budget goes to the best.")
    }
  }
}

/// Held, Wolfe and Crowder, Math. Programming 6 (1974): the threshold is found on the sorted numbers.
private func nearestOnSimplex(_ x: [Double]) -> [Double] {
  var sum = 0.0
  var threshold = 0.0
  for (index, value) in x.sorted(by: >).enumerated() {
    sum += value
    let candidate = (sum - 1) / Double(index + 1)
    if candidate < value { threshold = candidate }
  }
  return x.map { max(0, $0 - threshold) }
}
