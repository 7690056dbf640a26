import CVectorCurves

/// The curve families that have a vector kernel; each sums the family's curve over the periods of one cell.
public enum CurveKernel: Sendable {
  /// `β (1 − e⁻ᵘ) / (1 + e⁻ᵘ)`, `u = λ x`; parameters β, λ.
  case logistic
  /// `β (1 − e⁻ᵘ)`, `u = λ x`; parameters β, λ.
  case exponential
  /// `σ / (1 + e^(c − u)) − σ / (1 + eᶜ)`, `u = β x`, `c = β λ`; parameters σ, β, λ.
  case hillSigmoid
  /// `α u / (1 + u)`, `u = x / λ`; parameters α, λ.
  case michaelisMenten
  /// `β log(1 + x)`; parameter β.
  case log
  /// `β x`; parameter β.
  case linear
  /// `β uⁿ / (1 + uⁿ)`, `u = x / κ`; parameters β, κ, n.
  case hill
  /// `β xᵅ`; parameters β, α.
  case root

  var family: vc_family {
    switch self {
    case .logistic: vc_logistic
    case .exponential: vc_exponential
    case .hillSigmoid: vc_hill_sigmoid
    case .michaelisMenten: vc_michaelis_menten
    case .log: vc_log
    case .linear: vc_linear
    case .hill: vc_hill
    case .root: vc_root
    }
  }

  /// For a curve of a power of spend, the parameter that is the exponent.
  var exponent: Int? {
    switch self {
    case .logistic, .exponential, .hillSigmoid, .michaelisMenten, .log, .linear: nil
    case .hill: 2
    case .root: 1
    }
  }

  /// The instruction set that kernels run on here: the widest that the processor has, or the one that the environment
  /// variable APPORTION_INSTRUCTION_SET named when the program began.
  public static var instructionSet: String { unsafe String(cString: Loops.chosen.pointee.name) }
}

/// The loops of one instruction set.
enum Loops {
  static var chosen: UnsafePointer<vc_loops> {
    guard let loops = unsafe vc_loops_on(nil) else { preconditionFailure("Every processor has the baseline.") }
    return unsafe loops
  }

  /// Nil where this processor lacks the set.
  static func on(_ instructionSet: String) -> UnsafePointer<vc_loops>? { unsafe vc_loops_on(instructionSet) }
}
