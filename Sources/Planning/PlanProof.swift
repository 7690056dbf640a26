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
    outcome = search.onTiers(found.outcome)
    starts = found.starts
  }

  private var plan: CompiledPlan { search.plan }
  private var polytope: Polytope { search.polytope }
  private var gap: Double { plan.plan.solver.gap }

  /// Why a proof stopped short of what was asked, the last that did.
  private var shortfall: BranchAndBound.End?

  /// The best bound that the utility permits; nil where it permits none.
  mutating func certificate() -> Certificate? {
    let certificate = bestCertificate().map { plan.replayable($0) }
    if let certificate, isClosed(certificate) {
      effort?.end = .closed
    } else if let shortfall {
      effort?.end = shortfall
    }
    return certificate
  }

  private mutating func bestCertificate() -> Certificate? {
    if let claim = plan.concaveClaim {
      let tangents = plan.certificate(claim, by: outcome.solution, over: polytope)
      if let tangents, isClosed(tangents) { return tangents }
      // Tangents at a plan where all draws are equal may prove next to nothing.
      let boxes = certificateByBoxes(claim)
      return [tangents, boxes].compactMap(\.self).min { $0.upperBound < $1.upperBound }
    }
    // Without its conditions a utility is bounded too, and no plan meets them that is above that.
    if plan.goal?.isOfUtility == false { return nil }
    if plan.objective.utility is any RatioUtility { return ratioCertificate() }
    return plan.bestDraws(over: polytope)
  }

  private mutating func certificateByBoxes(_ claim: ProvableClaim) -> Certificate? {
    guard let proof = boxes(claim, from: outcome.solution, until: search.deadline) else { return nil }
    if proof.solution.point != outcome.solution.point { climb(from: proof.solution) }
    return plan.certificate(claim, by: proof.proof, value: proof.upperBound)
  }

  /// Whether a proof reaches the gap that the plan asks for.
  private func isClosed(_ certificate: Certificate) -> Bool {
    let value = outcome.solution.value * search.objective.scale
    return certificate.upperBound - value <= gap * abs(value)
  }

  // MARK: Ratios

  /// A ratio just above the plan's own that no plan is proved to exceed.
  ///
  /// First one so near that tangents alone can prove it, exact where they prove anything; then one within the gap, by boxes. Where
  /// its part of the time is over before that is proved, one far above, which is the easier to prove, and with what time there is
  /// left others between what was proved and what was missed. A plan that exceeds one is the better plan, and its ratio the next
  /// to begin from.
  private mutating func ratioCertificate() -> Certificate? {
    let first = ownRatio
    if let certificate = ratioCertificate(of: first + Self.nearness * size(of: first)) { return certificate }
    func nearest(to own: Double) -> Double { own + Self.askedShare * gap * size(of: own) }
    var ratio = nearest(to: first)
    var missed: Double?
    var proved: Certificate?
    for _ in 0..<Self.ratioLimit where !search.isOver {
      guard let claim = plan.ratioClaim(ratio, margin: Self.margin), let ceiling = claim.ceiling,
        let solution = search.climb(claim.objective, from: outcome.solution.point)
      else { return proved ?? (ratio < 0 ? positiveRatioCertificate() : nil) }
      // What time there is has to do for all that may yet be asked.
      let now = SearchClock.now
      let limit = now.advanced(by: now.duration(to: search.deadline) * Self.timeShare)
      guard let proof = boxes(claim, from: solution, until: limit) else { return proved }
      let own = ownRatio
      if let certificate = plan.certificate(claim, by: proof.proof, value: proof.upperBound) {
        proved = certificate
        if ratio <= nearest(to: own) { return proved }
      } else {
        if proof.solution.value > ceiling { climb(from: proof.solution) }
        if ownRatio > own {
          missed = nil
          ratio = nearest(to: ownRatio)
          continue
        }
        missed = ratio
      }
      // As many times further above than what was missed as nearer than what is proved.
      let near = (missed ?? nearest(to: own)) - own
      guard let far = proved.map({ $0.upperBound - own }) else {
        ratio = own + max(size(of: own), Self.stride * near)
        continue
      }
      if far <= Self.worthwhile * near { return proved }
      ratio = own + (near * far).squareRoot()
    }
    return proved
  }

  /// How near to the plan's own the ratio is that tangents are asked to prove.
  private static let nearness = 1e-9
  /// Of the gap: the rest is for rounding.
  private static let askedShare = 0.9
  /// Of the time that is left, for one ratio.
  private static let timeShare = 0.25
  /// How many times as far above the next ratio is, where nothing is proved yet and one twice the plan's own was missed.
  private static let stride = 4.0
  /// A ratio between is asked for while what is proved is this many times as far above as what was missed.
  private static let worthwhile = 1.3
  /// A replay may round otherwise, by this share of the outcome at most.
  static let margin = 1e-11
  /// Ratios that are asked for.
  private static let ratioLimit = 12

  /// Of a ratio of nothing, what it would take to tell it from one: the plan's outcome for its money, or as many deviations.
  private func size(of ratio: Double) -> Double {
    guard ratio == 0 else { return abs(ratio) }
    guard (plan.objective.utility as? any RatioUtility)?.isPerSpend == true else { return 1 }
    let even = plan.limits.lower.map { _ in plan.money / Double(polytope.dimension) }
    return plan.outcomeSize(spend: even) / plan.money
  }

  /// That no plan has a ratio above zero, which is all that can be asked where the best one is below.
  private mutating func positiveRatioCertificate() -> Certificate? {
    if let certificate = ratioCertificate(of: 0) { return certificate }
    guard let claim = plan.ratioClaim(0, margin: Self.margin),
      let solution = search.climb(claim.objective, from: outcome.solution.point)
    else { return nil }
    return boxes(claim, from: solution, until: search.deadline).flatMap {
      plan.certificate(claim, by: $0.proof, value: $0.upperBound)
    }
  }

  private var ownRatio: Double { plan.score(spend: plan.spend(outcome.solution.point, in: polytope)) }

  /// By tangents; nil where they do not prove it.
  private func ratioCertificate(of ratio: Double) -> Certificate? {
    guard let claim = plan.ratioClaim(ratio, margin: Self.margin),
      let solution = search.climb(claim.objective, from: outcome.solution.point)
    else { return nil }
    return plan.certificate(claim, by: solution, over: polytope)
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
    guard
      let proof = solver.prove(
        claim.objective, over: polytope, from: incumbent, scouting: claim.objective.tabulated(), until: deadline)
    else {
      return nil
    }
    var effort = effort ?? Recommendation.ProofEffort(end: proof.end, boxes: 0, cuts: 0, points: 0, tableTime: 0)
    effort.end = proof.end
    if proof.end != .closed && proof.end != .exceeded { shortfall = proof.end }
    effort.boxes += proof.boxes
    effort.cuts += proof.cuts
    effort.points += proof.points
    effort.tableTime += proof.tableTime / .seconds(1)
    self.effort = effort
    return proof
  }

  /// Goes on from a better plan that a proof has met.
  private mutating func climb(from solution: Solution) {
    let evaluations = outcome.solution.evaluations + solution.evaluations
    let wasOver = outcome.solution.termination == .timeLimit
    let start = LocalSearch.Start(name: "bound", point: solution.point)
    let found = search.onTiers(search.climb(from: start))
    starts.append(start)
    if found.solution.value >= outcome.solution.value { outcome = found }
    outcome.solution.evaluations = evaluations + found.solution.evaluations
    if wasOver { outcome.solution.termination = .timeLimit }
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
