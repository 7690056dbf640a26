import ResponseModel
import Testing

@Suite struct CatalogueTests {
  @Test func `families are found by their names, and each name is one family's`() {
    for family in CarryoverCatalogue.families {
      #expect(CarryoverCatalogue.family(named: family.name).map { $0 == family } ?? false)
    }
    for family in SaturationCatalogue.families {
      #expect(SaturationCatalogue.family(named: family.name).map { $0 == family } ?? false)
    }
    #expect(CarryoverCatalogue.family(named: "hill") == nil && SaturationCatalogue.family(named: "geometric") == nil)
  }
}
