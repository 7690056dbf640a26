public import NumericKernel

/// `U(r₀ + Σ_j r_j(x_j))`, U concave and each inner function a sum over variables: what can be bounded whatever the shapes of
/// the r_j.
public protocol SeparableObjective: CertifiableObjective {
  /// r₀: one number per inner function.
  var innerConstant: [Double] { get }
  /// One variable's part of every inner function at rising points, and how far it may be from the chords between them.
  func chords(of variable: Int, at points: [Double]) -> CurveChords
}
