import Apportion
import Foundation
import TestSupport
import Testing

/// Plans by period, small enough for a test: what is found, and what is proved.
@Suite struct CalendarPlanTests {
  static let utilities: [any Utility] = [
    Mean(), ExpectedShortfall(tail: 0.1), Entropic(gamma: 0.2),
    Blend(aversion: 0.5, with: ExpectedShortfall(tail: 0.2)),
    Shortfall(target: 30, lambda: 2),
  ]

  @Test(arguments: utilities.indices)
  func `a plan by period is proved to a millionth`(index: Int) throws {
    let utility = Self.utilities[index]
    let plan = CalendarPlan(channels: 3, periods: 8, draws: 300)
    let objective = plan.objective(utility)
    let outcome = try #require(InteriorPoint().maximum(of: objective, over: plan.polytope, from: plan.even))
    let bound = try #require(outcome.upperBound)
    #expect(bound >= outcome.value && bound - outcome.value <= 1e-5 * abs(outcome.value), "\(utility)")
    #expect(plan.polytope.violation(at: outcome.point) <= 1e-9 * plan.polytope.width)
    #expect(outcome.value > objective.value(at: plan.even))
    // Exchanges of money between neighbours in the calendar do not rise above the bound, nor above the value.
    for j in 1..<outcome.point.count {
      for move in [1e-3, -1e-3] {
        var moved = outcome.point
        moved[j - 1] -= move / plan.budget
        moved[j] += move / plan.budget
        guard plan.polytope.violation(at: moved) == 0 else { continue }
        #expect(objective.value(at: moved) <= bound)
      }
    }
  }

