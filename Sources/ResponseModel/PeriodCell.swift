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
  let prices: [MediaPrice]
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

  /// The same with lines in place of the curve below some media, by draw and period of the curve.
  func straightened(below joints: DrawMatrix, slopes: DrawMatrix) -> PeriodCell {
    var own = self
    own.tiles = tiles.straightened(below: joints, slopes: slopes)
    own.isOverestimator = true
    return own
  }

  /// Whether no unit of the curve counts against the response.
  var isWorthSomething: Bool {
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
