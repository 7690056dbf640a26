import Apportion
import Benchmark
import Samples

/// Each curve family's kernel on the instruction set of this process, and a plain loop over `exp` beside it: on one
/// thread, in picoseconds per (draw, cell, period). `run` takes them through all the instruction sets that the processor has.
///
/// The goals are for value and slope: at most 950 for logistic and 1,000 for Hill on AVX-512, at most 1,600 for either on
/// AVX2; on the machine they were set on that is a 5.5th and a 3.5th of the plain loop. They are met from media that are kept,
/// where no history is felt. With history in every period Hill, which then takes a logarithm in each, needs more than twice its
/// goal, and logistic misses its own on AVX2. Media that are not kept cost their carryover on top.
let benchmarks: @Sendable () -> Void = {
  Parallel.use(threads: 1)
  let families = [
    Family(saturation: Logistic.self, parameters: [0.1...2, 0.5...4]),
    Family(saturation: Hill.self, parameters: [0.1...2, 0.2...1.5, 0.6...3]),
    Family(saturation: Exponential.self, parameters: [0.1...2, 0.5...4]),
    Family(saturation: HillSigmoid.self, parameters: [0.1...2, 0.5...4, 0.1...1]),
    Family(saturation: MichaelisMenten.self, parameters: [0.1...2, 0.2...1.5]),
    Family(saturation: Root.self, parameters: [0.1...2, 0.2...1]),
    Family(saturation: Log.self, parameters: [0.1...2]),
    Family(saturation: Linear.self, parameters: [0.1...2]),
  ]
  // In the second-level cache, as while a solver works on a small model; and larger than it.
  let sizes = [Size(draws: 512, cells: 1, periods: 20), Size(draws: 4_000, cells: 10, periods: 52)]

  for size in sizes {
    for family in families where family.saturation.kernel != nil {
      for media in Media.allCases {
        for derivatives in Derivatives.allCases {
          let name = "\(family.saturation.name), \(derivatives.rawValue), \(media.rawValue)"
          Benchmark("\(name), \(CurveKernel.instructionSet), \(size)", configuration: perPoint) { benchmark, work in
            work.evaluate(derivatives)
            benchmark.measurement(metric, picoseconds(of: size.points) { work.evaluate(derivatives) })
            work.check(derivatives)
          } setup: {
            Work(family, size, media)
          }
        }
      }
    }

    // The same numbers by the C library's exp, one draw at a time, from arrays as a first version would have them.
    Benchmark("to compare: plain exp loop, logistic, value and slope, \(size)", configuration: perPoint) {
      benchmark, plain in
      var (values, slopes) = (plain.room, plain.room)
      plain.evaluate(&values, &slopes)
      benchmark.measurement(metric, picoseconds(of: size.points) { plain.evaluate(&values, &slopes) })
      plain.check(values, slopes)
    } setup: {
      PlainLogistic(families[0], size)
    }
  }
}

/// What is measured in place of a time: that of one curve, to a thousandth of a nanosecond.
private var metric: BenchmarkMetric {
  .custom("ps per (draw, cell, period)", polarity: .prefersSmaller, useScalingFactor: false)
}

private var perPoint: Benchmark.Configuration {
  Benchmark.Configuration(
    metrics: [metric], units: [metric: .count], maxDuration: .milliseconds(300), maxIterations: 2_000)
}

/// How many curves one evaluation sums.
struct Size: CustomStringConvertible {
  var draws: Int
  var cells: Int
  var periods: Int

  var points: Int { draws * cells * periods }
  var description: String { "D=\(draws) C=\(cells) T=\(periods)" }
}
