import Apportion
import Benchmark
import Samples

/// A table of responses against the surface that it is made from, on one thread: in picoseconds per (draw, cell), 4,000 draws,
/// ten cells, 52 periods, a carryover of eight lags and no history. Of a year spent unevenly all 52 periods differ; of one
/// spent evenly eight do, and the surface sums no more than those.
///
/// The goal is a table at least 15 times as fast as the surface, its value and slope, on the uneven year.
let benchmarks: @Sendable () -> Void = {
  Parallel.use(threads: 1)
  let size = "D=\(Year.draws) C=\(Year.cells) T=\(Year.periods)"

  for family in Year.families {
    for spread in Year.Spread.allCases {
      let name = "\(family.saturation.name), \(spread.rawValue)"

      func measure(_ what: String, _ work: @escaping (Year) -> Void, check: @escaping (Year) -> Void = { _ in }) {
        Benchmark("\(name): \(what), \(size)", configuration: perResponse) { benchmark, year in
          work(year)
          benchmark.measurement(metric, picoseconds(of: Year.draws * Year.cells, atLeast: 1_000_000) { work(year) })
          check(year)
        } setup: {
          Year(family, spread)
        }
      }

      measure("surface, responses") { $0.values = $0.surface.responses(at: $0.money) }
      measure("surface, slopes") { ($0.values, $0.slopes) = $0.surface.slopes(at: $0.money) }
      measure("surface, point") { $0.point = $0.surface.point(at: $0.money) }
      measure("table, responses, its nodes there") {
        $0.values = $0.table.responses(at: $0.money)
      } check: {
        $0.check($0.values)
      }
      measure("table, point, its nodes there") {
        $0.point = $0.table.point(at: $0.money)
      } check: {
        $0.check($0.point.responses)
      }

      Benchmark("\(name): table, responses, one new node a cell, \(size)", configuration: perResponse) {
        benchmark, year in
        let table = ResponseTable(of: year.surface, unit: Year.unit)
        year.values = table.responses(at: year.moneyBelow)
        let time = picoseconds(of: Year.draws * Year.cells, atLeast: 1) {
          year.values = table.responses(at: year.money)
        }
        benchmark.measurement(metric, time)
        year.check(year.values)
      } setup: {
        Year(family, spread)
      }
    }
  }
}

private var metric: BenchmarkMetric {
  .custom("ps per (draw, cell)", polarity: .prefersSmaller, useScalingFactor: false)
}

private var perResponse: Benchmark.Configuration {
  Benchmark.Configuration(metrics: [metric], units: [metric: .count], maxDuration: .seconds(1), maxIterations: 2_000)
}
