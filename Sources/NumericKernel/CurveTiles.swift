import CVectorCurves
import Foundation

/// What one cell's curve is fed under every draw: in period t, `base[d,t] + spend · exposure[d,t]`, each the draw's lag
/// weights times a window of media; and what it is worth there.
///
/// All stand in tiles of `DrawMatrix.tileSize` draws, one row a period, as the kernels read them: computed once where they are
/// kept, else a few tiles at a time whenever the curve is evaluated.
public struct CurveTiles: Sendable {
  /// What a unit of the curve is worth in each period.
  public enum Weights: Sendable {
    /// The same under every draw: one for each period.
    case shared([Double])
    /// Each draw's lag weights times a window.
    case carried(CarriedMedia)
    /// Draws by periods.
    case drawn(DrawMatrix)

    /// One for each period.
    var count: Int {
      switch self {
      case .shared(let weights): weights.count
      case .carried(let media): media.count
      case .drawn(let weights): weights.columnCount
      }
    }

    func value(draw: Int, period: Int) -> Double {
      switch self {
      case .shared(let weights): weights[period]
      case .carried(let media): media.value(draw: draw, period: period)
      case .drawn(let weights): weights[draw, period]
      }
    }

    /// The period after the last of each run of periods that are worth the same; of weights by draw nothing is known.
    fileprivate var runEnds: [Int] {
      switch self {
      case .shared(let weights):
        weights.indices.filter { $0 + 1 == weights.count || weights[$0 + 1] != weights[$0] }.map { $0 + 1 }
      case .carried, .drawn: Array(1...count)
      }
    }
  }

  /// The curve; nil where the caller evaluates it.
  public let kernel: CurveKernel?
  /// The family's parameters, one column each, in the family's order.
  public let parameters: DrawMatrix
  /// One for each period.
  public let weights: Weights

  private let exposures: CarriedMedia
  private let bases: CarriedMedia
  /// Where runs end: periods in a row that are worth the same under every draw. At least one run, be it of no periods.
  private let runEnds: [Int]
  private var kept: Kept?

  /// Posterior draws: the rows of `parameters`.
  public var drawCount: Int { parameters.drawCount }
  /// Periods summed over: one for each of `weights`.
  public var periodCount: Int { exposures.count }
  /// Only the first so many periods have a base.
  public var basePeriodCount: Int { bases.count }

  private struct Kept: Sendable {
    let rows: Rows
    let power: Power?
  }

  /// Rows of some tiles, from the first.
  private struct Rows: Sendable {
    let exposure: AlignedBuffer
    let base: AlignedBuffer
    let weight: AlignedBuffer
    /// Numbers from one tile's weights to the next.
    let weightStride: Int
  }

  /// What depends on the period alone in a curve of a power of spend.
  struct Power: Sendable {
    let rows: AlignedBuffer
    /// The spend it was made for.
    let unit: Double
    /// Spend may be this much larger or smaller than the unit, as a logarithm, before a power could leave the numbers.
    let reach: Double
  }

  /// - Parameters:
  ///   - kernel: nil where the caller evaluates the curve.
  ///   - parameters: draws by parameters.
  ///   - weights: one per period.
  ///   - exposures: for each period the media that a unit of spend buys.
  ///   - bases: the same of media that are there without any spend, for the first so many periods.
  public init(
    kernel: CurveKernel?, parameters: DrawMatrix, weights: Weights, exposures: CarriedMedia, bases: CarriedMedia
  ) {
    precondition(
      exposures.count == weights.count && bases.count <= exposures.count, "A window for each of the periods.")
    precondition(
      [exposures.lagWeights, bases.lagWeights].allSatisfy { $0.drawCount == parameters.drawCount },
      "Parameters and lag weights have the same draws.")
    if case .drawn(let weights) = weights {
      precondition(weights.drawCount == parameters.drawCount, "Parameters and worths have the same draws.")
    }
    self.kernel = kernel
    self.parameters = parameters
    self.weights = weights
    self.exposures = exposures
    self.bases = bases
    runEnds = weights.count == 0 ? [0] : weights.runEnds
  }

  /// The memory that kept tiles take.
  public var keptBytes: Int {
    let powers = kernel?.exponent == nil ? 0 : periodCount - basePeriodCount
    let carriedWeights =
      switch weights {
      case .shared: 0
      case .carried, .drawn: periodCount
      }
    return parameters.stride * (periodCount + basePeriodCount + powers + carriedWeights) * MemoryLayout<Double>.stride
  }

  /// The same, its tiles computed now: evaluation is some times faster, and `keptBytes` are taken.
  public func keepingTiles() -> CurveTiles {
    let tileCount = parameters.stride / DrawMatrix.tileSize
    let rows = makeRows(tileCount: tileCount)
    unsafe fill(rows, tiles: 0..<tileCount, on: Loops.chosen)
    var tiles = self
    tiles.kept = Kept(rows: rows, power: power(rows))
    return tiles
  }

