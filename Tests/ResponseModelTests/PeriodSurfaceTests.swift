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

/// What money decided period by period does, against plain loops, differences, and the same money spread by a pattern.
@Suite struct PeriodSurfaceTests {
  /// Nineteen draws, so that a tile is left unfilled.
  private static let drawCount = 19
  private static let history = [7.0, 3, 0, 50, 20, 10]
  private static let periods = 6

  private static func draws(_ number: (Double) -> Double) -> [Double] { (0..<drawCount).map { number(Double($0)) } }

  /// A column for each parameter, well inside of its domain.
  private static func parameters(_ parameters: [ModelParameter], seed: UInt64) -> DrawMatrix {
    var random = RandomSource(seed: seed)
    return DrawMatrix(
      columns: parameters.map { parameter in
        draws { _ in
          switch parameter.domain {
          case .real, .nonnegative, .positive: 0.4 + 2 * random.uniform()
          case .unitInterval, .positiveToOne, .openUnitInterval: 0.1 + 0.7 * random.uniform()
          }
        }
      }, drawCount: drawCount)
  }

  struct Kind: Sendable, CustomTestStringConvertible {
    var saturation: any Saturation.Type = Logistic.self
    var carryover: any Carryover.Type = Geometric.self
    var order = TransformationOrder.carryoverFirst
    var window = 4
    var isNormalized = true
    var worths = Worths.one

    enum Worths: Sendable { case one, shared, drawn }

    var testDescription: String { "\(saturation.name) \(carryover.name) \(order) window \(window) worths \(worths)" }

    var cell: Cell {
      Cell(
        labels: ["tv"], saturation: saturation,
        saturationParameters: PeriodSurfaceTests.parameters(saturation.parameters, seed: 1), carryover: carryover,
        carryoverParameters: PeriodSurfaceTests.parameters(carryover.parameters, seed: 2), window: window,
        isNormalized: isNormalized, order: order, mediaScale: 8, outcomeScale: 100, history: history)
    }

    /// In its parts of a period's money, which buy at prices that differ by period.
    func planned(
      shares: [Double] = [Double](repeating: 1, count: periods), prices: [MediaPrice]? = nil, carryIn: Bool = true,
      carryOver: Bool = true
    ) -> PlannedCell {
      let before = carryIn ? Array(PeriodSurfaceTests.history.suffix(window)) : []
      let count = before.count + periods + (carryOver ? window - 1 : 0)
      let worth: PeriodWorths =
        switch worths {
        case .one: .one
        case .shared: .shared((0..<count).map { 1 + 0.2 * sin(Double($0)) })
        case .drawn:
          .drawn(
            DrawMatrix(columns: (0..<count).map { s in draws { 1 + 0.3 * cos($0 + Double(s)) } }, drawCount: drawCount))
        }
      return PlannedCell(
        cell, shares: shares, prices: prices ?? (0..<periods).map { .constant(1 + 0.1 * Double($0)) },
        carriedIn: before, worths: worth)
    }

    static let families =
      CarryoverCatalogue.families.map { Kind(carryover: $0) }
      + SaturationCatalogue.families.map { Kind(saturation: $0) }
    static let all =
      families
      + [
        Kind(saturation: PlainHill.self), Kind(saturation: PlainHill.self, window: 60), Kind(window: 1),
        Kind(window: 60), Kind(carryover: GeometricHalfLife.self, window: 300), Kind(worths: .shared),
        Kind(worths: .drawn), Kind(carryover: Delayed.self, isNormalized: false, worths: .shared),
        Kind(order: .saturationFirst), Kind(saturation: HillBottom.self, order: .saturationFirst),
        Kind(saturation: PlainHill.self, carryover: Delayed.self, order: .saturationFirst, worths: .drawn),
        Kind(saturation: Hill.self, carryover: WeibullPDF.self, order: .saturationFirst, worths: .shared),
      ]
  }

  private let pattern = [0.1, 0.3, 0, 0.25, 0.15, 0.2]
  private let spend = [12.0, 30, 5, 0.5, 40, 9]

