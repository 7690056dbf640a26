import Foundation
import NumericKernel
public import ResponseModel

/// One plan for each of several utilities, and each of these plans scored by all of them: what caution costs, and what it saves.
///
/// Every plan keeps the same limits and is found from the same draws. In each utility's column the best plan is its own, but for what its
/// gap leaves open.
public struct UtilityMatrix: Sendable {
  /// One utility and its plan.
  public struct Entry: Sendable {
    /// `expected_shortfall {tail: 0.1}`, or the name of the caller's own.
    public var name: String
    /// The plan that is best by it.
    public var answer: Recommendation
    /// Of this plan by each utility, in the matrix's order and each one's own unit.
    public var scores: [Double]
    /// Whether the utility is told in the outcome's unit, so that it rises by as much as every draw does: such utilities can be compared.
    public var isInOutcome: Bool
  }

  /// In the order that was asked for.
  public var entries: [Entry]
  /// The current plan by each utility; nil without one.
  public var currentScores: [Double]?
  /// Whether it was interrupted, so that utilities may be missing.
  public var isInterrupted: Bool

  /// The highest score by a utility that any of the plans has: the entry's own, but for what its search has missed.
  public func best(by utility: Int) -> Double {
    entries.reduce(-.infinity) { max($0, $1.scores[utility]) }
  }

  /// Whether each plan whose utility permits a proof is proved to be as near to the best as the plan asks for.
  public var reachesGap: Bool { entries.allSatisfy { $0.answer.utility.bound != .certified || $0.answer.reachesGap } }

  /// A plan that gives up little whichever of the utilities in the outcome's unit counts.
  public struct SafeChoice: Sendable, Equatable {
    /// Which of the entries.
    public var plan: Int
    /// The most that it gives up, in the outcome's unit.
    public var regret: Double
    /// The utility by which it gives that up: one of the entries.
    public var utility: Int
    /// The other entries that give up no more than that and a thousandth of this plan's mean: too near to be told apart by so little.
    public var equals: [Int]
  }

  /// The plan that gives up least whichever of the utilities in the outcome's unit counts; nil where fewer than two are in that unit.
  public var safest: SafeChoice? {
    let columns = entries.indices.filter { entries[$0].isInOutcome }
    guard columns.count > 1 else { return nil }
    func regret(_ plan: Int, _ utility: Int) -> Double { self.regret(of: plan, by: utility) }
    let worst = entries.indices.map { plan in columns.max { regret(plan, $0) < regret(plan, $1) } ?? columns[0] }
    let most = entries.indices.map { regret($0, worst[$0]) }
    guard let plan = entries.indices.min(by: { most[$0] < most[$1] }) else { return nil }
    let near = most[plan] + 1e-3 * abs(entries[plan].answer.outcome.mean)
    return SafeChoice(
      plan: plan, regret: most[plan], utility: worst[plan],
      equals: entries.indices.filter { $0 != plan && most[$0] <= near })
  }

  /// How far a plan scores below the best by some utility, in that utility's unit: at least 0.
  public func regret(of plan: Int, by utility: Int) -> Double { best(by: utility) - entries[plan].scores[utility] }

  /// The same as a share of the best; nil where that is nothing.
  public func regretShare(of plan: Int, by utility: Int) -> Double? {
    let best = best(by: utility)
    return best == 0 ? nil : regret(of: plan, by: utility) / abs(best)
  }
}

/// A utility to be compared with others: one that plan files can name, or the caller's own.
public struct ComparedUtility: Sendable {
  /// What reports call it.
  public var name: String
  /// As a plan file has it; nil for one of the caller's own.
  public var choice: UtilityChoice?
  fileprivate var own: (any Utility)?

  /// As a plan file has it.
  public init(_ choice: UtilityChoice) {
    name = choice.description
    self.choice = choice
  }

  /// The caller's own.
  public init(_ utility: any Utility, name: String) {
    self.name = name
    own = utility
  }
}

extension Utility {
  /// Whether it rises by as much as all of these draws do.
  fileprivate func isInOutcome(_ draws: [Double]) -> Bool {
    guard !(self is any PlanUtility) else { return false }
    let step = max(variance(draws.span).squareRoot(), abs(mean(draws.span)), 1e-300)
    let moved = draws.map { $0 + step }
    // Sums of draws of that size are good to twelve digits.
    return abs(score(moved.span) - score(draws.span) - step) <= 1e-9 * step
  }
}

