import NumericKernel

let instructionSets = ["baseline", "avx2", "avx512"]

/// Values, slopes and curvatures in one column each.
struct Sums {
  var values: DrawMatrix
  var slopes: DrawMatrix
  var curvatures: DrawMatrix

  init(drawCount: Int) {
    values = DrawMatrix(drawCount: drawCount, columnCount: 1)
    slopes = values
    curvatures = values
  }
}

extension CurveTiles {
  /// Weights that all draws share, and windows from lag 0.
  init(
    _ kernel: CurveKernel, weights: [Double], parameters: DrawMatrix, lagWeights: DrawMatrix, exposures: [[Double]],
    bases: [[Double]] = []
  ) {
    self.init(
      kernel: kernel, parameters: parameters, weights: .shared(weights),
      exposures: CarriedMedia(exposures.map { LagWindow($0) }, by: lagWeights),
      bases: CarriedMedia(bases.map { LagWindow($0) }, by: lagWeights))
  }

  func kept(_ isKept: Bool) -> CurveTiles { isKept ? keepingTiles() : self }
}

/// One period without carryover in which draw d sees `media[d]` per unit of spend.
func bareCurve(_ kernel: CurveKernel, media: [Double], parameters: [[Double]], isKept: Bool = true) -> CurveTiles {
  CurveTiles(
    kernel, weights: [1], parameters: DrawMatrix(columns: parameters, drawCount: media.count),
    lagWeights: DrawMatrix(columns: [media], drawCount: media.count), exposures: [[1]]
  ).kept(isKept)
}

/// Nil where this processor lacks the instruction set.
func evaluate(_ tiles: CurveTiles, at spend: Double = 1, on set: String = CurveKernel.instructionSet) -> Sums? {
  var sums = Sums(drawCount: tiles.drawCount)
  let ran = CurveTiles.evaluate(
    [CurveTiles.Request(tiles, at: spend, column: 0)], on: set, values: &sums.values, slopes: &sums.slopes,
    curvatures: &sums.curvatures)
  return ran ? sums : nil
}

func repeated(_ value: Double, _ count: Int) -> [Double] { [Double](repeating: value, count: count) }
