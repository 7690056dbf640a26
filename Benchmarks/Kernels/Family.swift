import Apportion
import Samples

/// What the curves are fed.
enum Media: String, CaseIterable {
  /// Computed once; what depends on the period alone in a power of spend is, too.
  case kept = "media kept"
  /// Kept, with media that history left in every period: no power of spend.
  case history = "media and history kept"
  /// Computed anew in each evaluation, from media by period and lag weights by draw.
  case computed = "media computed"
}

/// A curve family and the range of each of its parameters.
struct Family {
  /// Lags of the geometric carryover, whose weights sum to 1.
  static let lags = 8
  static let spend = 1.7

  var saturation: any Saturation.Type
  var parameters: [ClosedRange<Double>]

  /// One cell whose periods all differ.
  func tiles(_ size: Size, _ media: Media, seed: UInt64) -> CurveTiles {
    var random = SplitMix(seed: seed)
    let parameters = draws(size.draws, parameters, from: &random)
    var lagWeights = DrawMatrix(drawCount: size.draws, columnCount: Family.lags)
    for draw in 0..<size.draws {
      let retention = random.uniform(0.1, 0.8)
      var weight = 1.0
      for lag in 0..<Family.lags {
        lagWeights[draw, lag] = weight
        weight *= retention
      }
      let sum = (0..<Family.lags).reduce(0) { $0 + lagWeights[draw, $1] }
      for lag in 0..<Family.lags { lagWeights[draw, lag] /= sum }
    }
    func carried(_ periods: Int) -> CarriedMedia {
      let windows = (0..<periods).map { _ in
        LagWindow((0..<Family.lags).map { _ in random.uniform(0.05, 1) })
      }
      return CarriedMedia(windows, by: lagWeights)
    }
    let tiles = CurveTiles(
      kernel: saturation.kernel, parameters: parameters,
      weights: .shared([Double](repeating: 1, count: size.periods)), exposures: carried(size.periods),
      bases: carried(media == .history ? size.periods : 0))
    return media == .computed ? tiles : tiles.keepingTiles()
  }

  /// The same sum over periods by the family's scalar curve; and how large what is added is.
  func point(_ tiles: CurveTiles, draw: Int) -> (sum: CurvePoint, size: CurvePoint) {
    let parameters = parameters.indices.map { tiles.parameters[draw, $0] }
    var sum = CurvePoint(value: 0, slope: 0, curvature: 0)
    var size = sum
    for period in 0..<tiles.periodCount {
      let exposure = tiles.exposure(draw: draw, period: period)
      let point = saturation.point(
        at: tiles.base(draw: draw, period: period) + Family.spend * exposure, parameters.span)
      sum.value += point.value
      sum.slope += point.slope * exposure
      sum.curvature += point.curvature * exposure * exposure
      size.value += abs(point.value)
      size.slope += abs(point.slope) * exposure
      size.curvature += abs(point.curvature) * exposure * exposure
    }
    return (sum, size)
  }
}
