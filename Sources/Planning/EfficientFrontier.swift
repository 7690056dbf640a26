import Foundation
import NumericKernel
public import ResponseModel

/// What more safety costs: of all plans within the limits those of which none has more of the mean and no less of a measure of risk
/// (H. Markowitz, Portfolio selection, J. Finance 7, 1952).
///
/// Each point but the last is the best mean among plans whose risk measure is at least at some floor, so that the parts of the frontier that no
/// weighted sum of the two finds are there too, and its bound says that no plan as safe has more. The last is the safest plan.
public struct EfficientFrontier: Sendable {
  /// How a point was asked for.
  public enum Kind: String, Sendable {
    /// The best mean of all plans.
    case mean = "best_mean"
    /// The best mean of those that are as safe.
    case floor
    /// The best by the risk measure.
    case risk = "best_risk"
  }

  /// A plan on the frontier.
  public struct Point: Sendable {
    public var kind: Kind
    /// What the risk measure was to come to, larger being better; nil at both ends.
    public var floor: Double?
    /// The plan. What its utility and bound are of is the mean; at the end of kind `risk` the risk measure.
    public var answer: Recommendation
    /// Of the outcome under the plan's measure.
    public var mean: Double
    /// Of the same, larger being better.
    public var risk: Double
    /// Whether another of the points has more of one and no less of the other.
    public var isDominated = false
  }

  /// A plan that is compared with the frontier.
  public struct Landmark: Sendable {
    /// The whole answer.
    public var answer: Recommendation
    public var mean: Double
    /// Larger being better.
    public var risk: Double
    /// The best mean that was found of plans that are as safe; nil where no plan within the limits is.
    public var meanAtRisk: Double?
    /// Proved: no plan within the limits that is as safe has more of the mean; nil where nothing is proved.
    public var meanBound: Double?

    /// How far the mean is below the frontier: at least 0 of a plan within the limits. Nil where no plan is as safe.
    public var below: Double? { meanAtRisk.map { $0 - mean } }
  }

  /// What the mean is set against.
  public var risk: FrontierRisk
  /// From the best mean to the best by the risk measure; one alone where a single plan is both.
  public var points: [Point]
  /// The plan that the plan file asks for, by its own utility.
  public var chosen: Landmark
  /// Nil without one.
  public var current: Landmark?
  /// Whether it was interrupted, so that points may be missing, and what landmarks are compared with.
  public private(set) var isInterrupted = false

  /// Whether each point whose utility permits a proof is proved to be as near to the best as the plan asks for.
  public var reachesGap: Bool {
    points.allSatisfy { $0.answer.utility.bound != .certified || $0.answer.reachesGap }
  }

  /// Points where nobody says how many.
  public static let usualCount = 11
}

/// A measure of risk that the mean is set against.
public struct FrontierRisk: Sendable {
  /// As a plan file has it: `expected_shortfall {tail: 0.05}`.
  public var name: String
  /// For people: `mean of the worst 5 % of draws`.
  public var title: String
  /// The same for the head of a column.
  public var shortTitle: String
  /// Whether reports show it as a size of which less is better: the standard deviation.
  public var isSize: Bool
  /// As a plan file has it; nil for the standard deviation, and for one of the caller's own.
  let choice: UtilityChoice?
  let own: (any Utility)?

  /// A utility as a plan file has it: the mean of the worst draws, a quantile.
  public init(_ choice: UtilityChoice) {
    (name, isSize, self.choice, own) = (choice.description, false, choice, nil)
    (title, shortTitle) = (name, name)
    guard let share = choice.onlyShare else { return }
    switch choice.name.value {
    case "expected_shortfall": (title, shortTitle) = ("mean of the worst \(share) % of draws", "Worst \(share) %")
    case "quantile": (title, shortTitle) = ("\(share) % quantile", "\(share) % quantile")
    default: break
    }
  }

  /// The caller's own.
  public init(_ utility: any Utility, name: String) {
    (self.name, isSize, choice, own) = (name, false, nil, utility)
    (title, shortTitle) = (name, name)
  }

  private init() {
    (name, isSize, choice, own) = ("standard_deviation", true, nil, Steadiness())
    (title, shortTitle) = ("standard deviation", "Standard deviation")
  }

