import Foundation
import NumericKernel
import Optimisation
import ResponseModel

/// The search for a plan: where it starts, and what it reads responses from.
struct PlanSearch {
  let plan: CompiledPlan
  let polytope: Polytope
  /// What the polytope was made from: by default the plan's own.
  let limits: SpendLimits
  private(set) var deadline: ContinuousClock.Instant
  /// What is climbed.
  let objective: PlanObjective
  /// Starts beside the search's own.
  private let further: [LocalSearch.Start]

  init(
    _ plan: CompiledPlan, polytope: Polytope, limits: SpendLimits? = nil, until deadline: ContinuousClock.Instant,
    further: [LocalSearch.Start] = []
  ) {
    self.plan = plan
    self.polytope = polytope
    self.limits = limits ?? plan.limits
    self.deadline = deadline
    self.further =
      further + (plan.knownPlan.map { [LocalSearch.Start(name: "plan of another budget", point: $0)] } ?? [])
    objective = plan.searched
  }

  /// When the time of a plan that is begun now is over. A year is as good as no limit, and fits a Duration.
  static func deadline(of plan: Plan) -> ContinuousClock.Instant {
    ContinuousClock.now + .seconds(min(plan.solver.timeLimit, 3.2e7))
  }

  /// The same of another plan within the same limits and time.
  func of(_ plan: CompiledPlan) -> PlanSearch {
    PlanSearch(plan, polytope: polytope, limits: limits, until: deadline)
  }

  private var seed: UInt64 { UInt64(bitPattern: Int64(plan.plan.solver.seed)) }
  private var isConcave: Bool { objective.utility.properties.isConcave }

  var search: LocalSearch {
    var search = LocalSearch()
    search.timeLimit = max(.zero, deadline - SearchClock.now)
    return search
  }

