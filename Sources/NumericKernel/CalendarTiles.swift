import CVectorCurves

/// One cell of which every period's media are decided, under every draw: in period s the curve is fed
/// `base[d,s] + Σ_l lagWeight[d,l] · media[s−l]`, in the planned periods and in those after them in which they are felt.
///
/// Media after carryover, the curve and the adjoint of the carryover are one pass, which keeps nothing. Memory is lag weights,
/// what history left and worths that differ by draw: draws times their periods.
public struct CalendarTiles: Sendable {
  /// The curve; nil where the caller evaluates it.
  public let kernel: CurveKernel?
  /// The family's parameters, one column each, in the family's order.
  public let parameters: DrawMatrix
  /// Draws by lags, from lag 0. Where there is a retention only the first counts.
  public let lagWeights: DrawMatrix
  /// One number per draw: each lag's weight as a share of the one before it, without end; nil for lag weights as they stand.
  public let retention: [Double]?
  /// Periods whose media are decided, the first of all.
  public let plannedCount: Int
  /// What a unit of the curve is worth: one for each period in which it is felt.
  public let weights: CurveTiles.Weights

  private let bases: CarriedMedia
  private let baseRows: AlignedBuffer
  private let weightRows: AlignedBuffer
  private let weightStride: Int
  private let retentionRow: DrawMatrix?
  private var straight: Straight?

  /// Where the curve is a straight line: rows as the kernels read them, and what they were made of.
  private struct Straight: Sendable {
    let joints: DrawMatrix
    let lines: DrawMatrix
    let jointRows: AlignedBuffer
    let lineRows: AlignedBuffer
  }

  /// Posterior draws: the rows of `parameters`.
  public var drawCount: Int { parameters.drawCount }
  /// Periods of the curve: one for each of `weights`.
  public var feltCount: Int { weights.count }
  /// Rows that the second derivatives of one evaluation take: see `Request`.
  public var curvatureCount: Int { retention == nil ? feltCount : plannedCount }

  /// - Parameters:
  ///   - kernel: nil where the caller evaluates the curve.
  ///   - parameters: draws by parameters.
  ///   - weights: one for each period in which the curve is felt: at least as many as are planned.
  ///   - lagWeights: draws by lags: at least one lag.
  ///   - retention: as the property: one number per draw, from 0 to 1.
  ///   - bases: media that are there without any planned, for the first so many periods.
  ///   - plannedCount: the periods whose media are decided.
  public init(
    kernel: CurveKernel?, parameters: DrawMatrix, weights: CurveTiles.Weights, lagWeights: DrawMatrix,
    retention: [Double]?, bases: CarriedMedia, plannedCount: Int
  ) {
    precondition(
      plannedCount >= 0 && plannedCount <= weights.count && bases.count <= weights.count && lagWeights.columnCount >= 1,
      "The curve is felt in the planned periods and after them.")
    precondition(
      [lagWeights.drawCount, bases.lagWeights.drawCount, retention?.count ?? parameters.drawCount]
        .allSatisfy { $0 == parameters.drawCount }, "Parameters and carryover have the same draws.")
    self.kernel = kernel
    self.parameters = parameters
    self.weights = weights
    self.lagWeights = lagWeights
    self.retention = retention
    self.plannedCount = plannedCount
    self.bases = bases
    retentionRow = retention.map { DrawMatrix(columns: [$0], drawCount: parameters.drawCount) }
    let tile = DrawMatrix.tileSize
    let tileCount = parameters.stride / tile
    baseRows = AlignedBuffer(count: bases.count * parameters.stride, isZeroed: false)
    unsafe bases.fill(baseRows.start, tiles: 0..<tileCount, on: Loops.chosen)
    switch weights {
    case .shared(let weights):
      weightRows = AlignedBuffer(count: weights.count * tile)
      weightStride = 0
      for (period, weight) in weights.enumerated() {
        for draw in 0..<tile { unsafe weightRows.start[period * tile + draw] = weight }
      }
    case .carried(let media):
      weightRows = AlignedBuffer(count: media.count * parameters.stride, isZeroed: false)
      weightStride = media.count * tile
      unsafe media.fill(weightRows.start, tiles: 0..<tileCount, on: Loops.chosen)
    case .drawn(let drawn):
      weightRows = AlignedBuffer(count: drawn.columnCount * parameters.stride, isZeroed: false)
      weightStride = drawn.columnCount * tile
      unsafe drawn.fill(weightRows.start, tiles: 0..<tileCount)
    }
  }

