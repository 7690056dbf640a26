import TestSupport
import Testing

@testable import Optimisation

@Suite struct RowSystemTests {
  private func system(
    _ count: Int, _ rows: [([Double], ClosedRange<Double>)], _ choices: [(Int, Double)] = []
  ) -> RowSystem {
    RowSystem(
      dimension: count,
      rows: rows.map {
        Polytope.Row(label: "", coefficients: $0.0, lower: $0.1.lowerBound, upper: $0.1.upperBound)
      }, choices: choices.map { RowSystem.Choice(variable: $0.0, least: $0.1) })
  }

  private func conflict(_ system: RowSystem) -> RowSystem.Conflict? {
    if case .conflict(let conflict) = system.verdict() { conflict } else { nil }
  }

  @Test func `floors above a budget conflict with it, by the amount`() throws {
    // 0.5 + 0.08 against 0.52; the floor of the third variable is not to blame.
    let rows: [([Double], ClosedRange<Double>)] = [
      ([1, 1, 1], -.infinity...0.52), ([1, 0, 0], 0.5 ... .infinity), ([0, 1, 0], 0.08...0.08),
      ([0, 0, 1], 0.01 ... .infinity),
    ]
    let found = try #require(conflict(system(3, rows)))
    #expect(Set(found.limits) == [.upper(0), .lower(1), .lower(2)])
    #expect(found.multipliers.allSatisfy { abs($0 - 1) <= 1e-12 })
    #expect(abs(found.shortage - 0.06) <= 1e-12)
    // With the third floor 0.07 are missing.
    #expect(abs(system(3, rows).relaxation().reduce(0) { $0 + $1.amount } - 0.07) <= 1e-12)
    #expect(!system(3, rows).isFeasible(moving: [.upper(0): 0.069]))
    #expect(system(3, rows).isFeasible(moving: [.upper(0): 0.07]))
  }

  @Test func `a row of zeros that is to be something conflicts with itself`() throws {
    let found = try #require(conflict(system(2, [([0, 0], 0.5 ... .infinity), ([1, 1], 1...1)])))
    #expect(found.limits == [.lower(0)])
  }

  @Test func `limits that miss by no more than a billionth can be met`() {
    #expect(conflict(system(2, [([1, 1], 1...1), ([1, 1], -.infinity...(1 - 0.5e-9))])) == nil)
    #expect(conflict(system(2, [([1, 1], 1...1), ([1, 1], -.infinity...(1 - 3e-9))])) != nil)
  }

  @Test func `choices are tried together`() throws {
    // Of 0.3 or nothing, 0.5 or nothing, and 0.4 or nothing, no sum with at most 0.05 more is 0.6 … but 0.3 and 0.3 more is.
    let caps: [([Double], ClosedRange<Double>)] = [
      ([1, 0, 0], -.infinity...0.31), ([0, 1, 0], -.infinity...0.51), ([0, 0, 1], -.infinity...0.41),
    ]
    let choices = [(0, 0.3), (1, 0.5), (2, 0.4)]
    let apart = system(3, [([1, 1, 1], 0.6...0.6)] + caps, choices)
    let found = try #require(conflict(apart))
    #expect(found.limits.contains { if case .choice = $0 { true } else { false } })
    // Each of the limits is needed: without it the others can be met.
    for limit in found.limits {
      var kept = apart
      kept.rows = kept.rows.enumerated().map { index, row in
        var row = row
        if !found.limits.contains(.lower(index)) || limit == .lower(index) { row.lower = -.infinity }
        if !found.limits.contains(.upper(index)) || limit == .upper(index) { row.upper = .infinity }
        return row
      }
      kept.choices = choices.indices.filter { found.limits.contains(.choice($0)) && limit != .choice($0) }
        .map { apart.choices[$0] }
      #expect(conflict(kept) == nil, "\(limit)")
    }
    guard case .feasible(let point) = system(3, [([1, 1, 1], 0.7...0.7)] + caps, choices).verdict() else {
      Issue.record("0.3 + 0.4 was not found")
      return
    }
    #expect(abs(point[0] - 0.3) <= 0.01 && point[1] <= 1e-9 && abs(point[2] - 0.4) <= 0.01)
  }

  @Test func `a limit that others imply is told, one that matters is not`() {
    let rows = system(
      2, [([1, 1], 1...1), ([1, 0], -.infinity...1.5), ([1, 0], -.infinity...0.5), ([1, 1], -.infinity...2)])
    func rest(_ limit: RowSystem.Limit) -> [RowSystem.Limit] { rows.limits.filter { $0 != limit } }
    #expect(rows.isImplied(.upper(1), by: rest(.upper(1))))
    #expect(rows.isImplied(.upper(3), by: rest(.upper(3))))
    #expect(!rows.isImplied(.upper(2), by: rest(.upper(2))))
    #expect(!rows.isImplied(.lower(0), by: rest(.lower(0))))
  }

  /// Conflicts of random systems, held against what a quadratic program says of the same limits.
  @Test func `random limits conflict where no point is within them, and every member of a conflict is needed`() throws {
    var random = Xorshift(seed: 5)
    var conflicts = 0
    for _ in 0..<120 {
      let count = 2 + Int(random.uniform(0, 4))
      let rows = (0..<(2 + Int(random.uniform(0, 5)))).map { _ -> ([Double], ClosedRange<Double>) in
        let coefficients = (0..<count).map { _ in
          random.uniform(0, 1) < 0.5 ? 0 : (random.uniform(0, 1) < 0.8 ? 1.0 : -0.5)
        }
        let middle = random.uniform(0, 1)
        let kind = random.uniform(0, 3)
        return (
          coefficients,
          kind < 1 ? middle...middle : kind < 2 ? -.infinity...middle : middle ... .infinity
        )
      }
      let whole = system(count, rows)
      let polytope = Polytope(
        lower: .init(repeating: 0, count: count), upper: .init(repeating: 50, count: count), rows: whole.rows)
      let nearest = polytope.projection(of: .init(repeating: 0.1, count: count))
      switch whole.verdict() {
      case .feasible(let point):
        #expect(nearest != nil)
        #expect(polytope.violation(at: point) <= 2e-9)
      case .conflict(let found):
        conflicts += 1
        #expect(nearest == nil)
        for limit in found.limits {
          var kept = whole
          for row in kept.rows.indices {
            if !found.limits.contains(.lower(row)) || limit == .lower(row) { kept.rows[row].lower = -.infinity }
            if !found.limits.contains(.upper(row)) || limit == .upper(row) { kept.rows[row].upper = .infinity }
          }
          #expect(conflict(kept) == nil)
        }
      case .unknown: Issue.record("rows alone can be told")
      }
    }
    #expect(conflicts > 20 && conflicts < 100)
  }

  @Test func `a choice moved outwards by what it lacks can be made, and by less it cannot`() {
    // Nothing or 0.5 at least, where 0.4 is spent.
    let limits = system(1, [([1], 0.4...0.4)], [(0, 0.5)])
    #expect(!limits.isFeasible(moving: [:]))
    #expect(!limits.isFeasible(moving: [.choice(0): 0.05]))
    #expect(limits.isFeasible(moving: [.choice(0): 0.1 + 1e-12]))
  }
}
