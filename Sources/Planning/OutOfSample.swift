import NumericKernel
import Optimisation
import ResponseModel

/// What is left of a plan's promise on draws that it was not chosen by, and how much of the plan is owed to the draws that happened to be drawn.
///
/// The best of many plans is best partly by luck: its own draws flatter it (J. E. Smith and R. L. Winkler, The optimizer's curse, Management Science 52,
/// 2006). The draws are halved again and again; each half chooses a plan, which both halves score. Halves are made of blocks of consecutive
/// draws of a chain, for a draw is much like the one before it, and a half whose every draw has its neighbour in the other has seen the other.
/// Of each halving both halves choose, so that the luck of the halving itself cancels.
public struct OutOfSample: Sendable, Equatable {
  /// How far the money of one cell depends on the draws: over the plans of the halves.
  public struct Amount: Sendable, Equatable {
    /// As `Recommendation.CellResult.name` has it.
    public var name: String
    public var q05: Double
    public var q50: Double
    public var q95: Double
  }

  /// Plans that were chosen, each by half of the draws.
  public var planCount: Int
  /// The mean over these plans of the utility that the draws promise which chose them,
  public var promised: Double
  /// and of the utility that the other draws have of them.
  public var kept: Double
  /// What a plan chosen by half of the draws promises too much: at least 0 but for searches that stopped short.
  public var optimism: Double
  /// Of the optimism over halvings: by how much other halvings of the same draws would differ.
  public var standardError: Double
  /// The share of draws that did not choose, in which a plan is above the current plan, on average; nil without one.
  public var probabilityBetter: Double?
  /// The share of these plans that have a higher utility than the current plan by the draws that did not choose; nil without one.
  public var shareBetter: Double?
  /// In the order of the cells.
  public var amounts: [Amount]

  /// What the plan of all draws is to be expected to have less than its stated utility: half of the optimism of halves, for that falls as one over
  /// the number of draws where the best plan moves little.
  public var expectedLoss: Double { 0.5 * optimism }

  /// Halvings, each of which makes two plans.
  public static let usualHalvings = 10
  /// With fewer draws their halves say nothing.
  package static let leastDraws = 20
  /// Of each chain at most.
  static let blocksPerChain = 20
}

extension CompiledPlan {
  /// Chooses plans by halves of the draws and scores them by the others; nil for a plan with a target or limits of risk, one whose utility looks at
  /// spend, of fewer than 20 draws, and for one by period that one climb does not solve. No halving is begun after the plan's time limit; nil
  /// where that leaves fewer than two.
  ///
  /// - Parameters:
  ///   - spend: money by amount of the plan that is to be judged: each search begins there, and from the best mean.
  ///   - halvings: at least 2; nil for the usual number, of plans by period half of it.
  public func outOfSample(for spend: [Double], halvings: Int? = nil) -> OutOfSample? {
    precondition(halvings.map { $0 >= 2 } ?? true, "An error takes two halvings.")
    guard posterior.drawCount >= OutOfSample.leastDraws, goal == nil,
      let half = calendar.map({ halfPlan($0, from: spend) }) ?? halfPlan(from: spend)
    else { return nil }
    let halves = DrawHalves(
      chainCount: posterior.chainCount, drawCount: posterior.drawCount,
      seed: UInt64(bitPattern: Int64(plan.solver.seed)))
    let deadline = PlanSearch.deadline(of: plan)
    let currentDraws = current.map { currentObjective.reading(spend: $0).outcome }
    @Sendable func halved(_ number: Int) -> Halving? {
      guard SearchClock.now < deadline else { return nil }
      return Halving(half, halves.halving(number), until: deadline, current: currentDraws)
    }
    let count = halvings ?? (calendar == nil ? OutOfSample.usualHalvings : OutOfSample.usualHalvings / 2)
    let isThreaded = calendar != nil || objective.isThreaded
    let found = (isThreaded ? (0..<count).map(halved) : Parallel.map(count, halved)).compactMap(\.self)
    guard found.count >= 2 else { return nil }
    let plans = found.flatMap(\.plans)
    let optimisms = found.map { halving in
      halving.plans.reduce(0) { $0 + $1.promised - $1.kept } / Double(halving.plans.count)
    }
    func average(_ numbers: [Double]) -> Double { mean(numbers.span) }
    let names = calendar?.cells.names ?? spendCells.names
    return OutOfSample(
      planCount: plans.count, promised: average(plans.map(\.promised)), kept: average(plans.map(\.kept)),
      optimism: average(optimisms),
      standardError: (variance(optimisms.span) / Double(optimisms.count)).squareRoot(),
      probabilityBetter: currentDraws == nil ? nil : average(plans.map(\.probabilityBetter)),
      shareBetter: currentDraws == nil ? nil : average(plans.map { $0.isBetter ? 1 : 0 }),
      amounts: names.indices.map { index in
        let money = plans.map { $0.totals[index] }
        return OutOfSample.Amount(
          name: names[index], q05: quantile(money.span, level: 0.05).value,
          q50: quantile(money.span, level: 0.5).value, q95: quantile(money.span, level: 0.95).value)
      })
  }

  /// The answer with what is left of it on other draws, where that can be said.
  public func testing(_ answer: Recommendation) -> Recommendation {
    var tested = answer
    tested.outOfSample = outOfSample(for: answer.amounts)
    return tested
  }