  /// Media after carryover that history left.
  public func base(draw: Int, period: Int) -> Double {
    period < bases.count ? bases.value(draw: draw, period: period) : 0
  }

  /// What a unit of the curve is worth.
  public func weight(draw: Int, period: Int) -> Double { weights.value(draw: draw, period: period) }

  /// The same with the curve replaced below some media by a straight line that ends on it: draws by periods of the curve, and the lines'
  /// slopes. Where media are more than `joints` nothing changes.
  public func straightened(below joints: DrawMatrix, slopes: DrawMatrix) -> CalendarTiles {
    precondition(
      joints.drawCount == drawCount && joints.columnCount == feltCount && slopes.drawCount == drawCount
        && slopes.columnCount == feltCount, "A line for each draw and period of the curve.")
    func rows(_ matrix: DrawMatrix) -> AlignedBuffer {
      let rows = AlignedBuffer(count: feltCount * parameters.stride, isZeroed: false)
      unsafe matrix.fill(rows.start, tiles: 0..<parameters.stride / DrawMatrix.tileSize)
      return rows
    }
    var tiles = self
    tiles.straight = Straight(joints: joints, lines: slopes, jointRows: rows(joints), lineRows: rows(slopes))
    return tiles
  }

  /// Where a straight line ends on the curve, and its slope; nil where the curve is itself.
  public func line(draw: Int, period: Int) -> (joint: Double, slope: Double)? {
    straight.map { ($0.joints[draw, period], $0.lines[draw, period]) }
  }

  /// Media after carryover in each period of the curve, history's too.
  public func carried(_ media: [Double], draw: Int) -> [Double] {
    var kept = 0.0
    return (0..<feltCount).map { s in
      if let retention {
        kept = retention[draw] * kept + (s < plannedCount ? lagWeights[draw, 0] * media[s] : 0)
        return kept + base(draw: draw, period: s)
      }
      let lags = max(0, s - plannedCount + 1)..<max(max(0, s - plannedCount + 1), min(lagCount, s + 1))
      return lags.reduce(base(draw: draw, period: s)) { $0 + lagWeights[draw, $1] * media[s - $1] }
    }
  }

  /// The weight of a lag, however far.
  public func lagWeight(draw: Int, lag: Int) -> Double {
    if let retention { return lagWeights[draw, 0] * power(retention[draw], lag) }
    return lag < lagWeights.columnCount ? lagWeights[draw, lag] : 0
  }

  /// Lags that are felt in some period.
  public var lagCount: Int { retention == nil ? min(lagWeights.columnCount, feltCount) : feltCount }
}

/// By repeated squares.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}

// MARK: - Evaluation

extension CalendarTiles {
  /// A cell's media, and the columns that the results go to.
  public struct Request: Sendable {
    /// Must have a kernel.
    public let tiles: CalendarTiles
    /// By planned period, at least 0.
    public let media: [Double]
    /// By planned period: media for a unit of what slopes are taken in.
    public let rates: [Double]
    /// Of the matrix of values.
    public let column: Int
    /// The first of as many as periods are planned, of the matrix of slopes.
    public let slopeColumn: Int
    /// The first of `curvatureCount`, of the matrix of curvatures: the curve's own second derivative in each period; with a
    /// retention, in each planned period the sum of those from there on, each times the retention to twice its distance.
    public let curvatureColumn: Int

    public init(
      _ tiles: CalendarTiles, at media: [Double], rates: [Double], column: Int, slopeColumn: Int = 0,
      curvatureColumn: Int = 0
    ) {
      precondition(media.count == tiles.plannedCount && rates.count == media.count, "Media for each planned period.")
      self.tiles = tiles
      self.media = media
      self.rates = rates
      self.column = column
      self.slopeColumn = slopeColumn
      self.curvatureColumn = curvatureColumn
    }
  }

