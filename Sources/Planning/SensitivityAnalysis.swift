import Foundation
import NumericKernel
public import ResponseModel

/// How the recommendation changes where the model is wrong in some way, and what it costs to keep it then.
///
/// Each case is a posterior of its own: every curve of one channel so much lower in every draw, or the draws weighted by what a test says of a channel's
/// return. The plan is optimised again under each, with a proof of its own.
public struct SensitivityAnalysis: Sendable {
  /// What is supposed.
  public enum Supposition: Sendable, Equatable {
    /// All that the channel brings is this share less, in every draw.
    case worse(channel: String, by: Double)
    /// Draws count as evidence makes them likely.
    case evidence([ReturnEvidence])
  }

  /// One case, and what came of it.
  public struct Case: Sendable {
    public var supposition: Supposition
    /// The best plan under it.
    public var answer: Recommendation
    /// The utility that the present plan has under it.
    public var keptValue: Double
    /// Of all money, the share that stands elsewhere under the case's own plan than under the present one: half of all changes, and what is spent
    /// more or less in all.
    public var movedShare: Double

    /// What keeping the present plan costs: in units of the utility, at least 0 but for searches that stopped short.
    public var regret: Double { answer.utility.value - keptValue }
    /// The same as a share of the best; nil where that is nothing.
    public var regretShare: Double? {
      answer.utility.value == 0 ? nil : regret / abs(answer.utility.value)
    }
    /// By cell, how much more money than under the present plan.
    public var changes: [Double]
  }

  /// The plan as it is recommended now.
  public var present: Recommendation
  /// What changes most first: by the money that moves, then by what it costs to keep the plan.
  public var cases: [Case]
  /// Whether it was interrupted, so that cases may be missing.
  public var isInterrupted: Bool

  /// Whether each plan whose utility permits a proof is proved to be as near to the best as the plan asks for.
  public var reachesGap: Bool {
    (cases.map(\.answer) + [present]).allSatisfy { $0.utility.bound != .certified || $0.reachesGap }
  }

  /// Less by a tenth.
  public static let usualShare = 0.1
}

extension SensitivityAnalysis {
  /// The present plan, and each channel that much worse, and each piece of evidence alone, and all of them together.
  ///
  /// - Parameters:
  ///   - share: above 0, at most 1; nil for no channel worse.
  ///   - progress: told of each case before its search. Where searches are interrupted, cases that were not begun are left out.
  /// - Throws: as `CompiledPlan.init` and `optimise` do; `PlanProblems` for a plan with a target or limits of risk, which the present plan may miss
  ///   under a case.
  public init(
    _ plan: Plan, _ posterior: Posterior, worse share: Double? = usualShare, evidence: [ReturnEvidence] = [],
    record: RunRecord = RunRecord(), progress: (SearchStep) -> Void = { _ in }
  ) throws {
    precondition(share.map { $0 > 0 && $0 <= 1 } ?? true, "A channel is worse by a share of what it brings.")
    let broken = plan.brokenSensitivity()
    guard broken.isEmpty else { throw PlanProblems(broken) }
    let compiled = try CompiledPlan(plan, posterior)
    let present = try compiled.optimise(record: record)
    let amounts = present.amounts
    let known = compiled.calendar == nil ? amounts.map { $0 / compiled.money } : nil
    let sets = evidence.map { [$0] } + (evidence.count > 1 ? [evidence] : [])
    let count = (share == nil ? 0 : compiled.posterior.channels.count) + sets.count
    var begun = 0
    func solved(_ supposition: Supposition, _ own: Plan, _ posterior: Posterior) throws -> Case? {
      if SearchClock.isInterrupted { return nil }
      begun += 1
      progress(SearchStep(name: supposition.name, number: begun, count: count))
      var compiled = try CompiledPlan(own, posterior)
      compiled.knownPlan = known
      let answer = try compiled.optimise(record: record)
      let changes = zip(answer.cells, present.cells).map { $0.total - $1.total }
      let spent = max(answer.budget.spent, present.budget.spent)
      let moved = 0.5 * (changes.reduce(0) { $0 + abs($1) } + abs(answer.budget.spent - present.budget.spent))
      return Case(
        supposition: supposition, answer: answer, keptValue: compiled.score(spend: amounts),
        movedShare: spent > 0 ? moved / spent : 0, changes: changes)
    }
    var cases: [Case] = []
    if let share {
      // With the plan's own evidence in it, which is of the channel as the model has it.
      let known = compiled.posterior
      cases += try known.channels.compactMap { channel in
        try solved(.worse(channel: channel, by: share), plan, known.scaling(channel, by: 1 - share))
      }
    }
    cases += try sets.compactMap { evidence in
      var own = plan
      own.reweight += evidence.map { Placed($0) }
      return try solved(.evidence(evidence), own, posterior)
    }
    self.present = present
    isInterrupted = SearchClock.isInterrupted
    let order = cases.indices.sorted { a, b in
      let (x, y) = (cases[a], cases[b])
      // To a millionth of the money, which is less than searches leave open.
      let (p, q) = ((x.movedShare * 1e6).rounded(), (y.movedShare * 1e6).rounded())
      return p != q ? p > q : x.regret != y.regret ? x.regret > y.regret : a < b
    }
    self.cases = order.map { cases[$0] }
  }
}

extension SensitivityAnalysis.Supposition {
  fileprivate var name: String {
    switch self {
    case .worse(let channel, let share): "\(channel) \(String(format: "%g", 100 * share)) % worse"
    case .evidence(let evidence): "evidence on \(evidence.map(\.channel).joined(separator: ", "))"
    }
  }
}

extension Posterior {
  /// The same with all that a channel brings times a number: its cells' curves, in every draw.
  fileprivate func scaling(_ channel: String, by factor: Double) -> Posterior {
    var scaled = self
    for index in cells.indices where cells[index].labels.first == channel {
      scaled.cells[index].outcomeScale *= factor
    }
    return scaled
  }
}

extension Plan {
  fileprivate func brokenSensitivity() -> [PlanProblem] {
    var problems: [PlanProblem] = []
    if let target {
      problems.append(
        PlanProblem(
          "sensitivity is of plans with the highest utility, expected none of target, found target.\(target.value.kind.rawValue)",
          at: target.position))
    }
    if let limit = riskLimits.first {
      problems.append(
        PlanProblem(
          "sensitivity compares with the present plan, which may miss a limit of risk under a case, expected none of risk_limits, found one",
          at: limit.utility.name.position))
    }
    return problems
  }
}