extension UtilityMatrix {
  /// Optimises a plan under each of some utilities, in place of its own, and scores every answer by all of them.
  ///
  /// - Parameters:
  ///   - progress: told of each before its search. Where searches are interrupted, utilities that were not begun are left out.
  /// - Throws: as `CompiledPlan.init` and `optimise` do.
  public init(
    _ plan: Plan, _ posterior: Posterior, utilities: [ComparedUtility], record: RunRecord = RunRecord(),
    progress: (SearchStep) -> Void = { _ in }
  ) throws {
    var compiled: [CompiledPlan] = []
    for utility in utilities {
      var own = plan
      if let choice = utility.choice { own.utility = choice }
      compiled.append(try CompiledPlan(own, posterior, utility: utility.own, sharing: compiled.last))
    }
    var answers: [Recommendation] = []
    for (index, utility) in utilities.enumerated() where answers.isEmpty || !SearchClock.isInterrupted {
      progress(SearchStep(name: utility.name, number: index + 1, count: utilities.count))
      var own = compiled[index]
      // The plan found last is near by, and a start beside all others.
      if own.calendar == nil { own.knownPlan = answers.last.map { $0.amounts.map { $0 / own.money } } }
      answers.append(try own.optimise(record: record))
    }
    compiled.removeLast(compiled.count - answers.count)
    entries = zip(zip(utilities, answers), compiled).map { pair, own in
      let (utility, answer) = pair
      let isInOutcome = own.objective.utility.isInOutcome(answer.draws)
      let amounts = answer.amounts
      return Entry(
        name: utility.name, answer: answer, scores: compiled.map { $0.score(spend: amounts) }, isInOutcome: isInOutcome)
    }
    isInterrupted = SearchClock.isInterrupted
    let current = answers.map { $0.utility.current }
    currentScores = current.contains { $0 == nil } ? nil : current.compactMap(\.self)
  }

  /// The utilities that are compared where nobody says which: the plan's own first, then one of each kind that permits a proof or is
  /// asked for often. Amounts of outcome that some need are taken from the current plan's: its mean as target, and the inverse of its standard
  /// deviation as the unit of aversion.
  ///
  /// - Parameter outcome: draws of the current plan, or of any other to measure from.
  public static func customary(_ plan: Plan, outcome: [Double]) -> [ComparedUtility] {
    let target = inShort(mean(outcome.span))
    let sd = variance(outcome.span).squareRoot()
    func choice(_ name: String, _ options: [(String, Double)] = []) -> UtilityChoice {
      UtilityChoice(
        name: Placed(name),
        options: options.map { UtilityOption(name: Placed($0.0), value: Placed(.number($0.1))) })
    }
    var choices = [
      plan.utility, choice("mean"), choice("expected_shortfall", [("tail", 0.1)]), choice("quantile", [("level", 0.1)]),
      choice("mean_deviation", [("lambda", 1)]), choice("mean_semideviation"),
    ]
    if sd > 0 {
      choices += [
        choice("entropic", [("gamma", inShort(2 / sd))]), choice("shortfall", [("target", target), ("lambda", 2)]),
      ]
      // Neither can be pursued under a target or limits of risk.
      if plan.target == nil, plan.riskLimits.isEmpty {
        choices += [choice("target_probability", [("target", target)]), choice("sharpe")]
      }
    }
    var seen: Set<String> = []
    return choices.filter { seen.insert($0.description).inserted }.map { ComparedUtility($0) }
  }
}

/// To three digits that count.
private func inShort(_ number: Double) -> Double {
  guard number != 0, number.isFinite else { return number }
  let unit = pow(10, log10(abs(number)).rounded(.down) - 2)
  return unit < 1 ? (number / unit).rounded() / (1 / unit).rounded() : (number / unit).rounded() * unit
}

extension Recommendation {
  /// Money by amount that is decided, in the order of `amountNames`.
  public var amounts: [Double] { cells.flatMap { cell in cell.periods.map { $0.map(\.spend) } ?? [cell.total] } }
}
