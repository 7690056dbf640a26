import NumericKernel
import Optimisation
import ResponseModel

extension CompiledPlan {
  /// Nodes of the coarse table behind the separable start, denser towards the lower bound, where curves bend most.
  private static let startNodes = 17

  /// The best plan that climbing finds from money spread evenly, the current plan, the least that may be spent where some
  /// may be left, and the optimum of the mean with each cell's curve replaced by its concave envelope; and for utilities that
  /// are not concave from two more. Every answer is feasible; nothing is proved of other plans.
  ///
  /// Of a plan compiled without an allocation to be scored.
  public func optimise(record: RunRecord) -> Recommendation {
    guard let budget, allocated == nil else {
      preconditionFailure("A plan is optimised that was compiled to score an allocation.")
    }
    let polytope = limits.polytope(names: posterior.cells.map(\.name), budget: budget, money: money)
    var search = LocalSearch()
    // A year is as good as no limit, and fits a Duration.
    search.timeLimit = .seconds(min(plan.solver.timeLimit, 3.2e7))
    let clock = ContinuousClock.now
    let starts = starts(polytope, search)
    search.timeLimit = search.timeLimit.map { max(.zero, $0 - (ContinuousClock.now - clock)) }
    // Each exchange costs a value: they are for where many hills are to be expected.
    if !objective.utility.properties.isConcave { search.exchanges = [0.2, 0.1, 0.05, 0.02, 0.01, 0.003] }
    guard let outcome = search.maximum(of: objective, over: polytope, from: starts) else {
      preconditionFailure("Limits that were found feasible leave no plan.")
    }
    let solution = outcome.solution
    let isFixed = zip(polytope.lower, polytope.upper).allSatisfy { $0 == $1 }
    // Utility per unit of money, from value per unit of x in the solver's scale.
    let perMoney = objective.scale / money
    return answer(
      spend: spend(solution.point, in: polytope), status: .solved, gradient: solution.gradient.map { $0 * perMoney },
      shadowPrices: (
        // Where no cell can move, no price can be told from the others.
        budget: isFixed ? nil : solution.rowMultipliers.first.map { $0 * perMoney },
        cells: solution.boundMultipliers.map { $0 * perMoney }
      ),
      solver: Recommendation.SolverResult(
        termination: solution.termination, residual: solution.residual, evaluations: solution.evaluations,
        starts: starts.map(\.name), bestStart: outcome.start), record: record)
  }

  /// A utility that is not concave may have many hills: the best plans for the mean and for the worst tenth of draws are
  /// good places to begin.
  private func starts(_ polytope: Polytope, _ search: LocalSearch) -> [LocalSearch.Start] {
    let share = 1 / Double(polytope.dimension)
    var starts = [
      LocalSearch.Start(name: "uniform", point: [Double](repeating: share, count: polytope.dimension))
    ]
    if limits.spend == .atMost { starts.append(LocalSearch.Start(name: "least", point: polytope.lower)) }
    if let current { starts.append(LocalSearch.Start(name: "current", point: current.map { $0 / money })) }
    if let point = meanOptimum(polytope) { starts.append(LocalSearch.Start(name: "mean optimum", point: point)) }
    guard !objective.utility.properties.isConcave else { return starts }
    let guides: [(String, any Utility)] = [("best mean", Mean()), ("best worst tenth", ExpectedShortfall(tail: 0.1))]
    let last = Array(starts.suffix(1))
    @Sendable func guide(_ index: Int) -> LocalSearch.Start? {
      search.maximum(of: objective.scoring(guides[index].1), over: polytope, from: last)
        .map { LocalSearch.Start(name: guides[index].0, point: $0.solution.point) }
    }
    let guided = map(guides.count, guide)
    return starts + guided.compactMap(\.self)
  }

  /// Results in order: at the same time, unless each spreads itself over the threads.
  private func map<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    objective.isThreaded ? (0..<count).map(body) : Parallel.map(count, body)
  }

  /// From the mean responses at a few nodes of every cell at once.
  private func meanOptimum(_ polytope: Polytope) -> [Double]? {
    let last = Double(Self.startNodes - 1)
    let grid = (0..<Self.startNodes).map { node in
      zip(polytope.lower, polytope.upper).map { lower, upper in
        lower + (upper - lower) * (Double(node) / last) * (Double(node) / last)
      }
    }
    let means = map(grid.count) { node in
      let x = grid[node]
      let responses = objective.surface.responses(at: x.map { $0 * money })
      return x.indices.map { responses.withColumn($0) { mean($0) } }
    }
    let variables = polytope.lower.indices.map { j in
      // A cell that is held has one node, and one that can hardly move few.
      var nodes = [0]
      for node in 1..<Self.startNodes where grid[node][j] > grid[nodes[nodes.count - 1]][j] { nodes.append(node) }
      return SeparableStart.Variable(nodes: nodes.map { grid[$0][j] }, values: nodes.map { means[$0][j] }, cost: 1)
    }
    return SeparableStart(variables: variables, lower: polytope.rows[0].lower, upper: polytope.rows[0].upper).maximum()
  }

  /// Back to money: exactly at the bounds where the solver is, and exactly the budget where it is to be spent.
  private func spend(_ x: [Double], in polytope: Polytope) -> [Double] {
    var spend = x.indices.map { j in
      if x[j] <= polytope.lower[j] { return limits.lower[j] }
      // An upper end that the budget drew in is the budget's, not the cell's.
      let isOwn = polytope.upper[j] == limits.upper[j] / money
      if isOwn && x[j] >= polytope.upper[j] { return limits.upper[j] }
      return min(max(x[j] * money, limits.lower[j]), limits.upper[j])
    }
    guard let budget, limits.spend == .exactly || abs(spend.reduce(0, +) - budget) <= tolerance else { return spend }
    // What rounding left over goes to the cell with the most room for it, one that stands on no bound if there is one with
    // enough. Twice: the first correction is itself rounded.
    for _ in 0..<2 {
      let missing = budget - spend.reduce(0, +)
      guard missing != 0 else { break }
      let room = spend.indices.map { missing > 0 ? limits.upper[$0] - spend[$0] : spend[$0] - limits.lower[$0] }
      let able = room.indices.filter { room[$0] >= abs(missing) }
      let inside = able.filter { spend[$0] > limits.lower[$0] && spend[$0] < limits.upper[$0] }
      guard let widest = (inside.isEmpty ? able : inside).max(by: { room[$0] < room[$1] }) else { break }
      spend[widest] += missing
    }
    return spend
  }
}
