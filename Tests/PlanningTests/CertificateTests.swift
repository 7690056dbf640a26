import NumericKernel
import Optimisation
import ResponseModel
import TestSupport
import Testing

@testable import Planning

@Suite struct CertificateTests {
  private let record = RunRecord(version: "test")

  /// The gap is closed, the replay is the bound, and no plan of a few hundred is above it.
  private func expectProof(of plan: CompiledPlan, gap: (Certificate.Proof) -> Double) throws {
    let answer = try plan.optimise(record: record)
    let certificate = try #require(answer.certificate)
    let upper = try #require(answer.utility.upperBound)
    let found = try #require(answer.utility.gap)
    #expect(answer.utility.bound == .certified)
    #expect(found >= 0 && found <= gap(certificate.proof))
    // From shares to money and back a number may lose its last digit, and sums are taken in another order.
    let replayed = try #require(plan.upperBound(by: certificate))
    #expect(abs(replayed - upper) <= 1e-12 * abs(upper))
    expectNothing(above: upper, plan)
  }

  private func expectNothing(above upper: Double, _ plan: CompiledPlan) {
    var random = Xorshift(seed: 5)
    for _ in 0..<300 {
      let cuts = [random.uniform(0, 600), random.uniform(0, 600)].sorted()
      let spend = [cuts[0], cuts[1] - cuts[0], 600 - cuts[1]]
      #expect(plan.score(spend: spend) <= upper)
    }
  }

