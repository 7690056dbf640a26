import Foundation
import NumericKernel
import Optimisation
import ResponseModel
import TestSupport
import Testing

@testable import CurveFitting

/// Curves of a family at some media.
func responses(_ family: any Saturation.Type, _ parameters: [Double], at media: [Double]) -> [Double] {
  media.map { family.point(at: $0, parameters.span).value }
}

/// Media that are bunched as spend is: `largest` is the largest.
func bunchedMedia(_ count: Int, largest: Double, seed: UInt64) -> [Double] {
  var random = TestRandom(seed: seed)
  let raw = (0..<count).map { _ in exp(0.8 * random.normal()) }
  return raw.map { $0 / (raw.max() ?? 1) * largest }
}

@Suite struct CurveFitterTests {
  /// Every family, with parameters that media up to 100 tell apart.
  static let known: [(any FittableSaturation.Type, [[Double]])] = [
    (Hill.self, [[50, 30, 1.6], [3, 10, 0.6], [7e6, 45, 5], [2, 150, 2.4]]),
    (HillBottom.self, [[90, 15, 40, 2.2], [90, 5, 20, 1]]),
    (HillSigmoid.self, [[40, 0.1, 45], [8, 0.05, 20], [1e-3, 0.2, 90]]),
    (Logistic.self, [[5, 0.04], [5, 0.3], [900, 0.005]]),
    (InverseScaledLogistic.self, [[5, 25], [5, 200]]),
    (MichaelisMenten.self, [[12, 30], [12, 2], [12, 700]]),
    (Tanh.self, [[6, 5], [60, 0.1]]),
    (TanhBaselined.self, [[100, 0.3, 0.8, 1]]),
    (Root.self, [[3, 0.4], [3, 0.93]]),
    (Log.self, [[4]]),
    (Exponential.self, [[5, 0.03], [5, 0.4]]),
    (Linear.self, [[2.5]]),
  ]

