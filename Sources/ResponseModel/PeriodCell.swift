import NumericKernel

/// One of the model's cells made ready for money that is decided period by period: its curve, what that is fed, and what it is
/// worth.
///
/// Carryover first, the curve sums over the periods in which media are felt, each worth its own; saturation first, over those
/// in which they are bought, each worth the weights of the lags at which it is felt, times what those periods are worth.
struct PeriodCell: Sendable {
  /// What is evaluated: the cell's own family, or the one that it derives from.
  let saturation: any Saturation.Type
  private(set) var tiles: CalendarTiles
  /// By planned period: the part of the period's money that is spent in this cell, and how that becomes media.
  private let shares: [Double]
  private let prices: [MediaPrice]
  private let mediaScale: Double
  /// Added to every response, one number per draw; nil for nothing.
  private(set) var constant: [Double]?
  /// Whether it stands for another one that it is above, made concave.
  private var isOverestimator = false

  /// - Parameter atRest: the response with nothing planned, one number per draw.
  init(_ planned: PlannedCell, carryOver: Bool, atRest: [Double]) {
    let cell = planned.cell
    shares = planned.shares
    prices = planned.prices
    mediaScale = cell.mediaScale
    let derived = cell.saturation as? any DerivedSaturation.Type
    saturation = derived?.base ?? cell.saturation
    let axis = PeriodAxis(of: planned, carryOver: carryOver)
    tiles = CalendarTiles(
      kernel: saturation.kernel,
      parameters: derived?.baseParameters(cell.saturationParameters) ?? cell.saturationParameters,
      weights: axis.weights, lagWeights: axis.lagWeights, retention: axis.retention, bases: axis.bases,
      plannedCount: planned.shares.count)
    let hasBottom = derived?.bottoms(cell.saturationParameters) != nil
    guard hasBottom || cell.order == .saturationFirst && !planned.carriedIn.isEmpty else { return }
    // What is there without any money, of which the curve's own part is computed with the rest.
    var own = DrawMatrix(unwritten: cell.drawCount, columnCount: 1)
    evaluate([0.0].repeated(shares.count), draws: 0..<cell.drawCount, column: 0, values: &own)
    constant = own.withColumn(0) { own in atRest.indices.map { atRest[$0] - own[$0] } }
  }

  private func evaluate(_ spend: [Double], draws: Range<Int>, column: Int, values: inout DrawMatrix) {
    let places = [Place(cell: self, spend: spend[...], column: column, slopeColumn: 0, curvatureColumn: 0)]
    PeriodCell.evaluate(places, draws: draws, values: &values)
  }

  /// By planned period: scaled media, and their first two derivatives in the period's money.
  func media(_ spend: ArraySlice<Double>) -> [CurvePoint] {
    zip(spend, zip(shares, prices)).map { money, part in
      let (share, price) = part
      guard share > 0 else { return CurvePoint(value: 0, slope: 0, curvature: 0) }
      let point = price.units(at: share * money)
      return CurvePoint(
        value: point.value / mediaScale, slope: point.slope * share / mediaScale,
        curvature: point.curvature * share * share / mediaScale)
    }
  }

  /// Whether the response is concave in its periods' money, and never falls in any, under every draw.
  var isConcave: Bool {
    (isOverestimator || PreparedCell.isConcave(saturation, tiles.parameters)) && isWorthSomething
      && prices.allSatisfy(\.isConcave)
  }

  /// A cell that is concave and nowhere below this one where each period's money is between two amounts; nil where that is not known: of
  /// curves that fall, of periods that count against the response, and of prices that fall.
  ///
  /// Between the least and the most media that a period of the curve may be fed, the curve's concave envelope is a straight line
  /// from the least, up to where it touches the curve, or to the most.
  func overestimator(from lower: ArraySlice<Double>, to upper: ArraySlice<Double>) -> PeriodCell? {
    guard isWorthSomething, prices.allSatisfy(\.isConcave),
      let (joints, lines) = envelopes(saturation, from: media(lower).map(\.value), to: media(upper).map(\.value))
    else { return nil }
    var own = self
    own.tiles = tiles.straightened(below: joints, slopes: lines)
    own.isOverestimator = true
    return own
  }

  /// A cell that is a straight line in each period's money, and nowhere above this one where that is between two amounts; nil where that is
  /// not known: of curves that fall, of periods that count against the response, and of prices that change with what is spent.
  ///
  /// The line goes through the curve at the most media that a period of it may be fed, and touches it from below: at the least, or where the curve
  /// still bends upward.
  func underestimator(from lower: ArraySlice<Double>, to upper: ArraySlice<Double>) -> PeriodCell? {
    guard isWorthSomething, prices.allSatisfy(\.isConstant),
      let (joints, lines) = floors(saturation, from: media(lower).map(\.value), to: media(upper).map(\.value))
    else { return nil }
    var own = self
    own.tiles = tiles.straightened(below: joints, slopes: lines)
    own.isOverestimator = true
    return own
  }