  private static let weekly = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "data/weekly").path

  @Test func `amounts next to a bound stand on it, and shares by period are read back as they were written`() throws {
    let plan = try PlanFile.read(
      path: Self.weekly + "/calendar.yaml", settings: ["posterior.draws=100", "solver.time_limit=600"]
    ).plan
    let posterior = try plan.posterior.read()
    let compiled = try CompiledPlan(plan, posterior)
    let answer = try compiled.optimise()
    let periods = answer.cells.flatMap { $0.periods ?? [] }
    let onBounds = periods.filter { $0.spend == $0.lower || $0.spend == $0.upper }
    // Of 2.5 million a hundredth is what an interior point leaves beside a bound.
    #expect(
      periods.allSatisfy {
        [$0.lower, $0.upper].contains($0.spend) || min($0.spend - $0.lower, $0.upper - $0.spend) > 1
      })
    #expect(onBounds.count > periods.count / 4)
    #expect(compiled.isWithinLimits(periods.map(\.spend)))
    #expect(abs(answer.budget.spent - 2_488_278) <= 1e-6)
    #expect(answer.reachesGap)
    // Amounts of a certificate are in money, and its shares come back by a division that rounds.
    let certificate = try #require(answer.certificate)
    let replayed = try #require(compiled.upperBound(by: certificate))
    #expect(abs(replayed - certificate.upperBound) <= 1e-12 * certificate.upperBound)

    let file = FileManager.default.temporaryDirectory.appending(path: "apportion-\(UUID().uuidString).csv")
    defer { do { try FileManager.default.removeItem(at: file) } catch {} }
    try Data(answer.distributionTable.csv.utf8).write(to: file)
    var spread = try PlanFile.read(
      path: Self.weekly + "/calendar.yaml",
      settings: [
        "posterior.draws=100", "decide.by=[channel]", "constraints=[]", "bounds={}", "distribution.file=\(file.path)",
      ]
    ).plan
    spread.constraints = []
    let totals = Allocation(
      amounts: answer.cells.map { CellAmount(cell: Placed($0.name), money: Placed($0.total)) })
    let again = try CompiledPlan(spread, posterior, scoring: totals).evaluate()
    #expect(abs(again.utility.value - answer.utility.value) <= 1e-9 * answer.utility.value)
  }

  @Test func `weights below zero prove nothing by tangents`() throws {
    let plan = CalendarPlan(channels: 2, periods: 4, draws: 200)
    let outcome = try #require(
      InteriorPoint().maximum(
        of: plan.objective(MeanDeviation(lambda: 3)), over: plan.polytope, from: plan.even))
    #expect(outcome.termination == .converged && outcome.upperBound == nil)
  }

  /// Two S-shaped channels, three periods, carryover, and ramps that bind; money for one of them to work.
  private func bent(_ utility: any Utility) -> (objective: CalendarObjective, polytope: SparsePolytope) {
    let draws = 20
    func column(_ number: (Double) -> Double) -> [Double] { (0..<draws).map { number(Double($0)) } }
    let cells = (0..<2).map { channel in
      let cell = Cell(
        labels: ["\(channel)"], saturation: Hill.self,
        saturationParameters: DrawMatrix(
          columns: [
            column { 1 + 0.02 * $0 + 0.1 * Double(channel) }, column { 2 - 0.02 * $0 }, column { 2.5 + 0.05 * $0 },
          ], drawCount: draws),
        carryover: Geometric.self,
        carryoverParameters: DrawMatrix(columns: [column { 0.3 + 0.01 * $0 }], drawCount: draws),
        window: 3, isNormalized: true, mediaScale: 1, outcomeScale: 1, history: [])
      return [PlannedCell(cell, mediaPerMoney: [1, 1, 1], worths: .shared([1, 1.2, 0.8, 1, 1]))]
    }
    let places = Array(0..<6)
    var rows = [
      SparsePolytope.Row(label: "budget", places: places, coefficients: places.map { _ in 1 }, lower: 1, upper: 1)
    ]
    for t in [1, 2, 4, 5] {
      rows.append(
        SparsePolytope.Row(label: "ramp", places: [t - 1, t], coefficients: [-1, 1], lower: -0.25, upper: 0.25))
    }
    return (
      CalendarObjective(
        PeriodSurface(cells, carryOver: true), utility, money: 8, reference: [Double](repeating: 8.0 / 6, count: 6)),
      SparsePolytope(
        lower: [Double](repeating: 0, count: 6), upper: [Double](repeating: 0.5, count: 6), rows: rows)
    )
  }

  @Test(arguments: [1, 0.2]) func `boxes prove what no point of a grid exceeds`(tail: Double) throws {
    let (objective, polytope) = bent(tail == 1 ? Mean() : ExpectedShortfall(tail: tail))
    let outcome = try #require(
      EnvelopeSearch().maximum(of: objective, over: polytope, from: [Double](repeating: 1.0 / 6, count: 6)))
    let bound = try #require(outcome.upperBound)
    #expect(outcome.termination == .converged && outcome.boxes > 1)
    #expect(bound >= outcome.value && bound <= outcome.value * (1 + 1e-3))
    #expect(polytope.violation(at: outcome.point) <= 1e-10)
    // Twelfths of the money, of which the last period gets what is left.
    var best = 0.0
    for code in 0..<16807 {
      let shares = (0..<5).map { Double(code / [1, 7, 49, 343, 2401][$0] % 7) / 12 }
      let point = shares + [1 - shares.reduce(0, +)]
      guard polytope.violation(at: point) <= 1e-12 else { continue }
      best = max(best, objective.value(at: point))
    }
    #expect(best > 0.9 * outcome.value && best <= bound && best <= outcome.value * (1 + 1e-3))
  }

  @Test func `a search in boxes that ends early proves what it can`() throws {
    let (objective, polytope) = bent(Mean())
    var search = EnvelopeSearch()
    (search.gap, search.boxLimit) = (1e-9, 3)
    let outcome = try #require(
      search.maximum(of: objective, over: polytope, from: [Double](repeating: 1.0 / 6, count: 6)))
    #expect(outcome.termination == .iterationLimit)
    #expect(try #require(outcome.upperBound) > outcome.value)
    // Some draws count against the mean less their deviation: nothing is known above it.
    let (risky, same) = bent(MeanDeviation(lambda: 3))
    let unproved = try #require(search.maximum(of: risky, over: same, from: [Double](repeating: 1.0 / 6, count: 6)))
    #expect(unproved.upperBound == nil && unproved.termination == .stalled)
  }
}
