public import NumericKernel
public import Optimisation

/// An objective whose parts fail at some points, while its value stays what it is: a search may go astray, a bound may not.
///
/// Whether a point is one of them depends on its digits alone, so that the same search fails in the same places.
public struct FailingObjective: SeparableObjective {
  /// What fails.
  public enum Fault: CaseIterable, Sendable {
    /// Gradients and Hessians that are not numbers.
    case notNumbers
    /// Gradients that point downhill, and Hessians that bend up.
    case wrongDerivatives
    /// No model of the neighbourhood.
    case noModel
    /// No cut of the outer function.
    case noCut
    /// Cuts whose weights are not numbers.
    case wrongCut
    /// Intervals of which nobody says how far the inner functions may be above their chords.
    case unknownChords
  }

  public let base: any SeparableObjective
  public var fault: Fault?
  /// Of points.
  public var share = 0.4

  public init(_ base: any SeparableObjective, fault: Fault?) {
    self.base = base
    self.fault = fault
  }

  private func fails(at x: [Double]) -> Bool {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for number in x { state = (state ^ number.bitPattern) &* 0xBF58_476D_1CE4_E5B9 }
    state ^= state >> 31
    return Double(state >> 11) * 0x1p-53 < share
  }

  public var dimension: Int { base.dimension }
  public var isSmooth: Bool { base.isSmooth }
  public var hasConcaveInner: Bool { base.hasConcaveInner }
  public var innerConstant: [Double] { base.innerConstant }

  public func value(at x: [Double]) -> Double { base.value(at: x) }

  public func expansion(at x: [Double], smoothing: Double) -> Expansion {
    var expansion = base.expansion(at: x, smoothing: smoothing)
    guard fails(at: x) else { return expansion }
    switch fault {
    case .notNumbers:
      expansion.gradient = expansion.gradient.map { _ in .nan }
      expansion.hessian = .nan * expansion.hessian
    case .wrongDerivatives:
      expansion.gradient = expansion.gradient.map { -$0 }
      expansion.hessian = Matrix(diagonal: [Double](repeating: 1e3, count: dimension))
    case .noModel, .noCut, .wrongCut, .unknownChords, nil: break
    }
    return expansion
  }

  public func localModel(at x: [Double]) -> (any LocalModel)? {
    fault == .noModel && fails(at: x) ? nil : base.localModel(at: x)
  }

  public func inner(at x: [Double]) -> (values: [Double], slopes: DrawMatrix) { base.inner(at: x) }

  public func chords(of variable: Int, at points: [Double], inner: Range<Int>) -> CurveChords {
    var chords = base.chords(of: variable, at: points, inner: inner)
    guard fault == .unknownChords else { return chords }
    for k in points.indices.dropLast() where fails(at: [points[k], points[k + 1]]) {
      chords.above[0, k] = .nan
    }
    return chords
  }

  public func outerCut(at inner: [Double]) -> OuterCut? {
    guard fault == .noCut || fault == .wrongCut, fails(at: inner) else { return base.outerCut(at: inner) }
    guard fault == .wrongCut, var cut = base.outerCut(at: inner) else { return nil }
    cut.weights[0] = .nan
    return cut
  }
}
