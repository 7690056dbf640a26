import NumericKernel
import Optimisation
public import ResponseModel

/// Several plans under the same posterior and terms, each with its own money: what every one comes to, draw by draw.
public struct PlanComparison: Sendable {
  /// Where a plan comes from.
  public enum Source: Sendable, Equatable {
    /// The plan to beat.
    case current
    /// The best plan.
    case optimum
    /// Somebody's.
    case given(Allocation)
  }

  /// One plan, and its whole answer.
  public struct Entry: Sendable {
    /// What reports call it.
    public var name: String
    public var answer: Recommendation
    /// What the outcome is below the best plan of each draw on average, at most: each draw's best is bounded from above. Nil of a plan outside the
    /// limits, where periods are decided, and where nothing bounds the money or the measure is of each plan's own money.
    public var regret: Double?

    public init(name: String, answer: Recommendation, regret: Double?) {
      self.name = name
      self.answer = answer
      self.regret = regret
    }
  }

  /// In the order given.
  public var entries: [Entry]
  /// Whether the best plan, where it is asked for, is proved to be as near to it as the plan wants, or cannot be.
  public var reachesGap: Bool

  /// Scores, and where it is asked for finds, the plans of these names.
  ///
  /// - Parameter own: a utility of the caller's own, in place of the one that the plan names.
  /// - Throws: `PlanProblems` where plan, posterior and allocations do not fit, or where there is no current plan; `InfeasiblePlan`
  ///   where the best plan is asked for and the limits cannot all be met.
  public init(
    _ plan: Plan, _ posterior: Posterior, of plans: [(name: String, source: Source)], utility own: (any Utility)? = nil,
    record: RunRecord = RunRecord()
  ) throws {
    var best: CompiledPlan?
    if plan.saysHowMuch {
      do {
        best = try CompiledPlan(plan, posterior, utility: own)
      } catch let conflict as InfeasiblePlan {
        if plans.contains(where: { $0.source == .optimum }) { throw conflict }
      }
    }
    var reachesGap = true
    let bounds = best?.bestOutcomes()
    entries = try plans.map { name, source in
      let answer: Recommendation
      switch source {
      case .optimum:
        // Without a budget that is a sentence.
        let compiled = try best ?? CompiledPlan(plan, posterior, utility: own)
        answer = try compiled.optimise(record: record)
        reachesGap = reachesGap && (!compiled.isCertifiable || answer.reachesGap)
      case .current:
        let compiled = try best ?? CompiledPlan(plan, posterior, scoring: Allocation(amounts: []), utility: own)
        guard let current = try compiled.evaluateCurrent(utility: own, record: record) else {
          throw PlanProblems([
            PlanProblem("expected a current plan, in the posterior or in current: {file: …}, found none")
          ])
        }
        answer = current
      case .given(let allocation):
        answer = try CompiledPlan(plan, posterior, scoring: allocation, utility: own).evaluate(record: record)
      }
      let isWithin = answer.limits.allSatisfy { $0.slack >= 0 }
      return Entry(
        name: name, answer: answer,
        regret: isWithin ? bounds.map { max(0, mean($0.span) - answer.outcome.mean) } : nil)
    }
    self.reachesGap = reachesGap
  }
}

extension CompiledPlan {
  /// The current plan's own answer; nil without one.
  ///
  /// - Parameter own: the caller's own utility that this plan was compiled with.
  public func evaluateCurrent(
    utility own: (any Utility)? = nil, record: RunRecord = RunRecord()
  ) throws -> Recommendation? {
    guard let current else { return nil }
    guard let calendar else {
      var own = self
      own.allocated = current
      own.pattern = currentPattern
      own.objective = currentObjective
      own.reported = surfaces.reported(currentPattern)
      return own.evaluate(record: record)
    }
    let count = calendar.periodCount
    let money = calendar.current ?? []
    let totals = spendCells.cells.indices.map { money[$0 * count..<($0 + 1) * count].reduce(0, +) }
    return try CompiledPlan(
      plan, posterior,
      scoring: Allocation(
        amounts: zip(spendCells.names, totals).map { CellAmount(cell: Placed($0), money: Placed($1)) },
        distribution: spendCells.names.enumerated().map { index, name in
          CellSeries(
            cell: Placed(name),
            values: (0..<count).map { period in
              Placed(totals[index] > 0 ? money[index * count + period] / totals[index] : 1 / Double(count))
            })
        }), utility: own
    ).evaluate(record: record)
  }

  /// For each draw a bound on the outcome of every plan within the limits; nil where none is to be had, see `PlanComparison.Entry.regret`.
  fileprivate func bestOutcomes() -> [Double]? {
    guard calendar == nil, plan.measure != .roi, goal == nil else { return nil }
    let polytope = limits.polytope(money: money)
    guard polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let size = objective.surface.drawCount * objective.surface.cellCount
    let last = Double(min(max(Self.boundedPoints / max(size, 1), 64), 2048))
    return objective.innerBounds(
      over: polytope,
      points: zip(polytope.lower, polytope.upper).map { lower, upper in
        guard upper > lower else { return [lower] }
        // Denser towards the lower end, where curves bend most.
        return (0...Int(last)).map { index in
          Double(index) == last ? upper : lower + (upper - lower) * (Double(index) / last) * (Double(index) / last)
        }
      })
  }

  /// Points times draws times cells behind the bounds on single draws.
  private static let boundedPoints = 6_000_000
}
