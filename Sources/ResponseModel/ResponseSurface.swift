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
    var saturation: any Saturation.Type
    var tiles: CurveTiles
  }

  private let cells: [PreparedCell]

  /// - Parameters:
  ///   - cells: at least one, all with the same draws.
  ///   - mediaPerMoney: by cell, then by period: the media units that one unit of the cell's money over the horizon buys
  ///     in each period, `distribution / cost per unit`.
  ///   - carryIn: whether each cell's observed media are still felt in the window.
  ///   - carryOver: whether the periods after the plan count, until its last period is no longer felt.
  public init(cells: [Cell], mediaPerMoney: [[Double]], carryIn: Bool, carryOver: Bool) {
    precondition(!cells.isEmpty && cells.count == mediaPerMoney.count, "A spending pattern for each of the cells.")
    precondition(cells.allSatisfy { $0.drawCount == cells[0].drawCount }, "Every cell has the same draws.")
    drawCount = cells[0].drawCount
    self.cells = zip(cells, mediaPerMoney).map { cell, media in
      PreparedCell(
        saturation: cell.saturation,
        tiles: ResponseSurface.tiles(of: cell, media: media, carryIn: carryIn, carryOver: carryOver))
    }
    atRest = ResponseSurface.responses(
      of: self.cells, at: [Double](repeating: 0, count: cells.count), drawCount: drawCount)
    guard carryIn else {
      carriedIn = [Double](repeating: 0, count: drawCount)
      return
    }
    let observed = cells.map { cell in
      PreparedCell(saturation: cell.saturation, tiles: ResponseSurface.observedTiles(of: cell))
    }
    carriedIn = ResponseSurface.responses(
      of: observed, at: [Double](repeating: 1, count: cells.count), drawCount: drawCount
    ).rowSums()
  }

  private static func tiles(of cell: Cell, media: [Double], carryIn: Bool, carryOver: Bool) -> CurveTiles {
    let felt = media.count + (carryOver ? cell.window - 1 : 0)
    let scaled = media.map { $0 / cell.mediaScale }
    let history = carryIn ? cell.history.suffix(cell.window).map { $0 / cell.mediaScale } : []
    let weights = (0..<cell.drawCount).map(cell.lagWeights)
    return CurveTiles(
      weights: [Double](repeating: cell.outcomeScale, count: felt), parameters: cell.saturationParameters,
      basePeriodCount: history.isEmpty ? 0 : min(cell.window - 1, felt),
      exposure: { draw, row in
        for t in 0..<row.count { row[t] = carriedOver(scaled, weights[draw], at: t) }
      },
      base: { draw, row in
        for t in 0..<row.count { row[t] = carriedOver(history, weights[draw], at: history.count + t) }
      })
  }

  /// The observed periods themselves, at a spend of one.
  private static func observedTiles(of cell: Cell) -> CurveTiles {
    let history = cell.history.suffix(cell.window).map { $0 / cell.mediaScale }
    let weights = (0..<cell.drawCount).map(cell.lagWeights)
    return CurveTiles(
      weights: [Double](repeating: cell.outcomeScale, count: history.count), parameters: cell.saturationParameters,
      basePeriodCount: 0,
      exposure: { draw, row in
        for t in 0..<row.count { row[t] = carriedOver(history, weights[draw], at: t) }
      },
      base: { _, _ in })
  }

  /// Draws by cells: each cell's response to its money over the horizon, `spend[j]` ≥ 0.
  public func responses(at spend: [Double]) -> DrawMatrix {
    ResponseSurface.responses(of: cells, at: spend, drawCount: drawCount)
  }

  private static func responses(of cells: [PreparedCell], at spend: [Double], drawCount: Int) -> DrawMatrix {
    precondition(spend.count == cells.count, "A spend for each cell.")
    var values = DrawMatrix(drawCount: drawCount, columnCount: cells.count)
    for (index, cell) in cells.enumerated() {
      if let kernel = cell.saturation.kernel {
        cell.tiles.evaluate(kernel, at: spend[index], column: index, values: &values)
      } else {
        walk(cell.saturation, cell.tiles, at: spend[index]) { draw, point in values[draw, index] = point.value }
      }
    }
    return values
  }

  /// The same, with the first two derivatives in each cell's own money.
  public func point(at spend: [Double]) -> SurfacePoint {
    precondition(spend.count == cellCount, "A spend for each cell.")
    let zeros = DrawMatrix(drawCount: drawCount, columnCount: cellCount)
    var point = SurfacePoint(responses: zeros, slopes: zeros, curvatures: zeros)
    for (index, cell) in cells.enumerated() {
      if let kernel = cell.saturation.kernel {
        cell.tiles.evaluate(
          kernel, at: spend[index], column: index, values: &point.responses, slopes: &point.slopes,
          curvatures: &point.curvatures)
      } else {
        ResponseSurface.walk(cell.saturation, cell.tiles, at: spend[index]) { draw, sum in
          point.responses[draw, index] = sum.value
          point.slopes[draw, index] = sum.slope
          point.curvatures[draw, index] = sum.curvature
        }
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