  @Test func `exact responses give every family's parameters back`() throws {
    let media = bunchedMedia(60, largest: 100, seed: 1) + [0]
    for (family, rows) in CurveFitterTests.known {
      for row in rows {
        let fitter = try CurveFitter(family, media: media, hasBottom: family.hasBottom)
        let fit = try fitter.fit(responses(family, row, at: media))
        for (found, true_) in zip(fit.parameters, row) {
          #expect(
            abs(found - true_) <= 1e-8 * abs(true_),
            "\(family.name) \(row): \(fit.parameters) \(fit.solution.termination)")
        }
        #expect(fit.rSquared > 1 - 1e-14)
        #expect(!fit.warnings.contains { if case .notConverged = $0 { true } else { false } }, "\(family.name) \(row)")
      }
    }
  }

  @Test func `a family's shape has the slopes that differences find`() {
    let media = [0, 0.003, 0.2, 0.7, 1].map { FitMedia(share: $0, largest: 40) }
    for family in FittableCatalogue.families {
      for start in [0.1, 0.6, 4].flatMap({ family.starts(halfSaturation: $0) }) {
        for point in media {
          for k in family.shape.indices {
            var ahead = start
            var behind = start
            ahead[k] += 1e-5
            behind[k] -= 1e-5
            let difference = (family.curve(at: point, ahead).value - family.curve(at: point, behind).value) / 2e-5
            let curve = family.curve(at: point, start)
            #expect(
              abs(difference - curve.slopes[k]) <= 1e-7 * abs(difference) + 1e-10 * (abs(curve.value) + 1e-6),
              "\(family.name) \(start) at \(point.share): \(curve.slopes[k]), by differences \(difference)")
          }
        }
      }
    }
  }

  @Test func `a shape's parameters make the family's curve`() throws {
    for family in FittableCatalogue.families {
      for start in [0.1, 0.6, 4].flatMap({ family.starts(halfSaturation: $0) }) {
        let parameters = family.parameters(rise: 7, bottom: 2, shape: start, largest: 40)
        for (value, parameter) in zip(parameters, family.parameters) {
          #expect(parameter.domain.contains(value), "\(family.name) \(parameter.name) \(value)")
        }
        let end = family.curve(at: FitMedia(share: 1, largest: 40), start).value
        let bottom = family.hasBottom ? 2.0 : 0
        for share in [0, 0.01, 0.3, 1] {
          let expected = bottom + 7 * family.curve(at: FitMedia(share: share, largest: 40), start).value / end
          let found = family.point(at: share * 40, parameters.span).value
          #expect(abs(found - expected) <= 1e-11 * abs(expected), "\(family.name) \(start) at \(share)")
        }
        if let reached = family.ceilingShare(start) {
          let far = family.point(at: 1e12, parameters.span).value - bottom
          #expect(abs(far * reached - 7) <= 1e-2, "\(family.name) \(start)")
        }
      }
    }
  }

  @Test func `units of spend and of response make no difference`() throws {
    let media = bunchedMedia(50, largest: 1, seed: 3)
    var random = TestRandom(seed: 4)
    let noise = media.map { _ in 1 + 0.05 * random.normal() }
    for (family, row) in [
      (Hill.self as any FittableSaturation.Type, [5, 0.3, 1.7]), (MichaelisMenten.self, [5, 0.4]),
      (Logistic.self, [5, 4]), (HillSigmoid.self, [5, 9, 0.4]),
    ] {
      let response = zip(responses(family, row, at: media), noise).map { $0 * $1 }
      let plain = try CurveFitter(family, media: media, hasBottom: true).fit(response)
      for unit in [1e-9, 1e9, 1 / 3.0] {
        let scaled = try CurveFitter(family, media: media.map { $0 * unit }, hasBottom: true).fit(response)
        let other = try CurveFitter(family, media: media, hasBottom: true).fit(response.map { $0 * unit })
        for share in [0.1, 0.5, 1, 3] {
          let expected = plain.response(at: share)
          #expect(abs(scaled.response(at: share * unit) - expected) <= 1e-9 * abs(expected), "\(family.name) \(unit)")
          #expect(abs(other.response(at: share) / unit - expected) <= 1e-9 * abs(expected), "\(family.name) \(unit)")
        }
        #expect(scaled.warnings.count == plain.warnings.count && other.warnings.count == plain.warnings.count)
      }
    }
  }

  @Test(arguments: FittedSeries.own)
  func `no residual is larger than SciPy's best of forty starts, nor standard errors others`(series: FittedSeries)
    throws
  {
    let family = try #require(FittableCatalogue.family(named: series.family))
    let fit = try CurveFitter(family, media: series.spend, hasBottom: family.hasBottom).fit(series.response)
    #expect(
      fit.residualSumOfSquares <= series.residual * (1 + 1e-12), "\(fit.residualSumOfSquares / series.residual - 1)")
    let isIdentified = !fit.warnings.contains { if case .ceilingNotIdentified = $0 { true } else { false } }
    guard isIdentified else { return }
    let errors = try #require(fit.standardErrors)
    for (k, parameter) in series.parameters.enumerated() {
      #expect(abs(fit.parameters[k] / parameter - 1) < 1e-5, "\(series.family) \(fit.parameters)")
      #expect(abs(errors[k] / series.standardErrors[k] - 1) < 1e-3, "\(series.family) \(errors)")
    }
  }

  @Test func `a response that never saturates gets a curve that does not, and a warning`() throws {
    let media = bunchedMedia(40, largest: 10, seed: 5)
    var random = TestRandom(seed: 6)
    let response = media.map { 3 * $0 + 0.01 * $0 * $0 + 0.1 * random.normal() }
    let line = try CurveFitter(Linear.self, media: media).fit(response)
    for family in [MichaelisMenten.self as any FittableSaturation.Type, Logistic.self, Exponential.self, Hill.self] {
      let fit = try CurveFitter(family, media: media).fit(response)
      // With 1e-9 of its ceiling reached a curve is a line of 30 to 3e-8, beside noise of 0.1.
      #expect(fit.residualSumOfSquares <= line.residualSumOfSquares * (1 + 1e-7), "\(family.name)")
      #expect(
        fit.warnings.contains { if case .ceilingNotIdentified = $0 { true } else { false } },
        "\(family.name) \(fit.warnings)")
      #expect(!fit.warnings.contains(.nearlySingular))
    }
  }

  @Test func `a half saturation beyond all spend is said, with a ceiling that is told`() throws {
    let media = bunchedMedia(60, largest: 10, seed: 5)
    var random = TestRandom(seed: 6)
    let response = responses(Hill.self, [90, 15, 2], at: media).map { $0 + 0.05 * random.normal() }
    let fit = try CurveFitter(Hill.self, media: media).fit(response)
    #expect(fit.warnings.count == 1, "\(fit.warnings)")
    guard case .halfSaturationBeyondData(let half, 10)? = fit.warnings.first else {
      Issue.record("\(fit.warnings)")
      return
    }
    #expect(abs(half - 15) < 1)
  }

  @Test func `noise that grows with the response is said`() throws {
    let media = bunchedMedia(80, largest: 100, seed: 5)
    var random = TestRandom(seed: 6)
    let clean = responses(Hill.self, [50, 30, 1.6], at: media)
    func ratio(_ noise: (Double) -> Double) throws -> Double? {
      let fit = try CurveFitter(Hill.self, media: media).fit(clean.map { $0 + noise($0) * random.normal() })
      return fit.warnings.compactMap { if case .unevenNoise(let ratio) = $0 { ratio } else { nil } }.first
    }
    #expect(try ratio { _ in 1 } == nil)
    #expect(try #require(try ratio { 0.05 * $0 }) > 2)
  }

  @Test func `a step sits at the limit of the slope, and says so`() throws {
    let media = (1...40).map(Double.init)
    let fit = try CurveFitter(Hill.self, media: media).fit(media.map { $0 < 20 ? 0.1 : 5 })
    #expect(
      fit.warnings.contains { if case .atLimit("slope", let value) = $0 { abs(value - 30) < 1e-9 } else { false } },
      "\(fit.warnings)")
  }

  @Test func `what cannot be fitted says why`() throws {
    func mistake(
      _ media: [Double], _ response: [Double]? = nil, by family: any FittableSaturation.Type = Hill.self,
      hasBottom: Bool = false
    ) -> CurveFitError? {
      do throws(CurveFitError) {
        let fitter = try CurveFitter(family, media: media, hasBottom: hasBottom)
        _ = try fitter.fit(response ?? media)
        return nil
      } catch {
        return error
      }
    }
    #expect(mistake([5]) == .tooFewObservations(found: 1, needed: 4))
    #expect(mistake([]) == .tooFewObservations(found: 0, needed: 4))
    #expect(mistake([0, 0, 0, 0, 0]) == .noMedia)
    #expect(mistake([0, 1, 1, 2, 2]) == .tooFewLevels(found: 2, needed: 3))
    #expect(mistake([0, 1, 1, 2, 2], [0, 1, 1.1, 2, 2], by: MichaelisMenten.self, hasBottom: true) == nil)
    #expect(
      mistake([1, -2, 3, 4])
        == .wrongNumber(observation: 1, expected: "spend that is finite and not negative", found: -2))
    guard case .wrongNumber(2, _, let found) = mistake([1, 2, .nan, 4]) else {
      Issue.record("Media that are not numbers.")
      return
    }
    #expect(found.isNaN)
    #expect(
      mistake([1, 2, 3, 4], [1, .infinity, 3, 4])
        == .wrongNumber(observation: 1, expected: "a finite response", found: .infinity))
    #expect(mistake([1, 2, 3, 4], [6, 6, 6, 6]) == .constantResponse(6))
    #expect(mistake([1, 2, 3, 4], [0, 0, 0, 0]) == .constantResponse(0))
    #expect(mistake([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], hasBottom: true) == .notRising)
    #expect(mistake([1, 2, 3, 4, 5], [-5, -4, -3, -2, -1]) == .notRising)
    // Without a bottom a curve that is level from the first unit on is the best, and says that one unit brings it all.
    #expect(mistake([100, 110, 120, 130], [500, 490, 480, 470]) == .notRising)
    #expect(mistake([100, 110, 120, 130], [470, 490, 480, 500]) == nil)
  }
}

/// A series and what SciPy's `curve_fit` makes of it, by `Tests/Fixtures/make_curve_fits.py`.
struct FittedSeries: Decodable, Sendable, CustomTestStringConvertible {
  var family: String
  var spend: [Double]
  var response: [Double]
  var residual: Double
  var parameters: [Double]
  var standardErrors: [Double]

  var testDescription: String { "\(family) of \(spend.count)" }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let own: [FittedSeries] = {
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let data = try Data(contentsOf: root.appending(path: "Tests/Fixtures/curve_fits.json"))
      return try decoder.decode([FittedSeries].self, from: data)
    } catch {
      preconditionFailure("The fixture of fitted curves cannot be read: \(error)")
    }
  }()
}
