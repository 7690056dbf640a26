import NumericKernel
import Optimisation
import ResponseModel

/// The proof of how good a plan is, and the better plans that are met on the way.
struct PlanProof {
  let search: PlanSearch
  /// The best plan so far.
  private(set) var outcome: LocalSearch.Outcome
  private(set) var starts: [LocalSearch.Start]
  /// Of proofs by boxes.
  private(set) var effort: Recommendation.ProofEffort?

  init(_ search: PlanSearch, _ found: (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start])) {
    self.search = search
    outcome = found.outcome
    starts = found.starts
  }

  private var plan: CompiledPlan { search.plan }
  private var polytope: Polytope { search.polytope }
  private var gap: Double { plan.plan.solver.gap }

  /// The best bound that the utility permits; nil where it permits none.
  mutating func certificate() -> Certificate? {
    if let claim = plan.concaveClaim {
      return plan.certificate(claim, by: outcome.solution, over: polytope) ?? certificateByBoxes(claim)
    }
    if plan.objective.utility is any RatioUtility { return ratioCertificate() }
    return plan.bestDraws(over: polytope)
  }

  private mutating func certificateByBoxes(_ claim: ProvableClaim) -> Certificate? {
    guard let proof = boxes(claim, from: outcome.solution, until: search.deadline) else { return nil }
    if proof.solution.point != outcome.solution.point { climb(from: proof.solution) }
    return plan.certificate(claim, by: proof)
  }

  // MARK: Ratios

  /// How much above the plan's own ratio, as shares of it, the ratios are of which it is asked whether any plan exceeds them; the
  /// first by tangents alone, which are exact where they prove anything.
  private var steps: [Double] { [1e-9] + [0.9, 10, 100, 1000, 10_000].map { $0 * gap } }

  /// The least of some ratios that no plan is proved to exceed. A plan that exceeds one is the better plan, and its ratio the next
  /// to begin from.
  private mutating func ratioCertificate() -> Certificate? {
    var steps = steps[...]
    while let step = steps.popFirst() {
      let value = plan.score(spend: plan.spend(outcome.solution.point, in: polytope))
      guard
        let claim = plan.ratioClaim(max(value + step * abs(value), 0)) ?? plan.ratioClaim(value + step * abs(value)),
        let solution = search.climb(claim.objective, from: outcome.solution.point)
      else { return nil }
      if let certificate = plan.certificate(claim, by: solution, over: polytope) { return certificate }
      guard step > self.steps[0] else { continue }
      // What time there is has to do for all that may yet be asked.
      let now = ContinuousClock.now
      let limit = now.advanced(by: now.duration(to: search.deadline) * 0.6)
      guard let proof = boxes(claim, from: solution, until: limit) else { return nil }
      if let certificate = plan.certificate(claim, by: proof) { return certificate }
      if let ceiling = claim.ceiling, proof.solution.value > ceiling {
        let before = outcome.solution.value
        climb(from: proof.solution)
        if outcome.solution.value > before { steps = self.steps[...] }
      }
      if search.isOver { return nil }
    }
    return nil
  }

  // MARK: Boxes

  private mutating func boxes(
    _ claim: ProvableClaim, from solution: Solution, until deadline: ContinuousClock.Instant
  ) -> BranchAndBound.Outcome? {
    var incumbent = solution
    incumbent.value = claim.objective.value(at: solution.point)
    var solver = BranchAndBound()
    solver.gap = gap
    solver.ceiling = claim.ceiling
    guard let proof = solver.prove(claim.objective, over: polytope, from: incumbent, until: deadline) else {
      return nil
    }
    var effort = effort ?? Recommendation.ProofEffort(boxes: 0, cuts: 0, points: 0, tableTime: 0)
    effort.boxes += proof.boxes
    effort.cuts += proof.cuts
    effort.points += proof.points
    effort.tableTime += proof.tableTime / .seconds(1)
    self.effort = effort
    // A gap that time did not close is said, whatever the climbs came to.
    if search.isOver { outcome.solution.termination = .timeLimit }
    return proof
  }

  /// Goes on from a better plan that a proof has met.
  private mutating func climb(from solution: Solution) {
    let evaluations = outcome.solution.evaluations + solution.evaluations
    let isOver = outcome.solution.termination == .timeLimit
    let start = LocalSearch.Start(name: "bound", point: solution.point)
    let found = search.climb(from: start)
    starts.append(start)
    if found.solution.value >= outcome.solution.value { outcome = found }
    outcome.solution.evaluations = evaluations + found.solution.evaluations
    if isOver { outcome.solution.termination = .timeLimit }
  }
}

extension CompiledPlan {
  /// Points of each cell's money behind the bounds on single draws.
  private static let pointCount = 65

  /// What each draw's own best plan comes to, for a utility that never falls; nil for others.
  func bestDraws(over polytope: Polytope) -> Certificate? {
    let last = Double(Self.pointCount - 1)
    return bestDraws(
      over: polytope,
      points: zip(polytope.lower, polytope.upper).map { lower, upper in
        guard upper > lower else { return [lower] }
        // Denser towards the lower end, where curves bend most.
        return (0..<Self.pointCount).map { index in
          index == Self.pointCount - 1
            ? upper : lower + (upper - lower) * (Double(index) / last) * (Double(index) / last)
        }
      })
  }
}
