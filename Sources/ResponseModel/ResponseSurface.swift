public import NumericKernel
import Synchronization

/// What a plan's money does under every draw, cell by cell: exact, and smooth in each cell's money.
///
/// A cell's money over the horizon is spread over its periods by a fixed pattern, so that media are linear in it, before and
/// after carryover: in period t the curve is fed `base[d,t] + spend · exposure[d,t]`, both computed once. The response of a
/// cell sums the periods planned and, with carry-over, those after them in which they are still felt.
public struct ResponseSurface: Sendable {
  /// Posterior draws, the same in every cell.
  public let drawCount: Int
  /// Cells of spend, in the order they were given.
  public var cellCount: Int { cells.count }

  /// Draws by cells: the response with nothing planned, which is what history still does in the window, and the bottoms.
  public let atRest: DrawMatrix
  /// Draws by cells: the response without any media, in the window or before it; zero but for curves with a bottom.
  public let bottoms: DrawMatrix
  /// Per draw, summed over cells: the response over the observed periods that are carried in, as far as they and nothing
  /// before them cause it. Zero without carry-in.
  public let carriedIn: [Double]

  private struct PreparedCell: Sendable {
    /// What is evaluated: the cell's own family, or the one that it derives from.
    let saturation: any Saturation.Type
    var tiles: CurveTiles
    /// One number per draw, to be added to the response; nil where it is nothing.
    let bottom: [Double]?
    /// One number per draw.
    let inflections = Once<[Double]>()

    init(_ cell: Cell, _ lagWeights: DrawMatrix, media: [Double], carryIn: Bool, carryOver: Bool) {
      let axis = MediaAxis(of: cell, lagWeights, media: media, carryIn: carryIn, carryOver: carryOver)
      let derived = cell.saturation as? any DerivedSaturation.Type
      let parameters = derived?.baseParameters(cell.saturationParameters) ?? cell.saturationParameters
      saturation = derived?.base ?? cell.saturation
      tiles = CurveTiles(
        kernel: saturation.kernel, parameters: parameters, weights: axis.weights, exposures: axis.exposures,
        bases: axis.bases)
      bottom = derived?.bottoms(cell.saturationParameters).map { [tiles] bottoms in
        bottoms.indices.map { bottoms[$0] * tiles.weightSum(draw: $0) }
      }
    }
  }