  /// `Σ_s weight[s] curve(base[s] + Σ_l lagWeight[l] media[s−l])` under some draws, the first of them a whole number of tiles
  /// from the start, into the request's column of `values`, which has a row for each of them.
  public static func evaluate(_ requests: [Request], draws: Range<Int>, values: inout DrawMatrix) {
    unsafe run(requests, draws, on: Loops.chosen, values.stride, values.paddedStart(), nil, nil)
  }

  /// The same, with what is behind the first two derivatives in each period's media.
  public static func evaluate(
    _ requests: [Request], draws: Range<Int>, values: inout DrawMatrix, slopes: inout DrawMatrix,
    curvatures: inout DrawMatrix
  ) {
    unsafe run(
      requests, draws, on: Loops.chosen, values.stride, values.paddedStart(), slopes.paddedStart(),
      curvatures.paddedStart())
  }

  /// The same, without second derivatives.
  public static func evaluate(
    _ requests: [Request], draws: Range<Int>, values: inout DrawMatrix, slopes: inout DrawMatrix
  ) {
    unsafe run(requests, draws, on: Loops.chosen, values.stride, values.paddedStart(), slopes.paddedStart(), nil)
  }

  /// The same on an instruction set of a given name; false, with nothing written, where this processor lacks it.
  package static func evaluate(
    _ requests: [Request], draws: Range<Int>, on instructionSet: String, values: inout DrawMatrix,
    slopes: inout DrawMatrix, curvatures: inout DrawMatrix
  ) -> Bool {
    guard let loops = unsafe Loops.on(instructionSet) else { return false }
    unsafe run(
      requests, draws, on: loops, values.stride, values.paddedStart(), slopes.paddedStart(), curvatures.paddedStart())
    return true
  }

  private static func run(
    _ requests: [Request], _ draws: Range<Int>, on loops: UnsafePointer<vc_loops>, _ stride: Int,
    _ values: UnsafeMutablePointer<Double>, _ slopes: UnsafeMutablePointer<Double>?,
    _ curvatures: UnsafeMutablePointer<Double>?
  ) {
    let tile = DrawMatrix.tileSize
    precondition(draws.lowerBound % tile == 0, "Draws of whole tiles.")
    let firstTile = draws.lowerBound / tile
    let lastTile = firstTile + stride / tile
    let pieces = requests.indices.flatMap { request in
      Swift.stride(from: firstTile, to: lastTile, by: CurveTiles.tilesPerPiece).map {
        (request, $0..<min($0 + CurveTiles.tilesPerPiece, lastTile))
      }
    }
    // Each piece writes its own draws of its own columns.
    nonisolated(unsafe) let (loops, values, slopes, curvatures) = unsafe (loops, values, slopes, curvatures)
    @Sendable func evaluate(_ piece: Int) {
      let (index, tiles) = pieces[piece]
      let request = requests[index]
      let row = tiles.lowerBound * tile - draws.lowerBound
      unsafe request.run(
        tiles, on: loops, stride: stride, value: values + request.column * stride + row,
        slope: slopes.map { unsafe $0 + request.slopeColumn * stride + row },
        curvature: curvatures.map { unsafe $0 + request.curvatureColumn * stride + row })
    }
    let terms = requests.reduce(0) { $0 + stride * $1.tiles.feltCount }
    guard terms >= CurveTiles.threadedTerms else {
      for piece in pieces.indices { evaluate(piece) }
      return
    }
    Parallel.perform(pieces.count, evaluate)
  }
}

extension CalendarTiles.Request {
  fileprivate func run(
    _ range: Range<Int>, on loops: UnsafePointer<vc_loops>, stride: Int, value: UnsafeMutablePointer<Double>,
    slope: UnsafeMutablePointer<Double>?, curvature: UnsafeMutablePointer<Double>?
  ) {
    guard let kernel = tiles.kernel, let sums = unsafe vc_calendar_of(loops, kernel.family) else {
      preconditionFailure("A curve without a kernel is evaluated by its caller.")
    }
    let tile = DrawMatrix.tileSize
    let first = range.lowerBound * tile
    let lags = tiles.retention == nil ? tiles.lagWeights.columnCount : 1
    let scratch = AlignedBuffer(count: (lags + 2 * tiles.feltCount) * tile, isZeroed: false)
    unsafe media.withUnsafeBufferPointer { media in
      unsafe rates.withUnsafeBufferPointer { rates in
        var cell = unsafe vc_calendar(
          tiles: range.count, planned: media.count, felt: tiles.feltCount, media: media.baseAddress,
          rate: rates.baseAddress, lags: lags, lag_stride: tiles.lagWeights.stride,
          lag_weights: tiles.lagWeights.storage.start + first,
          retention: tiles.retentionRow.map { unsafe UnsafePointer($0.storage.start) + first },
          base_periods: tiles.bases.count, base: tiles.baseRows.start + first * tiles.bases.count,
          weight: tiles.weightRows.start + range.lowerBound * tiles.weightStride, weight_stride: tiles.weightStride,
          joint: tiles.straight.map { unsafe UnsafePointer($0.jointRows.start) + first * tiles.feltCount },
          line: tiles.straight.map { unsafe UnsafePointer($0.lineRows.start) + first * tiles.feltCount },
          parameter_stride: tiles.parameters.stride, parameters: tiles.parameters.storage.start + first)
        unsafe sums(&cell, stride, value, slope, curvature, scratch.start)
      }
    }
  }
}