  /// Room for the rows of so many tiles; weights that all tiles share are written.
  private func makeRows(tileCount: Int) -> Rows {
    func buffer(_ periods: Int) -> AlignedBuffer {
      AlignedBuffer(count: tileCount * periods * DrawMatrix.tileSize, isZeroed: false)
    }
    let (exposure, base) = (buffer(periodCount), buffer(basePeriodCount))
    switch weights {
    case .carried, .drawn:
      return Rows(
        exposure: exposure, base: base, weight: buffer(periodCount), weightStride: periodCount * DrawMatrix.tileSize)
    case .shared(let weights):
      let weight = AlignedBuffer(count: runEnds.count * DrawMatrix.tileSize)
      for (run, end) in runEnds.enumerated() where end > 0 {
        for draw in 0..<DrawMatrix.tileSize {
          unsafe weight.start[run * DrawMatrix.tileSize + draw] = weights[end - 1]
        }
      }
      return Rows(exposure: exposure, base: base, weight: weight, weightStride: 0)
    }
  }

  private func fill(_ rows: Rows, tiles: Range<Int>, on loops: UnsafePointer<vc_loops>) {
    unsafe exposures.fill(rows.exposure.start, tiles: tiles, on: loops)
    unsafe bases.fill(rows.base.start, tiles: tiles, on: loops)
    switch weights {
    case .carried(let media): unsafe media.fill(rows.weight.start, tiles: tiles, on: loops)
    case .drawn(let weights): unsafe weights.fill(rows.weight.start, tiles: tiles)
    case .shared: break
    }
  }

  /// The kernels' view of some tiles whose rows start at `offset`, counted in tiles.
  private func withCell(
    _ rows: Rows, from offset: Int, tiles: Range<Int>, power: Power?, _ body: (UnsafePointer<vc_cell>) -> Void
  ) {
    let tile = DrawMatrix.tileSize
    unsafe runEnds.withUnsafeBufferPointer { ends in
      var cell = unsafe vc_cell(
        tiles: tiles.count, periods: periodCount, exposure: rows.exposure.start + offset * tile * periodCount,
        base_periods: basePeriodCount, base: rows.base.start + offset * tile * basePeriodCount,
        runs: ends.count, run_end: ends.baseAddress, weight: rows.weight.start + offset * rows.weightStride,
        weight_stride: rows.weightStride,
        parameter_stride: parameters.stride, parameters: parameters.storage.start + tiles.lowerBound * tile,
        power_unit: power?.unit ?? 1,
        power: power.map { unsafe UnsafePointer($0.rows.start) + offset * tile * (periodCount - basePeriodCount) })
      unsafe body(&cell)
    }
  }

  private func power(_ rows: Rows) -> Power? {
    guard let kernel, let exponent = kernel.exponent, periodCount > basePeriodCount, drawCount > 0,
      let fill = unsafe vc_power_of(Loops.chosen, kernel.family)
    else { return nil }
    // A spend in the middle of the first draw's curve is somewhere near the middle of all; a curve that is nothing but a
    // power has no middle, and any will do.
    let tile = DrawMatrix.tileSize
    let exposure = (basePeriodCount..<periodCount).map { unsafe rows.exposure.start[$0 * tile] }.max() ?? 0
    let unit = parameters[0, 1] / exposure
    let steepest = parameters.withColumn(exponent) { column in
      (0..<column.count).reduce(0) { max($0, column[$1]) }
    }
    guard unit > 0, unit.isFinite, steepest > 0, steepest.isFinite else { return nil }
    let power = Power(
      rows: AlignedBuffer(count: parameters.stride * (periodCount - basePeriodCount), isZeroed: false), unit: unit,
      // Half of the numbers' range each for the period's part and for the spend's.
      reach: 345 / steepest)
    unsafe withCell(rows, from: 0, tiles: 0..<parameters.stride / tile, power: nil) { cell in
      unsafe fill(cell, unit, power.rows.start)
    }
    return power
  }

  /// Media after carryover per unit of spend.
  public func exposure(draw: Int, period: Int) -> Double { exposures.value(draw: draw, period: period) }

  /// Media after carryover that history left.
  public func base(draw: Int, period: Int) -> Double {
    period < bases.count ? bases.value(draw: draw, period: period) : 0
  }

  /// What a unit of the curve is worth.
  public func weight(draw: Int, period: Int) -> Double { weights.value(draw: draw, period: period) }
}

// MARK: - Evaluation

extension CurveTiles {
  /// A cell to be evaluated at some spend, and the column that the result goes to.
  public struct Request: Sendable {
    /// Must have a kernel.
    public let tiles: CurveTiles
    /// At least 0.
    public let spend: Double
    /// Of the matrices that are written.
    public let column: Int

    public init(_ tiles: CurveTiles, at spend: Double, column: Int) {
      self.tiles = tiles
      self.spend = spend
      self.column = column
    }
  }

  /// `Σ_t weight[t] curve(base + spend · exposure)` for every draw into the request's column of `values`.
  public static func evaluate(_ requests: [Request], values: inout DrawMatrix) {
    unsafe run(requests, on: Loops.chosen, values: values.paddedStart(), slopes: nil, curvatures: nil)
  }

