import Apportion
import Foundation
import Samples

/// Cells of one family whose money is spread over a year, as a surface and as a table of it.
final class Year {
  struct Family {
    var saturation: any Saturation.Type
    /// The range of each of its parameters.
    var parameters: [ClosedRange<Double>]
  }

  enum Spread: String, CaseIterable {
    /// No two periods alike.
    case uneven = "an uneven year"
    case even = "an even year"
  }

  static let families = [
    Family(saturation: Logistic.self, parameters: [0.1...2, 0.5...4]),
    Family(saturation: Hill.self, parameters: [0.1...2, 0.2...1.5, 0.6...3]),
  ]
  static let draws = 4_000
  static let cells = 10
  static let periods = 52
  /// A cell's money, or so.
  static let unit = 50.0

  let surface: ResponseSurface
  let table: ResponseTable
  /// In the midst of two nodes, somewhere else for each cell.
  let money: [Double]
  /// Between the two nodes before those.
  let moneyBelow: [Double]
  var values: DrawMatrix
  var slopes: DrawMatrix
  var point: SurfacePoint

  init(_ family: Family, _ spread: Spread) {
    var random = SplitMix(seed: 52)
    let cells = (0..<Year.cells).map { cell in
      Cell(
        labels: ["\(cell)"], saturation: family.saturation,
        saturationParameters: Samples.draws(Year.draws, family.parameters, from: &random), carryover: Geometric.self,
        carryoverParameters: Samples.draws(Year.draws, [0.1...0.8], from: &random), window: 8, isNormalized: true,
        mediaScale: 1, outcomeScale: 1, history: [])
    }
    let media = cells.map { _ in
      let shares = (0..<Year.periods).map { _ in spread == .even ? 1 : random.uniform(0.2, 1.8) }
      let sum = shares.reduce(0, +)
      return shares.map { $0 / sum }
    }
    surface = ResponseSurface(cells: cells, mediaPerMoney: media, carryIn: false, carryOver: false)
    table = ResponseTable(of: surface, unit: Year.unit)
    let step = table.step
    let places = (0..<Year.cells).map { Double($0) - 5 + random.uniform(0.1, 0.9) }
    money = places.map { Year.unit * exp($0 * step) }
    moneyBelow = places.map { Year.unit * exp(($0 - 1) * step) }
    point = surface.point(at: money)
    values = point.responses
    slopes = point.slopes
  }

  /// Responses read from the table at `money` are off by no more than it says.
  func check(_ found: DrawMatrix) {
    let exact = surface.responses(at: money)
    for cell in 0..<Year.cells {
      guard let bounds = table.errorBounds(of: cell) else { preconditionFailure("Every cell here is tabulated.") }
      for draw in 0..<Year.draws {
        let rounding = 1e-12 * abs(exact[draw, cell])
        precondition(
          abs(found[draw, cell] - exact[draw, cell]) <= bounds[draw] + rounding, "A table is within its error bounds.")
      }
    }
  }
}
