/// Climbs from several starts and keeps the best: sequential quadratic programming, then, where there are kinks, the polish.
///
/// Nothing is proved of other hills: `upperBound` stays nil.
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
  }

  /// The solver run from every start.
  public var climb = TrustRegionSQP()
  /// Run from where the climb ended, for objectives with kinks.
  public var polish = Polish()
  /// Checked between evaluations; nil for none.
  public var timeLimit: Duration?
  /// For functions of many hills: from the best point of all climbs these amounts, in widths of the box, are moved from
  /// each variable to each other one, and wherever that rises the climb goes on from there, until no such exchange rises.
  /// Empty, the default, for none.
  public var exchanges: [Double] = []

  /// Points this near to each other, in widths of the box, are one start, or the foot of one hill.
  static let coincidence = 1e-6

  /// Default climb and polish, no time limit, no exchanges.
  public init() {}

  /// The best point found; nil where the polytope is empty. At the time limit, the best so far, with that termination.
  public func maximum(of objective: any Objective, over polytope: Polytope, from starts: [Start]) -> Outcome? {
    precondition(!starts.isEmpty, "A search needs a start.")
    let deadline = timeLimit.map { ContinuousClock.now + $0 }
    var best: Outcome?
    var begun: [[Double]] = []
    var reached: [[Double]] = []
    var evaluations = 0
    var isCutShort = false
    func isNew(_ x: [Double], among points: [[Double]]) -> Bool {
      points.allSatisfy { magnitude(x.minus($0)) > LocalSearch.coincidence * polytope.width }
    }

    func climbed(from point: [Double]) -> Solution? {
      guard var solution = climb.maximum(of: objective, over: polytope, from: point, until: deadline) else {
        return nil
      }
      evaluations += solution.evaluations
      if !objective.isSmooth, solution.termination != .timeLimit, isNew(solution.point, among: reached) {
        reached.append(solution.point)
        if let polished = polish.maximum(of: objective, over: polytope, from: solution.point, until: deadline) {
          evaluations += polished.evaluations
          if polished.value >= solution.value { solution = polished }
        }
      }
      isCutShort = isCutShort || solution.termination == .timeLimit
      return solution
    }

    for start in starts {
      if best != nil, Effort(until: deadline).isOver {
        isCutShort = true
        break
      }
      guard let point = polytope.projection(of: start.point) else { return nil }
      guard isNew(point, among: begun) else { continue }
      begun.append(point)
      guard let solution = climbed(from: point) else { return nil }
      if best.map({ solution.value > $0.solution.value }) ?? true {
        best = Outcome(solution: solution, start: start.name)
      }
    }
    while let here = best?.solution, !isCutShort {
      let (higher, tried) = exchange(from: here, of: objective, over: polytope, until: deadline)
      evaluations += tried
      guard let higher, let solution = climbed(from: higher), solution.value > here.value else { break }
      best?.solution = solution
    }
    best?.solution.evaluations = evaluations
    if isCutShort { best?.solution.termination = .timeLimit }
    return best
  }

  /// The first exchange that rises by more than rounding, larger amounts first, and how many values were asked for.
  private func exchange(
    from here: Solution, of objective: any Objective, over polytope: Polytope,
    until deadline: ContinuousClock.Instant?
  ) -> (higher: [Double]?, tried: Int) {
    var tried = 0
    for amount in exchanges {
      for source in here.point.indices {
        for target in here.point.indices where target != source {
          let moved = min(
            amount * polytope.width, here.point[source] - polytope.lower[source],
            polytope.upper[target] - here.point[target])
          guard moved > 0 else { continue }
          var point = here.point
          point[source] -= moved
          point[target] += moved
          guard polytope.contains(point) else { continue }
          if Effort(until: deadline).isOver { return (nil, tried) }
          tried += 1
          if objective.value(at: point) > here.value + rounding(of: here.value) { return (point, tried) }
        }
      }
    }
    return (nil, tried)
  }
}