  /// The same, with the first derivative in `spend`.
  public static func evaluate(_ requests: [Request], values: inout DrawMatrix, slopes: inout DrawMatrix) {
    unsafe run(requests, on: Loops.chosen, values: values.paddedStart(), slopes: slopes.paddedStart(), curvatures: nil)
  }

  /// The same, with the first and second derivatives in `spend`.
  public static func evaluate(
    _ requests: [Request], values: inout DrawMatrix, slopes: inout DrawMatrix, curvatures: inout DrawMatrix
  ) {
    unsafe run(
      requests, on: Loops.chosen, values: values.paddedStart(), slopes: slopes.paddedStart(),
      curvatures: curvatures.paddedStart())
  }

  /// The same on an instruction set of a given name; false, with nothing written, where this processor lacks it.
  package static func evaluate(
    _ requests: [Request], on instructionSet: String, values: inout DrawMatrix, slopes: inout DrawMatrix,
    curvatures: inout DrawMatrix
  ) -> Bool {
    guard let loops = unsafe Loops.on(instructionSet) else { return false }
    unsafe run(
      requests, on: loops, values: values.paddedStart(), slopes: slopes.paddedStart(),
      curvatures: curvatures.paddedStart())
    return true
  }

  /// Draws that are one piece of work: 1,024.
  static let tilesPerPiece = 64
  /// Below this many terms, half a millisecond or so, other threads are not worth waking.
  static let threadedTerms = 500_000
  /// Draws whose tiles are computed together where they are not kept: their rows stay in the nearest cache.
  private static let tilesPerBlock = 8

  private static func run(
    _ requests: [Request], on loops: UnsafePointer<vc_loops>, values: UnsafeMutablePointer<Double>,
    slopes: UnsafeMutablePointer<Double>?, curvatures: UnsafeMutablePointer<Double>?
  ) {
    let pieces = requests.indices.flatMap { request in
      let tiles = requests[request].tiles.parameters.stride / DrawMatrix.tileSize
      return stride(from: 0, to: tiles, by: tilesPerPiece).map { (request, $0..<min($0 + tilesPerPiece, tiles)) }
    }
    // Each piece writes its own draws of its own column.
    nonisolated(unsafe) let (loops, values, slopes, curvatures) = unsafe (loops, values, slopes, curvatures)
    @Sendable func evaluate(_ piece: Int) {
      let (index, range) = pieces[piece]
      let request = requests[index]
      let offset = request.column * request.tiles.parameters.stride
      unsafe request.tiles.run(
        range, on: loops, at: request.spend, value: values + offset, slope: slopes.map { unsafe $0 + offset },
        curvature: curvatures.map { unsafe $0 + offset })
    }
    let terms = requests.reduce(0) { $0 + $1.tiles.parameters.stride * $1.tiles.periodCount }
    guard terms >= threadedTerms else {
      for piece in pieces.indices { evaluate(piece) }
      return
    }
    Parallel.perform(pieces.count, evaluate)
  }

  /// Some tiles of one cell. The outputs are those of the cell's whole column.
  private func run(
    _ tiles: Range<Int>, on loops: UnsafePointer<vc_loops>, at spend: Double, value: UnsafeMutablePointer<Double>,
    slope: UnsafeMutablePointer<Double>?, curvature: UnsafeMutablePointer<Double>?
  ) {
    guard let kernel, let curve = unsafe vc_curve_of(loops, kernel.family) else {
      preconditionFailure("A curve without a kernel is evaluated by its caller.")
    }
    let power = kept?.power.flatMap { abs(log(spend / $0.unit)) <= $0.reach ? $0 : nil }
    unsafe withCells(tiles, on: loops, power: power) { cell, first in
      unsafe curve(cell, spend, value + first, slope.map { unsafe $0 + first }, curvature.map { unsafe $0 + first })
    }
  }

  /// The kernels' view of some tiles, and the first draw of them: of all at once where tiles are kept, else of a few at a time.
  func withCells(
    _ tiles: Range<Int>, on loops: UnsafePointer<vc_loops>, power: Power?,
    _ body: (_ cell: UnsafePointer<vc_cell>, _ first: Int) -> Void
  ) {
    if let kept {
      unsafe withCell(kept.rows, from: tiles.lowerBound, tiles: tiles, power: power) { cell in
        unsafe body(cell, tiles.lowerBound * DrawMatrix.tileSize)
      }
      return
    }
    let rows = makeRows(tileCount: CurveTiles.tilesPerBlock)
    for start in stride(from: tiles.lowerBound, to: tiles.upperBound, by: CurveTiles.tilesPerBlock) {
      let block = start..<min(start + CurveTiles.tilesPerBlock, tiles.upperBound)
      unsafe fill(rows, tiles: block, on: loops)
      unsafe withCell(rows, from: 0, tiles: block, power: nil) { cell in
        unsafe body(cell, block.lowerBound * DrawMatrix.tileSize)
      }
    }
  }
}
