import Foundation
import NumericKernel
import Optimisation
import ResponseModel

/// The best plan, what it was found under, and what is proved of it.
struct Pursuit {
  var plan: CompiledPlan
  var proof: PlanProof
  var certificate: Certificate?

  /// By how much the penalty of a condition is raised that the best plan misses,
  private static let raise = 8.0
  /// and how often before it is asked whether any plan meets it,
  private static let raises = 5
  /// and how often where the search or the proof has met a plan that pays for missing it.
  private static let repeats = 3

  /// Searches and proves; where conditions are set, raises their penalties until the best plan meets them.
  ///
  /// - Throws: `InfeasiblePlan` where none meets them, or none was found.
  init(_ plan: CompiledPlan, over polytope: Polytope) throws(InfeasiblePlan) {
    let deadline = PlanSearch.deadline(of: plan.plan)
    func search(_ plan: CompiledPlan, _ further: [LocalSearch.Start] = []) -> PlanSearch {
      PlanSearch(plan, polytope: polytope, until: deadline, further: further)
    }
    self.plan = plan
    guard let goal = plan.goal else {
      proof = PlanProof(search(plan), search(plan).best())
      certificate = proof.certificate()
      return
    }

    func missed(_ outcome: LocalSearch.Outcome) -> [Int] {
      plan.missed(spend: plan.spend(outcome.solution.point, in: polytope))
    }
    var penalties = goal.penalties
    func raised(_ missed: [Int]) -> CompiledPlan {
      for index in missed { penalties[index] *= Self.raise }
      return plan.pursuing(goal.with(penalties: penalties))
    }
    var own = plan
    // Quick climbs are enough to tell what penalties do.
    var known: LocalSearch.Outcome?
    for _ in 0..<Self.raises {
      guard let quick = search(own).quickOutcome() else { break }
      let missed = missed(quick)
      if missed.isEmpty {
        known = quick
        break
      }
      own = raised(missed)
    }
    var further = plan.startByQuantile(over: polytope).map { [$0] } ?? []
    if known == nil {
      further.append(try own.meeting(search(own)))
      // The climbs ended on a hill where no penalty is of help.
      penalties = goal.penalties
      own = raised(Array(penalties.indices))
    }
    var found = search(own, further).best()
    proof = PlanProof(search(own, further), found)
    certificate = nil
    for round in 0...Self.repeats {
      var missed = missed(proof.outcome)
      if missed.isEmpty {
        certificate = proof.certificate()
        missed = plan.missed(spend: plan.spend(proof.outcome.solution.point, in: polytope))
        if missed.isEmpty {
          self.plan = own
          try own.checkReturn(proof, certificate, search(own))
          return
        }
      }
      guard round < Self.repeats else { break }
      own = raised(missed)
      found = search(own, further).best()
      proof = PlanProof(search(own, further), found)
    }
    // A plan that pays for what it misses is none.
    for _ in 0..<Self.raises where known == nil {
      guard let climbed = search(own, further).climbed(further) else { break }
      let missed = missed(climbed)
      if missed.isEmpty { known = climbed } else { own = raised(missed) }
    }
    guard let known else {
      throw InfeasiblePlan("no plan was found that meets \(own.goalInWords), and none is proved not to")
    }
    self.plan = own
    proof = PlanProof(search(own, further), (known, found.starts))
    certificate = proof.certificate()
    if !missed(proof.outcome).isEmpty { proof = PlanProof(search(own, further), (known, found.starts)) }
  }
}

extension CompiledPlan {
  /// What has to be met, in words.
  var goalInWords: String {
    (goal?.conditions ?? []).map { own in
      own.riskLimit.map { "\($0.title) of at least \(SpendLimits.format($0.atLeast.value))" } ?? targetInWords
    }.joined(separator: " and ")
  }

  /// `roi 2.5`
  var targetInWords: String {
    guard let target = plan.target?.value else { return "" }
    return "target.\(target.kind.rawValue)" + (target.amount.map { " \(SpendLimits.format($0.value))" } ?? "")
  }