  private func halfPlan(from spend: [Double]) -> HalfPlan? {
    let polytope = limits.polytope(money: money)
    guard allocated == nil, !(objective.utility is any PlanUtility), polytope.upper.allSatisfy(\.isFinite) else {
      return nil
    }
    let start = spend.map { $0 / money }
    return HalfPlan(utility: objective.utility) { score, deadline in
      PlanSearch(seeking(score), polytope: polytope, until: deadline).quick(from: start).map {
        self.spend($0.point, in: polytope)
      } ?? spend
    } outcome: {
      objective.reading(spend: $0).outcome
    } totals: {
      $0
    }
  }

  /// Where one hill is all there is. What is on and off in which period stays as the plan has it.
  private func halfPlan(_ calendar: PeriodPlan, from spend: [Double]) -> HalfPlan? {
    let objective = calendar.objective
    guard let whole = calendar.polytope, plan.mode.isPlain, !(objective.utility is any PlanUtility),
      objective.isOverestimable, objective.hasConcaveInner,
      let polytope = calendar.limits.hasChoices ? PeriodChoices(calendar, whole).polytope(asIn: spend) : whole
    else { return nil }
    let start = calendar.limits.hasChoices ? spend.map { $0 / calendar.money } : calendar.inside
    return HalfPlan(utility: objective.utility) { score, deadline in
      InteriorPoint().maximum(
        of: objective.scoring(score), over: polytope, from: start, until: deadline
      ).map { objective.spend($0.point) }
    } outcome: {
      objective.outcome(spend: $0)
    } totals: { spend in
      let count = calendar.periodCount
      return calendar.cells.cells.indices.map { spend[$0 * count..<($0 + 1) * count].reduce(0, +) }
    }
  }
}

/// A plan that can be chosen by a part of the draws.
private struct HalfPlan: Sendable {
  let utility: any Utility
  /// Money by amount of the best plan by a score, before a deadline; nil where none was found.
  let chosen: @Sendable (any Utility, ContinuousClock.Instant) -> [Double]?
  /// One number per draw, of money by amount.
  let outcome: @Sendable ([Double]) -> [Double]
  /// Money by cell, of money by amount.
  let totals: @Sendable ([Double]) -> [Double]
}

/// Two plans, each chosen by the draws that the other was not.
private struct Halving: Sendable {
  struct Chosen: Sendable {
    /// Money by cell.
    var totals: [Double]
    var promised: Double
    var kept: Double
    var probabilityBetter: Double
    var isBetter: Bool
  }

  var plans: [Chosen]

  /// Nil where one of the halves chooses none.
  init?(_ plan: HalfPlan, _ sides: [[Int]], until deadline: ContinuousClock.Instant, current: [Double]?) {
    let spends = sides.compactMap { plan.chosen(PartScore(plan.utility, of: $0), deadline) }
    guard spends.count == sides.count else { return nil }
    let outcomes = spends.map(plan.outcome)
    func score(_ outcome: [Double], _ side: [Int]) -> Double {
      let seen = side.map { outcome[$0] }
      return plan.utility.score(seen.span)
    }
    plans = sides.indices.map { own in
      // The other's plan is within reach of this half too: where a climb missed it, this half would have chosen it.
      let choice = score(outcomes[1 - own], sides[own]) > score(outcomes[own], sides[own]) ? 1 - own : own
      let (outcome, other) = (outcomes[choice], sides[1 - own])
      let kept = score(outcome, other)
      return Chosen(
        totals: plan.totals(spends[choice]), promised: score(outcome, sides[own]), kept: kept,
        probabilityBetter: current.map { current in
          Double(other.count { outcome[$0] > current[$0] }) / Double(other.count)
        } ?? 0,
        isBetter: current.map { kept > score($0, other) } ?? false)
    }
  }
}

/// Halves of draws that are made of blocks of consecutive draws, as many of each chain.
struct DrawHalves: Sendable {
  /// The draws of each block, chain by chain.
  let blocks: [[Range<Int>]]
  private let seed: UInt64

  /// Chains of as many draws each; where the draws are not so many times the chains, one chain.
  init(chainCount: Int, drawCount: Int, seed: UInt64) {
    self.seed = seed
    let chains = chainCount > 0 && drawCount % chainCount == 0 && drawCount >= 2 * chainCount ? chainCount : 1
    let length = drawCount / chains
    // An even number of them, so that halves are as large.
    let count = max(2, min(OutOfSample.blocksPerChain, length) / 2 * 2)
    blocks = (0..<chains).map { chain in
      (0..<count).map { block in
        chain * length + block * length / count..<chain * length + (block + 1) * length / count
      }
    }
  }

  /// Both sides, draws in their order: by the seed and the number of the halving.
  func halving(_ number: Int) -> [[Int]] {
    var seeds = RandomSource(seed: seed)
    for _ in 0..<number { _ = seeds.next() }
    var random = RandomSource(seed: seeds.next())
    var sides: [[Int]] = [[], []]
    for chain in blocks {
      var order = Array(chain.indices)
      for last in order.indices.dropFirst().reversed() { order.swapAt(last, random.index(below: last + 1)) }
      let first = Set(order.prefix(order.count / 2))
      for block in chain.indices { sides[first.contains(block) ? 0 : 1] += chain[block] }
    }
    return sides
  }
}
