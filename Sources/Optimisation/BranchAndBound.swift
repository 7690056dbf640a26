import NumericKernel

/// Proves how good the best point found is, whatever the shapes of the inner functions: outer cuts, their bounds between points
/// of a grid, and boxes split where the bound is loose, the loosest box first.
///
/// A box is bounded by weak duality alone, so that neither the linear program nor the local search has to be right. What is
/// closed still counts: the bound is the greatest over all boxes, open and closed. A box is left out only where its own ends
/// break a row.
public struct BranchAndBound: Sendable {
  /// The gap to be reached, as a share of the best value.
  public var gap = 1e-4
  /// Points of each variable before any is asked for: fewer leave more to be refined.
  public var firstPoints = 33
  /// Boxes looked at.
  public var boxLimit = 4000
  /// Rounds of cuts and refinements within one box.
  public var roundLimit = 40
  /// Climbs from points that the linear program suggests.
  public var climbLimit = 1000
  /// Memory beyond which no point is added to the grid: bounds then stay as they are.
  public var byteLimit = 1 << 30
  public var climb = LocalSearch()

  public init() {}

  /// What was found and what was proved.
  public struct Outcome: Sendable {
    /// The best point: the incumbent, or a better one met on the way.
    public var solution: Solution
    /// Of the objective over the polytope.
    public var upperBound: Double
    /// What proves it.
    public var proof: GridProof
    /// Boxes looked at, cuts made and points on the grid.
    public var boxes: Int
    public var cuts: Int
    public var points: Int
    /// Processor time that the inner functions at those points have taken.
    public var tableTime: Duration
  }

  /// Nil where the objective's outer function is not concave.
  public func prove(
    _ objective: any SeparableObjective, over polytope: Polytope, from incumbent: Solution,
    until deadline: ContinuousClock.Instant? = nil
  ) -> Outcome? {
    var search = BoxSearch(self, objective, polytope, incumbent, deadline)
    guard search.begin() else { return nil }
    return search.run()
  }
}

/// One search: the grid, the boxes still open, and the best point so far.
private struct BoxSearch {
  /// A part of the polytope, and the best bound on it so far.
  struct Box {
    var lower: [Double]
    var upper: [Double]
    var bound: Double
    /// Its place in the tree.
    var node: Int
    /// Of the latest linear program.
    var answer: MasterProblem.Answer?
    /// The best mixture so far.
    var centre: [[GridProof.Share]]?
  }

  let solver: BranchAndBound
  let objective: any SeparableObjective
  let polytope: Polytope
  let deadline: ContinuousClock.Instant?
  let master: MasterProblem
  var grid: ChordGrid
  var best: Solution
  var mixtures: [[[GridProof.Share]]] = []
  var tree: [GridProof.Node] = []
  var boxes = 0
  /// Where climbs were begun, or not worth to begin.
  var climbs: [[Double]] = []

  init(
    _ solver: BranchAndBound, _ objective: any SeparableObjective, _ polytope: Polytope, _ incumbent: Solution,
    _ deadline: ContinuousClock.Instant?
  ) {
    self.solver = solver
    self.objective = objective
    self.polytope = polytope
    self.deadline = deadline
    master = MasterProblem(polytope)
    best = incumbent
    grid = ChordGrid(
      objective,
      points: polytope.lower.indices.map { j in
        BoxSearch.points(
          from: polytope.lower[j], to: polytope.upper[j], around: incumbent.point[j], count: solver.firstPoints)
      })
  }

  /// Points denser towards the lower end, where curves bend most, and about a point that will matter.
  static func points(from lower: Double, to upper: Double, around x: Double, count: Int) -> [Double] {
    guard upper > lower else { return [lower] }
    let width = upper - lower
    var points = (0..<count).map { lower + width * Double($0 * $0) / Double((count - 1) * (count - 1)) }
    points[count - 1] = upper
    for distance in [0, 1e-4, 1e-3, 4e-3, 1.5e-2] {
      points += [x - distance * width, x + distance * width]
    }
    var rising: [Double] = []
    for point in points.sorted() where point >= lower && point <= upper {
      if rising.isEmpty || point - rising[rising.count - 1] > 1e-9 * width { rising.append(point) }
    }
    rising[rising.count - 1] = upper
    return rising
  }

  /// The points of the grid at or just above a point.
  func nearest(to x: [Double]) -> [[GridProof.Share]] {
    x.indices.map { j in [GridProof.Share(x: grid.axes[j].points[grid.place(of: x[j], on: j)], share: 1)] }
  }

  private var tolerance: Double { solver.gap * abs(best.value) }
  private var isOver: Bool { Effort(until: deadline).isOver || boxes >= solver.boxLimit }

  /// The first cut, at the incumbent; false where the outer function has none.
  mutating func begin() -> Bool {
    guard let first = mixed(nearest(to: best.point)) else { return false }
    add(first)
    return true
  }

