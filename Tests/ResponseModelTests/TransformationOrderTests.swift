import Foundation
import NumericKernel
import ResponseModel
import Testing

/// Hill's curve by its formula.
private enum PlainHill: Saturation {
  static let name = "plain"
  static let parameters = Hill.parameters
  static func point(at media: Double, _ parameters: Span<Double>) -> CurvePoint { Hill.point(at: media, parameters) }
  static func inflection(_ parameters: Span<Double>) -> Double { Hill.inflection(parameters) }
}

/// Responses of cells of every kind against a plain loop over the axis.
@Suite struct TransformationOrderTests {
  /// Nineteen draws, so that a tile is left unfilled.
  private static let drawCount = 19

  private static func draws(_ number: (Double) -> Double) -> [Double] { (0..<drawCount).map { number(Double($0)) } }

  struct Kind: Sendable, CustomTestStringConvertible {
    let saturation: any Saturation.Type
    let parameters: [[Double]]
    let order: TransformationOrder
    var isNormalized = true

    var testDescription: String { "\(saturation.name), \(order), normalised \(isNormalized)" }

    static let all = [TransformationOrder.carryoverFirst, .saturationFirst].flatMap { order in
      let (beta, kappa, slope) = (draws { 0.3 + 0.1 * $0 }, draws { 2 - 0.1 * $0 }, draws { 0.6 + 0.1 * $0 })
      return [
        Kind(saturation: Hill.self, parameters: [beta, kappa, slope], order: order),
        Kind(saturation: PlainHill.self, parameters: [beta, kappa, slope], order: order, isNormalized: false),
        Kind(saturation: HillBottom.self, parameters: [beta, draws { 0.02 * $0 }, kappa, slope], order: order),
        Kind(saturation: Root.self, parameters: [beta, draws { ($0 + 1) / 20 }], order: order),
        Kind(saturation: TanhBaselined.self, parameters: [kappa, beta, draws { ($0 + 1) / 20 }, beta], order: order),
        Kind(saturation: HillSigmoid.self, parameters: [beta, kappa, slope], order: order, isNormalized: false),
      ]
    }
  }

  private func cell(_ kind: Kind, history: [Double] = [7, 3, 0, 50, 20, 10], window: Int = 4) -> Cell {
    Cell(
      labels: ["tv"], saturation: kind.saturation,
      saturationParameters: DrawMatrix(columns: kind.parameters, drawCount: Self.drawCount), carryover: Delayed.self,
      carryoverParameters: DrawMatrix(
        columns: [Self.draws { 0.05 * ($0 + 1) }, Self.draws { 0.1 * $0 }], drawCount: Self.drawCount),
      window: window, isNormalized: kind.isNormalized, order: kind.order, mediaScale: 40, outcomeScale: 1000,
      history: history)
  }

  /// The response in each period of the axis: history, plan and tail, the formulas written as plainly as they can be.
  private func axis(_ cell: Cell, draw: Int, media: [Double], history: [Double], tail: Int) -> [Double] {
    let x = (history + media + [Double](repeating: 0, count: tail)).map { $0 / cell.mediaScale }
    let alpha = cell.carryoverParameters[draw, 0]
    let theta = cell.carryoverParameters[draw, 1]
    var weights = (0..<cell.window).map { pow(alpha, pow(Double($0) - theta, 2)) }
    if cell.isNormalized {
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
    }
    let parameters = cell.saturationParameters.row(draw)
    func curve(_ media: Double) -> Double { cell.saturation.point(at: media, parameters.span).value }
    func carried(_ x: [Double], _ t: Int) -> Double {
      (0..<cell.window).reduce(0) { $0 + ($1 <= t ? weights[$1] * x[t - $1] : 0) }
    }
    return x.indices.map { t in
      switch cell.order {
      case .carryoverFirst: 1000 * curve(carried(x, t))
      case .saturationFirst: 1000 * carried(x.map(curve), t)
      }
    }
  }

