import Foundation
import NumericKernel
import Testing

@Suite struct CurveTilesTests {
  @Test func `an instruction set that is not there is not run`() {
    let tiles = bareCurve(.logistic, media: [1], parameters: [[1], [1]])
    #expect(evaluate(tiles, on: "abacus") == nil)
    #expect(instructionSets.contains(CurveKernel.instructionSet))
    #expect(evaluate(tiles) != nil)
  }

  /// Lags of 1, 2, 3 under draw d, divided by d + 1.
  private func weekly(drawCount: Int, isKept: Bool) -> CurveTiles {
    CurveTiles(
      .logistic, weights: [1, 2, 3],
      parameters: DrawMatrix(
        columns: [repeated(2, drawCount), (0..<drawCount).map { 0.1 + 0.01 * Double($0) }], drawCount: drawCount),
      lagWeights: DrawMatrix(
        columns: (1...3).map { lag in (0..<drawCount).map { Double(lag) / Double($0 + 1) } }, drawCount: drawCount),
      exposures: [[1, 0, 0], [0.5, 1, 0], [0, 0.5, 1]], bases: [[0, 4, 5], [0, 0, 4]]
    ).kept(isKept)
  }

  @Test func `media after carryover are lag weights times media`() {
    let tiles = weekly(drawCount: 37, isKept: true)
    for draw in [0, 15, 16, 36] {
      let scale = Double(draw + 1)
      let exposures = (0..<3).map { tiles.exposure(draw: draw, period: $0) }
      let bases = (0..<3).map { tiles.base(draw: draw, period: $0) }
      let weights: [Double] = [1 / scale, 2 / scale, 3 / scale]
      let expectedExposures: [Double] = [weights[0], 0.5 * weights[0] + weights[1], 0.5 * weights[1] + weights[2]]
      let expectedBases: [Double] = [4 * weights[1] + 5 * weights[2], 4 * weights[2], 0]
      #expect(exposures == expectedExposures)
      #expect(bases == expectedBases)
    }
  }

  @Test func `a window leaves out the zeros at its ends`() {
    #expect(LagWindow([0, 0, 3, 0, 4, 0]) == LagWindow([3, 0, 4], from: 2))
    #expect(LagWindow([0, 0], from: 7) == LagWindow([]))
    #expect(LagWindow([1]) != LagWindow([1], from: 1))
  }

  @Test func `weights that differ from draw to draw are lag weights times a window, kept or not`() throws {
    let count = 300
    let lagWeights = DrawMatrix(
      columns: [repeated(1, count), (0..<count).map { Double($0) / Double(count) }], drawCount: count)
    let alone = DrawMatrix(columns: [repeated(1, count)], drawCount: count)
    let parameters = DrawMatrix(columns: [repeated(2, count), repeated(3, count)], drawCount: count)
    let tiles = CurveTiles(
      kernel: .michaelisMenten, parameters: parameters,
      weights: .carried(CarriedMedia([LagWindow([5, 7]), LagWindow([11], from: 1)], by: lagWeights)),
      exposures: CarriedMedia([LagWindow([1]), LagWindow([4])], by: alone), bases: CarriedMedia([], by: alone))
    for tiles in [tiles, tiles.keepingTiles()] {
      let sums = try #require(evaluate(tiles, at: 0.5))
      for draw in [0, 15, 16, 255, 299] {
        let second = Double(draw) / 300
        // 2 · 0.5 / 3.5 in the first period, 2 · 2 / 5 in the second.
        let expected = (5 + 7 * second) * 2 / 7 + 11 * second * 0.8
        #expect(tiles.weight(draw: draw, period: 0) == 5 + 7 * second)
        #expect(abs(sums.values[draw, 0] - expected) <= 1e-14 * expected)
      }
    }
    #expect(tiles.keptBytes == 304 * 4 * 8)
  }

  @Test func `kept or not, the sums are the same to the last bit`() throws {
    // Blocks of 128 draws and pieces of 1,024, both left unfilled.
    let kept = weekly(drawCount: 2341, isKept: true)
    let sums = try #require(evaluate(kept, at: 0.7))
    let anew = try #require(evaluate(weekly(drawCount: 2341, isKept: false), at: 0.7))
    #expect(sums.values == anew.values && sums.slopes == anew.slopes && sums.curvatures == anew.curvatures)
    for draw in [0, 127, 128, 1023, 1024, 2340] {
      let rate = 0.1 + 0.01 * Double(draw)
      var expected = 0.0
      for t in 0..<3 {
        let media = kept.base(draw: draw, period: t) + 0.7 * kept.exposure(draw: draw, period: t)
        expected += 2 * Double(t + 1) * tanh(rate * media / 2)
      }
      #expect(abs(sums.values[draw, 0] - expected) <= 1e-14 * expected)
    }
  }

  @Test func `values alone, and values and slopes alone, are the same`() throws {
    let tiles = weekly(drawCount: 100, isKept: true)
    let sums = try #require(evaluate(tiles, at: 0.3))
    let request = [CurveTiles.Request(tiles, at: 0.3, column: 0)]
    var values = DrawMatrix(drawCount: 100, columnCount: 1)
    CurveTiles.evaluate(request, values: &values)
    #expect(values == sums.values)
    var slopes = values
    CurveTiles.evaluate(request, values: &values, slopes: &slopes)
    #expect(values == sums.values && slopes == sums.slopes)
  }

  @Test func `enough work for several threads gives the bits of one`() {
    // 40 cells of 4,500 draws and 3 periods: more than half a million terms.
    let tiles = weekly(drawCount: 4500, isKept: true)
    let requests = (0..<40).map { CurveTiles.Request(tiles, at: 0.01 * Double($0), column: $0) }
    var together = DrawMatrix(drawCount: 4500, columnCount: 40)
    CurveTiles.evaluate(requests, values: &together)
    var alone = DrawMatrix(drawCount: 4500, columnCount: 40)
    for request in requests { CurveTiles.evaluate([request], values: &alone) }
    #expect(together == alone)
  }
}