// MARK: - Second derivatives

extension CalendarTiles {
  /// Pairs of lags whose products stand in memory at once.
  private static let pairsTogether = 64

  /// `Σ_d v_d d² sum_d / d media²`, planned periods by planned periods, from the second derivatives of an evaluation under
  /// the same draws: `curvatures`' columns from `column` on. One v for each of those draws.
  ///
  /// With c the curve's own second derivatives it is `Σ_s Σ_d v_d c_ds w_d[s−t] w_d[s−t′]`: for each pair of lags one product of
  /// the matrix c and the weights' products. With a retention ρ and the sums q of an evaluation it is
  /// `Σ_d v_d w_d[0]² q_dt ρ_d^(t−t′)` for t ≥ t′.
  public func bends(_ curvatures: DrawMatrix, column: Int, draws: Range<Int>, weights v: [Double]) -> Matrix {
    precondition(v.count == draws.count && curvatures.drawCount == draws.count, "A weight for each of the draws.")
    var result = Matrix(rowCount: plannedCount, columnCount: plannedCount)
    let first = draws.lowerBound
    guard plannedCount > 0, !v.isEmpty else { return result }
    if let retention {
      var powers = DrawMatrix(unwritten: v.count, columnCount: plannedCount)
      var last = v.indices.map { v[$0] * lagWeights[first + $0, 0] * lagWeights[first + $0, 0] }
      for distance in 0..<plannedCount {
        if distance > 0 { for row in last.indices { last[row] *= retention[first + row] } }
        powers.setColumn(distance, to: last)
      }
      let sums = curvatures.crossProduct(column..<column + plannedCount, with: powers, 0..<plannedCount)
      for later in 0..<plannedCount {
        for earlier in 0...later {
          result[later, earlier] = sums[later, later - earlier]
          result[earlier, later] = result[later, earlier]
        }
      }
      return result
    }
    // What is felt at lag l of one period and at l + k of one k earlier.
    let pairs = (0..<min(lagCount, plannedCount)).flatMap { k in (0..<lagCount - k).map { (near: $0, apart: k) } }
    for start in stride(from: 0, to: pairs.count, by: CalendarTiles.pairsTogether) {
      let chunk = pairs[start..<min(start + CalendarTiles.pairsTogether, pairs.count)]
      var products = DrawMatrix(unwritten: v.count, columnCount: chunk.count)
      for (index, pair) in chunk.enumerated() {
        products.withMutableColumn(index) { product in
          lagWeights.withColumn(pair.near) { near in
            lagWeights.withColumn(pair.near + pair.apart) { far in
              for row in 0..<product.count { product[row] = v[row] * near[first + row] * far[first + row] }
            }
          }
        }
      }
      let sums = curvatures.crossProduct(column..<column + feltCount, with: products, 0..<chunk.count)
      for (index, pair) in chunk.enumerated() {
        // Felt in period s: of media in s − l, and of those k periods earlier.
        for s in pair.near + pair.apart..<max(pair.near + pair.apart, min(feltCount, plannedCount + pair.near)) {
          result[s - pair.near, s - pair.near - pair.apart] += sums[s, index]
        }
      }
    }
    for later in 0..<plannedCount {
      for earlier in 0..<later { result[earlier, later] = result[later, earlier] }
    }
    return result
  }
}
