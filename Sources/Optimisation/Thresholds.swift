import NumericKernel

// Variables that are at their lower bound or no lower than a threshold.

extension Polytope {
  /// The variables that leave something out.
  var gaps: [Int] { thresholds.indices.filter { thresholds[$0] > lower[$0] } }

  /// Whether a variable is nearer to its threshold than to its lower bound.
  func isOn(_ j: Int, at x: [Double]) -> Bool { 2 * x[j] > lower[j] + thresholds[j] }

  /// The part in which a variable is at its lower bound, or no lower than its threshold.
  func part(_ j: Int, isOn: Bool) -> Polytope {
    var part = self
    if isOn { part.lower[j] = thresholds[j] } else { part.upper[j] = lower[j] }
    part.thresholds[j] = part.lower[j]
    return part
  }

  /// The part that nothing is left out of, and that a point of the polytope lies in.
  public func part(around x: [Double]) -> Polytope {
    gaps.reduce(self) { $0.part($1, isOn: isOn($1, at: x)) }
  }

  /// Parts looked at before the polytope is taken to be empty.
  private static let partLimit = 20_000

  /// A point near to `x`: the nearer side of each gap first, of the widest missed gap first of all.
  func projectionAside(of x: [Double]) -> [Double]? {
    var open = [self]
    for _ in 0..<Polytope.partLimit {
      guard let part = open.popLast() else { return nil }
      guard let y = part.connectedProjection(of: x) else { continue }
      func missed(_ j: Int) -> Double { min(y[j] - part.lower[j], part.thresholds[j] - y[j]) }
      guard let widest = part.gaps.filter({ missed($0) > 0 }).max(by: { missed($0) < missed($1) }) else { return y }
      // Where x itself does not say, or is not what it comes to.
      let isOn = part.isOn(widest, at: y)
      open += [part.part(widest, isOn: !isOn), part.part(widest, isOn: isOn)]
    }
    return nil
  }
}
