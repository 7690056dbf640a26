import Foundation
import NumericKernel
import Testing

/// The passes over periods against plain loops.
@Suite struct CalendarTilesTests {
  /// A tile and a part of one.
  private static let draws = 21
  private static let (planned, felt) = (7, 10)

  private static func column(_ number: (Double) -> Double) -> [Double] { (0..<draws).map { number(Double($0)) } }

  private static let lagWeights = DrawMatrix(
    columns: [
      column { 0.5 + 0.01 * $0 }, column { 0.3 - 0.01 * $0 }, column { _ in 0 }, column { 0.1 * sin($0) * sin($0) },
    ],
    drawCount: draws)
  private static let retention = column { 0.03 * $0 }
  private static let media = [1.0, 0.2, 2, 3, 0.5, 0.1, 4]
  private static let rates = [1.0, 2, 3, 1, 0.5, 1, 1]

  private static func tiles(_ kernel: CurveKernel, isGeometric: Bool, weights: CurveTiles.Weights) -> CalendarTiles {
    let (scale, rate) = (column { 1 + 0.1 * $0 }, column { 0.4 + 0.05 * $0 })
    let parameters: [[Double]] =
      switch kernel {
      case .logistic, .exponential, .michaelisMenten: [scale, rate]
      case .hillSigmoid: [scale, rate, column { 0.2 * $0 }]
      case .log, .linear: [scale]
      case .hill: [scale, rate, column { 1.2 + 0.1 * $0 }]
      case .root: [scale, column { 0.3 + 0.03 * $0 }]
      }
    return CalendarTiles(
      kernel: kernel, parameters: DrawMatrix(columns: parameters, drawCount: draws), weights: weights,
      lagWeights: lagWeights, retention: isGeometric ? retention : nil,
      bases: CarriedMedia([LagWindow([0, 5, 2]), LagWindow([0, 0, 0, 3])], by: lagWeights), plannedCount: planned)
  }

  static let allWeights: [CurveTiles.Weights] = [
    .shared((0..<felt).map { 1 + 0.1 * Double($0) }),
    .carried(CarriedMedia((0..<felt).map { LagWindow([1, Double($0)]) }, by: lagWeights)),
    .drawn(
      DrawMatrix(columns: (0..<felt).map { s in column { cos($0 + Double(s)) } }, drawCount: draws)),
  ]
  static let kernels: [CurveKernel] = [
    .logistic, .exponential, .hillSigmoid, .michaelisMenten, .log, .linear, .hill, .root,
  ]

  /// One period of one draw by the kernel of cells that are spent by a pattern: value, slope and curvature in media.
  private func curve(_ tiles: CalendarTiles, at media: Double) throws -> Sums {
    let bare = bareCurve(
      try #require(tiles.kernel), media: [Double](repeating: 1, count: Self.draws),
      parameters: (0..<tiles.parameters.columnCount).map { tiles.parameters.column($0) })
    return try #require(evaluate(bare, at: media))
  }

