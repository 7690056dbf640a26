import Foundation

/// `(1 − F(1)) (1 − F(2)) ⋯ (1 − F(l))`, F the Weibull distribution of scale λ and shape k: from lag to lag the share that is
/// kept changes with age, falling more and more.
///
/// PyMC-Marketing's `WeibullCDFAdstock`, from 1.3.0 on; Robyn's too.
public enum WeibullCDF: Carryover {
  public static let name = "weibull_cdf"
  public static let parameters = [ModelParameter("lam", .positive), ModelParameter("k", .positive)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    // 1 − F(i) is e^(−(i / λ)ᵏ).
    var exponent = 0.0
    for lag in 0..<weights.count {
      if lag > 0 { exponent += pow(Double(lag) / parameters[0], parameters[1]) }
      weights[lag] = exp(-exponent)
    }
  }
}