  /// The response summed over the planned periods and the tail, the formulas written as plainly as they can be.
  private func plain(_ planned: PlannedCell, _ spend: [Double], draw: Int, carryOver: Bool) -> Double {
    let cell = planned.cell
    func curve<Family: Saturation>(_ family: Family.Type, _ x: Double) -> Double {
      family.point(at: x, cell.saturationParameters.row(draw).span).value
    }
    let bought = zip(spend, zip(planned.shares, planned.prices)).map { $1.1.units(at: $0 * $1.0).value }
    let tail = [Double](repeating: 0, count: carryOver ? cell.window - 1 : 0)
    let x = (planned.carriedIn + bought + tail).map { $0 / cell.mediaScale }
    var weights = [Double](repeating: 0, count: cell.window)
    var span = weights.mutableSpan
    cell.carryover.fill(&span, cell.carryoverParameters.row(draw).span)
    let sum = cell.isNormalized ? weights.reduce(0, +) : 1
    weights = weights.map { $0 / sum }
    var total = 0.0
    for t in planned.carriedIn.count..<x.count {
      let worth =
        switch planned.worths {
        case .one: 1.0
        case .shared(let worths): worths[t]
        case .drawn(let worths): worths[draw, t]
        }
      let lags = 0..<min(cell.window, t + 1)
      switch cell.order {
      case .carryoverFirst:
        total += worth * curve(cell.saturation, lags.reduce(0) { $0 + weights[$1] * x[t - $1] })
      case .saturationFirst:
        total += lags.reduce(0) { $0 + worth * weights[$1] * curve(cell.saturation, x[t - $1]) }
      }
    }
    return total * cell.outcomeScale
  }

  @Test(arguments: Kind.all, [true, false])
  func `a response is that of the plain loop`(kind: Kind, carryOver: Bool) {
    let planned = kind.planned(carryOver: carryOver)
    let surface = PeriodSurface([[planned]], carryOver: carryOver)
    let responses = surface.responses(at: spend)
    for draw in 0..<Self.drawCount {
      let expected = plain(planned, spend, draw: draw, carryOver: carryOver)
      // Some hundred terms of order one hundred; a window of 300 lags cuts off less than 1e-16 of the whole.
      #expect(abs(responses[draw, 0] - expected) <= 1e-12 * max(abs(expected), 100), "draw \(draw)")
    }
  }

  @Test(arguments: Kind.all, [true, false])
  func `tied to a pattern, periods are what a cell spends by it`(kind: Kind, isCarried: Bool) {
    let planned = kind.planned(carryIn: isCarried, carryOver: isCarried)
    var fixed = planned
    fixed.shares = pattern
    let (byPeriod, byPattern) = (
      PeriodSurface([[planned]], carryOver: isCarried), ResponseSurface([[fixed]], carryOver: isCarried)
    )
    #expect(byPeriod.carriedIn == byPattern.carriedIn)
    let (responses, slopes) = byPeriod.slopes(at: pattern.map { 90 * $0 })
    let point = byPattern.point(at: [90])
    for draw in 0..<Self.drawCount {
      // Periods that are fed alike are summed in another order.
      #expect(abs(byPeriod.atRest[draw, 0] - byPattern.atRest[draw, 0]) <= 1e-13 * 1000)
      #expect(abs(byPeriod.bottoms[draw, 0] - byPattern.bottoms[draw, 0]) <= 1e-13 * 1000)
      let (found, expected) = (responses[draw, 0], point.responses[draw, 0])
      #expect(abs(found - expected) <= 1e-12 * max(abs(expected), 100))
      // Money that the pattern keeps from a period has an infinite slope there under some curves.
      let slope = pattern.indices.reduce(0) { $0 + (pattern[$1] > 0 ? pattern[$1] * slopes[draw, $1] : 0) }
      #expect(abs(slope - point.slopes[draw, 0]) <= 1e-12 * max(abs(slope), 10))
    }
    #expect(byPeriod.isConcave == byPattern.isConcave)
  }

  /// Three cells, the second spent in two of the model's, the third in part and at prices that rise.
  private func mixed(_ kind: Kind) -> PeriodSurface {
    let (some, rest) = ([0.3, 0.5, 1, 0.2, 0.7, 0.4], [0.7, 0.5, 0, 0.8, 0.3, 0.6])
    let rising = (0..<Self.periods).map { t in
      MediaPrice.power(PowerPrice(price: 1, elasticity: 0.3, referenceSpend: 10 + Double(t)))
    }
    return PeriodSurface(
      [
        [kind.planned()], [kind.planned(shares: some), Kind(saturation: Hill.self, window: 3).planned(shares: rest)],
        [kind.planned(shares: some, prices: rising)],
      ], carryOver: true)
  }