  /// The best point found and the starts that were tried.
  func best() -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    guard plan.isCertifiable else { return searched() }
    // What can be proved has its part of the time.
    var own = self
    let now = SearchClock.now
    own.deadline = now.advanced(by: now.duration(to: deadline) * Self.searchShare)
    return own.searched()
  }

  /// Of the time, for the search of a plan that can be proved.
  private static let searchShare = 0.5

  private func searched() -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    guard plan.plan.solver.method != .auto else { return automatic() }
    let own = named()
    // What no bound says of the answer, the search that leaves nothing out has to.
    guard !isBounded else { return own }
    var (outcome, starts) = automatic()
    let evaluations = outcome.solution.evaluations + own.outcome.solution.evaluations
    if own.outcome.solution.value > outcome.solution.value { outcome = own.outcome }
    outcome.solution.evaluations = evaluations
    if isOver { outcome.solution.termination = .timeLimit }
    starts += own.starts.filter { start in !starts.contains { $0.name == start.name } }
    return (outcome, starts)
  }

  /// The search that the plan names.
  private func named() -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    switch plan.plan.solver.method {
    case .auto: return automatic()
    case .slsqp, .trustConstr:
      let start = current ?? uniform
      return (maximum(search, of: objective, from: [start]), [start])
    case .differentialEvolution: return evolved(climbs: 1, search)
    case .hybrid: return evolved(climbs: 4, thoroughSearch)
    }
  }

  /// From every start. Where many hills, and so many evaluations, are to be expected they are read from a table, and the
  /// surface itself has only the last climb.
  private func automatic() -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    if let alone = onlyHill() { return alone }
    let searched = isRugged ? objective.tabulated() : objective
    let starts = starts(reading: searched)
    guard isRugged else { return (maximum(search, of: searched, from: starts), starts) }
    let scouts = randomPlans(
      isConcave ? min(Self.fewScouts, Self.fewScoutedSize / size) : min(Self.scoutCount, Self.scoutedSize / size))
    return (
      settled(maximum(isConcave ? briefSearch : thoroughSearch, of: searched, from: starts, scouts: scouts), searched),
      starts
    )
  }

  /// Whether many hills are to be expected: for a utility that is not concave; and where money in more cells is less risk, and
  /// responses are S-shaped.
  private var isRugged: Bool {
    let properties = objective.utility.properties
    return !properties.isConcave || !properties.isNondecreasing && !objective.surface.isConcave
  }

  /// Climbs from the best of a seeded evolution, which like the climbs reads a table.
  private func evolved(
    climbs: Int, _ search: LocalSearch
  ) -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    let searched = objective.tabulated()
    var evolution = DifferentialEvolution()
    evolution.seed = seed
    let (members, evaluations) = evolution.population(
      of: searched, over: polytope, from: randomPlans(Self.populationCount).map(\.point), until: deadline)
    let starts = members.prefix(climbs).enumerated().map { place, member in
      LocalSearch.Start(name: "evolved \(place + 1)", point: member.point)
    }
    var outcome = settled(maximum(search, of: searched, from: starts), searched)
    outcome.solution.evaluations += evaluations
    return (outcome, starts)
  }

  /// What a table led to, climbed on the surface itself.
  private func settled(_ outcome: LocalSearch.Outcome, _ searched: PlanObjective) -> LocalSearch.Outcome {
    guard searched.isTabulated else { return outcome }
    var last = maximum(
      search, of: objective, from: [LocalSearch.Start(name: outcome.start, point: outcome.solution.point)])
    last.solution.evaluations += outcome.solution.evaluations
    if outcome.solution.termination == .timeLimit { last.solution.termination = .timeLimit }
    return last
  }

  /// For where many hills are to be expected: each exchange costs a value, each point that evolves a polish.
  private var thoroughSearch: LocalSearch {
    var search = search
    search.exchanges = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003]
    var evolution = DifferentialEvolution()
    evolution.generationLimit = Self.generationCount
    evolution.evaluationLimit = min(Self.evaluationCount, Self.evolvedSize / size)
    evolution.seed = seed
    search.evolution = evolution
    return search
  }

  /// For concave utilities whose proof meets better plans on its way: exchanges by fewer amounts, from one hill.
  private var briefSearch: LocalSearch {
    var search = search
    search.exchanges = [1, 0.3, 0.1, 0.03]
    search.hillsExchanged = 1
    return search
  }

  /// The climb from a single start, where it cannot but end at the top: a concave, never falling utility of concave
  /// responses, or one that at fixed spend prefers the same plans, and no cell that is off or at least at an amount. Nil where it may not, or
  /// did not.
  private func onlyHill() -> (LocalSearch.Outcome, [LocalSearch.Start])? {
    let proxy = plan.fixedSpendScore?.utility
    let properties = (proxy ?? objective.utility).properties
    guard properties.isConcave, properties.isNondecreasing, objective.surface.isConcave,
      polytope.thresholds == polytope.lower
    else { return nil }
    var start = further.first ?? current ?? uniform
    if let proxy { start.point = maximum(search, of: objective.scoring(proxy), from: [start]).solution.point }
    let outcome = maximum(search, of: objective, from: [start])
    let isEnd = outcome.solution.termination == .converged || outcome.solution.termination == .timeLimit
    return isEnd ? (outcome, [start]) : nil
  }

  /// Draws times cells, which an evaluation takes time in proportion to.
  private var size: Int { max(1, objective.surface.drawCount * objective.surface.cellCount) }

  private var uniform: LocalSearch.Start {
    let share = 1 / Double(polytope.dimension)
    return LocalSearch.Start(name: "uniform", point: [Double](repeating: share, count: polytope.dimension))
  }

  private var current: LocalSearch.Start? {
    plan.current.map { LocalSearch.Start(name: "current", point: $0.map { $0 / plan.money }) }
  }

  /// Whether a bound is to be had that comes near, whatever plan is found.
  private var isBounded: Bool { plan.concaveClaim != nil }

  /// Whether the plan's time is over.
  var isOver: Bool { SearchClock.now >= deadline }

  /// The climb from a plan that the proof met and that is better.
  func climb(from start: LocalSearch.Start) -> LocalSearch.Outcome { maximum(search, of: objective, from: [start]) }

  /// The better of two climbs: from a plan, and from the separable optimum of the mean.
  func quick(from point: [Double]) -> Solution? {
    quickOutcome(from: LocalSearch.Start(name: "plan", point: point))?.solution
  }

  /// The same from the current plan, or from an even split.
  func quickOutcome() -> LocalSearch.Outcome? { quickOutcome(from: current ?? uniform) }

  private func quickOutcome(from start: LocalSearch.Start) -> LocalSearch.Outcome? {
    let mean = meanOptimum(objective).map { LocalSearch.Start(name: "mean optimum", point: $0) }
    return search.maximum(of: objective, over: polytope, from: [start] + [mean].compactMap(\.self))
  }

  /// The better of climbs from some starts; nil without one.
  func climbed(_ starts: [LocalSearch.Start]) -> LocalSearch.Outcome? {
    starts.isEmpty ? nil : search.maximum(of: objective, over: polytope, from: starts)
  }

  /// A climb of another objective.
  func climb(_ objective: PlanObjective, from point: [Double]) -> Solution? {
    search.maximum(of: objective, over: polytope, from: [LocalSearch.Start(name: "plan", point: point)])?.solution
  }

  private func maximum(
    _ search: LocalSearch, of objective: PlanObjective, from starts: [LocalSearch.Start],
    scouts: [LocalSearch.Start] = []
  ) -> LocalSearch.Outcome {
    if let outcome = search.maximum(of: objective, over: polytope, from: starts, scouts: scouts) { return outcome }
    // Limits so near to each other that no climb can move: the plan that showed them to be feasible is the only one known.
    guard case .feasible(let point) = limits.system(money: plan.money).verdict() else {
      preconditionFailure("Limits that were found feasible leave no plan.")
    }
    let gradient = objective.supergradient(at: point)
    return LocalSearch.Outcome(
      solution: Solution(
        point: point, value: objective.value(at: point), gradient: gradient,
        rowMultipliers: polytope.rows.map { _ in 0 }, boundMultipliers: point.map { _ in 0 }, residual: 1,
        termination: .stalled, evaluations: 1), start: "limits")
  }

  /// A utility that is not concave may have many hills: the best plans for the mean and for the worst tenth of draws are
  /// good places to begin.
  private func starts(reading searched: PlanObjective) -> [LocalSearch.Start] {
    var starts = [uniform]
    if !limits.spendsExactly { starts.append(LocalSearch.Start(name: "least", point: polytope.lower)) }
    if let current { starts.append(current) }
    if let point = meanOptimum(searched) { starts.append(LocalSearch.Start(name: "mean optimum", point: point)) }
    starts += further
    guard !isConcave else { return starts }
    let guides: [(String, any Utility)] = [("best mean", Mean()), ("best worst tenth", ExpectedShortfall(tail: 0.1))]
    let last = Array(starts.suffix(1))
    @Sendable func guide(_ index: Int) -> LocalSearch.Start? {
      search.maximum(of: searched.scoring(guides[index].1), over: polytope, from: last)
        .map { LocalSearch.Start(name: guides[index].0, point: $0.solution.point) }
    }
    let guided = map(guides.count, guide)
    return starts + guided.compactMap(\.self)
  }

  /// At most so many scouts, and no more than this many draws times cells for all of them.
  private static let scoutCount = 512
  /// For a concave utility, whose proof meets better plans on its way.
  private static let fewScouts = 128
  private static let fewScoutedSize = 6_000_000
  private static let scoutedSize = 24_000_000

  /// Of an evolution.
  private static let populationCount = 40

  /// Of polished points: by then they have drawn together.
  private static let generationCount = 11
  /// A polish of a quantile takes ten evaluations or so, others may take many more. At most so many for all generations, and
  /// no more than this many draws times cells for all evaluations.
  private static let evaluationCount = 6000
  private static let evolvedSize = 240_000_000

  /// Money in one of the cells, in two of them and so on, drawn from the plan's seed.
  private func randomPlans(_ count: Int) -> [LocalSearch.Start] {
    var random = RandomSource(seed: seed)
    let left = min(limits.mostSpend / plan.money, polytope.upper.reduce(0, +)) - polytope.lower.reduce(0, +)
    return (1...).prefix(count).map { number in
      let order = polytope.lower.map { _ in random.uniform() }
      let last = order.sorted()[number % order.count]
      let weights = order.map { $0 <= last ? (-log(random.uniform())).squareRoot() : 0 }
      let spent = (limits.spendsExactly ? 1 : random.uniform()) * left / weights.reduce(0, +)
      return LocalSearch.Start(
        name: "random \(number)", point: zip(polytope.lower, weights).map { $0 + $1 * spent })
    }
  }

  /// Results in order: at the same time, unless each spreads itself over the threads.
  private func map<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    objective.isThreaded ? (0..<count).map(body) : Parallel.map(count, body)
  }

  /// Nodes behind the separable start, denser towards the lower bound, where curves bend most.
  private static let startNodes = 17

  /// From the mean responses at a few nodes of every cell at once.
  private func meanOptimum(_ searched: PlanObjective) -> [Double]? {
    let last = Double(Self.startNodes - 1)
    let grid = (0..<Self.startNodes).map { node in
      zip(polytope.lower, polytope.upper).map { lower, upper in
        lower + (upper - lower) * (Double(node) / last) * (Double(node) / last)
      }
    }
    let means = searched.meanResponses(at: grid)
    let variables = polytope.lower.indices.map { j in
      // A cell that is held has one node, and one that can hardly move few.
      var nodes = [0]
      for node in 1..<Self.startNodes where grid[node][j] > grid[nodes[nodes.count - 1]][j] { nodes.append(node) }
      return SeparableStart.Variable(nodes: nodes.map { grid[$0][j] }, values: nodes.map { means[$0][j] }, cost: 1)
    }
    let most = limits.mostSpend / plan.money
    return SeparableStart(variables: variables, lower: min(limits.leastSpend / plan.money, most), upper: most).maximum()
  }
}
