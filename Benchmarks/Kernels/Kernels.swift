import Apportion
import Benchmark
import Foundation
import Samples

/// Each curve family's kernel on the instruction set of this process, and a plain loop over `exp` beside it, in
/// picoseconds per (draw, cell, period). `run` takes them through all the instruction sets that the processor has.
let benchmarks: @Sendable () -> Void = {
  let families: [Family] = [
    Family(saturation: Logistic.self, parameters: [0.1...2, 0.5...4])
  ]
  // In the second-level cache, as while a solver works on a small model; and larger than it.
  let sizes = [Size(draws: 512, cells: 1, periods: 20), Size(draws: 4_000, cells: 10, periods: 13)]
  let set = CurveKernel.instructionSet

  for size in sizes {
    for family in families {
      guard let kernel = family.saturation.kernel else { continue }
      let tiles = (0..<size.cells).map { family.tiles(size, seed: UInt64($0)) }
      var values = DrawMatrix(drawCount: size.draws, columnCount: size.cells)
      var slopes = values
      var curvatures = values

      func check(_ derivatives: Bool) {
        for cell in [0, size.cells - 1] {
          for draw in [0, size.draws / 2, size.draws - 1] {
            let point = family.point(tiles[cell], draw: draw, at: spend)
            expect(values[draw, cell], near: point.value, "a value of \(family.saturation.name)")
            if derivatives {
              expect(slopes[draw, cell], near: point.slope, "a slope of \(family.saturation.name)")
              expect(
                curvatures[draw, cell], near: point.curvature, within: 1e-11, "a curvature of \(family.saturation.name)"
              )
            }
          }
        }
      }

      Benchmark("\(family.saturation.name), value, \(set), \(size)", configuration: perPoint) { benchmark in
        size.time(benchmark) {
          for cell in tiles.indices { tiles[cell].evaluate(kernel, at: spend, column: cell, values: &values) }
        }
        check(false)
      }

      Benchmark("\(family.saturation.name), value slope and curvature, \(set), \(size)", configuration: perPoint) {
        benchmark in
        size.time(benchmark) {
          for cell in tiles.indices {
            tiles[cell].evaluate(
              kernel, at: spend, column: cell, values: &values, slopes: &slopes, curvatures: &curvatures)
          }
        }
        check(true)
      }
    }

    // The same numbers by the C library's exp, one draw at a time, from arrays as a first version would have them.
    let plain = PlainLogistic(families[0], size)
    Benchmark("to compare: plain exp loop, logistic, value and slope, \(size)", configuration: perPoint) { benchmark in
      var values = plain.room
      var slopes = plain.room
      size.time(benchmark) { plain.evaluate(at: spend, values: &values, slopes: &slopes) }
      for draw in [0, size.draws - 1] {
        let point = families[0].point(plain.tiles[0], draw: draw, at: spend)
        expect(values[draw], near: point.value, within: 1e-11, "a value of the plain loop")
        expect(slopes[draw], near: point.slope, within: 1e-11, "a slope of the plain loop")
      }
    }
  }
}

let spend = 1.7

/// What is measured in place of a time: that of one curve, to a thousandth of a nanosecond.
private var picoseconds: BenchmarkMetric {
  .custom("ps per (draw, cell, period)", polarity: .prefersSmaller, useScalingFactor: false)
}

private var perPoint: Benchmark.Configuration {
  Benchmark.Configuration(metrics: [picoseconds], maxDuration: .seconds(1), maxIterations: 2_000)
}

/// How many curves one evaluation sums.
struct Size: CustomStringConvertible {
  var draws: Int
  var cells: Int
  var periods: Int

  var points: Int { draws * cells * periods }
  var description: String { "D=\(draws) C=\(cells) T=\(periods)" }

  /// The time of a batch long enough for the clock, for each point of it.
  func time(_ benchmark: Benchmark, _ work: () -> Void) {
    let repeats = max(1, 200_000 / points)
    let start = ContinuousClock.now
    for _ in 0..<repeats { work() }
    let elapsed = ContinuousClock.now - start
    benchmark.measurement(picoseconds, Int((elapsed / .seconds(1)) * 1e12 / Double(points * repeats)))
  }
}

/// A curve family and the range of each of its parameters.
struct Family {
  var saturation: any Saturation.Type
  var parameters: [ClosedRange<Double>]

  /// One cell of media after carryover, none of them from history.
  func tiles(_ size: Size, seed: UInt64) -> CurveTiles {
    var random = SplitMix(seed: seed)
    let columns = parameters.map { range in
      (0..<size.draws).map { _ in random.uniform(range.lowerBound, range.upperBound) }
    }
    return CurveTiles(
      weights: [Double](repeating: 1, count: size.periods),
      parameters: DrawMatrix(columns: columns, drawCount: size.draws), basePeriodCount: 0,
      exposure: { _, row in for t in 0..<row.count { row[t] = random.uniform(0.05, 1) } }, base: { _, _ in })
  }

  /// The same sum over periods by the family's scalar curve.
  func point(_ tiles: CurveTiles, draw: Int, at spend: Double) -> CurvePoint {
    let parameters = parameters.indices.map { tiles.parameters[draw, $0] }
    var sum = CurvePoint(value: 0, slope: 0, curvature: 0)
    for period in 0..<tiles.periodCount {
      let exposure = tiles.exposure(draw: draw, period: period)
      let point = saturation.point(at: spend * exposure, parameters.span)
      sum.value += point.value
      sum.slope += point.slope * exposure
      sum.curvature += point.curvature * exposure * exposure
    }
    return sum
  }
}
