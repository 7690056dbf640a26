import Foundation
import NumericKernel
import Optimisation
import Reporting
import ResponseModel
import TestSupport
import Testing

@testable import Planning

/// Bounds against points: no plan within the limits, whether drawn at random or climbed to, scores above what is proved.
@Suite struct BoundValidityTests {
  /// What is proved of a plan whose curves may have any shape, with options of the size of its outcome.
  static let utilities = [
    "mean", "{expected_shortfall: {tail: 0.1}}", "{mean_deviation: {lambda: 1}}", "{mean_variance: {lambda: 0.1}}",
    "mean_semideviation", "{entropic: {gamma: 0.5}}", "{shortfall: {target: 20, lambda: 2}}", "raroc",
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    var family: PlanFamily
    var seed: UInt64
    var utility: String
    var spend = "exactly"
    var channels = 4
    var draws = 200
    var periods = 4

    var testDescription: String { "\(family.rawValue) \(seed), \(utility), \(spend)" }

    func compiled(gap: Double, timeLimit: Double) throws -> CompiledPlan {
      let instance = family.instance(channels: channels, draws: draws, periods: periods, seed: seed)
      let text = instance.plan("utility: \(utility)", "solver: {gap: \(gap), time_limit: \(timeLimit)}")
        .replacing("budget: {total: \(instance.budget)}", with: "budget: {total: \(instance.budget), spend: \(spend)}")
      return try CompiledPlan(PlanFile.parse(text, source: "plan.yaml", folder: ".").plan, instance.posterior)
    }
  }

  /// Every family with every utility, of which each second one may leave money.
  static let cases = PlanFamily.allCases.enumerated().flatMap { place, family in
    utilities.enumerated().map { number, utility in
      let mayLeave = (place + number).isMultiple(of: 2) && !utility.contains("raroc")
      return Case(
        family: family, seed: UInt64(1 + number), utility: utility, spend: mayLeave ? "at_most" : "exactly",
        channels: 4 + (place + number) % 3 / 2)
    }
  }

  /// What was found of one plan.
  struct Finding {
    var gap: Double
    var isOver: Bool
    /// How far below the bound the best of all points is, as a share of that.
    var margin: Double
  }

  @discardableResult
  static func check(_ plan: Case, gap: Double = 1e-3, timeLimit: Double = 20, points: Int, climbs: Int) throws
    -> Finding
  {
    let compiled = try plan.compiled(gap: gap, timeLimit: timeLimit)
    let answer = try compiled.optimise(record: RunRecord(version: "test"))
    let certificate = try #require(answer.certificate, "\(plan)")
    let bound = certificate.upperBound
    // Where nothing is best spent on nothing, a gap is no share of the value.
    let answered = answer.utility.value == 0 ? 0 : try #require(answer.utility.gap, "\(plan)")
    #expect(answer.utility.value <= bound && answered >= 0, "\(plan)")

    // Replayed from its file it is the same, but for sums in another order.
    let file = try CertificateFile(json: Data(CertificateFile(answer).json.utf8))
    let read = try #require(file.certificate, "\(plan)")
    #expect(read == certificate, "\(plan)")
    let replayed = try #require(compiled.upperBound(by: read), "\(plan)")
    #expect(abs(replayed - bound) <= 1e-11 * abs(bound), "\(plan): \(replayed) for \(bound)")
    let lowest = min(bound, replayed)

    let limits = compiled.limits
    let polytope = limits.polytope(money: compiled.money)
    var random = Xorshift(seed: plan.seed + 1000)
    var best = answer.utility.value
    for number in 0..<points {
      var shares = random.shares(polytope.dimension, peakedness: 1 + number % 4)
      if plan.spend == "at_most" && number.isMultiple(of: 3) { shares = shares.map { $0 * random.uniform(0, 1) } }
      let x = try #require(polytope.projection(of: shares))
      let value = compiled.score(spend: x.map { $0 * compiled.money })
      best = max(best, value)
      #expect(value <= lowest, "\(plan) at \(x)")
    }
    for _ in 0..<climbs {
      let start = LocalSearch.Start(name: "", point: random.shares(polytope.dimension, peakedness: 2))
      let end = try #require(LocalSearch().maximum(of: compiled.objective, over: polytope, from: [start]))
      // Where rows hold but for rounding a plan may score more by as much.
      let value = end.solution.value * compiled.objective.scale
      best = max(best, value)
      #expect(value <= lowest + 1e-12 * abs(lowest), "\(plan) climbed")
    }
    return Finding(
      gap: answered, isOver: answer.solver?.termination == .timeLimit || answer.solver?.proof?.end == .timeLimit,
      margin: best == 0 ? 0 : (lowest - best) / abs(best))
  }

