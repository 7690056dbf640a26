import NumericKernel
import Optimisation
import ResponseModel

/// The search for a plan: where it starts, and what it reads responses from.
struct PlanSearch {
  let plan: CompiledPlan
  let polytope: Polytope
  let deadline: ContinuousClock.Instant

  init(_ plan: CompiledPlan, polytope: Polytope, timeLimit: Double) {
    self.plan = plan
    self.polytope = polytope
    // A year is as good as no limit, and fits a Duration.
    deadline = ContinuousClock.now + .seconds(min(timeLimit, 3.2e7))
  }

  private var objective: PlanObjective { plan.objective }
  private var isConcave: Bool { objective.utility.properties.isConcave }

  private var search: LocalSearch {
    var search = LocalSearch()
    search.timeLimit = max(.zero, deadline - ContinuousClock.now)
    return search
  }

  /// The best point found and the starts that were tried. Where many hills, and so many evaluations, are to be expected they are
  /// read from a table, and the surface itself has only the last climb.
  func best() -> (outcome: LocalSearch.Outcome, starts: [LocalSearch.Start]) {
    if let alone = onlyHill() { return alone }
    let searched = isConcave ? objective : objective.tabulated()
    let starts = starts(reading: searched)
    var search = search
    // Each exchange costs a value: they are for where many hills are to be expected.
    if !isConcave { search.exchanges = [0.2, 0.1, 0.05, 0.02, 0.01, 0.003] }
    let outcome = maximum(search, of: searched, from: starts)
    guard searched.isTabulated else { return (outcome, starts) }
    var last = maximum(
      self.search, of: objective, from: [LocalSearch.Start(name: outcome.start, point: outcome.solution.point)])
    last.solution.evaluations += outcome.solution.evaluations
    if outcome.solution.termination == .timeLimit { last.solution.termination = .timeLimit }
    return (last, starts)
  }

  /// The climb from a single start, where it cannot but end at the top: a concave, never falling utility of concave
  /// responses, or one that at fixed spend prefers the same plans. Nil where it may not, or did not.
  private func onlyHill() -> (LocalSearch.Outcome, [LocalSearch.Start])? {
    let proxy = plan.fixedSpendScore?.utility
    let properties = (proxy ?? objective.utility).properties
    guard properties.isConcave, properties.isNondecreasing, objective.surface.isConcave else { return nil }
    var start = plan.current.map { LocalSearch.Start(name: "current", point: $0.map { $0 / plan.money }) } ?? uniform
    if let proxy { start.point = maximum(search, of: objective.scoring(proxy), from: [start]).solution.point }
    let outcome = maximum(search, of: objective, from: [start])
    let isEnd = outcome.solution.termination == .converged || outcome.solution.termination == .timeLimit
    return isEnd ? (outcome, [start]) : nil
  }

  private var limits: SpendLimits { plan.limits }

  private var uniform: LocalSearch.Start {
    let share = 1 / Double(polytope.dimension)
    return LocalSearch.Start(name: "uniform", point: [Double](repeating: share, count: polytope.dimension))
  }

  /// Whether the plan's time is over.
  var isOver: Bool { ContinuousClock.now >= deadline }

  /// The climb from a plan that the proof met and that is better.
  func climb(from start: LocalSearch.Start) -> LocalSearch.Outcome { maximum(search, of: objective, from: [start]) }

  /// The same for another objective.
  func climb(_ objective: PlanObjective, from point: [Double]) -> Solution? {
    search.maximum(of: objective, over: polytope, from: [LocalSearch.Start(name: "plan", point: point)])?.solution
  }

  private func maximum(
    _ search: LocalSearch, of objective: PlanObjective, from starts: [LocalSearch.Start]
  ) -> LocalSearch.Outcome {
    guard let outcome = search.maximum(of: objective, over: polytope, from: starts) else {
      preconditionFailure("Limits that were found feasible leave no plan.")
    }
    return outcome
  }

  /// A utility that is not concave may have many hills: the best plans for the mean and for the worst tenth of draws are
  /// good places to begin.
  private func starts(reading searched: PlanObjective) -> [LocalSearch.Start] {
    var starts = [uniform]
    if limits.spend == .atMost { starts.append(LocalSearch.Start(name: "least", point: polytope.lower)) }
    if let current = plan.current {
      starts.append(LocalSearch.Start(name: "current", point: current.map { $0 / plan.money }))
    }
    if let point = meanOptimum(searched) { starts.append(LocalSearch.Start(name: "mean optimum", point: point)) }
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
    return SeparableStart(variables: variables, lower: polytope.rows[0].lower, upper: polytope.rows[0].upper).maximum()
  }
}