  @Test func `every utility of concave curves gets the bound that its properties permit`() throws {
    let certain: Set = [
      "mean", "expected_shortfall", "mean_semideviation", "entropic", "shortfall", "raroc", "mean_deviation",
      "mean_variance", "sharpe",
    ]
    let bounded: Set = ["quantile", "target_probability", "blend"]
    for entry in UtilityCatalogue.entries {
      let plan = try smallPlan("utility: \(inSmallPlan(entry))")
      #expect(plan.isCertifiable == certain.contains(entry.name))
      guard certain.contains(entry.name) else {
        let answer = try plan.optimise(record: record)
        let isBounded = bounded.contains(entry.name)
        #expect(answer.utility.bound == (isBounded ? .box : .none), "\(entry.name)")
        #expect((answer.utility.gap ?? 0) >= 0)
        if let upper = answer.utility.upperBound { expectNothing(above: upper, plan) } else { #expect(!isBounded) }
        continue
      }
      try expectProof(of: plan) { proof in
        switch proof {
        case .tangents: 1e-8
        case .boxes, .draws: 1e-4
        }
      }
    }
  }

  @Test func `a blend with expected shortfall is certified`() throws {
    try expectProof(of: smallPlan("utility: {blend: {tail: 0.2}}")) { _ in 1e-8 }
  }

  @Test(arguments: ["{raroc: {reference: 100}}", "{sharpe: {reference: 2000}}", "sharpe"])
  func `a ratio is certified where spend may move, above a floor`(utility: String) throws {
    let plan = try smallPlan(
      "utility: \(utility)\nbounds: {tv: [50, 600]}", budget: "budget: {total: 600, spend: at_most}")
    let answer = try plan.optimise(record: record)
    let upper = try #require(answer.utility.upperBound)
    #expect(answer.utility.bound == .certified)
    #expect(try #require(answer.utility.gap) <= 1e-4)
    let certificate = try #require(answer.certificate)
    #expect(certificate.isRatio)
    #expect(try #require(plan.upperBound(by: certificate)) == upper)
    var random = Xorshift(seed: 8)
    for _ in 0..<500 {
      let cuts = [random.uniform(0, 550), random.uniform(0, 550)].sorted()
      let all = random.uniform(0, 1)
      let spend = [50 + all * cuts[0], all * (cuts[1] - cuts[0]), all * (550 - cuts[1])]
      #expect(plan.score(spend: spend) <= upper)
    }
    // Of a lower ratio nothing is proved.
    var lower = certificate
    lower.upperBound = answer.utility.value * (1 - 1e-6)
    #expect(plan.upperBound(by: lower) == nil)
  }

  @Test func `bounds on single draws are those of each draw's own best plan`() throws {
    let plan = try smallPlan("utility: {quantile: {level: 0.3}}")
    let answer = try plan.optimise(record: record)
    let certificate = try #require(answer.certificate)
    #expect(try #require(plan.upperBound(by: certificate)) == certificate.upperBound)
    // By brute force: the best of many plans, draw by draw.
    var best = [Double](repeating: -.infinity, count: 24)
    for a in 0...60 {
      for b in 0...(60 - a) {
        let spend = [Double(a), Double(b), Double(60 - a - b)].map { $0 * 10 }
        best = zip(best, plan.objective.reading(spend: spend).outcome).map { max($0, $1) }
      }
    }
    let score = Quantile(level: 0.3).score(best.span)
    #expect(certificate.upperBound >= score && certificate.upperBound <= score * 1.002)
    for wrong in [
      [], [[0, 600], [0, 600]], [[0, 600], [0, 600], [0, 500]], [[0, 300, 200, 600], [0, 600], [0, 600]],
    ]
      as [[[Double]]]
    {
      #expect(plan.upperBound(by: Certificate(proof: .draws(wrong), upperBound: 0)) == nil)
    }
    // Fewer points prove a worse bound.
    let coarse = plan.upperBound(by: Certificate(proof: .draws([[0, 600], [0, 600], [0, 600]]), upperBound: 0))
    #expect(try #require(coarse) > certificate.upperBound)
  }

  @Test func `a ratio per spend is bounded without a floor where spending nothing is below the reference`() throws {
    let plan = try smallPlan("utility: {raroc: {reference: 3000}}", budget: "budget: {total: 600, spend: at_most}")
    #expect(plan.isCertifiable)
    let answer = try plan.optimise(record: record)
    let upper = try #require(answer.utility.upperBound)
    #expect(answer.utility.value > 0 && answer.utility.bound == .certified)
    #expect(try #require(answer.utility.gap) <= 1e-4)
    var random = Xorshift(seed: 5)
    for _ in 0..<300 {
      let spend = (0..<3).map { _ in random.uniform(0, 200) * random.uniform(0, 1) }
      #expect(plan.score(spend: spend) <= upper)
    }
  }

  @Test(arguments: [1e-3, 1e-6, 1e-9])
  func `beside history next to nothing can be spent, and no plan is above the bound`(budget: Double) throws {
    for utility in ["mean", "expected_shortfall", "{mean_deviation: {lambda: 0.2}}"] {
      let plan = try smallPlan("utility: \(utility)", budget: "budget: {total: \(budget)}")
      let answer = try plan.optimise(record: record)
      let upper = try #require(answer.utility.upperBound)
      var random = Xorshift(seed: 7)
      for _ in 0..<200 {
        let cuts = [random.uniform(0, budget), random.uniform(0, budget)].sorted()
        #expect(plan.score(spend: [cuts[0], cuts[1] - cuts[0], budget - cuts[1]]) <= upper)
      }
      // Rounding at history's size is in the gap.
      #expect(try #require(answer.utility.gap) >= 1e-14 / budget)
    }
  }

  @Test(arguments: ["mean", "expected_shortfall", "{mean_deviation: {lambda: 1}}", "{entropic: {gamma: 1e-3}}"])
  func `so they are where curves are S-shaped`(utility: String) throws {
    var posterior = smallPosterior()
    let draws = posterior.drawCount
    for index in posterior.cells.indices {
      let half = (0..<draws).map { 0.4 + 0.05 * Double(($0 * 3 + index) % 7) }
      let slope = (0..<draws).map { 2.5 + 0.1 * Double(($0 + index) % 5) }
      posterior.cells[index].saturation = Hill.self
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [posterior.cells[index].saturationParameters.column(0), half, slope], drawCount: draws)
    }
    let plan = try smallPlan("utility: \(utility)\nsolver: {gap: 1e-3}", posterior)
    try expectProof(of: plan) { proof in
      if case .tangents = proof { Issue.record("an S-shape is not proved by tangents") }
      return 1e-3
    }
  }

  @Test func `where to spend nothing is best, that is proved, and soon`() throws {
    // With no spend all draws are equal: tangents there prove what the mean may come to, 19,491.
    let plan = try smallPlan(
      "utility: {mean_deviation: {lambda: 50}}\nsolver: {time_limit: 20}",
      budget: "budget: {total: 600, spend: at_most}")
    let answer = try plan.optimise(record: record)
    let upper = try #require(answer.utility.upperBound)
    #expect(answer.utility.value == 0 && answer.utility.gap == nil)
    #expect(upper >= 0 && upper <= 1e-4)
    #expect(answer.solver?.proof?.end == .closed)
    let certificate = try #require(answer.certificate)
    // Sums in another order: of an outcome of thousands, not of a bound next to nothing.
    let replayed = try #require(plan.upperBound(by: certificate))
    #expect(abs(replayed - upper) <= 1e-12 * 19_491)
  }