  mutating func run() -> BranchAndBound.Outcome? {
    var root = Box(lower: polytope.lower, upper: polytope.upper, bound: .infinity, node: 0, answer: nil)
    tree = [.leaf(cuts: [1], rows: .zeros(polytope.rows.count))]
    tighten(&root)
    var open = [root]
    while let place = open.indices.max(by: { open[$0].bound < open[$1].bound }) {
      if open[place].bound - best.value <= tolerance || isOver { break }
      // A box that cannot be split stays what it is, a leaf, and counts.
      for var part in split(open.remove(at: place)) where !polytope.isEmpty(from: part.lower, to: part.upper) {
        tighten(&part)
        if part.bound - best.value > tolerance { open.append(part) }
      }
    }
    let proof = GridProof(points: grid.axes.map(\.points), cuts: mixtures, tree: tree)
    // Bounds of all leaves, closed ones included, on the grid as it is now.
    return proof.bound(on: grid, over: polytope).map { bound in
      BranchAndBound.Outcome(
        solution: best, upperBound: max(bound, best.value), proof: proof, boxes: boxes, cuts: grid.cuts.count,
        points: grid.axes.reduce(0) { $0 + $1.points.count }, tableTime: grid.time)
    }
  }

  /// Lowers a box's bound by cuts, and by points where the bound rests on chords that may be far off.
  ///
  /// The outer function is cut where it is greatest between the linear program's mixture and the best mixture so far: cuts at the
  /// program's own answers, which leap from end to end, come down far more slowly (Ben-Ameur and Neto, Networks 49, 2007). What
  /// the best mixture comes to no cut can take away: a box that lacks no more than that is left to be split.
  private mutating func tighten(_ box: inout Box) {
    boxes += 1
    var centre = box.centre.flatMap { moved($0, into: box) }
    defer { box.centre = centre?.mixture }
    for _ in 0..<solver.roundLimit {
      let place = grid.box(from: box.lower, to: box.upper)
      let answer = master.answer(on: grid, over: place)
      guard let multipliers = (answer ?? box.answer)?.multipliers,
        let bound = grid.bound(multipliers.padded(to: grid.cuts.count), over: place, of: polytope)
      else { return }
      if bound < box.bound {
        box.bound = bound
        tree[box.node] = .leaf(cuts: multipliers.cuts, rows: multipliers.rows)
      }
      guard let answer else { return }
      box.answer = answer
      let missing = box.bound - best.value
      if missing <= tolerance || Effort(until: deadline).isOver { return }
      climb(towards: answer)
      guard let next = between(centre, answer.mixture) else { return }
      centre = next
      // What the cuts still promise above the outer function's own value, and what the chords add.
      let isCut = box.bound - next.value > 0.5 * missing
      if isCut { add(next) }
      let isRefined = refine(answer, place, more: 0.02 * missing)
      if !isCut && !isRefined { return }
    }
  }

  /// A mixture, the inner functions there, and the outer function's value and supergradient.
  private struct Mixed {
    var mixture: [[GridProof.Share]]
    var inner: [Double]
    var value: Double
    var cut: OuterCut
  }

  private func mixed(_ mixture: [[GridProof.Share]]) -> Mixed? {
    let inner = grid.inner(at: mixture)
    return objective.outerCut(at: inner).map {
      Mixed(mixture: mixture, inner: inner, value: $0.intercept + dot($0.weights, inner), cut: $0)
    }
  }

  /// A mixture of a larger box, moved into this one: what stands outside goes to the nearer end, and where that breaks a row all
  /// goes some way towards the least, or the most, that the box allows.
  private func moved(_ mixture: [[GridProof.Share]], into box: Box) -> Mixed? {
    func corner(_ ends: [Double]) -> [[GridProof.Share]] { ends.map { [GridProof.Share(x: $0, share: 1)] } }
    var inside = GridProof.clip(mixture, from: box.lower, to: box.upper)
    for row in polytope.rows {
      let spent = dot(row.coefficients, mean(of: inside))
      let missing = spent > row.upper ? row.upper - spent : spent < row.lower ? row.lower - spent : 0
      guard missing != 0 else { continue }
      let ends = missing < 0 ? box.lower : box.upper
      let reach = dot(row.coefficients, ends) - spent
      guard missing / reach > 0, missing / reach <= 1 else { return nil }
      inside = GridProof.mix(inside, corner(ends), missing / reach)
    }
    return mixed(inside)
  }

  private mutating func add(_ mixed: Mixed) {
    grid.add(mixed.cut)
    mixtures.append(mixed.mixture)
  }

  /// Where the outer function is greatest on the way from a mixture to another one, or just beyond.
  private func between(_ centre: Mixed?, _ mixture: [[GridProof.Share]]) -> Mixed? {
    guard let end = mixed(mixture) else { return nil }
    guard let centre else { return end }
    let direction = end.inner.minus(centre.inner)
    if dot(end.cut.weights, direction) >= 0 { return end }
    var (near, far) = (0.0, 1.0)
    for _ in 0..<8 {
      let middle = 0.5 * (near + far)
      guard let cut = objective.outerCut(at: centre.inner.plus(direction.scaled(by: middle))) else { return end }
      if dot(cut.weights, direction) > 0 { near = middle } else { far = middle }
    }
    return mixed(GridProof.mix(centre.mixture, mixture, far)) ?? end
  }