  @Test(arguments: Kind.all, [(true, true), (true, false), (false, true), (false, false)])
  func `a cell's response is the sum over the axis`(kind: Kind, carry: (isIn: Bool, isOver: Bool)) {
    let pattern = [0.4, 0.2, 0, 0.2, 0.1, 0.1]
    let cells = [cell(kind), cell(kind, history: [5, 9]), cell(kind, window: 1)]
    let money = pattern.map { $0 / 2 }
    for limit in [ResponseSurface.keptByteLimit, 0] {
      let surface = ResponseSurface(
        cells: cells, mediaPerMoney: Array(repeating: money, count: 3), carryIn: carry.isIn, carryOver: carry.isOver,
        keptByteLimit: limit)
      for spend in [0, 1, 300, 1e5] {
        let response = surface.responses(at: Array(repeating: spend, count: 3))
        for draw in 0..<Self.drawCount {
          var carriedIn = 0.0
          for (j, cell) in cells.enumerated() {
            let history = carry.isIn ? Array(cell.history.suffix(cell.window)) : []
            let tail = carry.isOver ? cell.window - 1 : 0
            let sums = axis(cell, draw: draw, media: money.map { $0 * spend }, history: history, tail: tail)
            let expected = sums.dropFirst(history.count).reduce(0, +)
            // A dozen terms, each good to a few units in the last place, or to a few times the exponent.
            #expect(abs(response[draw, j] - expected) <= 1e-13 * max(abs(expected), 1000))
            carriedIn += sums.prefix(history.count).reduce(0, +)
          }
          #expect(abs(surface.carriedIn[draw] - carriedIn) <= 1e-13 * max(abs(carriedIn), 1000))
        }
      }
      expectRest(surface, of: cells)
    }
  }

  @Test(arguments: Kind.all, [false, true])
  func `a response is worth what its period is worth, under every draw`(kind: Kind, isDrawn: Bool) {
    let cell = cell(kind)
    // An even plan: periods that are fed the same are one, whatever each is worth.
    let media = [30.0, 30, 30, 30, 30, 30]
    let periods = cell.window + media.count + cell.window - 1
    func worth(_ draw: Int, _ period: Int) -> Double {
      1 + 0.3 * sin(Double(period)) + (isDrawn ? 0.02 * Double(draw) : 0)
    }
    let worths: PeriodWorths =
      isDrawn
      ? .drawn(
        DrawMatrix(
          columns: (0..<periods).map { t in (0..<Self.drawCount).map { worth($0, t) } }, drawCount: Self.drawCount))
      : .shared((0..<periods).map { worth(0, $0) })
    let history = Array(cell.history.suffix(cell.window))
    for limit in [ResponseSurface.keptByteLimit, 0] {
      let surface = ResponseSurface(
        [[PlannedCell(cell, mediaPerMoney: media.map { $0 / 100 }, carriedIn: history, worths: worths)]],
        carryOver: true, keptByteLimit: limit)
      let response = surface.responses(at: [100])
      for draw in 0..<Self.drawCount {
        let felt = axis(cell, draw: draw, media: media, history: history, tail: cell.window - 1)
        let worthy = felt.indices.map { felt[$0] * worth(draw, $0) }
        let expected = worthy.dropFirst(history.count).reduce(0, +)
        #expect(abs(response[draw, 0] - expected) <= 1e-13 * max(abs(expected), 1000))
        // What is carried in causes responses of its own before the plan, as far as they go on without it.
        let alone = axis(cell, draw: draw, media: [], history: history, tail: 0)
        let before = alone.indices.reduce(0) { $0 + alone[$1] * worth(draw, $1) }
        #expect(abs(surface.carriedIn[draw] - before) <= 1e-13 * max(abs(before), 1000))
      }
    }
  }

  @Test(arguments: Kind.all)
  func `a cell of spend responds as the sum of the model's cells that it is spent in`(kind: Kind) {
    let parts = [cell(kind), cell(kind, history: [5, 9]), cell(kind, window: 1)]
    let shares = [0.5, 0.2, 0.3]
    let planned = zip(parts, shares).map { part, share in
      PlannedCell(part, mediaPerMoney: [0.7 * share, 0.3 * share], carriedIn: Array(part.history.suffix(part.window)))
    }
    let alone = ResponseSurface(planned.map { [$0] }, carryOver: true)
    // Beside it one that is spent in a single cell: its columns are not mixed up with the other's.
    let together = ResponseSurface([[planned[2]], planned], carryOver: true)
    let grid = [0.0, 20, 100, 900]
    for spend in grid {
      let (own, sum) = (alone.point(at: [spend, spend, spend]), together.point(at: [spend, spend]))
      let (responses, slopes) = together.slopes(at: [spend, spend])
      func expectSums(_ parts: DrawMatrix, _ cells: DrawMatrix) {
        for draw in 0..<Self.drawCount {
          let expected = parts.row(draw).reduce(0, +)
          #expect(cells[draw, 0] == parts[draw, 2])
          #expect(cells[draw, 1] == expected || abs(cells[draw, 1] - expected) <= 1e-15 * abs(expected))
        }
      }
      expectSums(own.responses, sum.responses)
      expectSums(own.slopes, sum.slopes)
      expectSums(own.curvatures, sum.curvatures)
      #expect(responses == sum.responses && slopes == sum.slopes)
      #expect(together.responses(at: [spend, spend]) == sum.responses)
    }
    let own = (0..<3).map { alone.chords(of: $0, at: grid) }
    let chords = together.chords(of: 1, at: grid)
    for (sum, parts) in [
      (chords.values, own.map(\.values)), (chords.above, own.map(\.above)), (chords.below, own.map(\.below)),
    ] {
      var expected = parts[0]
      for part in parts.dropFirst() { expected.add(part) }
      #expect(sum == expected)
    }
    for draw in 0..<Self.drawCount {
      let idle = alone.atRest.row(draw).reduce(0, +)
      #expect(abs(together.atRest[draw, 1] - idle) <= 1e-15 * abs(idle))
    }
    #expect(together.isConcave == alone.isConcave)
  }

