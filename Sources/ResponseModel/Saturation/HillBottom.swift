/// `bottom + (top − bottom) xⁿ / (kⁿ + xⁿ)`: from bottom at no media to top, half way at `x = k`; S-shaped for n > 1.
///
/// DeepCausalMMM's Hill curve, with `saturation` for k. The bottom is paid in every period, at no spend too: it belongs to the
/// response and is not incremental.
public enum HillBottom: DerivedSaturation {
  public typealias Base = Hill
  public static let name = "hill_bottom"
  public static let parameters = [
    ModelParameter("top", .real), ModelParameter("bottom", .real), ModelParameter("saturation", .positive),
    ModelParameter("slope", .positive),
  ]

  public static func baseParameters(_ parameters: Span<Double>) -> [Double] {
    [parameters[0] - parameters[1], parameters[2], parameters[3]]
  }

  public static func bottom(_ parameters: Span<Double>) -> Double { parameters[1] }
}
