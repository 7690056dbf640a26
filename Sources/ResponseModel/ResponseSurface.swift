public import NumericKernel

/// What a plan's money does under every draw, cell by cell: exact, and smooth in each cell's money.
///
/// A cell of spend is one amount of money that is decided. It is spent in one of the model's cells or in several, as a channel's
/// is whose geos are not decided apart; its response is the sum of theirs. The money over the horizon is spread over them and
/// over the periods by a fixed pattern, so that at fixed prices media are linear in it, before and after carryover: in period t
/// the curve is fed `base[d,t] + spend · exposure[d,t]`, both computed once. The response sums the periods planned and, with carry-over,
/// those after them in which they are still felt.
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

  /// For each cell of spend the model's cells that it is spent in.
  private let cells: [[PreparedCell]]
  /// By cell: taken from each response per unit of the cell's money.
  private var charges: [Double]
  private let concavity = Once<Bool>()

  /// Media after carryover of all cells are kept up to this many bytes; of a larger job none are, and each evaluation
  /// computes them anew, so that memory is lag weights and parameters: draws times cells, whatever the number of periods.
  public static let keptByteLimit = 512 << 20

  /// Each cell of spend is one of the model's.
  ///
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
    precondition(cells.count == mediaPerMoney.count, "A spending pattern for each of the cells.")
    let planned = zip(cells, mediaPerMoney).map { cell, media in
      [PlannedCell(cell, mediaPerMoney: media, carriedIn: carryIn ? cell.history.suffix(cell.window) : [])]
    }
    self.init(planned, carryOver: carryOver, keptByteLimit: keptByteLimit)
  }

  /// - Parameters:
  ///   - planned: for each cell of spend, of which there is at least one, the model's cells that it is spent in, at least one; all
  ///     with the same draws.
  ///   - carryOver: whether the periods after the plan count, until its last period is no longer felt.
  ///   - keptByteLimit: as above.
  public init(_ planned: [[PlannedCell]], carryOver: Bool, keptByteLimit: Int = ResponseSurface.keptByteLimit) {
    precondition(!planned.isEmpty && planned.allSatisfy { !$0.isEmpty }, "Money is spent in some cell of the model.")
    let parts = planned.joined().map(\.self)
    let draws = parts[0].cell.drawCount
    precondition(parts.allSatisfy { $0.cell.drawCount == draws }, "Every cell has the same draws.")
    drawCount = draws
    let lagWeights = Parallel.map(parts.count) { parts[$0].cell.lagWeights }
    var prepared = Parallel.map(parts.count) { PreparedCell(parts[$0], lagWeights[$0], carryOver: carryOver) }
    if prepared.reduce(0, { $0 + $1.keptBytes }) <= keptByteLimit {
      prepared = Parallel.map(prepared.count) { [prepared] in prepared[$0].keepingTiles() }
    }
    func byCell<T>(_ values: [T]) -> [[T]] {
      var rest = values[...]
      return planned.map { parts in
        defer { rest = rest.dropFirst(parts.count) }
        return Array(rest.prefix(parts.count))
      }
    }
    cells = byCell(prepared)
    charges = planned.map { _ in 0 }
    atRest = ResponseSurface.responses(
      of: cells, at: [Double](repeating: 0, count: planned.count), drawCount: draws)
    bottoms = DrawMatrix(
      columns: byCell(zip(parts, prepared).map { $1.responseToNothing(of: $0.cell) }).map { sums(of: $0) },
      drawCount: draws)
    // What was observed is a plan of its own, of which nothing is felt later.
    let observed = parts.indices.filter { !parts[$0].carriedIn.isEmpty }.map { index in
      let part = parts[index]
      let own = PlannedCell(part.cell, mediaPerMoney: part.carriedIn, worths: part.worths)
      return [PreparedCell(own, lagWeights[index], carryOver: false)]
    }
    carriedIn = ResponseSurface.responses(
      of: observed, at: [Double](repeating: 1, count: observed.count), drawCount: draws
    ).rowSums()
  }

  /// The same with so much taken from each response for each unit of the cell's money.
  public func charged(_ charge: Double) -> ResponseSurface { charged(charges.map { _ in charge }) }

  /// The same, of each cell's money another charge.
  public func charged(_ charges: [Double]) -> ResponseSurface {
    precondition(charges.count == cellCount, "A charge for each cell.")
    var own = self
    own.charges = zip(self.charges, charges).map { $0 + $1 }
    return own
  }

  /// Draws by cells: each cell's response to its money over the horizon, `spend[j]` ≥ 0.
  public func responses(at spend: [Double]) -> DrawMatrix {
    precondition(spend.count == cellCount, "A spend for each cell.")
    var values = ResponseSurface.responses(of: cells, at: spend, drawCount: drawCount)
    takeCharges(of: Place.all(spend), from: &values)
    return values
  }

  private static func responses(of cells: [[PreparedCell]], at spend: [Double], drawCount: Int) -> DrawMatrix {
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

  /// Whether every cell's response is concave in its money under every draw; but for what is charged, it then never falls.
  public var isConcave: Bool {
    concavity.value { cells.allSatisfy { $0.allSatisfy(\.isConcave) } }
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
    takeCharges(of: places, from: &values)
  }

  /// What the places' money is charged.
  private func takeCharges(of places: [Place], from values: inout DrawMatrix) {
    for place in places { take(charges[place.cell] * place.spend, from: &values, column: place.column) }
  }

  /// What a unit of the places' money is charged.
  private func takeCharges(of places: [Place], fromSlopes slopes: inout DrawMatrix) {
    for place in places { take(charges[place.cell], from: &slopes, column: place.column) }
  }

  private func take(_ amount: Double, from values: inout DrawMatrix, column: Int) {
    guard amount != 0 else { return }
    values.withMutableColumn(column) { column in
      for draw in 0..<column.count { column[draw] -= amount }
    }
  }

  private static func evaluate(_ cells: [[PreparedCell]], _ places: [Place], values: inout DrawMatrix) {
    PreparedCell.evaluate(requests(cells, places, part: 0), values: &values)
    for (part, places) in furtherParts(cells, places) {
      var more = DrawMatrix(unwritten: values.drawCount, columnCount: places.count)
      PreparedCell.evaluate(requests(cells, columns(places), part: part), values: &more)
      for index in places.indices { values.add(more, column: index, to: places[index].column) }
    }
  }

  func evaluate(_ places: [Place], values: inout DrawMatrix, slopes: inout DrawMatrix) {
    PreparedCell.evaluate(ResponseSurface.requests(cells, places, part: 0), values: &values, slopes: &slopes)
    for (part, places) in ResponseSurface.furtherParts(cells, places) {
      var more = DrawMatrix(unwritten: drawCount, columnCount: places.count)
      var moreSlopes = more
      let own = ResponseSurface.requests(cells, ResponseSurface.columns(places), part: part)
      PreparedCell.evaluate(own, values: &more, slopes: &moreSlopes)
      for index in places.indices {
        values.add(more, column: index, to: places[index].column)
        slopes.add(moreSlopes, column: index, to: places[index].column)
      }
    }
    takeCharges(of: places, from: &values)
    takeCharges(of: places, fromSlopes: &slopes)
  }

  func evaluate(_ places: [Place], into point: inout SurfacePoint) {
    PreparedCell.evaluate(ResponseSurface.requests(cells, places, part: 0), into: &point)
    for (part, places) in ResponseSurface.furtherParts(cells, places) {
      var more = SurfacePoint(drawCount: drawCount, cellCount: places.count)
      let own = ResponseSurface.requests(cells, ResponseSurface.columns(places), part: part)
      PreparedCell.evaluate(own, into: &more)
      for index in places.indices {
        point.responses.add(more.responses, column: index, to: places[index].column)
        point.slopes.add(more.slopes, column: index, to: places[index].column)
        point.curvatures.add(more.curvatures, column: index, to: places[index].column)
      }
    }
    takeCharges(of: places, from: &point.responses)
    takeCharges(of: places, fromSlopes: &point.slopes)
  }

  private static func requests(_ cells: [[PreparedCell]], _ places: [Place], part: Int) -> [PreparedCell.Request] {
    places.map { PreparedCell.Request(cell: cells[$0.cell][part], spend: $0.spend, column: $0.column) }
  }

  /// The places that have a second part, then those that have a third, and so on.
  private static func furtherParts(_ cells: [[PreparedCell]], _ places: [Place]) -> [(part: Int, places: [Place])] {
    let most = places.map { cells[$0.cell].count }.max() ?? 1
    return (1..<max(most, 1)).map { part in (part, places.filter { cells[$0.cell].count > part }) }
  }

  /// The same places, each in a column of its own.
  private static func columns(_ places: [Place]) -> [Place] {
    places.indices.map { Place(cell: places[$0].cell, spend: places[$0].spend, column: $0) }
  }

  /// One cell's responses at rising amounts of its money, and how far they may be from the chords between them, under all draws or
  /// some: the first of them a whole number of tiles from the start.
  public func chords(of cell: Int, at spends: [Double], draws: Range<Int>? = nil) -> CurveChords {
    let draws = draws ?? 0..<drawCount
    var chords = cells[cell][0].chords(at: spends, draws: draws)
    for part in cells[cell].dropFirst() {
      // What each is off its own chords, the sum is off the sum of them at most.
      let more = part.chords(at: spends, draws: draws)
      chords.values.add(more.values)
      chords.above.add(more.above)
      chords.below.add(more.below)
    }
    for (node, spend) in spends.enumerated() { take(charges[cell] * spend, from: &chords.values, column: node) }
    return chords
  }

  /// By cell: whether all that it is spent in has a fourth derivative in the logarithm of media.
  var canBeTabulated: [Bool] { cells.map { $0.allSatisfy(\.canBeTabulated) } }

  /// By cell: the greatest fourth derivative of its response in the logarithm of its money, one number per draw; nil where
  /// a family has none.
  func fourthLogDerivatives(_ cell: Int) -> [Double]? {
    let parts = cells[cell].compactMap(\.fourthLogDerivatives)
    return parts.count == cells[cell].count ? sums(of: parts) : nil
  }
}

/// The sum of several rows of numbers, one by one.
private func sums(of rows: [[Double]]) -> [Double] {
  rows.dropFirst().reduce(rows[0]) { zip($0, $1).map { $0 + $1 } }
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
