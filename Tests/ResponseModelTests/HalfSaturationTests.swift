import NumericKernel
import ResponseModel
import Testing

@Suite struct HalfSaturationTests {
  /// Families with the parameters, their ceiling and nothing below.
  static let families: [(any Saturation.Type, [Double], ceiling: Double)] = [
    (Hill.self, [3, 2, 1.7], 3), (Logistic.self, [3, 0.4], 3), (Exponential.self, [3, 0.4], 3),
    (MichaelisMenten.self, [3, 2], 3),
  ]

  @Test func `at its half-saturation a curve has half of its ceiling`() throws {
    for (family, parameters, ceiling) in Self.families {
      let half = family.halfSaturation(parameters.span)
      let media = try #require(half)
      // A few roundings of a logarithm and its exponential.
      #expect(abs(family.point(at: media, parameters.span).value - ceiling / 2) <= 1e-14 * ceiling, "\(family.name)")
    }
    let flat = [3.0, 0]
    let halves = [Logistic.halfSaturation(flat.span), Exponential.halfSaturation(flat.span)]
    #expect(halves == [nil, nil])
  }

  @Test func `a curve turns where its curvature changes sign, and nowhere if that is at nothing`() {
    for family in SaturationCatalogue.families where !(family is any DerivedSaturation.Type) {
      let parameters = family.parameters.map { _ in 0.6 }
      let turn = family.inflection(parameters.span)
      for media in stride(from: 0.05, through: 6, by: 0.05) {
        let bend = family.point(at: media, parameters.span).curvature
        // Next to where it turns its sign is rounding's.
        if media > turn + 1e-6 { #expect(bend <= 1e-12, "\(family.name) at \(media)") }
        if media < turn - 1e-6 { #expect(bend > 0, "\(family.name) at \(media)") }
      }
    }
  }
}
