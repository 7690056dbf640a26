import Apportion
import Foundation
import Samples

/// Value and slope of the logistic curve from one call of `exp`, draw after draw.
struct PlainLogistic {
  private let family: Family
  private let size: Size
  private let tiles: [CurveTiles]
  private let beta: [Double]
  private let rate: [Double]
  private let exposure: [Double]

  init(_ family: Family, _ size: Size) {
    self.family = family
    self.size = size
    let tiles = (0..<size.cells).map { family.tiles(size, .kept, seed: UInt64($0)) }
    self.tiles = tiles
    beta = tiles.flatMap { $0.parameters.column(0) }
    rate = tiles.flatMap { $0.parameters.column(1) }
    exposure = tiles.flatMap { tiles in
      (0..<size.draws).flatMap { draw in (0..<size.periods).map { tiles.exposure(draw: draw, period: $0) } }
    }
  }

  /// One number per draw and cell, cell after cell.
  var room: [Double] { [Double](repeating: 0, count: size.draws * size.cells) }

  func evaluate(_ values: inout [Double], _ slopes: inout [Double]) {
    let spend = Family.spend
    let periods = size.periods
    let exposure = exposure.span
    var values = values.mutableSpan
    var slopes = slopes.mutableSpan
    for row in 0..<beta.count {
      let rate = rate[row]
      var value = 0.0
      var slope = 0.0
      for t in 0..<periods {
        let a = exposure[row * periods + t]
        let e = exp(-rate * spend * a)
        let r = 1 / (1 + e)
        value += (1 - e) * r
        slope += e * r * r * a
      }
      values[row] = beta[row] * value
      slopes[row] = beta[row] * 2 * rate * slope
    }
  }

  func check(_ values: [Double], _ slopes: [Double]) {
    for draw in [0, size.draws - 1] {
      let (sum, _) = family.point(tiles[0], draw: draw)
      expect(values[draw], near: sum.value, within: 1e-11, "a value of the plain loop")
      expect(slopes[draw], near: sum.slope, within: 1e-11, "a slope of the plain loop")
    }
  }
}
