import CVectorCurves

/// Up to three sums of the same four columns of draws, each with its own coefficients: what interpolation between rows of a
/// table comes to.
public struct RowCombination: Sendable {
  /// For each sum, four coefficients.
  public var values: [Double]
  /// As `values`.
  public var slopes: [Double]
  /// As `values`.
  public var curvatures: [Double]

  /// Four coefficients each.
  public init(values: [Double], slopes: [Double], curvatures: [Double]) {
    precondition(values.count == 4 && slopes.count == 4 && curvatures.count == 4, "Four coefficients for each sum.")
    self.values = values
    self.slopes = slopes
    self.curvatures = curvatures
  }

  /// Writes column `column` of `out` as the sum of the only columns of the four rows.
  public func combine(_ rows: [DrawMatrix], into out: inout DrawMatrix, column: Int) {
    let offset = column * out.stride
    unsafe run(rows, count: out.stride, out.paddedStart() + offset, nil, nil)
  }

  /// The same for all three sums.
  public func combine(
    _ rows: [DrawMatrix], into values: inout DrawMatrix, _ slopes: inout DrawMatrix, _ curvatures: inout DrawMatrix,
    column: Int
  ) {
    let offset = column * values.stride
    unsafe run(
      rows, count: values.stride, values.paddedStart() + offset, slopes.paddedStart() + offset,
      curvatures.paddedStart() + offset)
  }

  private func run(
    _ rows: [DrawMatrix], count: Int, _ value: UnsafeMutablePointer<Double>, _ slope: UnsafeMutablePointer<Double>?,
    _ curvature: UnsafeMutablePointer<Double>?
  ) {
    precondition(rows.count == 4 && rows.allSatisfy { $0.stride == count }, "Four rows of the draws that are written.")
    let starts = unsafe rows.map { unsafe UnsafePointer<Double>?($0.storage.start) }
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe (values + slopes + curvatures).withUnsafeBufferPointer { coefficients in
        unsafe Loops.chosen.pointee.combine(
          starts.baseAddress, coefficients.baseAddress, count, value, slope, curvature)
      }
    }
  }
}