  /// A plan that meets every condition: by climbing what all of them lack.
  ///
  /// - Throws: `InfeasiblePlan` with the most that can be attained where none is found.
  func meeting(_ search: PlanSearch) throws(InfeasiblePlan) -> LocalSearch.Start {
    guard let goal else { preconditionFailure("A plan without conditions meets them all.") }
    // One by one: the sentence then has the nearest value.
    for own in goal.conditions {
      let condition = own.condition
      let best = most(of: condition, search)
      guard best.value < condition.least - own.margin else { continue }
      let nearest = nearest(best.value, to: own, search)
      throw InfeasiblePlan(
        best.bound.map { $0 < condition.least } ?? false
          ? "\(name(of: own)): no plan within the limits comes to \(asked(of: own)), the nearest is \(nearest)"
          : "\(name(of: own)): no plan was found that comes to \(asked(of: own)), and none is proved not to; the nearest is \(nearest)",
        limits: [name(of: own)])
    }
    var lacking = goal
    lacking =
      lacking.with(
        penalties: goal.conditions.map { 1 / max($0.margin, .leastNormalMagnitude) / 1e9 }) ?? goal
    var score = lacking.searchedScore
    (score.worth, score.charge) = (0, 0)
    let plan = seeking(score)
    let own = search.of(plan)
    var proof = PlanProof(own, own.best())
    let spend = plan.spend(proof.outcome.solution.point, in: search.polytope)
    if missed(spend: spend).isEmpty {
      return LocalSearch.Start(name: "conditions", point: proof.outcome.solution.point)
    }
    let isProved = proof.certificate().map { $0.upperBound < 0 } ?? false
    throw InfeasiblePlan(
      isProved
        ? "\(goalInWords): each can be met, but no plan within the limits meets all of them"
        : "\(goalInWords): no plan was found that meets all of them, and none is proved not to",
      limits: goal.conditions.map { name(of: $0) })
  }

  private func name(of own: PlanGoal.Condition) -> String {
    own.riskLimit?.title ?? "target.\(plan.target?.value.kind.rawValue ?? "")"
  }

  /// In the words of the plan: of a cost per outcome that itself.
  private func asked(of own: PlanGoal.Condition) -> String {
    guard own.riskLimit == nil, let amount = plan.target?.value.amount?.value else {
      return SpendLimits.format(own.condition.least) + unit(of: own)
    }
    return own.condition.charge > 0 ? Self.digits(amount) : SpendLimits.format(amount) + unit(of: own)
  }

  /// What a condition's utility is counted in, after a number; empty for ratios and shares of draws.
  private func unit(of own: PlanGoal.Condition) -> String {
    let utility = own.condition.utility
    return utility is any RatioUtility || utility is TargetProbability ? "" : plan.measureUnit
  }

  /// The most that a condition's left side comes to, and what is proved of it.
  private func most(
    of condition: PenalisedScore.Condition, _ search: PlanSearch
  ) -> (value: Double, bound: Double?) {
    let plan =
      condition.charge == 0
      ? seeking(condition.utility)
      : seeking(PenalisedScore(condition.utility, worth: condition.worth, charge: condition.charge))
    let own = search.of(plan)
    var proof = PlanProof(own, own.best())
    let bound = proof.certificate()?.upperBound
    return (proof.outcome.solution.value * plan.sought.scale, bound)
  }

  /// The attainable value that is nearest to what a condition asks for, in words.
  private func nearest(_ value: Double, to own: PlanGoal.Condition, _ search: PlanSearch) -> String {
    guard own.condition.charge > 0, own.riskLimit == nil else { return SpendLimits.format(value) + unit(of: own) }
    guard let most = highestReturn(own.condition, search) else { return "none: no spend returns anything" }
    return returnInWords(most)
  }

  private func returnInWords(_ most: Double) -> String {
    Self.digits(plan.target?.value.kind == .costPerOutcome ? 1 / most : most)
  }

  /// To as many digits as tell one return from another.
  private static func digits(_ number: Double) -> String { String(format: "%.6g", number) }

  /// The highest `worth · u / spend` that is found, by Dinkelbach's iteration (Management Science 13, 1967); nil where no spend
  /// returns anything.
  private func highestReturn(_ condition: PenalisedScore.Condition, _ search: PlanSearch) -> Double? {
    var best: Double?
    for _ in 0..<12 {
      let charged = PenalisedScore(condition.utility, worth: condition.worth, charge: best ?? 0)
      let own = search.of(seeking(charged))
      var proof = PlanProof(own, own.best())
      // Where responses are S-shaped it is the proof that finds the highest hill.
      _ = proof.certificate()
      let spend = spend(proof.outcome.solution.point, in: search.polytope)
      let spent = spend.reduce(0, +)
      guard spent > 1e-9 * money else { break }
      let ratio = condition.worth * condition.utility.score(objective.reading(spend: spend).outcome.span) / spent
      guard ratio > (best ?? 0) * (1 + 1e-9) else { break }
      best = ratio
    }
    return best
  }

  /// Of what an even split of the money scores, what is as good as nothing.
  private static let littleScore = 1e-6