  private let cells: [PreparedCell]
  /// Taken from each response per unit of the cell's money.
  private var charge = 0.0
  private let concavity = Once<Bool>()

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
    let lagWeights = Parallel.map(cells.count) { cells[$0].lagWeights }
    var prepared = Parallel.map(cells.count) { index in
      PreparedCell(
        cells[index], lagWeights[index], media: mediaPerMoney[index], carryIn: carryIn, carryOver: carryOver)
    }
    if prepared.reduce(0, { $0 + $1.tiles.keptBytes }) <= keptByteLimit {
      let kept = Parallel.map(prepared.count) { [prepared] in prepared[$0].tiles.keepingTiles() }
      for index in kept.indices { prepared[index].tiles = kept[index] }
    }
    self.cells = prepared
    let nothing = [Double](repeating: 0, count: cells.count)
    atRest = ResponseSurface.responses(of: prepared, at: nothing, drawCount: drawCount)
    bottoms = DrawMatrix(
      columns: zip(cells, prepared).map { cell, prepared in
        let values = cell.saturation.values(at: 0, cell.saturationParameters)
        return values.indices.map { values[$0] == 0 ? 0 : values[$0] * prepared.tiles.weightSum(draw: $0) }
      }, drawCount: drawCount)
    guard carryIn else {
      carriedIn = [Double](repeating: 0, count: drawCount)
      return
    }
    let observed = cells.indices.map { index in
      PreparedCell(
        cells[index], lagWeights[index], media: Array(cells[index].history.suffix(cells[index].window)), carryIn: false,
        carryOver: false)
    }
    carriedIn = ResponseSurface.responses(
      of: observed, at: [Double](repeating: 1, count: cells.count), drawCount: drawCount
    ).rowSums()
  }

  /// The same with so much taken from each response for each unit of the cell's money.
  public func charged(_ charge: Double) -> ResponseSurface {
    var own = self
    own.charge += charge
    return own
  }

  /// Draws by cells: each cell's response to its money over the horizon, `spend[j]` ≥ 0.
  public func responses(at spend: [Double]) -> DrawMatrix {
    precondition(spend.count == cellCount, "A spend for each cell.")
    var values = ResponseSurface.responses(of: cells, at: spend, drawCount: drawCount)
    take(charge, Place.all(spend), from: &values)
    return values
  }

  private static func responses(of cells: [PreparedCell], at spend: [Double], drawCount: Int) -> DrawMatrix {
    var values = DrawMatrix(unwritten: drawCount, columnCount: cells.count)
    evaluate(cells, Place.all(spend), values: &values)
    return values
  }

  /// The same, with the first two derivatives in each cell's own money.
  public func point(at spend: [Double]) -> SurfacePoint {
    precondition(spend.count == cellCount, "A spend for each cell.")
    var point = SurfacePoint(drawCount: drawCount, cellCount: cellCount)
    evaluate(Place.all(spend), into: &point)
    return point
  }

  /// Derivatives beyond which a number stands for infinity.
  private static let endless = 0x1p400

  /// Puts derivatives at `least` money in place of those at less, wherever these are infinite: where no media reach a curve of
  /// a power below two, its slope or curvature is, and says nothing of what a little money does.
  public func tame(_ point: inout SurfacePoint, at spend: [Double], least: Double) {
    func isEndless(_ matrix: DrawMatrix, _ cell: Int) -> Bool {
      matrix.withColumn(cell) { column in (0..<column.count).contains { !(abs(column[$0]) < Self.endless) } }
    }
    for cell in spend.indices
    where spend[cell] < least && (isEndless(point.slopes, cell) || isEndless(point.curvatures, cell)) {
      var moved = SurfacePoint(drawCount: drawCount, cellCount: 1)
      evaluate([Place(cell: cell, spend: least, column: 0)], into: &moved)
      point.slopes.withMutableColumn(cell) { column in
        for draw in 0..<drawCount { column[draw] = moved.slopes[draw, 0] }
      }
      point.curvatures.withMutableColumn(cell) { column in
        for draw in 0..<drawCount { column[draw] = moved.curvatures[draw, 0] }
      }
    }
  }

  /// The responses, and the first derivative in each cell's own money.
  public func slopes(at spend: [Double]) -> (responses: DrawMatrix, slopes: DrawMatrix) {
    precondition(spend.count == cellCount, "A spend for each cell.")
    var responses = DrawMatrix(unwritten: drawCount, columnCount: cellCount)
    var slopes = DrawMatrix(unwritten: drawCount, columnCount: cellCount)
    evaluate(Place.all(spend), values: &responses, slopes: &slopes)
    return (responses, slopes)
  }

  /// Whether every cell's response is concave in its money, and never falls, under every draw.
  public var isConcave: Bool {
    concavity.value {
      cells.allSatisfy { ResponseSurface.isConcave($0.saturation, $0.tiles.parameters) && $0.tiles.isWorthSomething }
    }
  }

  private static func isConcave<Family: Saturation>(_ family: Family.Type, _ draws: DrawMatrix) -> Bool {
    var parameters = [Double](repeating: 0, count: draws.columnCount)
    return (0..<draws.drawCount).allSatisfy { draw in
      for index in parameters.indices { parameters[index] = draws[draw, index] }
      // What is concave and rises at first may still fall later on: no family does.
      return family.inflection(parameters.span) <= 0 && family.point(at: 0, parameters.span).slope >= 0
    }
  }

  /// A cell at some of its money, and the column that the result goes to.
  struct Place: Sendable {
    var cell: Int
    var spend: Double
    var column: Int

    /// Every cell, each in its own column.
    static func all(_ spend: [Double]) -> [Place] {
      spend.indices.map { Place(cell: $0, spend: spend[$0], column: $0) }
    }
  }

  func evaluate(_ places: [Place], values: inout DrawMatrix) {
    ResponseSurface.evaluate(cells, places, values: &values)
    take(charge, places, from: &values)
  }

  /// What the places' money is charged.
  private func take(_ charge: Double, _ places: [Place], from values: inout DrawMatrix) {
    guard charge != 0 else { return }
    for place in places {
      values.withMutableColumn(place.column) { column in
        for draw in 0..<column.count { column[draw] -= charge * place.spend }
      }
    }
  }

  /// What a unit of money is charged.
  private func take(_ charge: Double, _ places: [Place], fromSlopes slopes: inout DrawMatrix) {
    guard charge != 0 else { return }
    for place in places {
      slopes.withMutableColumn(place.column) { column in
        for draw in 0..<column.count { column[draw] -= charge }
      }
    }
  }

  private static func evaluate(_ cells: [PreparedCell], _ places: [Place], values: inout DrawMatrix) {
    CurveTiles.evaluate(requests(cells, places), values: &values)
    walk(cells, places) { draw, column, sum in values[draw, column] = sum.value }
    addBottoms(cells, places, to: &values)
  }

  func evaluate(_ places: [Place], values: inout DrawMatrix, slopes: inout DrawMatrix) {
    CurveTiles.evaluate(ResponseSurface.requests(cells, places), values: &values, slopes: &slopes)
    ResponseSurface.walk(cells, places) { draw, column, sum in
      values[draw, column] = sum.value
      slopes[draw, column] = sum.slope
    }
    ResponseSurface.addBottoms(cells, places, to: &values)
    take(charge, places, from: &values)
    take(charge, places, fromSlopes: &slopes)
  }

  func evaluate(_ places: [Place], into point: inout SurfacePoint) {
    CurveTiles.evaluate(
      ResponseSurface.requests(cells, places), values: &point.responses, slopes: &point.slopes,
      curvatures: &point.curvatures)
    ResponseSurface.walk(cells, places) { draw, column, sum in
      point.responses[draw, column] = sum.value
      point.slopes[draw, column] = sum.slope
      point.curvatures[draw, column] = sum.curvature
    }
    ResponseSurface.addBottoms(cells, places, to: &point.responses)
    take(charge, places, from: &point.responses)
    take(charge, places, fromSlopes: &point.slopes)
  }

  private static func requests(_ cells: [PreparedCell], _ places: [Place]) -> [CurveTiles.Request] {
    places.filter { cells[$0.cell].tiles.kernel != nil }.map {
      CurveTiles.Request(cells[$0.cell].tiles, at: $0.spend, column: $0.column)
    }
  }

  private static func addBottoms(_ cells: [PreparedCell], _ places: [Place], to values: inout DrawMatrix) {
    for place in places {
      guard let bottom = cells[place.cell].bottom else { continue }
      values.withMutableColumn(place.column) { column in
        for draw in bottom.indices { column[draw] += bottom[draw] }
      }
    }
  }

  /// The loop over draws and periods for families without a kernel.
  private static func walk(_ cells: [PreparedCell], _ places: [Place], _ body: (Int, Int, CurvePoint) -> Void) {
    for place in places where cells[place.cell].tiles.kernel == nil {
      walk(cells[place.cell].saturation, cells[place.cell].tiles, at: place.spend) { body($0, place.column, $1) }
    }
  }

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
        let weight = tiles.weight(draw: draw, period: period)
        sum.value += weight * point.value
        // An infinite slope, too, is nothing to spend that does not reach the period.
        guard exposure != 0 else { continue }
        sum.slope += weight * point.slope * exposure
        sum.curvature += weight * point.curvature * exposure * exposure
      }
      body(draw, sum)
    }
  }

  /// One cell's responses at rising amounts of its money, and how far they may be from the chords between them, under all draws or
  /// some: the first of them a whole number of tiles from the start.
  public func chords(of cell: Int, at spends: [Double], draws: Range<Int>? = nil) -> CurveChords {
    let draws = draws ?? 0..<drawCount
    let (saturation, tiles) = (cells[cell].saturation, cells[cell].tiles)
    let inflections = cells[cell].inflections.value {
      (0..<drawCount).map { saturation.inflection(tiles.parameters.row($0).span) }
    }
    var chords =
      tiles.kernel == nil
      ? ResponseSurface.walkedChords(saturation, tiles, at: spends, inflections: inflections, draws: draws)
      : tiles.chords(at: spends, inflections: inflections, draws: draws)
    for (node, spend) in spends.enumerated() where cells[cell].bottom != nil || charge != 0 {
      chords.values.withMutableColumn(node) { values in
        for index in 0..<values.count {
          values[index] += (cells[cell].bottom?[draws.lowerBound + index] ?? 0) - charge * spend
        }
      }
    }
    return chords
  }

  /// The same for a family without a kernel, period by period: the formulas are those of CVectorCurves.
  private static func walkedChords<Family: Saturation>(
    _ family: Family.Type, _ tiles: CurveTiles, at spends: [Double], inflections: [Double], draws: Range<Int>
  ) -> CurveChords {
    var chords = CurveChords(spends: spends, drawCount: draws.count)
    for draw in draws {
      let row = draw - draws.lowerBound
      let parameters = tiles.parameters.row(draw)
      for period in 0..<tiles.periodCount {
        let (exposure, base) = (
          tiles.exposure(draw: draw, period: period), tiles.base(draw: draw, period: period)
        )
        let weight = tiles.weight(draw: draw, period: period)
        var last: (media: Double, point: CurvePoint)?
        for (node, spend) in spends.enumerated() {
          let media = base + spend * exposure
          let point = family.point(at: media, parameters.span)
          chords.values[row, node] += weight * point.value
          if let last, media > last.media {
            let (up, down) = excess(from: last, to: (media, point), inflection: inflections[draw])
            chords.above[row, node - 1] += max(weight, 0) * up + max(-weight, 0) * down
            chords.below[row, node - 1] += max(weight, 0) * down + max(-weight, 0) * up
          }
          last = (media, point)
        }
      }
    }
    return chords
  }

  /// How far a curve may be above and below its chord between two levels of media. A curve that falls has a negative scale:
  /// what it is above, the curve that rises is below.
  private static func excess(
    from a: (media: Double, point: CurvePoint), to b: (media: Double, point: CurvePoint), inflection: Double
  ) -> (above: Double, below: Double) {
    let sign = b.point.value < a.point.value ? -1.0 : 1.0
    let step = b.media - a.media
    let chord = sign * (b.point.value - a.point.value) / step
    let (start, end) = (sign * a.point.slope - chord, chord - sign * b.point.slope)
    func tangents(_ x: Double, _ y: Double) -> Double {
      x > 0 && y > 0 ? (x.isInfinite ? 1 : x / (x + y)) * y * step : 0
    }
    var excess = (above: 0.0, below: 0.0)
    if a.media >= inflection {
      excess.above = tangents(start, end)
    } else if b.media <= inflection {
      excess.below = tangents(-start, -end)
    } else {
      excess = (max(end, 0) * (b.media - inflection), max(-start, 0) * (inflection - a.media))
    }
    return sign > 0 ? excess : (excess.below, excess.above)
  }

  /// By cell: whether its family has a fourth derivative in the logarithm of media.
  var canBeTabulated: [Bool] {
    cells.map { cell in
      guard drawCount > 0 else { return false }
      return cell.saturation.fourthLogDerivative(cell.tiles.parameters.row(0).span) != nil
    }
  }

  /// By cell: the greatest fourth derivative of its response in the logarithm of its money, one number per draw; nil where
  /// its family has none.
  func fourthLogDerivatives(_ cell: Int) -> [Double]? {
    let tiles = cells[cell].tiles
    var result: [Double] = []
    result.reserveCapacity(drawCount)
    for draw in 0..<drawCount {
      guard let derivative = cells[cell].saturation.fourthLogDerivative(tiles.parameters.row(draw).span) else {
        return nil
      }
      result.append(derivative * tiles.weightSum(draw: draw) { abs($0) })
    }
    return result
  }
}

