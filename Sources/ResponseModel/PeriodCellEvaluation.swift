import NumericKernel

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
