import Foundation
import NumericKernel
import ResponseModel
import Testing

/// Curves, lag weights and both orders of them give the numbers of PyMC-Marketing 1.3.0.
struct PyMCMarketingCurveTests {
  /// What `Tests/Fixtures/make_pymc_curves.py` wrote.
  struct Fixture: Decodable {
    struct Curve: Decodable {
      var name: String
      var parameters: [String: Double]
      var values: [Double]
    }
    struct Weights: Decodable {
      var name: String
      var parameters: [String: Double]
      var isNormalized: Bool
      var weights: [Double]
    }
    struct Order: Decodable {
      var isNormalized: Bool
      var carryoverFirst: Double
      var saturationFirst: Double
    }
    var media: [Double]
    var saturations: [Curve]
    var carryovers: [Weights]
    var flighting: [Double]
    var orders: [Order]
  }

  /// Both sides round each of a few operations; of PyMC-Marketing's differences at small media up to 1e-14 is left.
  static let tolerance = 1e-12

  static let saturations: [any Saturation.Type] = [
    Hill.self, HillSigmoid.self, Logistic.self, InverseScaledLogistic.self, MichaelisMenten.self, Tanh.self,
    TanhBaselined.self, Root.self, Log.self, Linear.self,
  ]
  static let carryovers: [any Carryover.Type] = [
    Geometric.self, GeometricHalfLife.self, Delayed.self, DelayedHalfLife.self, Binomial.self, WeibullPDF.self,
    WeibullCDF.self, NoCarryover.self,
  ]

  func fixture() throws -> Fixture {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Fixtures/pymc_curves.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }

  /// One draw, and a column for each parameter.
  func draw(_ values: [Double]) -> DrawMatrix { DrawMatrix(columns: values.map { [$0] }, drawCount: 1) }

  func row(_ parameters: [ModelParameter], _ values: [String: Double]) throws -> [Double] {
    #expect(parameters.count == values.count)
    return try parameters.map { try #require(values[$0.name]) }
  }

  func expect(_ found: Double, _ expected: Double, _ place: String) {
    #expect(abs(found - expected) <= PyMCMarketingCurveTests.tolerance * max(1, abs(expected)), "\(place)")
  }

  @Test func `curves, by formula and by kernel`() throws {
    let fixture = try fixture()
    #expect(Set(fixture.saturations.map(\.name)) == Set(PyMCMarketingCurveTests.saturations.map { $0.name }))
    for curve in fixture.saturations {
      let family = try #require(PyMCMarketingCurveTests.saturations.first { $0.name == curve.name })
      let parameters = try row(family.parameters, curve.parameters)
      let cell = Cell(
        labels: ["tv"], saturation: family, saturationParameters: draw(parameters), carryover: NoCarryover.self,
        carryoverParameters: draw([]), window: 1, isNormalized: true, mediaScale: 1, outcomeScale: 1, history: [])
      let surface = ResponseSurface(cells: [cell], mediaPerMoney: [[1]], carryIn: false, carryOver: false)
      for (media, expected) in zip(fixture.media, curve.values) {
        let place = "\(curve.name) \(curve.parameters) at \(media)"
        expect(family.point(at: media, parameters.span).value, expected, place)
        expect(surface.responses(at: [media])[0, 0], expected, place)
      }
    }
  }

  @Test func `lag weights, normalised and not`() throws {
    let fixture = try fixture()
    #expect(Set(fixture.carryovers.map(\.name)) == Set(PyMCMarketingCurveTests.carryovers.map { $0.name }))
    for weights in fixture.carryovers {
      let family = try #require(PyMCMarketingCurveTests.carryovers.first { $0.name == weights.name })
      let parameters = try row(family.parameters, weights.parameters)
      // On a line of slope 1 the response after t periods is the sum of the weights up to there.
      let cell = Cell(
        labels: ["tv"], saturation: Linear.self, saturationParameters: draw([1]), carryover: family,
        carryoverParameters: draw(parameters), window: weights.weights.count, isNormalized: weights.isNormalized,
        mediaScale: 1, outcomeScale: 1, history: [])
      var sum = 0.0
      for (lag, weight) in weights.weights.enumerated() {
        sum += weight
        let media = [1] + [Double](repeating: 0, count: lag)
        let surface = ResponseSurface(cells: [cell], mediaPerMoney: [media], carryIn: false, carryOver: false)
        expect(surface.responses(at: [1])[0, 0], sum, "\(weights.name) \(weights.parameters) up to lag \(lag)")
      }
    }
  }

  @Test func `carryover and saturation, in both orders`() throws {
    let fixture = try fixture()
    for order in fixture.orders {
      for (first, expected) in [
        (TransformationOrder.carryoverFirst, order.carryoverFirst), (.saturationFirst, order.saturationFirst),
      ] {
        let cell = Cell(
          labels: ["tv"], saturation: Hill.self, saturationParameters: draw([2.5, 0.7, 2.2]), carryover: Delayed.self,
          carryoverParameters: draw([0.6, 1.7]), window: 5, isNormalized: order.isNormalized, order: first,
          mediaScale: 1, outcomeScale: 1, history: [])
        let surface = ResponseSurface(
          cells: [cell], mediaPerMoney: [fixture.flighting], carryIn: false, carryOver: false)
        expect(surface.responses(at: [1])[0, 0], expected, "\(first), normalised \(order.isNormalized)")
      }
    }
  }
}