  /// With nothing planned there is what history does; without history too, the bottoms.
  private func expectRest(_ surface: ResponseSurface, of cells: [Cell]) {
    #expect(surface.atRest == surface.responses(at: Array(repeating: 0, count: cells.count)))
    let cold = ResponseSurface(
      cells: cells.map { cell in
        var cell = cell
        cell.history = []
        return cell
      }, mediaPerMoney: Array(repeating: [0, 0, 0, 0, 0, 0], count: cells.count), carryIn: true, carryOver: false)
    for draw in 0..<Self.drawCount {
      for j in cells.indices { #expect(cold.atRest[draw, j] == cold.bottoms[draw, j]) }
    }
  }

  @Test(arguments: Kind.all)
  func `slopes and curvatures are those of the response`(kind: Kind) {
    let surface = ResponseSurface(
      cells: [cell(kind)], mediaPerMoney: [[0.5, 0.25, 0, 0.25]], carryIn: true, carryOver: true)
    let spend = 120.0
    let step = 1e-2
    let point = surface.point(at: [spend])
    let up = surface.point(at: [spend + step])
    let down = surface.point(at: [spend - step])
    for draw in 0..<Self.drawCount {
      let slope = (up.responses[draw, 0] - down.responses[draw, 0]) / (2 * step)
      let curvature = (up.slopes[draw, 0] - down.slopes[draw, 0]) / (2 * step)
      // Central differences: step² / 6 of a third derivative, and rounding of 1e-13 of the value / step.
      #expect(abs(point.slopes[draw, 0] - slope) <= 1e-6 * abs(slope) + 1e-14 * abs(point.responses[draw, 0]) / step)
      #expect(abs(point.curvatures[draw, 0] - curvature) <= 1e-6 * (abs(curvature) + abs(slope) / spend))
      #expect(point.responses[draw, 0] == surface.responses(at: [spend])[draw, 0])
    }
  }

  @Test func `a bottom is paid in every period of the plan, and in those after it`() {
    let kind = Kind.all[2]
    let surface = ResponseSurface(
      cells: [cell(kind, history: [])], mediaPerMoney: [[0.5, 0.5, 0.5, 0.5, 0.5]], carryIn: true, carryOver: true)
    for draw in 0..<Self.drawCount {
      // Five periods of the plan, most of them merged, and three of a window of four after it.
      let expected = 8 * 1000 * 0.02 * Double(draw)
      #expect(abs(surface.bottoms[draw, 0] - expected) <= 1e-12 * expected)
      #expect(abs(surface.atRest[draw, 0] - expected) <= 1e-12 * expected)
    }
  }

  @Test func `a window without end is the recurrence`() throws {
    // z[t] = retention z[t-1] + x[t], normalised by 1 − retention, followed until it is nothing.
    let retentions = [0, 0.3, 0.85, 0.9]
    let window = try #require(Geometric.unboundedWindow(retention: 0.9))
    let cell = Cell(
      labels: ["tv"], saturation: MichaelisMenten.self,
      saturationParameters: DrawMatrix(
        columns: [[Double](repeating: 2, count: 4), [Double](repeating: 0.3, count: 4)], drawCount: 4),
      carryover: Geometric.self, carryoverParameters: DrawMatrix(columns: [retentions], drawCount: 4), window: window,
      isNormalized: true, mediaScale: 10, outcomeScale: 1, history: [4, 0, 9])
    let surface = ResponseSurface(cells: [cell], mediaPerMoney: [[0.6, 0, 0.4]], carryIn: true, carryOver: true)
    let response = surface.responses(at: [20])
    for (draw, retention) in retentions.enumerated() {
      var z = 0.0
      var sum = 0.0
      for (t, media) in ([4, 0, 9, 12, 0, 8] + [Double](repeating: 0, count: 2000)).enumerated() {
        z = retention * z + media / 10
        let carried = (1 - retention) * z
        if t >= 3 { sum += 2 * carried / (0.3 + carried) }
      }
      // 350 periods, and a tail of 1e-16 of the whole, times the slope of seven at zero.
      #expect(abs(response[draw, 0] - sum) <= 1e-13 * sum)
    }
  }
}
