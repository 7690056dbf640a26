import Optimisation
import Testing

@Suite struct SparseReductionTests {
  private typealias Row = SparsePolytope.Row

  private func polytope(_ upper: [Double], _ rows: [Row]) -> SparsePolytope {
    SparsePolytope(lower: [Double](repeating: 0, count: upper.count), upper: upper, rows: rows)
  }

  @Test func `what rows leave no room stands where they leave it`() throws {
    // x₁ ≤ x₀ = 0 is at its lower bound, x₂ ≥ x₃ = 1 at its upper one, and x₄ = 1 − 0.25 between them; x₅ is free.
    let limits = SparsePolytope(
      lower: [0, 0, 0, 1, 0, 0, 0.25], upper: [0, 1, 1, 1, 1, 2, 0.25],
      rows: [
        Row(label: "ramp", places: [1, 0], coefficients: [1, -1], lower: -.infinity, upper: 0),
        Row(label: "floor", places: [2, 3], coefficients: [1, -1], lower: 0, upper: .infinity),
        Row(label: "sum", places: [4, 6], coefficients: [1, 1], lower: 1, upper: 1),
      ])
    let reduced = try #require(limits.reduced())
    #expect(reduced.lower == reduced.lower.indices.map { [0, 0, 1, 1, reduced.upper[4], 0, 0.25][$0] })
    #expect(reduced.upper[1] == 0 && reduced.upper[2] == 1 && reduced.upper[5] == 2)
    // Between its bounds to rounding.
    #expect(abs(reduced.upper[4] - 0.75) <= 1e-11 && reduced.rows == limits.rows)
  }

  @Test func `what leaves room is left as it is`() throws {
    let limits = polytope([1, 1], [Row(label: "sum", places: [0, 1], coefficients: [1, 1], lower: 0.5, upper: 1.5)])
    #expect(try #require(limits.reduced()) == limits)
    // A thousandth of room is room.
    let tight = polytope([1, 1e-3], [Row(label: "ramp", places: [1], coefficients: [1], lower: 0, upper: 1)])
    #expect(try #require(tight.reduced()) == tight)
  }

  @Test func `limits that leave nothing are seen, one after the other`() {
    // x₀ ≤ 0.2 and x₁ ≤ x₀ leave x₁ + x₀ no 0.5.
    let limits = polytope(
      [0.2, 1],
      [
        Row(label: "ramp", places: [1, 0], coefficients: [1, -1], lower: -.infinity, upper: 0),
        Row(label: "sum", places: [0, 1], coefficients: [1, 1], lower: 0.5, upper: 1),
      ])
    #expect(limits.reduced() == nil)
    #expect(limits.room(near: [0, 0]) == .empty)
  }

  @Test func `rows are widened at both ends by a share of the width, equalities not`() {
    let limits = polytope(
      [2, 1],
      [
        Row(label: "range", places: [0], coefficients: [1], lower: 0.5, upper: 1.5),
        Row(label: "sum", places: [0, 1], coefficients: [1, 1], lower: 1, upper: 1),
      ])
    let wide = limits.widened(by: 0.1)
    #expect(abs(wide.rows[0].lower - 0.3) <= 1e-15 && abs(wide.rows[0].upper - 1.7) <= 1e-15)
    #expect(wide.rows[1] == limits.rows[1] && wide.lower == limits.lower && wide.upper == limits.upper)
  }

  @Test func `a point inside is inside of every limit with room`() throws {
    let limits = polytope([1, 1], [Row(label: "sum", places: [0, 1], coefficients: [1, 2], lower: 1, upper: 2)])
    guard case .inside(let point) = limits.room(near: [0, 0]) else {
      Issue.record("There is room.")
      return
    }
    let sum = point[0] + 2 * point[1]
    #expect(point.allSatisfy { $0 > 0 && $0 < 1 } && sum > 1 && sum < 2)
    let single = SparsePolytope(lower: [0.5], upper: [0.5], rows: [])
    #expect(single.room(near: [0]) == .inside([0.5]))
  }

  @Test func `zeros left out and written out again are the same limits`() {
    let dense = Polytope(
      lower: [0, 1, 0], upper: [1, 2, 3],
      rows: [Polytope.Row(label: "a", coefficients: [0, 2, -1], lower: 0, upper: 1)])
    let sparse = SparsePolytope(dense)
    #expect(sparse.rows[0].places == [1, 2] && sparse.rows[0].coefficients == [2, -1])
    #expect(Polytope(sparse) == dense)
    #expect(sparse.width == 3 && abs(sparse.violation(at: [0.5, 2, 0]) - 3 / 5.0.squareRoot()) <= 1e-15)
  }
}
