import Apportion
import Benchmark
import Foundation
import Samples

/// The main job on `data/weekly`, whole and by its stages: 2,000 draws, six channels, 13 weeks; on as many threads as there are
/// processors, as the command is.
let benchmarks: @Sendable () -> Void = {
  let weekly = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../data/weekly").standardized
    .path
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock, .peakMemoryResident], timeUnits: .microseconds, maxDuration: .seconds(3))
  func plan(_ name: String) -> Plan { done { try PlanFile.read(path: "\(weekly)/\(name).yaml") }.plan }
  let posterior = done { try PosteriorFile.read(path: "\(weekly)/model.nc") }

  Benchmark("read model.nc, D=2000 C=6", configuration: configuration) { benchmark in
    benchmark.startMeasurement()
    let found = done { try PosteriorFile.read(path: "\(weekly)/model.nc") }
    benchmark.stopMeasurement()
    precondition(found.drawCount == 2_000 && found.cells.count == 6, "The model's draws and channels.")
  }

  Benchmark("read plan.yaml", configuration: configuration) { benchmark in
    benchmark.startMeasurement()
    let found = plan("plan")
    benchmark.stopMeasurement()
    expect(found.budget?.total(periodCount: 13) ?? 0, near: 2_488_278, "The plan's budget")
  }

  // The optima that SciPy's SLSQP finds on draws computed by numba, as in `peers`.
  for (name, utility) in [("plan", 9_786_741.211), ("careful", 7_629_079.063)] {
    let asked = plan(name)

    Benchmark("compile \(name).yaml, D=2000 C=6 T=20", configuration: configuration) { benchmark in
      benchmark.startMeasurement()
      let compiled = done { try CompiledPlan(asked, posterior) }
      benchmark.stopMeasurement()
      precondition(compiled.posterior.drawCount == 2_000, "A compiled plan keeps its posterior.")
    }

    let compiled = done { try CompiledPlan(asked, posterior) }
    Benchmark("solve \(name).yaml, \(asked.utility.name.value), D=2000 C=6 T=20", configuration: configuration) {
      benchmark in
      benchmark.startMeasurement()
      let answer = done { try compiled.optimise(record: RunRecord()) }
      benchmark.stopMeasurement()
      expect(answer.utility.value, near: utility, within: 1e-9, "The utility of \(name).yaml")
      expect(answer.cells.reduce(0) { $0 + $1.total }, near: 2_488_278, "The money spent")
    }

    Benchmark("everything but the process, \(name).yaml to JSON, D=2000 C=6 T=20", configuration: configuration) {
      benchmark in
      benchmark.startMeasurement()
      let posterior = done { try PosteriorFile.read(path: "\(weekly)/model.nc") }
      let answer = done { try CompiledPlan(plan(name), posterior) }.optimise(record: RunRecord())
      let report = answer.jsonReport
      benchmark.stopMeasurement()
      expect(answer.utility.value, near: utility, within: 1e-9, "The utility of \(name).yaml")
      precondition(report.contains("\"status\": \"solved\""), "The report says that the plan is solved.")
    }
  }
}

/// The files of this repository are right, or there is nothing to measure.
private func done<Result>(_ work: () throws -> Result) -> Result {
  do { return try work() } catch { fatalError("\(error)") }
}
