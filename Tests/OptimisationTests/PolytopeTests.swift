import Optimisation
import TestSupport
import Testing

@Suite struct PolytopeTests {
  @Test func `The nearest point of the simplex is known`() throws {
    // From (1, 0.6, -1): (1 + 0.6 - 1) / 2 = 0.3 is taken from the first two, the third stays at 0.
    let x = try #require(simplex(3).projection(of: [1, 0.6, -1]))
    #expect(isClose(x, [0.7, 0.3, 0]))
    #expect(x[2] == 0)
    #expect(x.reduce(0, +) == 1)
  }

  @Test func `A point inside is its own projection`() throws {
    let inside = [0.125, 0.375, 0.5]
    #expect(try #require(simplex(3).projection(of: inside)) == inside)
    #expect(simplex(3).violation(at: inside) == 0)
    #expect(simplex(3).contains(inside))
  }

  @Test func `What is missed is measured as a distance`() {
    // The plane a + b + c = 1 is 2 / √3 from (1, 1, 1); the bound 1 is 0.5 from 1.5.
    #expect(abs(simplex(3).violation(at: [1, 1, 1]) - 2 / 3.0.squareRoot()) < 1e-15)
    #expect(Polytope(lower: [0], upper: [1], rows: []).violation(at: [1.5]) == 0.5)
    #expect(!simplex(3).contains([0.5, 0.5, 1e-6]))
    #expect(simplex(3).contains([0.5, 0.5, 1e-10]))
  }

  @Test func `An empty polytope has no point`() {
    let empty = box([0, 0], [1, 1], ([1, 1], 3, 4))
    #expect(empty.projection(of: [0, 0]) == nil)
  }

  @Test func `The only point is found although its bounds sum to the budget but for rounding`() throws {
    let upper = [0.1, 0.2, 0.3, 0.15, 0.25]
    let polytope = box([0, 0, 0, 0, 0], upper, ([1, 1, 1, 1, 1], 1, 1))
    #expect(try #require(polytope.projection(of: upper.map { $0 / 2 })) == upper)
  }

  @Test(arguments: 0..<50) func `A projection is inside, and nearer than other points inside`(seed: Int) throws {
    var random = Xorshift(seed: UInt64(seed) + 11)
    let polytope = randomProgram(&random).polytope
    let far = polytope.lower.map { $0 + random.uniform(-3, 3) }
    let nearest = try #require(polytope.projection(of: far))
    #expect(polytope.contains(nearest, tolerance: 1e-12))
    func distance(_ x: [Double]) -> Double { zip(x, far).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    for _ in 0..<10 {
      let other = try #require(polytope.projection(of: polytope.lower.map { $0 + random.uniform(-3, 3) }))
      #expect(distance(nearest) <= distance(other) + 1e-9)
    }
  }
}
