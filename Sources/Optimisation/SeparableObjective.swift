public import NumericKernel

/// `U(r₀ + Σ_j r_j(x_j))`, U concave and each inner function a sum over variables: what can be bounded whatever the shapes of
/// the r_j.
public protocol SeparableObjective: CertifiableObjective {
  /// One variable's part of some inner functions at rising points, and how far it may be from the chords between them. The first
  /// of the functions is a whole number of tiles (`DrawMatrix.tileSize`) from the start.
  func chords(of variable: Int, at points: [Double], inner: Range<Int>) -> CurveChords
}

extension SeparableObjective {
  /// Of all inner functions.
  func chords(of variable: Int, at points: [Double]) -> CurveChords {
    chords(of: variable, at: points, inner: 0..<innerConstant.count)
  }
}
