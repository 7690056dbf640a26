import Foundation
import NumericKernel

/// How draws are spread: `Σ φ((x - d) / h) / (n h)`, a normal kernel of Silverman's width
/// `h = 0.9 · min(sd, IQR / 1.34) · n^(-1/5)` (Density Estimation, 1986, equation 3.31).
struct Density {
  /// Rising; of many draws so many, evenly by rank.
  private let draws: [Double]
  private let width: Double

  init(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    let step = max(1, sorted.count / Density.mostDraws)
    draws = stride(from: 0, to: sorted.count, by: step).map { sorted[$0] }
    guard let first = draws.first, let last = draws.last, last > first else {
      width = 0
      return
    }
    let count = Double(draws.count)
    let mean = draws.reduce(0) { $0 + $1 / count }
    let scale = last - first
    let variance = draws.reduce(0) { $0 + (($1 - mean) / scale) * (($1 - mean) / scale) } / (count - 1)
    let quartiles = draws[draws.count * 3 / 4] - draws[draws.count / 4]
    let spread = min(variance.squareRoot() * scale, quartiles > 0 ? quartiles / 1.34 : .infinity)
    width = 0.9 * spread * pow(count, -0.2)
  }

  private static let mostDraws = 4000

  /// Whether draws differ by more than a number can tell from their size.
  var isSpread: Bool {
    guard let first = draws.first, let last = draws.last, width > 0, (last - first).isFinite else { return false }
    return last - first > 1e-9 * max(abs(first), abs(last))
  }

  /// All but the outermost thousandth of draws on either side, and the kernel's reach.
  var range: ClosedRange<Double> {
    let out = draws.count / 1000
    return (draws[out] - 2.5 * width)...(draws[draws.count - 1 - out] + 2.5 * width)
  }

  /// At rising places.
  func values(at places: [Double]) -> [Double] {
    let reach = 6 * width
    var (start, end) = (0, 0)
    let unit = 1 / (Double(draws.count) * width * (2 * Double.pi).squareRoot())
    return places.map { place in
      while start < draws.count, draws[start] < place - reach { start += 1 }
      while end < draws.count, draws[end] <= place + reach { end += 1 }
      return unit
        * draws[start..<max(start, end)].reduce(0) { sum, draw in
          let distance = (place - draw) / width
          return sum + exp(-distance * distance / 2)
        }
    }
  }
}
