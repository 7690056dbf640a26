import Foundation

/// `(p[l] − min p) / (max p − min p)`, `p[l]` the density at `l + 1` of the Weibull distribution of scale λ and shape k: felt most
/// where the density is greatest, not at all where it is least in the window.
///
/// A window in which all densities are equal, as of one lag, feels all lags alike. PyMC-Marketing's `WeibullPDFAdstock`.
public enum WeibullPDF: Carryover {
  public static let name = "weibull_pdf"
  public static let parameters = [ModelParameter("lam", .positive), ModelParameter("k", .positive)]

  public static func fill(_ weights: inout MutableSpan<Double>, _ parameters: Span<Double>) {
    let k = parameters[1]
    // Only ratios matter, so that densities too small for a number still count: logarithms, less what all share.
    var greatest = -Double.infinity
    for lag in 0..<weights.count {
      let t = Double(lag + 1) / parameters[0]
      weights[lag] = (k - 1) * log(t) - pow(t, k)
      greatest = max(greatest, weights[lag])
    }
    guard greatest > -.infinity else {
      // Beyond all numbers even so: the density falls, and infinitely faster than from the first lag to the second.
      for lag in 0..<weights.count { weights[lag] = lag == 0 ? 1 : 0 }
      return
    }
    var least = 1.0
    for lag in 0..<weights.count {
      weights[lag] = exp(weights[lag] - greatest)
      least = min(least, weights[lag])
    }
    for lag in 0..<weights.count { weights[lag] = least < 1 ? (weights[lag] - least) / (1 - least) : 1 }
  }
}
