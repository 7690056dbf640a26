public import NumericKernel

/// What a plan's money does under every draw, cell by cell: exact, and smooth in each cell's money.
///
/// A cell's money over the horizon is spread over its periods by a fixed pattern, so that media after carryover are linear in
/// it: in period t the curve is fed `base[d,t] + spend · exposure[d,t]`, both computed once. The response of a cell sums
/// the periods planned and, with carry-over, those after them in which they are still felt.
public struct ResponseSurface: Sendable {
  /// Posterior draws, the same in every cell.
  public let drawCount: Int
  /// Cells of spend, in the order they were given.
  public var cellCount: Int { cells.count }

  /// Draws by cells: the response with nothing planned, which is what history still does in the window.
  public let atRest: DrawMatrix
  /// Per draw, summed over cells: the response over the observed periods that are carried in, as far as they and nothing
  /// before them cause it. Zero without carry-in.
  public let carriedIn: [Double]

  private struct PreparedCell: Sendable {
    let saturation: any Saturation.Type
    let tiles: CurveTiles

    init(_ cell: Cell, _ axis: MediaAxis, _ lagWeights: DrawMatrix, isKept: Bool) {
      saturation = cell.saturation
      tiles = CurveTiles(
        kernel: cell.saturation.kernel, weights: axis.weights, parameters: cell.saturationParameters,
        lagWeights: lagWeights, exposures: axis.exposures, bases: axis.bases, isKept: isKept)
    }
  }

  private let cells: [PreparedCell]

  /// Media after carryover of all cells are kept up to this many bytes; of a larger job none are, and each evaluation
  /// computes them anew, so that memory is lag weights and parameters: draws times cells, whatever the number of periods.
  public static let keptByteLimit = 512 << 20

  /// - Parameters:
  ///   - cells: at least one, all with the same draws.
  ///   - mediaPerMoney: by cell, then by period: the media units that one unit of the cell's money over the horizon buys
  ///     in each period, `distribution / cost per unit`.
  ///   - carryIn: whether each cell's observed media are still felt in the window.
  ///   - carryOver: whether the periods after the plan count, until its last period is no longer felt.
  ///   - keptByteLimit: as above.
  public init(
    cells: [Cell], mediaPerMoney: [[Double]], carryIn: Bool, carryOver: Bool,
    keptByteLimit: Int = ResponseSurface.keptByteLimit
  ) {
    precondition(!cells.isEmpty && cells.count == mediaPerMoney.count, "A spending pattern for each of the cells.")
    precondition(cells.allSatisfy { $0.drawCount == cells[0].drawCount }, "Every cell has the same draws.")
    drawCount = cells[0].drawCount
    let axes = zip(cells, mediaPerMoney).map { cell, media in
      MediaAxis(of: cell, media: media, carryIn: carryIn, carryOver: carryOver)
    }
    let bytes = zip(cells, axes).reduce(0) { sum, each in
      sum
        + CurveTiles.keptBytes(
          kernel: each.0.saturation.kernel, parameters: each.0.saturationParameters, periodCount: each.1.weights.count,
          basePeriodCount: each.1.bases.count)
    }
    let lagWeights = Parallel.map(cells.count) { cells[$0].lagWeights }
    self.cells = Parallel.map(cells.count) { index in
      PreparedCell(cells[index], axes[index], lagWeights[index], isKept: bytes <= keptByteLimit)
    }
    atRest = ResponseSurface.responses(
      of: self.cells, at: [Double](repeating: 0, count: cells.count), drawCount: drawCount)
    guard carryIn else {
      carriedIn = [Double](repeating: 0, count: drawCount)
      return
    }
    let observed = cells.indices.map { index in
      PreparedCell(cells[index], MediaAxis(observedBy: cells[index]), lagWeights[index], isKept: false)
    }
    carriedIn = ResponseSurface.responses(
      of: observed, at: [Double](repeating: 1, count: cells.count), drawCount: drawCount
    ).rowSums()
  }

  /// Draws by cells: each cell's response to its money over the horizon, `spend[j]` ≥ 0.
  public func responses(at spend: [Double]) -> DrawMatrix {
    ResponseSurface.responses(of: cells, at: spend, drawCount: drawCount)
  }

  private static func responses(of cells: [PreparedCell], at spend: [Double], drawCount: Int) -> DrawMatrix {
    precondition(spend.count == cells.count, "A spend for each cell.")
    var values = DrawMatrix(drawCount: drawCount, columnCount: cells.count)
    CurveTiles.evaluate(requests(cells, at: spend), values: &values)
    for (index, cell) in cells.enumerated() where cell.tiles.kernel == nil {
      walk(cell.saturation, cell.tiles, at: spend[index]) { draw, point in values[draw, index] = point.value }
    }
    return values
  }

  private static func requests(_ cells: [PreparedCell], at spend: [Double]) -> [CurveTiles.Request] {
    cells.indices.filter { cells[$0].tiles.kernel != nil }.map {
      CurveTiles.Request(cells[$0].tiles, at: spend[$0], column: $0)
    }
  }

  /// The same, with the first two derivatives in each cell's own money.
  public func point(at spend: [Double]) -> SurfacePoint {
    precondition(spend.count == cellCount, "A spend for each cell.")
    func zeros() -> DrawMatrix { DrawMatrix(drawCount: drawCount, columnCount: cellCount) }
    var point = SurfacePoint(responses: zeros(), slopes: zeros(), curvatures: zeros())
    CurveTiles.evaluate(
      ResponseSurface.requests(cells, at: spend), values: &point.responses, slopes: &point.slopes,
      curvatures: &point.curvatures)
    for (index, cell) in cells.enumerated() where cell.tiles.kernel == nil {
      ResponseSurface.walk(cell.saturation, cell.tiles, at: spend[index]) { draw, sum in
        point.responses[draw, index] = sum.value
        point.slopes[draw, index] = sum.slope
        point.curvatures[draw, index] = sum.curvature
      }
    }
    return point
  }

  /// The loop over draws and periods for a family without a kernel.
  private static func walk<Family: Saturation>(
    _ family: Family.Type, _ tiles: CurveTiles, at spend: Double, _ body: (Int, CurvePoint) -> Void
  ) {
    var parameters = [Double](repeating: 0, count: family.parameters.count)
    for draw in 0..<tiles.drawCount {
      for index in parameters.indices { parameters[index] = tiles.parameters[draw, index] }
      var sum = CurvePoint(value: 0, slope: 0, curvature: 0)
      for period in 0..<tiles.periodCount {
        let exposure = tiles.exposure(draw: draw, period: period)
        let point = family.point(
          at: tiles.base(draw: draw, period: period) + spend * exposure, parameters.span)
        let weight = tiles.weights[period]
        sum.value += weight * point.value
        // An infinite slope, too, is nothing to spend that does not reach the period.
        guard exposure != 0 else { continue }
        sum.slope += weight * point.slope * exposure
        sum.curvature += weight * point.curvature * exposure * exposure
      }
      body(draw, sum)
    }
  }
}

/// Every cell's response under every draw at some spend, draws by cells, and its derivatives in the cell's money.
public struct SurfacePoint: Sendable {
  /// Draws by cells, in units of the outcome.
  public var responses: DrawMatrix
  /// Draws by cells: d response / d money.
  public var slopes: DrawMatrix
  /// Draws by cells: d² response / d money².
  public var curvatures: DrawMatrix
}
