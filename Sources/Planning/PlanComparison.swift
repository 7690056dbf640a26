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
    /// The best plan by another utility than the plan's own.
    case optimumBy(UtilityChoice)
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
    /// By each of the comparison's utilities, in their order and each one's own unit.
    public var scores: [Double]

    public init(name: String, answer: Recommendation, regret: Double?, scores: [Double]) {
      self.name = name
      self.answer = answer
      self.regret = regret
      self.scores = scores
    }

    /// How many limits of the plan it breaks.
    public var brokenLimitCount: Int { answer.limits.count { $0.slack < 0 } }
  }

  /// In the order given.
  public var entries: [Entry]
  /// What scores are by: the plan's own first, then those that best plans are asked for by.
  public var utilities: [String]
  /// Whether each best plan that is asked for is proved to be as near to it as the plan wants, or cannot be.
  public var reachesGap: Bool
  /// Whether it was interrupted, so that best plans may be missing.
  public var isInterrupted: Bool
  /// The best plans that were asked for and not found before it was.
  public private(set) var unfinished: [String]

  /// The highest score by the plan's own utility among those within all limits; nil where none is.
  public var best: Entry? { Self.best(of: entries.filter { $0.brokenLimitCount == 0 }) }

  /// The same with those outside of the limits.
  public var bestOfAll: Entry? { Self.best(of: entries) }

  private static func best(of entries: [Entry]) -> Entry? { entries.max { $0.scores[0] < $1.scores[0] } }

  /// What is compared where nobody says what: the current plan, where there is one, and the best.
  public static func usual(_ plan: Plan, _ posterior: Posterior) throws -> [(name: String, source: Source)] {
    var hasCurrent = true
    if plan.saysHowMuch {
      do {
        hasCurrent = try CompiledPlan(plan, posterior).hasCurrentPlan
      } catch is InfeasiblePlan {
        // The comparison says so.
      }
    }
    return (hasCurrent ? [("current", .current)] : []) + [("optimum", .optimum)]
  }

  /// Scores, and where it is asked for finds, the plans of these names.
  ///
  /// - Parameters:
  ///   - own: a utility of the caller's own, in place of the one that the plan names.
  ///   - progress: told of each best plan before its search. Where searches are interrupted, those that were not begun are left out.
  /// - Throws: `PlanProblems` where plan, posterior and allocations do not fit, or where there is no current plan; `InfeasiblePlan`
  ///   where the best plan is asked for and the limits cannot all be met.
  public init(
    _ plan: Plan, _ posterior: Posterior, of plans: [(name: String, source: Source)], utility own: (any Utility)? = nil,
    record: RunRecord = RunRecord(), progress: (SearchStep) -> Void = { _ in }
  ) throws {
    let variants = Variants(plan, posterior, plans.map(\.source), own: own)
    let searched = plans.count { $0.source.isSearched }
    var best: CompiledPlan?
    if plan.saysHowMuch {
      do {
        best = try variants.compiled(0, sharing: nil)
      } catch let conflict as InfeasiblePlan {
        if searched > 0 { throw conflict }
      }
    }
    var reachesGap = true
    var begun = 0
    var start: [Double]?
    let bounds = best?.bestOutcomes()
    let others = try variants.utilities.indices.dropFirst().map { try variants.compiled($0, sharing: best) }
    let all: [CompiledPlan?] = [best] + others.map { $0 }
    var entries: [Entry] = []
    unfinished = []
    for (name, source) in plans {
      let answer: Recommendation
      switch source {
      case .optimum, .optimumBy:
        if SearchClock.isInterrupted, !entries.isEmpty {
          unfinished.append(name)
          continue
        }
        begun += 1
        progress(SearchStep(name: name, number: begun, count: searched))
        let place = variants.place(of: source)
        // Without a budget that is a sentence.
        var compiled = try place > 0 ? others[place - 1] : best ?? variants.compiled(0, sharing: nil)
        if compiled.calendar == nil, plan.target == nil, let start {
          compiled.knownPlan = start.map { $0 / compiled.money }
        }
        answer = try compiled.optimise(record: record)
        // A search cut short may end where it began: no best plan.
        if answer.solver?.isInterrupted == true {
          unfinished.append(name)
          if plans.count > 1 { continue }
        }
        start = answer.amounts
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
      let place = variants.place(of: source)
      let scores = try all.enumerated().map { index, compiled in
        guard index != place, let compiled else { return answer.utility.value }
        return try variants.score(answer, of: source, by: index, compiled)
      }
      var entry = Entry(name: name, answer: answer, regret: nil, scores: scores)
      if entry.brokenLimitCount == 0 { entry.regret = bounds.map { max(0, mean($0.span) - answer.outcome.mean) } }
      entries.append(entry)
    }
    self.entries = entries
    let ownName = own.map { "\(type(of: $0))" } ?? plan.utility.description
    utilities = [ownName] + variants.utilities.dropFirst().map(\.description)
    self.reachesGap = reachesGap
    isInterrupted = SearchClock.isInterrupted
  }
}

extension PlanComparison.Source {
  /// Whether it has to be found.
  fileprivate var isSearched: Bool {
    switch self {
    case .optimum, .optimumBy: true
    case .current, .given: false
    }
  }
}

/// A plan under its own utility and under those that best plans are asked for by.
private struct Variants {
  let plan: Plan
  let posterior: Posterior
  let own: (any Utility)?
  /// The plan's own first, each once.
  let utilities: [UtilityChoice]

  init(_ plan: Plan, _ posterior: Posterior, _ sources: [PlanComparison.Source], own: (any Utility)?) {
    (self.plan, self.posterior, self.own) = (plan, posterior, own)
    var found = [plan.utility]
    for case .optimumBy(let choice) in sources
    where !found.dropFirst(own == nil ? 0 : 1).contains(where: { $0.description == choice.description }) {
      found.append(choice)
    }
    utilities = found
  }

  /// The utility that a plan is found, or scored, by.
  func place(of source: PlanComparison.Source) -> Int {
    guard case .optimumBy(let choice) = source else { return 0 }
    // A caller's own stands in the place of the plan's, and is none that a file names.
    let named = utilities.dropFirst(own == nil ? 0 : 1)
    return named.firstIndex { $0.description == choice.description } ?? 0
  }

  private func asked(_ place: Int) -> Plan {
    var asked = plan
    asked.utility = utilities[place]
    return asked
  }

  /// With the surfaces of another, where a target does not make it one of its own.
  func compiled(_ place: Int, sharing other: CompiledPlan?) throws -> CompiledPlan {
    let own = place == 0 ? own : nil
    return try plan.target == nil
      ? CompiledPlan(asked(place), posterior, utility: own, sharing: other)
      : CompiledPlan(asked(place), posterior, utility: own)
  }

  /// Of an answer by another utility: of its draws, or where that is not enough of its money.
  func score(
    _ answer: Recommendation, of source: PlanComparison.Source, by place: Int, _ compiled: CompiledPlan
  ) throws -> Double {
    let utility = compiled.objective.utility
    guard utility is any PlanUtility else { return utility.score(answer.draws.span) }
    guard case .given(let allocation) = source else { return compiled.score(spend: answer.amounts) }
    return try CompiledPlan(asked(place), posterior, scoring: allocation, utility: place == 0 ? own : nil)
      .evaluate().utility.value
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
