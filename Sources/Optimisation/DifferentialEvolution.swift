import NumericKernel

/// A seeded global search: in every generation each point is challenged by `a + F (b − c)` of three others, projected on the
/// polytope, and gives way where that is higher (Storn and Price, J. Global Optim. 11, 1997).
///
/// With a polish, the points are the tops of small hills: differences of good ones lead to better ones, and grow smaller as the
/// points draw together. Challengers are not crossed with the points they challenge, which would leave the polytope's
/// equalities. Nothing is proved, and without a polish the best point is only near an optimum: a climb goes on from there. What
/// is found is the same on any number of threads.
public struct DifferentialEvolution: Sendable {
  /// Generations after the first points; fewer where nothing rises any more: two in a row whose challengers were all beaten.
  public var generationLimit = 60
  /// No generation begins after so many evaluations: what a polish takes is not known before.
  public var evaluationLimit = Int.max
  /// What every point is improved by before it challenges; nil, the default, for a search by values alone.
  public var polish: Polish?
  /// F is drawn anew for each challenger between these.
  public var factors = 0.4...0.9
  /// Of all that is drawn.
  public var seed: UInt64 = 1

  /// Sixty generations, and seed 1.
  public init() {}

  /// One of the points that were found.
  public struct Member: Sendable, Equatable {
    /// Within the polytope.
    public var point: [Double]
    /// The function there.
    public var value: Double
  }

  /// The last generation, the highest first, and how often the objective was evaluated.
  ///
  /// - Parameter points: the first generation, four points or more; those outside the polytope are projected on it.
  public func population(
    of objective: any Objective, over polytope: Polytope, from points: [[Double]],
    until deadline: ContinuousClock.Instant? = nil
  ) -> (members: [Member], evaluations: Int) {
    precondition(points.count > 3, "A point is challenged by three others.")
    var random = RandomSource(seed: seed)
    var effort = Effort(until: deadline)
    func map<Result: Sendable>(_ points: [[Double]], _ body: @Sendable ([Double]) -> Result) -> [Result] {
      objective.isThreaded ? points.map(body) : Parallel.map(points.count) { body(points[$0]) }
    }
    let first = points.compactMap { polytope.projection(of: $0) }
    var population = zip(first, map(first, objective.value)).map { Member(point: $0, value: $1) }
    effort.evaluations += first.count
    /// Whether any point gave way.
    func challenge(with points: [[Double]]) -> Bool {
      let found = map(points) { [polish] point -> (member: Member, evaluations: Int)? in
        guard !Effort(until: deadline).isOver else { return nil }
        let top = polish?.maximum(of: objective.forOneClimb(), over: polytope, from: point, until: deadline)
        return top.map { (Member(point: $0.point, value: $0.value), $0.evaluations) }
          ?? (Member(point: point, value: objective.value(at: point)), 1)
      }
      var hasRisen = false
      for case (let index, let (challenger, evaluations)?) in zip(population.indices, found) {
        effort.evaluations += evaluations
        let others = (population[..<index] + population[(index + 1)...]).map(\.point)
        // Were one top there twice, their difference would lead nowhere.
        if challenger.value > population[index].value, polytope.tells(challenger.point, from: others) {
          population[index] = challenger
          hasRisen = true
        }
      }
      return hasRisen
    }
    if polish != nil { _ = challenge(with: first) }
    var idle = 0
    for _ in 0..<generationLimit
    where population.count > 3 && idle < 2 && !effort.isOver && effort.evaluations < evaluationLimit {
      let hasRisen = challenge(
        with: population.indices.map { index in
          let others = DifferentialEvolution.three(of: population.count, besides: index, &random)
          let factor = factors.lowerBound + (factors.upperBound - factors.lowerBound) * random.uniform()
          let step = population[others[1]].point.minus(population[others[2]].point)
          let point = population[others[0]].point.plus(step.scaled(by: factor))
          return polytope.projection(of: point) ?? population[index].point
        })
      idle = hasRisen ? 0 : idle + 1
    }
    // Of equals the earlier.
    let order = population.indices.sorted { (population[$0].value, $1) > (population[$1].value, $0) }
    return (order.map { population[$0] }, effort.evaluations)
  }

  private static func three(of count: Int, besides index: Int, _ random: inout RandomSource) -> [Int] {
    var drawn: [Int] = []
    while drawn.count < 3 {
      let other = random.index(below: count)
      if other != index && !drawn.contains(other) { drawn.append(other) }
    }
    return drawn
  }
}
