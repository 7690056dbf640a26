import NumericKernel

/// `a · b`.
func dot(_ a: [Double], _ b: [Double]) -> Double { NumericKernel.dot(a.span, b.span) }

/// The largest absolute value; 0 of nothing.
func magnitude(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }

// By name: `+` joins arrays.
extension [Double] {
  static func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

  func plus(_ other: [Double]) -> [Double] { zip(self, other).map { $0 + $1 } }

  func minus(_ other: [Double]) -> [Double] { zip(self, other).map { $0 - $1 } }

  func scaled(by factor: Double) -> [Double] { map { factor * $0 } }
}

extension Matrix {
  var diagonal: [Double] { (0..<rowCount).map { self[$0, $0] } }
}
