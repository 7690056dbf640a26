import Foundation
import ResponseModel
import Testing

@testable import CurveFitting

/// Series with what peers' estimators made of them: DeepCausalMMM's Hill, AMMM's sigmoid and Michaelis-Menten.
private struct PeerSeries: Decodable {
  struct Hill: Decodable {
    var top, bottom, saturation, slope: Double
  }
  struct TwoParameters: Decodable {
    var alpha, lam: Double
  }
  var spend, predicted: [Double]
  var noise: Double
  var truth: Truth
  var dcm: Hill
  var sigmoid: TwoParameters
  var michaelisMenten: TwoParameters

  struct Truth: Decodable {
    var top, saturation, slope: Double
  }

  enum CodingKeys: String, CodingKey {
    case spend, predicted, noise, truth, dcm, sigmoid
    case michaelisMenten = "michaelis-menten"
  }

  func residual(_ curve: (Double) -> Double) -> Double {
    zip(spend, predicted).reduce(0) { $0 + ($1.1 - curve($1.0)) * ($1.1 - curve($1.0)) }
  }
}

@Suite struct PeerFitTests {
  private static let path = FittedSeries.root.deletingLastPathComponent().appending(
    path: "shared/cases/curve_fits.json")

  @Test(.enabled(if: FileManager.default.fileExists(atPath: PeerFitTests.path.path)))
  func `no residual is larger than a peer's estimator leaves, and no runaway goes unsaid`() throws {
    let all = try JSONDecoder().decode([PeerSeries].self, from: Data(contentsOf: PeerFitTests.path))
    #expect(all.count == 10)
    for (index, series) in all.enumerated() {
      func fit(_ family: any FittableSaturation.Type, hasBottom: Bool = false) throws -> CurveFit {
        try CurveFitter(family, media: series.spend, hasBottom: hasBottom).fit(series.predicted)
      }
      let peers: [(any FittableSaturation.Type, [Double])] = [
        (HillBottom.self, [series.dcm.top, series.dcm.bottom, series.dcm.saturation, series.dcm.slope]),
        (Logistic.self, [series.sigmoid.alpha, series.sigmoid.lam]),
        (MichaelisMenten.self, [series.michaelisMenten.alpha, series.michaelisMenten.lam]),
      ]
      for (family, parameters) in peers {
        let fit = try fit(family)
        let theirs = series.residual { family.point(at: $0, parameters.span).value }
        // A runaway of theirs is a line to eight digits, ours to nine.
        #expect(fit.residualSumOfSquares <= theirs * (1 + 1e-9), "\(index) \(family.name)")
        if let half = fit.halfSaturation, half > 10 * fit.largestMedia {
          #expect(fit.warnings.contains { if case .ceilingNotIdentified = $0 { true } else { false } })
        }
      }
      guard series.noise == 0 else { continue }
      let exact = try fit(Hill.self)
      #expect(abs(exact.parameters[0] / series.truth.top - 1) < 1e-7)
      #expect(abs(exact.parameters[1] / series.truth.saturation - 1) < 1e-7)
      #expect(abs(exact.parameters[2] / series.truth.slope - 1) < 1e-7)
    }
  }
}