  /// A return on money, or a cost of outcome, that only a plan has which spends nothing, no plan has.
  func checkReturn(
    _ proof: PlanProof, _ certificate: Certificate?, _ search: PlanSearch
  ) throws(InfeasiblePlan) {
    guard let target = plan.target?.value, let amount = target.amount?.value,
      [.roi, .costPerOutcome, .marginalROI].contains(target.kind)
    else { return }
    let spent = spend(proof.outcome.solution.point, in: search.polytope).reduce(0, +)
    guard spent <= 1e-9 * money else { return }
    let condition = PenalisedScore.Condition(
      goal?.utility ?? objective.utility, worth: goal?.returnWorth ?? 1, charge: amount, least: 0, penalty: 0)
    let name = "target.\(target.kind.rawValue)"
    let asked = Self.digits(amount)
    let even = limits.lower.map { _ in money / Double(limits.lower.count) }
    let isProved = certificate.map { $0.upperBound <= Self.littleScore * abs(score(spend: even)) } ?? false
    if target.kind == .marginalROI {
      throw InfeasiblePlan(
        isProved
          ? "\(name): no plan brings back \(asked) for each unit of its money, so that nothing would be spent"
          : "\(name): no plan was found that brings back \(asked) for each unit of its money, so that nothing would be spent",
        limits: [name])
    }
    let nearest = highestReturn(condition, search).map(returnInWords) ?? "none: no spend returns anything"
    throw InfeasiblePlan(
      isProved
        ? "\(name): no plan that scores more than \(Self.digits(Self.littleScore * abs(score(spend: even)))) comes to \(asked), the nearest is \(nearest)"
        : "\(name): no plan that spends anything was found that comes to \(asked), and none is proved not to; the nearest is \(nearest)",
      limits: [name])
  }
}

extension CompiledPlan {
  /// Of a probability to be reached with the least money, the plan for the same question of a quantile: of a staircase no climb sees
  /// where the next step is. Nil for other targets, and where that finds none.
  fileprivate func startByQuantile(over polytope: Polytope) -> LocalSearch.Start? {
    let count = posterior.drawCount
    guard let goal, goal.target?.kind == .outcome, let probability = goal.utility as? TargetProbability,
      let share = goal.target?.amount?.value, count > 1
    else { return nil }
    // As many draws may stay below.
    let below = Int(((1 - share) * Double(count) + 1e-9).rounded(.down))
    guard below >= 0, below < count else { return nil }
    var own = plan
    own.target?.value.amount = Placed(probability.target)
    own.solver.timeLimit *= Self.quantileShare
    let even = limits.lower.map { _ in money / Double(limits.lower.count) }
    let asked = PlanGoal(
      own, Quantile(level: Double(below) / Double(count - 1)),
      risks: goal.conditions.filter { $0.riskLimit != nil }.map(\.condition.utility), outcomeValue: 1, money: money,
      reference: (objective.reading(spend: even).outcome, objective.reading(spend: even.map { _ in 0 }).outcome))
    var compiled = pursuing(asked)
    compiled.plan = own
    do {
      let found = try Pursuit(compiled, over: polytope)
      return LocalSearch.Start(name: "quantile", point: found.proof.outcome.solution.point)
    } catch {
      return nil
    }
  }

  /// Of the time, for that.
  private static let quantileShare = 0.4

  /// Steps of the bisection for it.
  private static let leastSpendSteps = 12

  /// Money below which a utility that never falls cannot come to so much, as not even every draw's own best plan does; nil where that
  /// says nothing.
  func leastSpend(reaching score: Double, below spent: Double) -> Double? {
    let polytope = limits.polytope(money: money)
    guard !objective.utility.properties.isConcave, let row = polytope.rows.firstIndex(where: { $0.label == "budget" })
    else { return nil }
    func bound(_ spend: Double) -> Double? {
      var part = polytope
      part.rows[row].upper = min(part.rows[row].upper, spend / money)
      for cell in part.upper.indices {
        part.upper[cell] = max(part.lower[cell], min(part.upper[cell], spend / money))
      }
      return bestDraws(over: part)?.upperBound
    }
    var (low, high) = (limits.leastSpend, spent)
    guard high > low, let least = bound(low), least < score else { return nil }
    for _ in 0..<Self.leastSpendSteps {
      let middle = 0.5 * (low + high)
      guard let value = bound(middle) else { return nil }
      if value < score { low = middle } else { high = middle }
    }
    return low
  }
}

extension PlanGoal {
  /// Money per unit of utility, as the target counts it.
  var returnWorth: Double { charge > 0 ? worth : conditions.first?.condition.worth ?? 1 }
}
