import CVectorCurves
import Foundation

/// What one cell's curve is fed under every draw: in period t, `base[d,t] + spend · exposure[d,t]`, each the draw's lag
/// weights times a window of media.
///
/// Both stand in tiles of `DrawMatrix.tileSize` draws, one row a period, as the kernels read them: computed once where they are
/// kept, else a few tiles at a time whenever the curve is evaluated.
public struct CurveTiles: Sendable {
  /// The curve.
  public let kernel: CurveKernel?
  /// What a unit of the curve is worth, by period.
  public let weights: [Double]
  /// The family's parameters, one column each, in the family's order.
  public let parameters: DrawMatrix
  /// Draws by lags, from lag 0.
  public let lagWeights: DrawMatrix

  private let exposures: Windows
  private let bases: Windows
  private let runs: Runs
  private let kept: Kept?

  /// Posterior draws: the rows of `parameters`.
  public var drawCount: Int { parameters.drawCount }
  /// Periods summed over: one for each of `weights`.
  public var periodCount: Int { weights.count }
  /// Only the first so many periods have a base.
  public var basePeriodCount: Int { bases.count }

  /// For each period the media of each lag, in one row after another.
  private struct Windows: Sendable {
    let count: Int
    let media: [Double]
  }

  /// Periods in a row of the same weight; at least one run, be it of no periods.
  private struct Runs: Sendable {
    var ends: [Int] = []
    var weights: [Double] = []

    init(_ periods: [Double]) {
      for (period, weight) in periods.enumerated() {
        if weights.last == weight {
          ends[ends.count - 1] = period + 1
        } else {
          ends.append(period + 1)
          weights.append(weight)
        }
      }
      if ends.isEmpty { (ends, weights) = ([0], [0]) }
    }
  }

  private struct Kept: Sendable {
    let exposure: AlignedBuffer
    let base: AlignedBuffer
    let power: Power?
  }

  /// What depends on the period alone in a curve of a power of spend.
  private struct Power: Sendable {
    let rows: AlignedBuffer
    /// The spend it was made for.
    let unit: Double
    /// Spend may be this much larger or smaller than the unit, as a logarithm, before a power could leave the numbers.
    let reach: Double
  }

  /// - Parameters:
  ///   - kernel: nil where the caller evaluates the curve.
  ///   - weights: one per period.
  ///   - parameters: draws by parameters.
  ///   - lagWeights: draws by lags, the same draws.
  ///   - exposures: by period, then by lag: the media that a unit of spend buys so many periods before.
  ///   - bases: the same of media that are there without any spend, for the first so many periods.
  ///   - isKept: whether the tiles are computed now, and kept: `keptBytes`.
  public init(
    kernel: CurveKernel?, weights: [Double], parameters: DrawMatrix, lagWeights: DrawMatrix, exposures: [[Double]],
    bases: [[Double]], isKept: Bool
  ) {
    precondition(exposures.count == weights.count && bases.count <= weights.count, "A window for each of the periods.")
    precondition(parameters.drawCount == lagWeights.drawCount, "Parameters and lag weights have the same draws.")
    precondition(
      (exposures + bases).allSatisfy { $0.count == lagWeights.columnCount }, "A window has a number for each lag.")
    self.kernel = kernel
    self.weights = weights
    self.parameters = parameters
    self.lagWeights = lagWeights
    self.exposures = Windows(count: exposures.count, media: exposures.flatMap { $0 })
    self.bases = Windows(count: bases.count, media: bases.flatMap { $0 })
    runs = Runs(weights)
    guard isKept else {
      kept = nil
      return
    }
    let exposure = AlignedBuffer(count: parameters.stride * exposures.count, isZeroed: false)
    let base = AlignedBuffer(count: parameters.stride * bases.count, isZeroed: false)
    let tiles = 0..<parameters.stride / DrawMatrix.tileSize
    unsafe CurveTiles.carry(lagWeights, self.exposures, tiles, on: Loops.chosen, into: exposure.start)
    unsafe CurveTiles.carry(lagWeights, self.bases, tiles, on: Loops.chosen, into: base.start)
    let plain = Kept(exposure: exposure, base: base, power: nil)
    kept = Kept(
      exposure: exposure, base: base, power: CurveTiles.power(kernel, weights, parameters, plain, bases.count))
  }

  /// The memory that kept tiles of such a cell take.
  public static func keptBytes(
    kernel: CurveKernel?, parameters: DrawMatrix, periodCount: Int, basePeriodCount: Int
  ) -> Int {
    let powers = kernel?.exponent == nil ? 0 : periodCount - basePeriodCount
    return parameters.stride * (periodCount + basePeriodCount + powers) * MemoryLayout<Double>.stride
  }