  @Test func `a response that counts against the plan is not taken for concave`() throws {
    var posterior = smallPosterior()
    posterior.cells[1].outcomeScale = -1000
    let plan = try smallPlan("utility: mean", posterior)
    #expect(!plan.objective.surface.isConcave)
    try expectProof(of: plan) { _ in 1e-4 }
  }

  @Test func `a tree that meets a box twice is no proof`() throws {
    let plan = try smallPlan("utility: {mean_deviation: {lambda: 5}}")
    let certificate = try #require(plan.optimise(record: record).certificate)
    guard case .boxes(var proof) = certificate.proof else {
      Issue.record("draws that count against the plan are proved by boxes")
      return
    }
    let leaf = proof.tree[proof.tree.count - 1]
    let at = proof.points[0][proof.points[0].count / 2]
    proof.tree = [.split(variable: 0, at: at, below: 1, above: 1), leaf]
    #expect(plan.upperBound(by: Certificate(proof: .boxes(proof), upperBound: 0)) == nil)
    proof.tree = [.split(variable: 0, at: at, below: 1, above: 2), leaf, leaf]
    #expect(plan.upperBound(by: Certificate(proof: .boxes(proof), upperBound: 0)) != nil)
  }

  @Test(
    arguments: ["600", "600.0000000000001", "600.000000000001", "600.00000001"],
    ["{mean_deviation: {lambda: 5}}", "{quantile: {level: 0.2}}", "mean"])
  func `bounds that are next to nothing apart are proved and replayed`(upper: String, utility: String) throws {
    let plan = try smallPlan(
      "utility: \(utility)\nbounds: {tv: [600, \(upper)]}", budget: "budget: {total: 1800}")
    let answer = try plan.optimise(record: record)
    let certificate = try #require(answer.certificate)
    let replayed = try #require(plan.upperBound(by: certificate))
    #expect(abs(replayed - certificate.upperBound) <= 1e-11 * abs(certificate.upperBound))
    #expect(answer.utility.value <= certificate.upperBound)
  }

  @Test func `curves that are flat at an even split are proved all the same`() throws {
    var posterior = smallPosterior(history: false)
    for index in posterior.cells.indices {
      posterior.cells[index].saturation = Hill.self
      // One is full long before, the others have not begun: slopes there are those of nothing.
      posterior.cells[index].saturationParameters = DrawMatrix(
        columns: [[1 - 0.2 * Double(index)], [index == 0 ? 1e-3 : 1e4], [8]], drawCount: 1)
      posterior.cells[index].carryoverParameters = DrawMatrix(columns: [[0.1]], drawCount: 1)
    }
    posterior.chainCount = 1
    posterior.drawsPerChain = 1
    let answer = try smallPlan("utility: mean", posterior).optimise(record: record)
    #expect(answer.utility.bound == .certified)
    #expect(try #require(answer.utility.gap) <= 1e-4)
  }

  @Test func `a certificate made worse proves a worse bound, and none a false one`() throws {
    let plan = try smallPlan("utility: expected_shortfall")
    let answer = try plan.optimise(record: record)
    let certificate = try #require(answer.certificate)
    guard case .tangents(let bound) = certificate.proof else {
      Issue.record("a concave plan is proved by tangents")
      return
    }
    func proved(_ change: (inout TangentBound) -> Void) -> Double? {
      var changed = bound
      change(&changed)
      return plan.upperBound(by: Certificate(proof: .tangents(changed), upperBound: 0))
    }
    for factor in [0, 0.5, 0.9, 1.1, 2, -1] {
      let worse = try #require(proved { $0.rowMultipliers = $0.rowMultipliers.map { $0 * factor } })
      #expect(worse >= certificate.upperBound * (1 - 1e-12))
      let other = try #require(
        proved {
          $0.point = [200, 200, 200]
          $0.supports = [$0.supports[0]]
          $0.rowMultipliers = $0.rowMultipliers.map { $0 * factor }
        })
      #expect(other >= answer.utility.value)
    }
    #expect(proved { $0.point = [600] } == nil)
    // Curves are concave from zero on, not before.
    for outside in [[-1, 300, 301], [-1e6, -1e6, -1e6], [1e9, 0, 0], [.nan, 1, 1]] as [[Double]] {
      let value = proved {
        $0.point = outside
        $0.supports = [TangentBound.Support(step: [0, 0, 0], weight: 1)]
      }
      #expect(value == nil)
    }
  }
}
