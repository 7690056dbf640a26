/// A benchmark that answers wrongly is no benchmark: stops where the two differ by more than rounding, relative to the
/// expected number, or to `size` where that came of larger ones.
public func expect(
  _ found: Double, near expected: Double, within tolerance: Double = 1e-12, of size: Double? = nil, _ what: String
) {
  precondition(
    abs(found - expected) <= tolerance * (size ?? abs(expected)), "\(what): expected \(expected), found \(found)")
}
