import NumericKernel

/// What is above the objective: the outer function over mixtures of the grid's points, known by its cuts.
///
/// Cuts and points are only ever added, and serve every box: neither depends on one.
struct Relaxation {
  /// A mixture, the inner functions there, and a plane that touches the outer function there.
  struct Touch {
    var mixture: Mixture
    var inner: [Double]
    /// The outer function.
    var value: Double
    var cut: OuterCut
  }

  /// A bound on a box, and what the linear program proposed there.
  struct Tightening {
    var bound: Double
    var multipliers: BoundMultipliers
    /// Nil where the linear program had no answer and the multipliers are those of before.
    var mixture: Mixture?
  }

  let objective: any SeparableObjective
  let polytope: Polytope
  private(set) var grid: ChordGrid
  /// Where each of the grid's cuts touches.
  private(set) var mixtures: [Mixture] = []
  private let master: MasterProblem
  /// For tests: what is done to the linear program's answers.
  var disturbance: (@Sendable (MasterProblem.Answer?) -> MasterProblem.Answer?)?

  init(_ objective: any SeparableObjective, over polytope: Polytope, points: [[Double]], byteLimit: Int) {
    self.objective = objective
    self.polytope = polytope
    grid = ChordGrid(objective, over: polytope, points: points, byteLimit: byteLimit)
    master = MasterProblem(polytope)
  }

  /// Nil where the outer function has no plane above it, or none whose numbers are finite.
  func touch(at mixture: Mixture) -> Touch? {
    let inner = grid.inner(at: mixture)
    guard let cut = objective.outerCut(at: inner), cut.intercept.isFinite, cut.weights.allSatisfy(\.isFinite) else {
      return nil
    }
    return Touch(mixture: mixture, inner: inner, value: cut.intercept + dot(cut.weights, inner), cut: cut)
  }

  /// The points of the grid at or just above a point.
  func nearest(to x: [Double]) -> Mixture {
    Mixture(at: x.indices.map { j in grid.axes[j].points[grid.place(of: x[j], on: j)] })
  }

  mutating func add(_ touch: Touch) {
    grid.add(touch.cut)
    mixtures.append(touch.mixture)
  }

  /// The index of a point of a variable that stands at `x`, put there if need be.
  mutating func index(of x: Double, on variable: Int) -> Int { grid.index(of: x, on: variable) }

  /// By the multipliers of the linear program, or where it has none by earlier ones; nil without either.
  func tightening(of box: GridBox, otherwise earlier: BoundMultipliers?) -> Tightening? {
    var answer = master.answer(on: grid, over: box)
    if let disturbance { answer = disturbance(answer) }
    guard let multipliers = answer?.multipliers ?? earlier,
      let bound = grid.bound(multipliers.padded(to: grid.cuts.count), over: box, of: polytope)
    else { return nil }
    return Tightening(bound: bound, multipliers: multipliers, mixture: answer?.mixture)
  }

  /// The combination of cuts that the bound rests on.
  func combination(_ multipliers: BoundMultipliers) -> (constant: Double, parts: [ChordGrid.Part]) {
    let weights = multipliers.padded(to: grid.cuts.count).cuts.map { max($0, 0) }
    let total = weights.reduce(0, +)
    return grid.combined(total > 0 ? weights.scaled(by: 1 / total) : weights)
  }

  /// What a combination of cuts makes of a mixture, by variable.
  func gains(_ parts: [ChordGrid.Part], at mixture: Mixture) -> [Double] {
    mixture.shares.enumerated().map { variable, shares in
      shares.reduce(0) { $0 + $1.share * parts[variable].values[grid.place(of: $1.x, on: variable)] }
    }
  }

  /// Where the outer function is greatest on the way from one mixture to another, or just beyond.
  func crest(from centre: Touch, to end: Touch) -> Touch {
    let direction = end.inner.minus(centre.inner)
    guard dot(end.cut.weights, direction) < 0 else { return end }
    var (near, far) = (0.0, 1.0)
    for _ in 0..<8 {
      let middle = 0.5 * (near + far)
      guard let cut = objective.outerCut(at: centre.inner.plus(direction.scaled(by: middle))) else { return end }
      if dot(cut.weights, direction) > 0 { near = middle } else { far = middle }
    }
    return touch(at: centre.mixture.mixed(with: end.mixture, share: far)) ?? end
  }

  /// Quarters the intervals of a box beside points of a mixture where what a combination of cuts may be above its chords is
  /// more than a given part of the bound; false where there is none.
  mutating func refine(_ parts: [ChordGrid.Part], at mixture: Mixture, in box: GridBox, beyond part: Double) -> Bool {
    var isRefined = false
    for (variable, shares) in mixture.shares.enumerated() {
      let range = box.ranges[variable]
      var intervals: Set<Int> = []
      for share in shares {
        let point = grid.place(of: share.x, on: variable)
        for interval in [point - 1, point] where interval >= range.lowerBound && interval < range.upperBound {
          if share.share * parts[variable].excess[interval] > part { intervals.insert(interval) }
        }
      }
      for interval in intervals.sorted(by: >) {
        let (a, b) = (grid.axes[variable].points[interval], grid.axes[variable].points[interval + 1])
        guard b - a > 1e-9 * (polytope.upper[variable] - polytope.lower[variable]) else { continue }
        grid.refine(variable, after: interval, at: [0.75 * a + 0.25 * b, 0.5 * (a + b), 0.25 * a + 0.75 * b])
        isRefined = true
      }
    }
    return isRefined
  }
}