  /// The standard deviation over draws.
  public static let standardDeviation = FrontierRisk()

  /// The mean of the worst twentieth of draws.
  public static let usual = FrontierRisk(
    UtilityChoice(
      name: Placed("expected_shortfall"),
      options: [UtilityOption(name: Placed("tail"), value: Placed(.number(0.05)))]))

  /// As reports show it, from the score that is larger for better.
  public func shown(_ score: Double) -> Double { isSize ? -score : score }
}

extension UtilityChoice {
  /// The one number that it has in per cent, in as few digits as say it; nil where there is another option too.
  fileprivate var onlyShare: String? {
    guard options.count <= 1 else { return nil }
    switch options.first?.value.value {
    case .number(let share): return String(format: "%g", 100 * share)
    case nil: return "5"
    case .word: return nil
    }
  }
}

extension EfficientFrontier {
  /// Finds the points of a plan's frontier from the safest on, each search beginning at the point before; and the plan's own optimum and the
  /// current plan, with the frontier's mean at the risk of each.
  ///
  /// - Parameters:
  ///   - count: of points, at least 2. The two ends have each the plan's time limit, those between them together once more.
  ///   - progress: told of each point before its search. Where searches are interrupted, points that were not begun are left out, and the means
  ///     at the risk of other plans too.
  /// - Throws: `PlanProblems` where plan and posterior do not fit, or where a frontier says nothing of such a plan; `InfeasiblePlan` where the
  ///   limits cannot all be met.
  public init(
    _ plan: Plan, _ posterior: Posterior, risk: FrontierRisk = .usual, points count: Int = usualCount,
    record: RunRecord = RunRecord(),
    progress: (SearchStep) -> Void = { _ in }
  ) throws {
    precondition(count >= 2, "A frontier has two ends.")
    let broken = plan.brokenFrontier(posterior)
    guard broken.isEmpty else { throw PlanProblems(broken) }
    self.risk = risk
    var averse = plan
    if let choice = risk.choice { averse.utility = choice }
    let safest = try CompiledPlan(averse, posterior, utility: risk.own)
    guard !(safest.objective.utility is any PlanUtility || safest.objective.utility is any RatioUtility) else {
      throw PlanProblems([
        PlanProblem(
          "expected a measure of risk of the outcome alone, such as expected_shortfall, quantile or standard_deviation, found \(risk.name)"
        )
      ])
    }
    var neutral = plan
    neutral.utility = UtilityChoice(name: Placed("mean"))
    let measure = safest.objective.utility
    let best = try CompiledPlan(neutral, posterior, utility: nil, sharing: safest)
    func point(_ kind: Kind, _ floor: Double?, _ answer: Recommendation) -> Point {
      Point(kind: kind, floor: floor, answer: answer, mean: answer.outcome.mean, risk: measure.score(answer.draws.span))
    }
    func solved(_ floor: Double, from start: Point) throws -> Point {
      var own = best.keeping(measure, named: risk.name, atLeast: floor)
      own.knownPlan = start.answer.amounts.map { $0 / own.money }
      // All points together have the time of a plan, and each a second at least.
      own.plan.solver.timeLimit = min(
        plan.solver.timeLimit, max(Self.leastTime, plan.solver.timeLimit / Double(count)))
      return point(.floor, floor, try own.optimise(record: record))
    }
    var begun = 0
    func begin(_ name: String) {
      begun += 1
      progress(SearchStep(name: name, number: begun, count: count + 3))
    }
    begin("the plan's own utility")
    let asked = try CompiledPlan(plan, posterior, utility: nil, sharing: safest)
    let optimum = try asked.optimise(record: record)
    begin("the best mean")
    var top = best
    let mean = point(.mean, nil, try top.optimise(record: record))
    begin("the best by \(risk.title)")
    top = safest
    top.knownPlan = mean.answer.amounts.map { $0 / top.money }
    let safe = point(.risk, nil, try top.optimise(record: record))
    let range = safe.risk - mean.risk
    let isOne = range <= Self.nothing * max(abs(safe.risk), abs(mean.risk))
    points = [mean]
    if !isOne {
      var found = [safe]
      for step in (1..<max(count - 1, 1)).reversed() {
        if SearchClock.isInterrupted { break }
        begin("a point between")
        let floor = mean.risk + range * Double(step) / Double(count - 1)
        let own = try solved(floor, from: found[found.count - 1])
        // What was cut short is where it began.
        if own.answer.solver?.isInterrupted == true { break }
        found.append(own)
      }
      points += found.reversed()
    }
    let ends = (mean: mean, safe: safe, nearest: points)
    func landmark(_ answer: Recommendation) throws -> Landmark {
      let own = point(.floor, nil, answer)
      var landmark = Landmark(answer: answer, mean: own.mean, risk: own.risk)
      let slight = Self.nothing * max(abs(own.risk), abs(ends.safe.risk))
      begin("the frontier at a plan's risk")
      guard !SearchClock.isInterrupted, own.risk <= ends.safe.risk + slight else { return landmark }
      var equal = ends.mean
      if own.risk > ends.mean.risk + slight {
        let start = ends.nearest.filter { $0.risk >= own.risk }.min { $0.risk < $1.risk } ?? ends.safe
        equal = own.risk < ends.safe.risk - slight ? try solved(own.risk, from: start) : ends.safe
      }
      landmark.meanAtRisk = equal.mean
      landmark.meanBound = equal.kind == .risk ? nil : equal.answer.utility.upperBound
      // What was given may itself be better than what was found.
      if answer.status != .evaluatedOutsideLimits { landmark.meanAtRisk = max(equal.mean, own.mean) }
      return landmark
    }
    chosen = try landmark(optimum)
    current = try asked.evaluateCurrent(record: record).map(landmark)
    isInterrupted = SearchClock.isInterrupted
    markDominated()
  }