  /// Halves the intervals beside points of the mixture where the chords' bounds are a part of the missing that counts.
  private mutating func refine(_ answer: MasterProblem.Answer, _ place: GridBox, more: Double) -> Bool {
    let weights = answer.multipliers.padded(to: grid.cuts.count).cuts
    let total = weights.reduce(0) { $0 + max($1, 0) }
    guard total > 0, grid.bytes < solver.byteLimit else { return false }
    let parts = grid.combined(weights.map { max($0, 0) / total })
    var isRefined = false
    for (variable, shares) in answer.mixture.enumerated() {
      let range = place.ranges[variable]
      var intervals: Set<Int> = []
      for share in shares {
        let point = grid.place(of: share.x, on: variable)
        for interval in [point - 1, point] where interval >= range.lowerBound && interval < range.upperBound {
          if share.share * parts[variable].excess[interval] > more / Double(grid.axes.count) {
            intervals.insert(interval)
          }
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

  /// Climbs from where the mixture points to, its mean or the largest share of each variable, where that promises something and no
  /// climb has begun before.
  private mutating func climb(towards answer: MasterProblem.Answer) {
    let largest = answer.mixture.map { shares in shares.max { $0.share < $1.share }.map(\.x) ?? 0 }
    for suggestion in [mean(of: answer.mixture), largest] where climbs.count < solver.climbLimit {
      guard let point = polytope.projection(of: suggestion), polytope.tells(point, from: climbs, by: 0.01) else {
        continue
      }
      climbs.append(point)
      // Far below the best, a climb from here ends where others did.
      let value = objective.value(at: point)
      guard value > best.value - 0.03 * abs(best.value) else { continue }
      var search = solver.climb
      search.timeLimit = deadline.map { max(.zero, $0 - ContinuousClock.now) } ?? search.timeLimit
      let start = LocalSearch.Start(name: "bound", point: point)
      guard let found = search.maximum(of: objective, over: polytope, from: [start])?.solution else { continue }
      let evaluations = best.evaluations + found.evaluations
      if found.value > best.value { best = found }
      best.evaluations = evaluations
    }
  }

  private func mean(of mixture: [[GridProof.Share]]) -> [Double] {
    mixture.map { shares in shares.reduce(0) { $0 + $1.share * $1.x } }
  }

  /// Two boxes that share a face through the mixture's mean, in the variable where the mixture promises most above a single
  /// point; none where no variable has a point to split at.
  private mutating func split(_ box: Box) -> [Box] {
    var choice: (variable: Int, x: Double, promise: Double)?
    if let answer = box.answer {
      let weights = answer.multipliers.padded(to: grid.cuts.count).cuts.map { max($0, 0) }
      let parts = grid.combined(weights)
      for (variable, x) in mean(of: answer.mixture).enumerated() where box.upper[variable] > box.lower[variable] {
        let points = grid.axes[variable].points
        let promised = answer.mixture[variable].reduce(0) {
          $0 + $1.share * parts[variable].values[grid.place(of: $1.x, on: variable)]
        }
        let above = grid.place(of: x, on: variable)
        guard above > 0, points[above] > points[above - 1] else { continue }
        let part = (x - points[above - 1]) / (points[above] - points[above - 1])
        let single = (1 - part) * parts[variable].values[above - 1] + part * parts[variable].values[above]
        if promised - single > (choice?.promise ?? 0) { choice = (variable, x, promised - single) }
      }
    }
    let widest = box.lower.indices.max { box.upper[$0] - box.lower[$0] < box.upper[$1] - box.lower[$1] }
    guard let variable = choice?.variable ?? widest, box.upper[variable] > box.lower[variable] else { return [] }
    let (lower, upper) = (box.lower[variable], box.upper[variable])
    // Not so near an end that a part is as large as the whole.
    let x = min(max(choice?.x ?? 0.5 * (lower + upper), lower + 0.02 * (upper - lower)), upper - 0.02 * (upper - lower))
    let isFull = grid.bytes >= solver.byteLimit
    let index = isFull ? grid.place(of: x, on: variable) : grid.index(of: x, on: variable)
    let point = grid.axes[variable].points[index]
    guard point > lower, point < upper else { return [] }
    var (left, right) = (box, box)
    left.upper[variable] = point
    right.lower[variable] = point
    (left.node, right.node) = (tree.count, tree.count + 1)
    // The whole's multipliers bound its parts too.
    tree += [tree[box.node], tree[box.node]]
    tree[box.node] = .split(variable: variable, at: point, below: left.node, above: right.node)
    return [left, right]
  }
}
