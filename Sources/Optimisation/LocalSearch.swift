import NumericKernel

/// Climbs from several starts and keeps the best: sequential quadratic programming, then, where there are kinks, the polish.
///
/// Nothing is proved of other hills. Climbs run at the same time, unless the objective spreads each
/// of its evaluations over the threads itself; what is found, and after how many evaluations, is the same on any number of
/// threads.
public struct LocalSearch: Sendable {
  /// Where to begin, and what to call it. A start outside the polytope is projected on it.
  public struct Start: Sendable, Equatable {
    /// What `Outcome.start` calls it.
    public var name: String
    /// One number per variable.
    public var point: [Double]

    public init(name: String, point: [Double]) {
      self.name = name
      self.point = point
    }
  }

  /// The best point, and where it was reached from.
  public struct Outcome: Sendable, Equatable {
    /// Its evaluations are those of all the climbs.
    public var solution: Solution
    /// The name of the start that led there; of equals the earliest.
    public var start: String

    public init(solution: Solution, start: String) {
      self.solution = solution
      self.start = start
    }
  }

  /// The solver run from every start.
  public var climb = TrustRegionSQP()
  /// Run from where the climb ended, for objectives with kinks.
  public var polish = Polish()
  /// Checked between evaluations; nil for none.
  public var timeLimit: Duration?
  /// For functions of many hills: from the best points of all climbs these amounts, in widths of the box, are moved from
  /// each variable to each other one, and wherever that rises the climb goes on from there, until no such exchange rises;
  /// then each variable is left out once, and what it had spread over the others.
  /// Empty, the default, for none. Across what a polytope leaves out every search looks, one variable at a time.
  public var exchanges: [Double] = []
  /// From so many hills exchanges are tried.
  public var hillsExchanged = 3
  /// For functions whose kinks make small hills on the large ones: what seeks the highest of them around the best point, each
  /// polished; nil, the default, for none.
  public var evolution: DifferentialEvolution?

  /// Points this near to each other, in widths of the box, are one start, or the foot of one hill.
  static let coincidence = 1e-6
  /// Points this far from each other, in widths of the box, are on different hills, as far as a search for hills goes.
  static let distinction = 0.1

  /// Default climb and polish, no time limit, no exchanges, no evolution.
  public init() {}

  /// The best point found; nil where the polytope is empty. At the time limit, the best so far, with that termination.
  ///
  /// - Parameter scouts: more starts, of which only the most promising are climbed to the end.
  public func maximum(
    of objective: any Objective, over polytope: Polytope, from starts: [Start], scouts: [Start] = []
  ) -> Outcome? {
    precondition(!starts.isEmpty, "A search needs a start.")
    let deadline = timeLimit.map { ContinuousClock.now + $0 }
    var begun: [Start] = []
    for start in starts {
      // Rows that are next to parallel may hide a plan from one side and not from another.
      guard let point = polytope.projection(of: start.point) else { continue }
      if polytope.tells(point, from: begun.map(\.point)) { begun.append(Start(name: start.name, point: point)) }
    }
    guard !begun.isEmpty else { return nil }
    var hills = Hills(search: self, objective: objective, polytope: polytope, deadline: deadline)
    begun += hills.promising(scouts)
    var ends: [Outcome] = []
    // Climbs that take turns are polished in turn: should time run out, what was begun first is finished.
    let together = objective.isThreaded ? 1 : begun.count
    for first in stride(from: 0, to: begun.count, by: together) {
      hills.checkTime()
      let wave = begun[first..<first + together]
      for case (let start, let solution?) in zip(wave, hills.climb(from: wave.map(\.point))) {
        ends.append(Outcome(solution: solution, start: start.name))
      }
    }
    // Of equals the earlier.
    let order = ends.indices.sorted { (ends[$0].solution.value, $1) > (ends[$1].solution.value, $0) }
    var tops: [Outcome] = []
    for place in order where tops.count < (exchanges.isEmpty ? 1 : hillsExchanged) {
      if polytope.tells(ends[place].solution.point, from: tops.map(\.solution.point), by: LocalSearch.distinction) {
        tops.append(ends[place])
      }
    }
    for index in tops.indices {
      while !hills.isCutShort {
        let here = tops[index].solution
        guard let higher = hills.exchange(exchanges, from: here), let solution = hills.climb(from: [higher])[0],
          solution.value > here.value
        else { break }
        tops[index].solution = solution
      }
    }
    var best = tops.first
    for top in tops.dropFirst() where top.solution.value > (best?.solution.value ?? top.solution.value) { best = top }
    while !exchanges.isEmpty, !hills.isCutShort, let here = best?.solution, let solution = hills.withoutOne(from: here)
    {
      best?.solution = solution
    }
    while !hills.isCutShort, let here = best?.solution, let solution = hills.acrossOne(from: here) {
      best?.solution = solution
    }
    if let evolution, let here = best?.solution {
      let others = tops.map(\.solution).filter { polytope.tells($0.point, from: [here.point]) }
      best?.solution = hills.evolved(from: [here] + others, by: evolution) ?? here
    }
    best?.solution.evaluations = hills.evaluations
    if hills.isCutShort { best?.solution.termination = .timeLimit }
    return best
  }
}
