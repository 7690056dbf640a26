import Apportion
import Samples

/// What an evaluation is asked for.
enum Derivatives: String, CaseIterable {
  case none = "value"
  case first = "value and slope"
  case second = "value, slope, curvature"
}

/// Cells of one family, ready to be evaluated again and again.
final class Work {
  private let family: Family
  private let tiles: [CurveTiles]
  private let requests: [CurveTiles.Request]
  private var values: DrawMatrix
  private var slopes: DrawMatrix
  private var curvatures: DrawMatrix

  init(_ family: Family, _ size: Size, _ media: Media) {
    self.family = family
    tiles = (0..<size.cells).map { family.tiles(size, media, seed: UInt64($0)) }
    requests = tiles.indices.map { [tiles] in CurveTiles.Request(tiles[$0], at: Family.spend, column: $0) }
    values = DrawMatrix(drawCount: size.draws, columnCount: size.cells)
    slopes = values
    curvatures = values
  }

  func evaluate(_ derivatives: Derivatives) {
    switch derivatives {
    case .none: CurveTiles.evaluate(requests, values: &values)
    case .first: CurveTiles.evaluate(requests, values: &values, slopes: &slopes)
    case .second: CurveTiles.evaluate(requests, values: &values, slopes: &slopes, curvatures: &curvatures)
    }
  }

  /// A few draws against the scalar curve.
  func check(_ derivatives: Derivatives) {
    let name = family.saturation.name
    for cell in [0, tiles.count - 1] {
      for draw in [0, values.drawCount / 2, values.drawCount - 1] {
        let (sum, size) = family.point(tiles[cell], draw: draw)
        expect(values[draw, cell], near: sum.value, of: size.value, "a value of \(name)")
        guard derivatives != .none else { continue }
        expect(slopes[draw, cell], near: sum.slope, of: size.slope, "a slope of \(name)")
        guard derivatives != .first else { continue }
        expect(curvatures[draw, cell], near: sum.curvature, of: size.curvature, "a curvature of \(name)")
      }
    }
  }
}
