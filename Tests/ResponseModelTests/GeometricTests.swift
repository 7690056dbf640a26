import ResponseModel
import TestSupport
import Testing

struct GeometricTests {
  @Test func `Geometric weights keep the promises of a carryover`() {
    expectCarryover(Geometric.self, parameters: [[0], [0.3], [0.99], [1]])
  }

  @Test func `Geometric weights at hand-computed retentions`() {
    // A half: 1, 1/2, 1/4, 1/8. Nothing retained: only the period itself, 0⁰ being 1.
    var weights = [Double](repeating: .nan, count: 4)
    var span = weights.mutableSpan
    Geometric.fill(&span, [0.5].span)
    #expect(weights == [1, 0.5, 0.25, 0.125])
    span = weights.mutableSpan
    Geometric.fill(&span, [0.0].span)
    #expect(weights == [1, 0, 0, 0])
  }
}