  @Test(arguments: Kind.all) func `gradient and Hessian are those of differences`(kind: Kind) {
    let surface = mixed(kind)
    let spend = (0..<surface.variableCount).map { 8 + 20 * abs(sin(Double($0))) }
    let outcome = surface.responses(at: spend).rowSums()
    // Any score will do: `Σ a r + ½ (Σ b r² + 0.1 (Σ v r)²)` in the outcome's distance from here.
    let a = Self.draws { 0.02 + 0.01 * sin($0) }
    let b = Self.draws { -1e-5 * (1 + cos($0)) }
    let v = Self.draws { 1e-3 * sin(2 * $0) }
    let score = SmoothScore(value: 0, weights: a, diagonal: b, rankOnes: [SmoothScore.RankOne(factor: 0.1, vector: v)])
    func gradient(_ spend: [Double]) -> [Double] {
      let (responses, slopes) = surface.slopes(at: spend)
      let moved = zip(responses.rowSums(), outcome).map { $0 - $1 }
      let image = zip(v, moved).reduce(0) { $0 + $1.0 * $1.1 }
      return slopes.transposeTimes(a.indices.map { a[$0] + b[$0] * moved[$0] + 0.1 * image * v[$0] })
    }
    let (slope, hessian) = surface.derivatives(at: spend, of: score)
    let expected = gradient(spend)
    let size = expected.reduce(0) { max($0, abs($1)) }
    let step = 1e-4
    for j in spend.indices {
      #expect(abs(slope[j] - expected[j]) <= 1e-13 * size)
      func moved(_ by: Double) -> [Double] {
        var moved = spend
        moved[j] += by
        return moved
      }
      let difference =
        zip(surface.responses(at: moved(step)).rowSums(), surface.responses(at: moved(-step)).rowSums()).map {
          ($0 - $1) / (2 * step)
        }
      let weighted = zip(a, difference).reduce(0) { $0 + $1.0 * $1.1 }
      // Rounding of 1e-13 of some hundreds by the step, and the step's square by third derivatives of order 0.01.
      #expect(abs(weighted - slope[j]) <= 1e-7 * max(size, 1), "slope \(j)")
      let (ahead, behind) = (gradient(moved(step)), gradient(moved(-step)))
      for i in spend.indices {
        let bend = (ahead[i] - behind[i]) / (2 * step)
        #expect(abs(hessian[i, j] - bend) <= 1e-7 * max(size, 1), "\(i) \(j): \(hessian[i, j]) for \(bend)")
        #expect(abs(hessian[i, j] - hessian[j, i]) <= 1e-14 * max(size, 1))
      }
    }
  }

