import Apportion
import Benchmark
import Foundation
import Samples

/// Curves fitted to made-up series, each checked against the curve that made it.
let benchmarks: @Sendable () -> Void = {
  let count = 104
  var random = SplitMix(seed: 7)
  let media = (0..<count).map { _ in 100 * pow(random.uniform(), 2) + 0.5 }
  func hill(_ top: Double, _ half: Double, _ slope: Double) -> [Double] {
    media.map { top * pow($0, slope) / (pow(half, slope) + pow($0, slope)) }
  }
  let noise = (0..<count).map { _ in random.uniform(-1, 1) }
  let exact = hill(50, 30, 1.6)
  let noisy = zip(exact, noise).map { $0 + $1 }
  let configuration = Benchmark.Configuration(
    metrics: [.wallClock], timeUnits: .microseconds, maxDuration: .seconds(2))

  for (name, family) in [("Hill", Hill.self), ("Michaelis-Menten", MichaelisMenten.self)]
    as [(
      String, any FittableSaturation.Type
    )]
  {
    Benchmark("one \(name) fit, N=104", configuration: configuration) { benchmark in
      benchmark.startMeasurement()
      let fit = fitted(family, media, noisy)
      benchmark.stopMeasurement()
      precondition(fit.rSquared > 0.99, "The curve is found.")
    }
  }

  let fit = fitted(Hill.self, media, noisy)
  for uncertainty in Uncertainty.allCases {
    Benchmark("1,000 draws of a Hill fit by \(uncertainty), N=104", configuration: configuration) { benchmark in
      let fitter = fitter(Hill.self, media)
      benchmark.startMeasurement()
      let draws = fitter.draws(fit, count: 1000, by: uncertainty, seed: 1)
      benchmark.stopMeasurement()
      precondition(draws.drawCount == 1000 && draws.column(1).allSatisfy { $0 > 0 }, "Draws are curves.")
    }
  }

  let drawCount = 2_000
  let truths = (0..<drawCount).map { _ in
    [random.uniform(40, 60), random.uniform(20, 40), random.uniform(1, 2)]
  }
  let rows = truths.map { hill($0[0], $0[1], $0[2]) }
  let responses = DrawMatrix(
    columns: media.indices.map { point in rows.map { $0[point] + 0.02 * noise[point] } }, drawCount: drawCount)
  Benchmark("a Hill curve for each of 2,000 draws of 6 channels, N=104", configuration: configuration) { benchmark in
    benchmark.startMeasurement()
    for _ in 0..<6 {
      let parameters = curves(Hill.self, media, responses)
      expect(parameters[7, 1], near: truths[7][1], within: 0.02, "A half saturation")
    }
    benchmark.stopMeasurement()
  }
}

private func fitter(_ family: any FittableSaturation.Type, _ media: [Double]) -> CurveFitter {
  do { return try CurveFitter(family, media: media) } catch { preconditionFailure("\(error)") }
}

private func fitted(_ family: any FittableSaturation.Type, _ media: [Double], _ response: [Double]) -> CurveFit {
  do { return try fitter(family, media).fit(response) } catch { preconditionFailure("\(error)") }
}

private func curves(
  _ family: any FittableSaturation.Type, _ media: [Double], _ responses: DrawMatrix
) -> DrawMatrix {
  do { return try fitter(family, media).fit(draws: responses).parameters } catch { preconditionFailure("\(error)") }
}
