import Apportion
import Foundation

/// `Σ a log(1 + x)` on the simplex, whose optimum is known: slopes `a / (1 + x) = s` wherever x > 0.
struct WaterFilling: Objective {
  let a: [Double]
  let isSmooth = true

  var dimension: Int { a.count }

  func value(at x: [Double]) -> Double { zip(a, x).reduce(0) { $0 + $1.0 * log1p($1.1) } }

  func expansion(at x: [Double], smoothing: Double) -> Expansion {
    Expansion(
      value: value(at: x), gradient: zip(a, x).map { $0 / (1 + $1) },
      hessian: Matrix(diagonal: zip(a, x).map { -$0 / (1 + $1) / (1 + $1) }))
  }

  func localModel(at x: [Double]) -> (any LocalModel)? { nil }

  /// The smallest a is left dry until all that remain are wet.
  var optimum: [Double] {
    var wet = a.sorted(by: >)
    while true {
      let slope = wet.reduce(0, +) / (1 + Double(wet.count))
      guard let last = wet.last, last <= slope else { return a.map { max(0, $0 / slope - 1) } }
      wet.removeLast()
    }
  }
}