  /// A saturated curve may fall by rounding, as a share of itself.
  private static let play = 1e-13

  /// Where the lines end, and their slopes; nil where a curve falls.
  private func floors<Family: Saturation>(
    _ family: Family.Type, from lower: [Double], to upper: [Double]
  ) -> (joints: DrawMatrix, lines: DrawMatrix)? {
    var joints = DrawMatrix(drawCount: tiles.drawCount, columnCount: tiles.feltCount)
    var lines = joints
    for draw in 0..<tiles.drawCount {
      let parameters = tiles.parameters.row(draw)
      let turn = family.inflection(parameters.span)
      let (least, most) = (tiles.carried(lower, draw: draw), tiles.carried(upper, draw: draw))
      for period in least.indices {
        // Rounding may put media a little outside.
        let (a, b) = (max(0, least[period] * (1 - 1e-12)), most[period] * (1 + 1e-12))
        let (start, end) = (family.point(at: a, parameters.span), family.point(at: b, parameters.span))
        guard end.value >= start.value - PeriodCell.play * abs(start.value) else { return nil }
        joints[draw, period] = b
        guard b > a else {
          lines[draw, period] = 0
          continue
        }
        let chord = max(0, end.value - start.value) / (b - a)
        guard a < turn, start.slope < chord else {
          lines[draw, period] = chord
          continue
        }
        // The line from the curve at `b` that touches it at `high` or before is the steepest of all from there.
        var (low, high) = (a, min(turn, b))
        var slope = family.point(at: high, parameters.span).slope
        for _ in 0..<60 {
          let middle = 0.5 * (low + high)
          let point = family.point(at: middle, parameters.span)
          if point.slope * (b - middle) >= end.value - point.value {
            (high, slope) = (middle, point.slope)
          } else {
            low = middle
          }
          if high - low <= 1e-9 * high { break }
        }
        lines[draw, period] = slope
      }
    }
    return (joints, lines)
  }

  /// Where the lines end, and their slopes; nil where a curve falls.
  private func envelopes<Family: Saturation>(
    _ family: Family.Type, from lower: [Double], to upper: [Double]
  ) -> (joints: DrawMatrix, lines: DrawMatrix)? {
    var joints = DrawMatrix(drawCount: tiles.drawCount, columnCount: tiles.feltCount)
    var lines = joints
    for draw in 0..<tiles.drawCount {
      let parameters = tiles.parameters.row(draw)
      let turn = family.inflection(parameters.span)
      let (least, most) = (tiles.carried(lower, draw: draw), tiles.carried(upper, draw: draw))
      for period in least.indices {
        // Rounding may put media a little outside.
        let (a, b) = (max(0, least[period] * (1 - 1e-12)), most[period] * (1 + 1e-12))
        let (start, end) = (family.point(at: a, parameters.span), family.point(at: b, parameters.span))
        guard end.value >= start.value - PeriodCell.play * abs(start.value) else { return nil }
        guard b > a, a < turn else {
          joints[draw, period] = a
          lines[draw, period] = start.slope
          continue
        }
        let chord = max(0, end.value - start.value) / (b - a)
        guard b > turn, end.slope < chord else {
          joints[draw, period] = b
          lines[draw, period] = chord
          continue
        }
        // The tangent at `high` is above the start, and so above the curve.
        var (low, high, slope) = (max(turn, a), b, end.slope)
        for _ in 0..<60 {
          let middle = 0.5 * (low + high)
          let point = family.point(at: middle, parameters.span)
          if point.value - point.slope * (middle - a) >= start.value {
            (high, slope) = (middle, point.slope)
          } else {
            low = middle
          }
          if high - low <= 1e-9 * high { break }
        }
        joints[draw, period] = high
        lines[draw, period] = slope
      }
    }
    return (joints, lines)
  }

  /// Whether no unit of the curve counts against the response.
  private var isWorthSomething: Bool {
    switch tiles.weights {
    case .shared(let weights): weights.allSatisfy { $0 >= 0 }
    case .carried, .drawn:
      (0..<tiles.drawCount).allSatisfy { draw in
        (0..<tiles.feltCount).allSatisfy { tiles.weight(draw: draw, period: $0) >= 0 }
      }
    }
  }
}

extension [Double] {
  fileprivate func repeated(_ count: Int) -> [Double] { (0..<count).flatMap { _ in self } }
}

// MARK: - Evaluation

extension PeriodCell {
  /// A cell at some money by period, and the columns that the results go to.
  struct Place {
    let cell: PeriodCell
    let spend: ArraySlice<Double>
    let column: Int
    let slopeColumn: Int
    let curvatureColumn: Int