  @Test(arguments: kernels, [true, false])
  func `values, slopes and bends are those of the plain loop`(kernel: CurveKernel, isGeometric: Bool) throws {
    for weights in Self.allWeights {
      let tiles = Self.tiles(kernel, isGeometric: isGeometric, weights: weights)
      var values = DrawMatrix(drawCount: Self.draws, columnCount: 2)
      var slopes = DrawMatrix(drawCount: Self.draws, columnCount: Self.planned + 1)
      var curvatures = DrawMatrix(drawCount: Self.draws, columnCount: tiles.curvatureCount + 2)
      let request = CalendarTiles.Request(
        tiles, at: Self.media, rates: Self.rates, column: 1, slopeColumn: 1, curvatureColumn: 2)
      for set in instructionSets {
        guard
          CalendarTiles.evaluate(
            [request], draws: 0..<Self.draws, on: set, values: &values, slopes: &slopes, curvatures: &curvatures)
        else { continue }
        for draw in [0, 8, 15, 16, 20] {
          let plain = try plain(tiles, draw)
          #expect(abs(values[draw, 1] - plain.value) <= 1e-13 * plain.size, "\(set) \(draw)")
          for t in 0..<Self.planned {
            #expect(
              abs(slopes[draw, t + 1] - Self.rates[t] * plain.slopes[t]) <= 1e-12 * plain.slopeSize, "\(set) \(t)")
          }
          // One draw's weight alone leaves that draw's second derivatives.
          var v = [Double](repeating: 0, count: Self.draws)
          v[draw] = 2
          let bends = tiles.bends(curvatures, column: 2, draws: 0..<Self.draws, weights: v)
          for t in 0..<Self.planned {
            for u in 0..<Self.planned {
              #expect(abs(bends[t, u] - 2 * plain.bends[t][u]) <= 1e-12 * plain.bendSize, "\(set) \(draw) \(t) \(u)")
            }
          }
        }
      }
    }
  }

  private struct Plain {
    var (value, size, slopeSize, bendSize) = (0.0, 1.0, 1.0, 1.0)
    var slopes = [Double](repeating: 0, count: planned)
    var bends = [[Double]](repeating: [Double](repeating: 0, count: planned), count: planned)
  }

  private func plain(_ tiles: CalendarTiles, _ draw: Int) throws -> Plain {
    var plain = Plain()
    for s in 0..<Self.felt {
      func lagWeight(_ lag: Int) -> Double {
        if tiles.retention != nil { return Self.lagWeights[draw, 0] * pow(Self.retention[draw], Double(lag)) }
        return lag < 4 ? Self.lagWeights[draw, lag] : 0
      }
      var z = tiles.base(draw: draw, period: s)
      for t in 0...min(s, Self.planned - 1) { z += lagWeight(s - t) * Self.media[t] }
      // The curve is taken at the draw's own media; its derivatives in spend are times those, once and twice.
      guard z > 0 else { continue }
      let point = try curve(tiles, at: z)
      let worth = tiles.weight(draw: draw, period: s)
      let (value, slope, bend) = (
        point.values[draw, 0], point.slopes[draw, 0], point.curvatures[draw, 0]
      )
      plain.value += worth * value
      plain.size += abs(worth * value)
      for t in 0...min(s, Self.planned - 1) {
        plain.slopes[t] += worth * slope * lagWeight(s - t)
        plain.slopeSize += abs(worth * slope)
        for u in 0...min(s, Self.planned - 1) {
          plain.bends[t][u] += worth * bend * lagWeight(s - t) * lagWeight(s - u)
          plain.bendSize += abs(worth * bend)
        }
      }
    }
    return plain
  }

  @Test func `some draws alone give the bits of all`() {
    // Two pieces of 1,024 draws and more terms than one thread is given.
    let count = 2100
    let lags = DrawMatrix(
      columns: [[Double](repeating: 0.6, count: count), (0..<count).map { 0.4 * Double($0) / Double(count) }],
      drawCount: count)
    let parameters = DrawMatrix(
      columns: [[Double](repeating: 1, count: count), (0..<count).map { 0.1 + Double($0) / 1000 }], drawCount: count)
    let felt = 260
    let tiles = CalendarTiles(
      kernel: .logistic, parameters: parameters, weights: .shared([Double](repeating: 1, count: felt)),
      lagWeights: lags, retention: nil, bases: CarriedMedia([], by: lags), plannedCount: felt - 1)
    let request = CalendarTiles.Request(
      tiles, at: (1..<felt).map { Double($0 % 5) }, rates: [Double](repeating: 1, count: felt - 1), column: 0)
    var all = DrawMatrix(drawCount: count, columnCount: 1)
    var slopes = DrawMatrix(drawCount: count, columnCount: felt - 1)
    CalendarTiles.evaluate([request], draws: 0..<count, values: &all, slopes: &slopes)
    var some = DrawMatrix(drawCount: 100, columnCount: 1)
    CalendarTiles.evaluate([request], draws: 1024..<1124, values: &some)
    for draw in 0..<100 { #expect(some[draw, 0] == all[1024 + draw, 0]) }
  }

  @Test(arguments: [1, 64, 65, 150]) func `a Gram matrix is the sum over draws, whatever its size`(columns: Int) {
    var random = RandomSource(seed: 3)
    let matrix = DrawMatrix(
      columns: (0..<columns).map { _ in (0..<37).map { _ in random.normal() } }, drawCount: 37)
    for signs in [1.0, -1] {
      // A third of the draws do not count; of these one is no number.
      var spoiled = matrix
      spoiled[3, 0] = .nan
      let weights = (0..<37).map { $0 % 3 == 0 ? 0 : Double($0 - 18) * signs }
      let gram = (columns > 64 ? spoiled : matrix).gram(weights: weights)
      for row in 0..<columns {
        for column in 0..<columns {
          let sum = (0..<37).reduce(0) {
            $0 + (weights[$1] == 0 ? 0 : weights[$1] * matrix[$1, row] * matrix[$1, column])
          }
          #expect(abs(gram[row, column] - sum) <= 1e-12 * 500)
        }
      }
    }
  }
}
