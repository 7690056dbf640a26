import NumericKernel
import Optimisation
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Plans by period under utilities that good draws may count against.
@Suite struct PeriodBracketTests {
  private static let utilities = ["{mean_deviation: {lambda: 1.5}}", "{mean_variance: {lambda: 2e-3}}"]

  private static func plan(_ utility: String, _ more: String = "") throws -> CompiledPlan {
    let whole = """
      posterior: {file: small.nc}
      horizon: {num_periods: 3, carry_in: false}
      budget: {total: 150}
      decide: {by: [channel, period]}
      utility: \(utility)
      \(more)
      """
    return try CompiledPlan(PlanFile.parse(whole, source: "plan.yaml", folder: ".").plan, smallPosterior())
  }

  @Test(arguments: utilities)
  func `a bracket is above the utility in its box, and its derivatives are its own`(utility: String) throws {
    let calendar = try #require(try Self.plan(utility).calendar)
    let polytope = try #require(calendar.polytope)
    let turning = try #require(TurningObjective(calendar.searched, over: polytope))
    var random = TestRandom(seed: 3)
    for width in [0.02, 0.2, 1] {
      let lower = polytope.lower.map { _ in 0.1 * random.uniform() }
      let upper = lower.map { $0 + width * random.uniform() }
      let bracket = try #require(turning.overestimator(from: lower, to: upper))
      func point() -> [Double] { zip(lower, upper).map { $0 + (0.05 + 0.9 * random.uniform()) * ($1 - $0) } }
      for _ in 0..<5 {
        let (x, y) = (point(), point())
        let own = turning.value(at: x)
        let expansion = bracket.expansion(at: x, smoothing: 0)
        #expect(bracket.value(at: x) >= own - 1e-9 * abs(own))
        #expect(abs(expansion.value - bracket.value(at: x)) <= 1e-12 * abs(own))
        // Concave: below each tangent.
        let tangent = x.indices.reduce(expansion.value) { $0 + expansion.gradient[$1] * (y[$1] - x[$1]) }
        #expect(bracket.value(at: y) <= tangent + 1e-9 * abs(own), "\(width)")
        // A plane above it, of weights that are not negative.
        let cut = try #require(bracket.outerCut(at: bracket.inner(at: x).values))
        #expect(cut.weights.allSatisfy { $0 >= 0 })
        let step = 1e-6 * width
        for j in x.indices {
          var (before, after) = (x, x)
          before[j] -= step
          after[j] += step
          let difference = (bracket.value(at: after) - bracket.value(at: before)) / (2 * step)
          #expect(abs(difference - expansion.gradient[j]) <= 1e-3 * (1 + abs(expansion.gradient[j])))
        }
      }
      // An interior point proves it to what it found.
      let box = SparsePolytope(lower: lower, upper: upper, rows: [])
      let best = try #require(InteriorPoint().maximum(of: bracket, over: box, from: point()))
      let bound = try #require(best.upperBound)
      #expect(bound >= best.value && bound <= best.value + 1e-4 * abs(best.value), "\(width) \(best.value) \(bound)")
    }
  }

  @Test(arguments: utilities, ["", "constraints: [{off_or_at_least: tv, spend: 40}]"])
  func `boxes prove what good draws count against, and no random plan is above the bound`(
    utility: String, more: String
  ) throws {
    let plan = try Self.plan(utility, more + "\nbounds: {search: [0, 0]}\nsolver: {gap: 0.05, time_limit: 60}")
    let answer = try plan.optimise()
    let bound = try #require(answer.utility.upperBound)
    #expect(answer.utility.bound == .certified && plan.isCertifiable)
    #expect(try #require(answer.utility.gap) <= 0.05, "\(answer.utility) \(String(describing: answer.solver))")
    var random = TestRandom(seed: 5)
    for _ in 0..<2000 {
      let weights = (0..<6).map { _ in random.uniform() * random.uniform() }
      var spend = weights.map { 150 * $0 / weights.reduce(0, +) } + [0, 0, 0]
      for period in 0..<3 where !more.isEmpty && spend[period] < 40 {
        spend[period + 3] += spend[period]
        spend[period] = 0
      }
      let score = plan.score(spend: spend)
      #expect(score <= bound && score <= answer.utility.value + 0.05 * abs(answer.utility.value))
    }
  }
}