  @Test(arguments: cases)
  func `no random plan and no climb is above the bound, and the file replays it`(plan: Case) throws {
    let finding = try BoundValidityTests.check(plan, points: 100, climbs: 2)
    #expect(finding.gap <= 1e-3 || finding.isOver, "\(plan)")
    // The answer is what the gap says, or the bound is.
    #expect(finding.margin <= finding.gap + 1e-12)
  }

  @Test func `a blend with the worst tenth is proved, one with a quantile is not`() throws {
    let text = "{blend: {level: 0.1}}"
    let plan = Case(family: .mixed, seed: 1, utility: text)
    let answer = try plan.compiled(gap: 1e-3, timeLimit: 5).optimise(record: RunRecord(version: "test"))
    #expect(answer.utility.bound == .box)
  }

  @Test func `a cut touches its utility, and is above it wherever else`() throws {
    var random = Xorshift(seed: 3)
    let noise = (0..<24).map { _ in random.normal() }
    // Draws that are equal, or nearly, far from zero, tied, or apart.
    var places = [
      noise.map { _ in 5.0 }, noise.map { _ in 0.0 }, noise.map { 1e6 + 1e-6 * $0 }, noise.map { 1 + 1e-12 * $0 },
      noise.map { $0 > 0 ? 3.0 : 2 }, noise, noise.map { 1e4 * $0 }, noise.map { -100 + $0 },
      noise.map { 1e-9 * $0 },
    ]
    places.append([1e4] + noise.dropFirst())
    for utility in BoundValidityTests.utilities {
      let plan = try smallPlan("utility: \(utility.replacing("gamma: 0.5", with: "gamma: 1e-3"))")
      let objective = try #require(plan.concaveClaim).objective
      for touch in places {
        let cut = try #require(objective.outerCut(at: touch))
        for other in places {
          let value = objective.utility.weightedScore(other.span).value / objective.scale
          let reach = zip(cut.weights, other).map { $0 * $1 }
          let plane = cut.intercept + reach.reduce(0, +)
          let size = cut.size + reach.reduce(0) { $0 + abs($1) }
          #expect(value <= plane + 1e-12 * size, "\(utility) from \(touch[0]) to \(other[0])")
        }
      }
    }
  }

  /// Random plans for as long as is asked for: `APPORTION_STRESS=SECONDS`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["APPORTION_STRESS"] != nil))
  func `random plans of all kinds have bounds that hold`() throws {
    let seconds = ProcessInfo.processInfo.environment["APPORTION_STRESS"].flatMap(Double.init) ?? 600
    let end = ContinuousClock.now + .seconds(seconds)
    var random = Xorshift(seed: 20)
    var findings: [Finding] = []
    func pick<T>(_ values: [T]) -> T { values[Int(random.uniform(0, Double(values.count)))] }
    while ContinuousClock.now < end {
      let utility = pick(BoundValidityTests.utilities)
      let plan = Case(
        family: pick(PlanFamily.allCases), seed: UInt64(findings.count + 100), utility: utility,
        spend: utility.contains("raroc") ? "exactly" : pick(["exactly", "at_most"]), channels: pick([2, 3, 4, 5, 6]),
        draws: pick([50, 200, 400]), periods: pick([1, 4, 8]))
      let finding = try BoundValidityTests.check(
        plan, gap: pick([1e-2, 1e-3, 1e-4]), timeLimit: pick([0.05, 2, 10]), points: 1000, climbs: 12)
      findings.append(finding)
    }
    let open = findings.count(where: \.isOver)
    let least = findings.map(\.margin).min() ?? 0
    print("\(findings.count) plans, \(open) stopped by time, least margin \(least)")
  }
}
