import CVectorCurves

/// The curve families that have a vector kernel; each sums the family's curve over the periods of one cell.
public enum CurveKernel: Sendable {
  /// `β (1 − e⁻ᵘ) / (1 + e⁻ᵘ)`, `u = λ x`; parameters β, λ.
  case logistic

  var family: vc_family {
    switch self {
    case .logistic: vc_logistic
    }
  }

  /// The instruction set that kernels run on here: the widest that the processor has, or the one that the environment
  /// variable APPORTION_INSTRUCTION_SET named when the program began.
  public static var instructionSet: String { unsafe String(cString: vc_instruction_set()) }
}

/// What one cell's curve is fed under every draw: in period t, `base[d,t] + spend · exposure[d,t]`.
///
/// Numbers stand in tiles of `DrawMatrix.tileSize` draws, one row a period, as the kernels read them.
public struct CurveTiles: Sendable {
  /// Posterior draws: the rows of `parameters`.
  public let drawCount: Int
  /// Periods summed over: one for each of `weights`.
  public let periodCount: Int
  /// Only the first so many periods have a base.
  public let basePeriodCount: Int
  /// What a unit of the curve is worth, by period.
  public let weights: [Double]
  /// The family's parameters, one column each, in the family's order.
  public let parameters: DrawMatrix
  private let exposure: AlignedBuffer
  private let base: AlignedBuffer

  /// `exposure(draw, into: row)` writes one number per period, `base` one per base period; both are called once per draw.
  public init(
    weights: [Double], parameters: DrawMatrix, basePeriodCount: Int,
    exposure fillExposure: (_ draw: Int, _ row: inout MutableSpan<Double>) -> Void,
    base fillBase: (_ draw: Int, _ row: inout MutableSpan<Double>) -> Void
  ) {
    precondition(basePeriodCount >= 0 && basePeriodCount <= weights.count, "A base period is one of the periods.")
    drawCount = parameters.drawCount
    periodCount = weights.count
    self.basePeriodCount = basePeriodCount
    self.weights = weights
    self.parameters = parameters
    exposure = AlignedBuffer(count: parameters.stride * weights.count)
    base = AlignedBuffer(count: parameters.stride * basePeriodCount)
    CurveTiles.fill(exposure, drawCount: drawCount, periodCount: periodCount, from: fillExposure)
    CurveTiles.fill(base, drawCount: drawCount, periodCount: basePeriodCount, from: fillBase)
  }

  private static func fill(
    _ buffer: AlignedBuffer, drawCount: Int, periodCount: Int, from write: (Int, inout MutableSpan<Double>) -> Void
  ) {
    guard periodCount > 0 else { return }
    var row = [Double](repeating: 0, count: periodCount)
    for draw in 0..<drawCount {
      var span = row.mutableSpan
      write(draw, &span)
      for period in 0..<periodCount { unsafe buffer.start[position(draw, period, periodCount)] = row[period] }
    }
  }

  private static func position(_ draw: Int, _ period: Int, _ periodCount: Int) -> Int {
    let tile = DrawMatrix.tileSize
    return (draw / tile * periodCount + period) * tile + draw % tile
  }

  /// Media after carryover per unit of spend.
  public func exposure(draw: Int, period: Int) -> Double {
    precondition(draw >= 0 && draw < drawCount && period >= 0 && period < periodCount, "No such draw or period.")
    return unsafe exposure.start[CurveTiles.position(draw, period, periodCount)]
  }

  /// Media after carryover that history left.
  public func base(draw: Int, period: Int) -> Double {
    precondition(draw >= 0 && draw < drawCount && period >= 0 && period < periodCount, "No such draw or period.")
    guard period < basePeriodCount else { return 0 }
    return unsafe base.start[CurveTiles.position(draw, period, basePeriodCount)]
  }

  /// `Σ_t weight[t] curve(base + spend · exposure)` for every draw into one column of `values`, and, where given, the first
  /// and second derivative in `spend` into the same column of `slopes` and `curvatures`.
  public func evaluate(_ kernel: CurveKernel, at spend: Double, column: Int, values: inout DrawMatrix) {
    _ = unsafe run(kernel, on: nil, spend, values.paddedColumn(column), nil, nil)
  }

  /// Values, slopes and curvatures, as above: one per draw, each into its matrix's column.
  public func evaluate(
    _ kernel: CurveKernel, at spend: Double, column: Int, values: inout DrawMatrix, slopes: inout DrawMatrix,
    curvatures: inout DrawMatrix
  ) {
    evaluate(
      kernel, on: nil, at: spend, column: column, values: &values, slopes: &slopes, curvatures: &curvatures)
  }

  /// The same on an instruction set of a given name; false, with nothing written, where this processor lacks it.
  @discardableResult
  package func evaluate(
    _ kernel: CurveKernel, on instructionSet: String?, at spend: Double, column: Int, values: inout DrawMatrix,
    slopes: inout DrawMatrix, curvatures: inout DrawMatrix
  ) -> Bool {
    unsafe run(
      kernel, on: instructionSet, spend, values.paddedColumn(column), slopes.paddedColumn(column),
      curvatures.paddedColumn(column))
  }

  private func run(
    _ kernel: CurveKernel, on instructionSet: String?, _ spend: Double, _ value: UnsafeMutablePointer<Double>,
    _ slope: UnsafeMutablePointer<Double>?, _ curvature: UnsafeMutablePointer<Double>?
  ) -> Bool {
    guard let curve = unsafe vc_body(kernel.family, instructionSet) else { return false }
    unsafe withCell { cell in unsafe curve(cell, spend, value, slope, curvature) }
    return true
  }

  private func withCell(_ body: (UnsafePointer<vc_cell>) -> Void) {
    unsafe weights.withUnsafeBufferPointer { weights in
      var cell = unsafe vc_cell(
        tiles: parameters.stride / DrawMatrix.tileSize, periods: periodCount, exposure: exposure.start,
        base_periods: basePeriodCount, base: base.start, weight: weights.baseAddress,
        parameter_stride: parameters.stride, parameters: parameters.storage.start)
      unsafe body(&cell)
    }
  }
}