    fileprivate var request: CalendarTiles.Request {
      let media = cell.media(spend)
      return CalendarTiles.Request(
        cell.tiles, at: media.map(\.value), rates: media.map(\.slope), column: column, slopeColumn: slopeColumn,
        curvatureColumn: curvatureColumn)
    }
  }

  /// Every place's response under some draws, a row of `values` for each.
  static func evaluate(_ places: [Place], draws: Range<Int>, values: inout DrawMatrix) {
    CalendarTiles.evaluate(places.kernelRequests, draws: draws, values: &values)
    for place in places where place.cell.saturation.kernel == nil {
      place.walk(place.cell.saturation, draws) { row, point in values[row, place.column] = point.value }
    }
    addConstants(places, draws, to: &values)
  }

  /// The same, with the first derivative in each period's money.
  static func evaluate(_ places: [Place], draws: Range<Int>, values: inout DrawMatrix, slopes: inout DrawMatrix) {
    CalendarTiles.evaluate(places.kernelRequests, draws: draws, values: &values, slopes: &slopes)
    for place in places where place.cell.saturation.kernel == nil {
      place.walk(place.cell.saturation, draws) { row, point in
        values[row, place.column] = point.value
        for (t, slope) in point.slopes.enumerated() { slopes[row, place.slopeColumn + t] = slope }
      }
    }
    addConstants(places, draws, to: &values)
  }

  /// The same, with what is behind the second derivatives.
  static func evaluate(
    _ places: [Place], draws: Range<Int>, values: inout DrawMatrix, slopes: inout DrawMatrix,
    curvatures: inout DrawMatrix
  ) {
    CalendarTiles.evaluate(
      places.kernelRequests, draws: draws, values: &values, slopes: &slopes, curvatures: &curvatures)
    for place in places where place.cell.saturation.kernel == nil {
      place.walk(place.cell.saturation, draws) { row, point in
        values[row, place.column] = point.value
        for (t, slope) in point.slopes.enumerated() { slopes[row, place.slopeColumn + t] = slope }
        for (s, bend) in point.bends.enumerated() { curvatures[row, place.curvatureColumn + s] = bend }
      }
    }
    addConstants(places, draws, to: &values)
  }

  private static func addConstants(_ places: [Place], _ draws: Range<Int>, to values: inout DrawMatrix) {
    for place in places {
      guard let constant = place.cell.constant else { continue }
      values.withMutableColumn(place.column) { column in
        for row in 0..<column.count { column[row] += constant[draws.lowerBound + row] }
      }
    }
  }
}

extension [PeriodCell.Place] {
  fileprivate var kernelRequests: [CalendarTiles.Request] {
    filter { $0.cell.saturation.kernel != nil }.map(\.request)
  }
}

/// One draw's response, its derivatives by planned period, and what is behind the second ones.
private struct PeriodPoint {
  var value = 0.0
  var slopes: [Double]
  var bends: [Double]
}

extension PeriodCell.Place {
  /// The loop over draws and periods for families without a kernel: the formulas are those of CVectorCurves.
  fileprivate func walk<Family: Saturation>(
    _ family: Family.Type, _ draws: Range<Int>, _ body: (Int, PeriodPoint) -> Void
  ) {
    let tiles = cell.tiles
    let media = cell.media(spend)
    let (planned, felt, lags) = (tiles.plannedCount, tiles.feltCount, tiles.lagCount)
    for draw in draws {
      let parameters = tiles.parameters.row(draw)
      let weights = (0..<lags).map { tiles.lagWeight(draw: draw, lag: $0) }
      var point = PeriodPoint(
        slopes: [Double](repeating: 0, count: planned), bends: [Double](repeating: 0, count: tiles.curvatureCount))
      for s in 0..<felt {
        let reach = max(0, s - planned + 1)..<max(max(0, s - planned + 1), min(lags, s + 1))
        let carried = reach.reduce(0) { $0 + weights[$1] * media[s - $1].value }
        let z = tiles.base(draw: draw, period: s) + carried
        var curve = family.point(at: z, parameters.span)
        if let line = tiles.line(draw: draw, period: s), z < line.joint {
          let end = family.point(at: line.joint, parameters.span)
          curve = CurvePoint(value: end.value + line.slope * (z - line.joint), slope: line.slope, curvature: 0)
        }
        let worth = tiles.weight(draw: draw, period: s)
        point.value += worth * curve.value
        // An infinite slope, too, is nothing to money that does not reach the period.
        for lag in reach where weights[lag] != 0 {
          point.slopes[s - lag] += worth * curve.slope * weights[lag] * media[s - lag].slope
        }
        guard let retention = tiles.retention?[draw] else {
          point.bends[s] = worth * curve.curvature
          continue
        }
        var share = 1.0
        for t in stride(from: s, through: 0, by: -1) {
          if t < planned { point.bends[t] += worth * curve.curvature * share }
          share *= retention * retention
        }
      }
      body(draw - draws.lowerBound, point)
    }
  }
}
