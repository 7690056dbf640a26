public import NumericKernel

/// What money does under every draw where it is decided period by period: exact, and smooth in each period's money.
///
/// The variables are each cell's money in each planned period, cell after cell: that of cell j in period t stands at
/// `j · periodCount + t`. It buys media at the period's price; each draw carries them over as it has learned to, on top of what history left,
/// and the response sums the planned periods and, with carry-over, those after them. Periods of one cell hang together through
/// carryover, cells do not: a weighted sum of draws has a Hessian of one block for each cell.
///
/// Nothing is kept from one evaluation to the next. A surface holds lag weights and parameters, and worths that differ by draw: draws times
/// cells times lags. Derivatives take draws times variables for as many draws as are `drawsTogether`, twice that for second ones, and the
/// square of the variables.
public struct PeriodSurface: Sendable {
  /// Posterior draws, the same in every cell.
  public let drawCount: Int
  /// Planned periods, the same in every cell.
  public let periodCount: Int
  /// Cells of spend, in the order they were given.
  public var cellCount: Int { cells.count }
  /// `cellCount · periodCount`.
  public var variableCount: Int { cellCount * periodCount }

  /// Draws by cells: the response with nothing planned, which is what history still does in the window, and the bottoms.
  public let atRest: DrawMatrix
  /// Draws by cells: the response without any media, in the window or before it; zero but for curves with a bottom.
  public let bottoms: DrawMatrix
  /// Per draw, summed over cells: the response over the observed periods that are carried in, as far as they and nothing
  /// before them cause it. Zero without carry-in.
  public let carriedIn: [Double]

  /// For each cell of spend the model's cells that it is spent in.
  private var cells: [[PeriodCell]]
  /// By variable: taken from its cell's response per unit of its money.
  private var charges: [Double]
  private var concavity = Once<Bool>()

  /// Draws whose derivatives stand in memory at once.
  static let drawsTogether = 4096

  /// - Parameters:
  ///   - planned: for each cell of spend, of which there is at least one, the model's cells that it is spent in, at least one: all
  ///     with the same draws and planned periods. `shares` say which part of a period's money is spent there: 1 where it is the only one.
  ///   - carryOver: whether the periods after the plan count, until its last period is no longer felt.
  public init(_ planned: [[PlannedCell]], carryOver: Bool) {
    precondition(!planned.isEmpty && planned.allSatisfy { !$0.isEmpty }, "Money is spent in some cell of the model.")
    let parts = planned.joined().map(\.self)
    let (draws, periods) = (parts[0].cell.drawCount, parts[0].shares.count)
    precondition(
      parts.allSatisfy { $0.cell.drawCount == draws && $0.shares.count == periods },
      "Every cell has the same draws and the same periods.")
    drawCount = draws
    periodCount = periods
    // What no money changes is the same however it would be decided.
    let fixed = ResponseSurface(parts.map { [$0] }, carryOver: carryOver, keptByteLimit: 0)
    let prepared = Parallel.map(parts.count) {
      PeriodCell(parts[$0], carryOver: carryOver, atRest: fixed.atRest.column($0))
    }
    carriedIn = fixed.carriedIn
    var rest = DrawMatrix(drawCount: draws, columnCount: planned.count)
    var floors = rest
    var cells: [[PeriodCell]] = []
    var first = 0
    for (index, parts) in planned.enumerated() {
      let own = first..<first + parts.count
      for part in own {
        rest.add(fixed.atRest, column: part, to: index)
        floors.add(fixed.bottoms, column: part, to: index)
      }
      cells.append(Array(prepared[own]))
      first = own.upperBound
    }
    (atRest, bottoms, self.cells) = (rest, floors, cells)
    charges = [Double](repeating: 0, count: cells.count * periods)
  }

  /// The same with so much taken from its cell's response for each unit of each variable's money.
  public func charged(_ charges: [Double]) -> PeriodSurface {
    precondition(charges.count == variableCount, "A charge for each cell and period.")
    var own = self
    own.charges = zip(self.charges, charges).map { $0 + $1 }
    return own
  }

  /// What the money is charged, taken from draws by cells.
  private func takeCharges(at spend: [Double], from values: inout DrawMatrix) {
    for cell in 0..<cellCount {
      let charge = (cell * periodCount..<(cell + 1) * periodCount).reduce(0) { $0 + charges[$1] * spend[$1] }
      values.take(charge, column: cell)
    }
  }

  /// What a unit of money is charged, taken from draws by variables.
  private func takeCharges(from slopes: inout DrawMatrix) {
    for variable in 0..<variableCount { slopes.take(charges[variable], column: variable) }
  }