  private static func carry(
    _ lagWeights: DrawMatrix, _ windows: Windows, _ tiles: Range<Int>, on loops: UnsafePointer<vc_loops>,
    into out: UnsafeMutablePointer<Double>
  ) {
    var carryover = unsafe vc_carryover(
      tiles: tiles.count, lags: lagWeights.columnCount, stride: lagWeights.stride,
      weights: lagWeights.storage.start + tiles.lowerBound * DrawMatrix.tileSize)
    unsafe windows.media.withUnsafeBufferPointer { media in
      guard let media = media.baseAddress else { return }
      unsafe loops.pointee.carry(&carryover, media, windows.count, out)
    }
  }

  private static func power(
    _ kernel: CurveKernel?, _ weights: [Double], _ parameters: DrawMatrix, _ kept: Kept, _ basePeriodCount: Int
  ) -> Power? {
    guard let kernel, let exponent = kernel.exponent, weights.count > basePeriodCount, parameters.drawCount > 0,
      let fill = unsafe vc_power_of(Loops.chosen, kernel.family)
    else { return nil }
    // A spend in the middle of the first draw's curve is somewhere near the middle of all.
    let tile = DrawMatrix.tileSize
    let exposure = (basePeriodCount..<weights.count).map { unsafe kept.exposure.start[$0 * tile] }.max() ?? 0
    let unit = parameters[0, 1] / exposure
    let steepest = parameters.withColumn(exponent) { column in
      (0..<column.count).reduce(0) { max($0, column[$1]) }
    }
    guard unit > 0, unit.isFinite, steepest > 0, steepest.isFinite else { return nil }
    let rows = AlignedBuffer(count: parameters.stride * (weights.count - basePeriodCount), isZeroed: false)
    var cell = unsafe vc_cell(
      tiles: parameters.stride / tile, periods: weights.count, exposure: kept.exposure.start,
      base_periods: basePeriodCount, base: kept.base.start, runs: 0, run_end: nil, run_weight: nil,
      parameter_stride: parameters.stride, parameters: parameters.storage.start, power_unit: unit, power: nil)
    unsafe fill(&cell, unit, rows.start)
    // Half of the numbers' range each for the period's part and for the spend's.
    return Power(rows: rows, unit: unit, reach: 345 / steepest)
  }

  /// Media after carryover per unit of spend.
  public func exposure(draw: Int, period: Int) -> Double { carried(exposures, draw, period) }

  /// Media after carryover that history left.
  public func base(draw: Int, period: Int) -> Double { period < bases.count ? carried(bases, draw, period) : 0 }

  private func carried(_ windows: Windows, _ draw: Int, _ period: Int) -> Double {
    precondition(period >= 0 && period < windows.count, "No such period.")
    return (0..<lagWeights.columnCount).reduce(0) {
      $0 + windows.media[period * lagWeights.columnCount + $1] * lagWeights[draw, $1]
    }
  }
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
  private static let tilesPerPiece = 64
  /// Below this many terms, half a millisecond or so, other threads are not worth waking.
  private static let threadedTerms = 500_000
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
    func evaluate(
      _ tiles: Range<Int>, _ exposure: UnsafePointer<Double>, _ base: UnsafePointer<Double>,
      _ power: UnsafePointer<Double>?
    ) {
      let first = tiles.lowerBound * DrawMatrix.tileSize
      unsafe runs.ends.withUnsafeBufferPointer { ends in
        unsafe runs.weights.withUnsafeBufferPointer { weights in
          var cell = unsafe vc_cell(
            tiles: tiles.count, periods: periodCount, exposure: exposure, base_periods: basePeriodCount, base: base,
            runs: ends.count, run_end: ends.baseAddress, run_weight: weights.baseAddress,
            parameter_stride: parameters.stride, parameters: parameters.storage.start + first,
            power_unit: kept?.power?.unit ?? 1, power: power)
          unsafe curve(
            &cell, spend, value + first, slope.map { unsafe $0 + first }, curvature.map { unsafe $0 + first })
        }
      }
    }
    let tile = DrawMatrix.tileSize
    if let kept {
      let first = tiles.lowerBound * tile
      let power = kept.power.flatMap { abs(log(spend / $0.unit)) <= $0.reach ? $0.rows : nil }
      unsafe evaluate(
        tiles, kept.exposure.start + first * periodCount, kept.base.start + first * basePeriodCount,
        power.map { unsafe UnsafePointer($0.start) + first * (periodCount - basePeriodCount) })
      return
    }
    let exposure = AlignedBuffer(count: CurveTiles.tilesPerBlock * tile * periodCount, isZeroed: false)
    let base = AlignedBuffer(count: CurveTiles.tilesPerBlock * tile * basePeriodCount, isZeroed: false)
    for start in stride(from: tiles.lowerBound, to: tiles.upperBound, by: CurveTiles.tilesPerBlock) {
      let block = start..<min(start + CurveTiles.tilesPerBlock, tiles.upperBound)
      unsafe CurveTiles.carry(lagWeights, exposures, block, on: loops, into: exposure.start)
      unsafe CurveTiles.carry(lagWeights, bases, block, on: loops, into: base.start)
      unsafe evaluate(block, exposure.start, base.start, nil)
    }
  }
}
