/// A benchmark that answers wrongly is no benchmark: stops where the two differ by more than rounding, relative to the
/// expected number.
public func expect(_ found: Double, near expected: Double, within tolerance: Double = 1e-12, _ what: String) {
  precondition(
    abs(found - expected) <= tolerance * abs(expected), "\(what): expected \(expected), found \(found)")
}