  /// Whether every cell's response is concave in its money under every draw; but for what is charged, it then never falls.
  public var isConcave: Bool {
    concavity.value { cells.allSatisfy { $0.allSatisfy(\.isConcave) } }
  }

  /// A surface that is concave and, under every draw, nowhere below this one where each variable is between two amounts of money: every
  /// period's curve becomes its concave envelope over the media that it may be fed. What it says beyond those amounts means nothing; nil where
  /// a curve falls, a period counts against the response, or a price falls.
  public func overestimator(from lower: [Double], to upper: [Double]) -> PeriodSurface? {
    replaced(from: lower, to: upper) { $0.overestimator(from: $1, to: $2) }
  }

  /// A surface that is linear and, under every draw, nowhere above this one where each variable is between two amounts of money. Nil where a
  /// curve falls, a period counts against the response, or a price changes with what is spent.
  public func underestimator(from lower: [Double], to upper: [Double]) -> PeriodSurface? {
    replaced(from: lower, to: upper) { $0.underestimator(from: $1, to: $2) }
  }

  private func replaced(
    from lower: [Double], to upper: [Double],
    by other: @Sendable (PeriodCell, _ lower: ArraySlice<Double>, _ upper: ArraySlice<Double>) -> PeriodCell?
  ) -> PeriodSurface? {
    precondition(lower.count == variableCount && upper.count == variableCount, "Money for each cell and period.")
    let made = Parallel.map(cellCount) { cell in
      let own = cell * periodCount..<(cell + 1) * periodCount
      return cells[cell].map { other($0, lower[own], upper[own]) }
    }
    let whole = made.map { $0.compactMap(\.self) }
    guard zip(whole, cells).allSatisfy({ $0.count == $1.count }) else { return nil }
    var surface = self
    surface.cells = whole
    surface.concavity = Once()
    return surface
  }

  /// Draws by cells: each cell's response to its money by period, none of which is negative.
  public func responses(at spend: [Double]) -> DrawMatrix {
    precondition(spend.count == variableCount, "Money for each cell and period.")
    var values = DrawMatrix(unwritten: drawCount, columnCount: cellCount)
    for (rank, cells) in ranks {
      let draws = 0..<drawCount
      guard rank > 0 else {
        PeriodCell.evaluate(places(cells, rank, spend), draws: draws, values: &values)
        continue
      }
      var more = DrawMatrix(unwritten: drawCount, columnCount: cells.count)
      PeriodCell.evaluate(places(cells, rank, spend), draws: draws, values: &more)
      for (column, cell) in cells.enumerated() { values.add(more, column: column, to: cell) }
    }
    takeCharges(at: spend, from: &values)
    return values
  }

  /// Draws by cells, and draws by variables: the responses, and their first derivative in each period's money.
  public func slopes(at spend: [Double]) -> (responses: DrawMatrix, slopes: DrawMatrix) {
    precondition(spend.count == variableCount, "Money for each cell and period.")
    var values = DrawMatrix(unwritten: drawCount, columnCount: cellCount)
    var slopes = DrawMatrix(unwritten: drawCount, columnCount: variableCount)
    for (rank, cells) in ranks {
      let places = places(cells, rank, spend)
      guard rank > 0 else {
        PeriodCell.evaluate(places, draws: 0..<drawCount, values: &values, slopes: &slopes)
        continue
      }
      var more = DrawMatrix(unwritten: drawCount, columnCount: cells.count)
      var moreSlopes = DrawMatrix(unwritten: drawCount, columnCount: cells.count * periodCount)
      PeriodCell.evaluate(places, draws: 0..<drawCount, values: &more, slopes: &moreSlopes)
      for (column, cell) in cells.enumerated() { values.add(more, column: column, to: cell) }
      add(moreSlopes, of: cells, to: &slopes)
    }
    takeCharges(at: spend, from: &values)
    takeCharges(from: &slopes)
    return (values, slopes)
  }

