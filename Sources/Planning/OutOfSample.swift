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
  /// How far the money of one amount depends on the draws: over the plans of the halves.
  public struct Amount: Sendable, Equatable {
    /// As `Recommendation.amountNames` has it.
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
  /// In the order of the amounts that are decided.
  public var amounts: [Amount]

  /// What the plan of all draws is to be expected to have less than its stated utility: half of the optimism of halves, for that falls as one over
  /// the number of draws where the best plan moves little.
  public var expectedLoss: Double { 0.5 * optimism }

  /// Halvings, each of which makes two plans.
  public static let usualHalvings = 10
  /// With fewer draws their halves say nothing.
  static let leastDraws = 20
  /// Of each chain at most.
  static let blocksPerChain = 20
}

extension CompiledPlan {
  /// Chooses plans by halves of the draws and scores them by the others; nil for a plan by period, one with a target or limits of risk, one whose
  /// utility looks at spend, and of fewer than 20 draws. No halving is begun after the plan's time limit; nil where that leaves fewer than two.
  ///
  /// - Parameters:
  ///   - spend: money by amount of the plan that is to be judged: each search begins there, and from the best mean.
  ///   - halvings: at least 2.
  public func outOfSample(
    for spend: [Double], halvings: Int = OutOfSample.usualHalvings
  ) -> OutOfSample? {
    precondition(halvings >= 2, "An error takes two halvings.")
    guard calendar == nil, goal == nil, allocated == nil, posterior.drawCount >= OutOfSample.leastDraws,
      !(objective.utility is any PlanUtility)
    else { return nil }
    let polytope = limits.polytope(money: money)
    guard polytope.upper.allSatisfy(\.isFinite) else { return nil }
    let deadline = PlanSearch.deadline(of: plan)
    let halves = DrawHalves(
      chainCount: posterior.chainCount, drawCount: posterior.drawCount,
      seed: UInt64(bitPattern: Int64(plan.solver.seed)))
    let currentDraws = current.map { currentObjective.reading(spend: $0).outcome }
    @Sendable func halved(_ number: Int) -> Halving? {
      guard ContinuousClock.now < deadline else { return nil }
      let sides = halves.halving(number)
      return Halving(self, polytope, sides, from: spend, until: deadline, current: currentDraws)
    }
    let all = objective.isThreaded ? (0..<halvings).map(halved) : Parallel.map(halvings, halved)
    let found = all.compactMap(\.self)
    guard found.count >= 2 else { return nil }
    let plans = found.flatMap(\.plans)
    let optimisms = found.map { halving in
      halving.plans.reduce(0) { $0 + $1.promised - $1.kept } / Double(halving.plans.count)
    }
    func average(_ numbers: [Double]) -> Double { mean(numbers.span) }
    let names = spendCells.names
    return OutOfSample(
      planCount: plans.count, promised: average(plans.map(\.promised)), kept: average(plans.map(\.kept)),
      optimism: average(optimisms),
      standardError: (variance(optimisms.span) / Double(optimisms.count)).squareRoot(),
      probabilityBetter: currentDraws == nil ? nil : average(plans.map(\.probabilityBetter)),
      shareBetter: currentDraws == nil ? nil : average(plans.map { $0.isBetter ? 1 : 0 }),
      amounts: names.indices.map { index in
        let money = plans.map { $0.spend[index] }
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
}

/// Two plans, each chosen by the draws that the other was not.
private struct Halving: Sendable {
  struct Chosen: Sendable {
    var spend: [Double]
    var promised: Double
    var kept: Double
    var probabilityBetter: Double
    var isBetter: Bool
  }

  var plans: [Chosen]

  init(
    _ plan: CompiledPlan, _ polytope: Polytope, _ sides: [[Int]], from spend: [Double],
    until deadline: ContinuousClock.Instant, current: [Double]?
  ) {
    let utility = plan.objective.utility
    let start = spend.map { $0 / plan.money }
    let spends = sides.map { side in
      let search = PlanSearch(plan.seeking(PartScore(utility, of: side)), polytope: polytope, until: deadline)
      return search.quick(from: start).map { plan.spend($0.point, in: polytope) } ?? spend
    }
    let outcomes = spends.map { plan.objective.reading(spend: $0).outcome }
    func score(_ outcome: [Double], _ side: [Int]) -> Double {
      let seen = side.map { outcome[$0] }
      return utility.score(seen.span)
    }
    plans = sides.indices.map { own in
      // The other's plan is within reach of this half too: where a climb missed it, this half would have chosen it.
      let choice = score(outcomes[1 - own], sides[own]) > score(outcomes[own], sides[own]) ? 1 - own : own
      let (outcome, other) = (outcomes[choice], sides[1 - own])
      let kept = score(outcome, other)
      return Chosen(
        spend: spends[choice], promised: score(outcome, sides[own]), kept: kept,
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