  @Test func `cells hang together through the score alone`() {
    let surface = mixed(Kind())
    let spend = [Double](repeating: 10, count: surface.variableCount)
    let weights = Self.draws { _ in 1 }
    let hessian = surface.derivatives(at: spend, of: SmoothScore(value: 0, weights: weights)).hessian
    for i in 0..<surface.variableCount {
      for j in 0..<surface.variableCount where i / Self.periods != j / Self.periods { #expect(hessian[i, j] == 0) }
    }
  }

  @Test func `the score of more draws than stand in memory at once is summed over all`() {
    let count = 4100
    let cell = Cell(
      labels: ["tv"], saturation: Logistic.self,
      saturationParameters: DrawMatrix(
        columns: [(0..<count).map { 1 + Double($0 % 7) }, [Double](repeating: 0.3, count: count)], drawCount: count),
      carryover: Geometric.self,
      carryoverParameters: DrawMatrix(columns: [(0..<count).map { 0.1 * Double($0 % 5) }], drawCount: count), window: 3,
      isNormalized: true, mediaScale: 1, outcomeScale: 1, history: [])
    let surface = PeriodSurface([[PlannedCell(cell, mediaPerMoney: [1, 1])]], carryOver: true)
    let (spend, each) = ([2.0, 3], 1 / Double(count))
    let score = SmoothScore(
      value: 0, weights: [Double](repeating: each, count: count), diagonal: [Double](repeating: each, count: count))
    let (gradient, hessian) = surface.derivatives(at: spend, of: score)
    let slopes = surface.slopes(at: spend).slopes
    for j in 0..<2 {
      #expect(abs(gradient[j] - mean(slopes.column(j).span)) <= 1e-13)
      let square = zip(slopes.column(0), slopes.column(j)).reduce(0) { $0 + $1.0 * $1.1 } * each
      let alone = surface.derivatives(at: spend, of: SmoothScore(value: 0, weights: score.weights)).hessian
      #expect(abs(hessian[0, j] - alone[0, j] - square) <= 1e-13)
    }
  }

  private static let bent = [
    Kind(saturation: Hill.self), Kind(saturation: PlainHill.self), Kind(saturation: HillSigmoid.self, worths: .shared),
    Kind(saturation: Hill.self, carryover: Delayed.self), Kind(saturation: Hill.self, window: 60),
    Kind(saturation: PlainHill.self, window: 60), Kind(saturation: Hill.self, order: .saturationFirst),
    Kind(saturation: Linear.self), Kind(saturation: Logistic.self), Kind(saturation: Root.self),
  ]

  @Test(arguments: bent)
  func `an overestimator is above the response in its box, concave, and meets it where the box is a point`(
    kind: Kind
  ) throws {
    let surface = mixed(kind)
    var random = RandomSource(seed: 9)
    func between(_ lower: [Double], _ upper: [Double]) -> [Double] {
      zip(lower, upper).map { $0 + (0.01 + 0.98 * random.uniform()) * ($1 - $0) }
    }
    for width in [1.0, 10, 80] {
      let lower = (0..<surface.variableCount).map { _ in 30 * random.uniform() * random.uniform() }
      let upper = lower.map { $0 + width * random.uniform() }
      let above = try #require(surface.overestimator(from: lower, to: upper))
      #expect(above.isConcave)
      for _ in 0..<4 {
        let (a, b) = (between(lower, upper), between(lower, upper))
        let (at, other) = (above.slopes(at: a), above.responses(at: b))
        let own = surface.responses(at: a)
        // Concave: below each tangent.
        for draw in 0..<Self.drawCount {
          for cell in 0..<3 {
            let size = 1000 + abs(own[draw, cell])
            #expect(at.responses[draw, cell] >= own[draw, cell] - 1e-12 * size)
            let places = cell * Self.periods..<(cell + 1) * Self.periods
            let tangent = places.reduce(at.responses[draw, cell]) { $0 + at.slopes[draw, $1] * (b[$1] - a[$1]) }
            #expect(other[draw, cell] <= tangent + 1e-9 * size, "\(width) \(draw) \(cell)")
          }
        }
      }
    }
    let point = [Double](repeating: 7, count: surface.variableCount)
    let same = try #require(surface.overestimator(from: point, to: point)).responses(at: point)
    let own = surface.responses(at: point)
    for draw in 0..<Self.drawCount {
      #expect(abs(same[draw, 0] - own[draw, 0]) <= 1e-9 * 1000)
    }
  }

  @Test(arguments: bent)
  func `an underestimator is linear, below the response in its box, and meets it where the box is a point`(
    kind: Kind
  ) throws {
    let surface = PeriodSurface([[PlannedCell(kind.cell, mediaPerMoney: [0.5, 1, 1, 2])]], carryOver: true)
    var random = RandomSource(seed: 4)
    for width in [0.5, 5, 60] {
      let lower = (0..<4).map { _ in 20 * random.uniform() * random.uniform() }
      let upper = lower.map { $0 + width * random.uniform() }
      let below = try #require(surface.underestimator(from: lower, to: upper))
      for _ in 0..<6 {
        let (a, b) = (zip(lower, upper).map { $0 + random.uniform() * ($1 - $0) }, lower)
        let (under, own, there) = (below.slopes(at: a), surface.responses(at: a), below.responses(at: b))
        for draw in 0..<surface.drawCount {
          let size = 1000 + abs(own[draw, 0])
          #expect(under.responses[draw, 0] <= own[draw, 0] + 1e-12 * size, "\(width) \(draw)")
          let line = (0..<4).reduce(under.responses[draw, 0]) { $0 + under.slopes[draw, $1] * (b[$1] - a[$1]) }
          #expect(abs(there[draw, 0] - line) <= 1e-9 * size, "\(width) \(draw)")
        }
      }
    }
    let point = [Double](repeating: 7, count: 4)
    let same = try #require(surface.underestimator(from: point, to: point)).responses(at: point)
    let own = surface.responses(at: point)
    for draw in 0..<surface.drawCount { #expect(abs(same[draw, 0] - own[draw, 0]) <= 1e-9 * 1000) }
  }

  /// Near its ceiling a curve's last digit goes up and down: that is no fall.
  @Test func `a saturated curve has lines above and below it`() throws {
    let surface = PeriodSurface([[PlannedCell(Kind().cell, mediaPerMoney: [1, 1, 1])]], carryOver: true)
    for step in 0..<200 {
      let lower = [Double](repeating: 20 + 1.7 * Double(step), count: 3)
      let upper = lower.map { $0 * (1 + 1e-3) }
      #expect(surface.overestimator(from: lower, to: upper) != nil, "\(step)")
      #expect(surface.underestimator(from: lower, to: upper) != nil, "\(step)")
    }
  }

  @Test func `where nothing is known above a response there is no overestimator`() {
    var falling = Kind().cell
    falling.saturationParameters = DrawMatrix(
      columns: [Self.draws { _ in -1 }, Self.draws { _ in 1 }], drawCount: Self.drawCount)
    let spend = [Double](repeating: 3, count: 2)
    let surface = PeriodSurface([[PlannedCell(falling, mediaPerMoney: [1, 1])]], carryOver: false)
    #expect(surface.overestimator(from: [0, 0], to: spend) == nil && !surface.isConcave)
    let lossy = PlannedCell(Kind().cell, mediaPerMoney: [1, 1], worths: .shared([1, -1]))
    #expect(PeriodSurface([[lossy]], carryOver: false).overestimator(from: [0, 0], to: spend) == nil)
  }
}