  /// Seconds.
  private static let leastTime = 1.0
  /// Of the larger of two measures, by which they are the same.
  private static let nothing = 1e-9
  /// Of the frontier's extent, which is more than what searches leave open.
  private static let notable = 1e-6

  private mutating func markDominated() {
    let (means, risks) = (points.map(\.mean), points.map(\.risk))
    let extent = (
      mean: (means.max() ?? 0) - (means.min() ?? 0), risk: (risks.max() ?? 0) - (risks.min() ?? 0)
    )
    for own in points.indices {
      points[own].isDominated = points.indices.contains { other in
        means[other] >= means[own] && risks[other] >= risks[own]
          && (means[other] - means[own] > Self.notable * extent.mean
            || risks[other] - risks[own] > Self.notable * extent.risk)
      }
    }
  }
}

extension CompiledPlan {
  /// The same under one more limit of risk.
  fileprivate func keeping(_ risk: any Utility, named name: String, atLeast floor: Double) -> CompiledPlan {
    var limited = plan
    limited.riskLimits.append(
      RiskLimit(UtilityChoice(name: Placed(name)), atLeast: Placed(floor), name: "\(name) of the frontier"))
    let even = limits.lower.map { _ in money / Double(limits.lower.count) }
    let known = (goal?.conditions ?? []).map(\.condition.utility)
    return pursuing(
      PlanGoal(
        limited, objective.utility, risks: known + [risk], outcomeValue: 1, money: money,
        reference: (
          objective.reading(spend: even).outcome, objective.reading(spend: even.map { _ in 0 }).outcome
        )))
  }
}

extension Plan {
  /// Why a frontier says nothing of a plan; none where it does.
  fileprivate func brokenFrontier(_ posterior: Posterior) -> [PlanProblem] {
    var problems: [PlanProblem] = []
    if let target {
      problems.append(
        PlanProblem(
          "a frontier is of plans for the same money, expected none of target, found target.\(target.value.kind.rawValue)",
          at: target.position))
    }
    if decision.isByPeriod {
      problems.append(
        PlanProblem(
          "a frontier is of plans whose money is spread over the periods, expected no period in decide.by, found one"))
    }
    if posterior.drawCount == 1 {
      problems.append(
        PlanProblem("a frontier is of draws that differ, expected two draws or more, found one curve a channel"))
    }
    return problems
  }
}