  /// The gradient and the Hessian, in all variables, of a score of the draws' summed responses, whose derivatives in them are given:
  /// `Jᵀ w` and `Σ_d w_d ∇²R_d + Jᵀ (diag + Σ factor v vᵀ) J`, J the draws' slopes.
  public func derivatives(at spend: [Double], of score: SmoothScore) -> (gradient: [Double], hessian: Matrix) {
    precondition(spend.count == variableCount, "Money for each cell and period.")
    precondition(score.weights.count == drawCount, "A weight for each draw.")
    var gradient = [Double](repeating: 0, count: variableCount)
    var images = score.rankOnes.map { _ in gradient }
    var hessian = Matrix(rowCount: variableCount, columnCount: variableCount)
    for start in stride(from: 0, to: drawCount, by: PeriodSurface.drawsTogether) {
      let draws = start..<min(start + PeriodSurface.drawsTogether, drawCount)
      let weights = Array(score.weights[draws])
      let slopes = slopes(at: spend, draws: draws, weights: weights, bending: &hessian)
      gradient.add(slopes.transposeTimes(weights))
      for (index, term) in score.rankOnes.enumerated() {
        images[index].add(slopes.transposeTimes(Array(term.vector[draws])))
      }
      if !score.diagonal.isEmpty {
        let gram = slopes.gram(weights: Array(score.diagonal[draws]))
        for index in hessian.elements.indices { hessian.elements[index] += gram.elements[index] }
      }
    }
    for (term, image) in zip(score.rankOnes, images) {
      for column in image.indices where image[column] != 0 {
        let factor = term.factor * image[column]
        for row in image.indices { hessian[row, column] += factor * image[row] }
      }
    }
    return (gradient, hessian)
  }

  /// The slopes under some draws; to the Hessian is added that of the draws' weighted sum.
  private func slopes(
    at spend: [Double], draws: Range<Int>, weights: [Double], bending hessian: inout Matrix
  ) -> DrawMatrix {
    var slopes = DrawMatrix(unwritten: draws.count, columnCount: variableCount)
    for (rank, cells) in ranks {
      let places = places(cells, rank, spend)
      var values = DrawMatrix(unwritten: draws.count, columnCount: cells.count)
      var curvatures = DrawMatrix(
        unwritten: draws.count, columnCount: places.reduce(0) { $0 + $1.cell.tiles.curvatureCount })
      var own = slopes
      if rank > 0 { own = DrawMatrix(unwritten: draws.count, columnCount: cells.count * periodCount) }
      PeriodCell.evaluate(places, draws: draws, values: &values, slopes: &own, curvatures: &curvatures)
      let gradient = own.transposeTimes(weights)
      let blocks = Parallel.map(places.count) { [curvatures] index in
        places[index].cell.tiles.bends(
          curvatures, column: places[index].curvatureColumn, draws: draws, weights: weights)
      }
      for (place, block) in zip(places, blocks) {
        let media = place.cell.media(place.spend)
        let first = place.variable
        for column in 0..<periodCount {
          for row in 0..<periodCount {
            hessian[first + row, first + column] += media[row].slope * block[row, column] * media[column].slope
          }
          // The gradient in media, times how they bend in money.
          if media[column].curvature != 0 {
            hessian[first + column, first + column] +=
              gradient[place.slopeColumn + column] / media[column].slope * media[column].curvature
          }
        }
      }
      if rank > 0 { add(own, of: cells, to: &slopes) } else { slopes = own }
    }
    takeCharges(from: &slopes)
    return slopes
  }

  /// All cells with their first part, then those that have a second with that, and so on.
  private var ranks: [(rank: Int, cells: [Int])] {
    (0..<(cells.map(\.count).max() ?? 0)).map { rank in (rank, cells.indices.filter { cells[$0].count > rank }) }
  }

  /// The cells' part of a rank, each with columns of its own.
  private func places(_ cells: [Int], _ rank: Int, _ spend: [Double]) -> [PeriodCell.Place] {
    var curvatureColumn = 0
    return cells.enumerated().map { column, cell in
      let part = self.cells[cell][rank]
      defer { curvatureColumn += part.tiles.curvatureCount }
      return PeriodCell.Place(
        cell: part, spend: spend[cell * periodCount..<(cell + 1) * periodCount], column: column,
        slopeColumn: column * periodCount, curvatureColumn: curvatureColumn)
    }
  }

  private func add(_ more: DrawMatrix, of cells: [Int], to slopes: inout DrawMatrix) {
    for (place, cell) in cells.enumerated() {
      for t in 0..<periodCount {
        slopes.add(more, column: place * periodCount + t, to: cell * periodCount + t)
      }
    }
  }
}

extension PeriodCell.Place {
  /// Of the cell's first period.
  fileprivate var variable: Int { spend.startIndex }
}

extension DrawMatrix {
  /// So much less in every draw.
  fileprivate mutating func take(_ amount: Double, column: Int) {
    guard amount != 0 else { return }
    withMutableColumn(column) { column in
      for draw in 0..<column.count { column[draw] -= amount }
    }
  }
}

extension [Double] {
  fileprivate mutating func add(_ other: [Double]) {
    for index in indices { self[index] += other[index] }
  }
}