extension CurveTiles {
  /// Whether no unit of the curve counts against the response.
  fileprivate var isWorthSomething: Bool {
    switch weights {
    case .shared(let weights): weights.allSatisfy { $0 >= 0 }
    case .carried: (0..<drawCount).allSatisfy { weightSum(draw: $0) { min($0, 0) } == 0 }
    }
  }

  /// What a unit of the curve in every period is worth, or the sum of something of the worths.
  fileprivate func weightSum(draw: Int, of part: (Double) -> Double = { $0 }) -> Double {
    (0..<periodCount).reduce(0) { $0 + part(weight(draw: draw, period: $1)) }
  }
}

extension Saturation {
  /// One number per draw: the curve's value at some media.
  fileprivate static func values(at media: Double, _ parameters: DrawMatrix) -> [Double] {
    (0..<parameters.drawCount).map { point(at: media, parameters.row($0).span).value }
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

  /// Of which every cell is about to be written.
  init(drawCount: Int, cellCount: Int) {
    func unwritten() -> DrawMatrix { DrawMatrix(unwritten: drawCount, columnCount: cellCount) }
    responses = unwritten()
    slopes = unwritten()
    curvatures = unwritten()
  }

  /// A cell as it is at another point.
  mutating func copyCell(_ cell: Int, of other: SurfacePoint) {
    responses.copyColumn(cell, of: other.responses)
    slopes.copyColumn(cell, of: other.slopes)
    curvatures.copyColumn(cell, of: other.curvatures)
  }
}

/// A value that is computed when it is first asked for.
final class Once<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)

  func value(_ compute: () -> Value) -> Value {
    known.withLock { known in
      if let known { return known }
      let value = compute()
      known = value
      return value
    }
  }
}
