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
  /// A value that nothing is above is all that is to be proved, or that something is; nil for the gap.
  public var ceiling: Double?
  /// Points of each variable before any is asked for: fewer leave more to be refined.
  public var firstPoints = 33
  /// Boxes looked at.
  public var boxLimit = 4000
  /// Rounds of cuts and refinements within one box.
  public var roundLimit = 40
  /// Climbs from points that the linear program suggests.
  public var climbLimit = 1000
  /// Memory beyond which inner functions at further points are computed anew for each cut.
  public var byteLimit = 1 << 30
  public var climb = LocalSearch()
  /// For tests: what is done to the linear program's answers.
  var disturbance: (@Sendable (MasterProblem.Answer?) -> MasterProblem.Answer?)?

  public init() {}

  /// Why a search ended.
  public enum End: Sendable {
    /// All boxes are as near to the best value as was asked for.
    case closed
    /// Some point is above the ceiling: there is nothing left to prove.
    case exceeded
    /// The next round might have ended after the deadline.
    case timeLimit
    /// The limit of boxes came first.
    case boxLimit
    /// What rounding may be is more than what is asked for.
    case rounding
    /// The loosest box cannot be split, and no cut lowers it.
    case stalled
  }

  /// What was found and what was proved.
  public struct Outcome: Sendable {
    public var end: End
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
  ///
  /// - Parameter scouted: nearly the same function, at less expense: climbs begin on it, and what they find counts as the objective
  ///   has it.
  public func prove(
    _ objective: any SeparableObjective, over polytope: Polytope, from incumbent: Solution,
    scouting scouted: (any Objective)? = nil, until deadline: ContinuousClock.Instant? = nil
  ) -> Outcome? {
    var search = BoxSearch(self, objective, polytope, incumbent, deadline)
    search.scouted = scouted ?? objective
    return search.begin() ? search.run() : nil
  }
}

/// What is worth a search's time, as measured on generated plans; none of these numbers decides whether a bound holds.
private enum Worth {
  /// A cut must take this share of what is missing at the linear program's answer,
  static let cut = 0.05
  /// and what is missing above the best mixture be at least this share: the rest no cut can take away.
  static let cuttable = 0.5
  /// An interval is refined where it may add this share of what is missing, divided by the variables.
  static let refinement = 0.02
  /// A climb begins no further below the best value than this share of it, or of what is missing where that is more,
  static let climb = 0.03
  /// and is gone on with on the objective itself where what it scouts comes this near to the best,
  static let scouting = 1e-4
  /// and as far from where others began, in shares of each variable's range.
  static let distance = 0.01
  /// With a slack of the whole this many times what is asked for, no box will be closed.
  static let slack = 2.0
  /// The smaller part of a split box has this share of its width.
  static let part = 0.02
}

/// One search: the boxes still open, the tree that they are leaves of, and the best point so far.
private struct BoxSearch {
  /// A part of the polytope, and the best bound on it so far.
  struct Box {
    var lower: [Double]
    var upper: [Double]
    var bound = Double.infinity
    /// Its place in the tree.
    var node: Int
    /// Of the latest linear program.
    var answer: (multipliers: BoundMultipliers, mixture: Mixture)?
    /// The mixture at which the outer function was greatest.
    var centre: Mixture?
  }

  let solver: BranchAndBound
  let polytope: Polytope
  let deadline: ContinuousClock.Instant?
  var relaxation: Relaxation
  var best: Solution
  var tree: [GridProof.Node] = []
  var boxes = 0
  var longestRound = Duration.zero
  /// How far above the incumbent the first cut alone would bound the objective.
  var allowance = 0.0
  /// What that cut's bound leaves to rounding.
  var slack = 0.0
  /// What climbs begin on.
  var scouted: any Objective
  /// Where climbs were begun, or not worth to begin.
  var feet: [[Double]] = []

  init(
    _ solver: BranchAndBound, _ objective: any SeparableObjective, _ polytope: Polytope, _ incumbent: Solution,
    _ deadline: ContinuousClock.Instant?
  ) {
    self.solver = solver
    self.polytope = polytope
    self.deadline = deadline
    best = incumbent
    scouted = objective
    relaxation = Relaxation(
      objective, over: polytope,
      points: polytope.lower.indices.map { j in
        let (lower, threshold) = (polytope.lower[j], polytope.thresholds[j])
        let inside = BoxSearch.points(
          from: threshold, to: polytope.upper[j], around: incumbent.point[j], count: solver.firstPoints)
        return threshold > lower ? [lower] + inside : inside
      }, byteLimit: solver.byteLimit)
    relaxation.disturbance = solver.disturbance
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

  /// What a box may have above the best value, and be closed. A best of nothing has no share: rounding then leaves this much of what
  /// the first cut alone would allow.
  private var tolerance: Double {
    solver.ceiling.map { $0 - best.value } ?? max(solver.gap * abs(best.value), 1e-10 * allowance)
  }
  /// Whether another round would end after the deadline.
  private var isTimeOver: Bool {
    deadline.map { SearchClock.now + longestRound >= $0 } ?? SearchClock.isInterrupted
  }

  /// The first cut, at the incumbent; false where the outer function has none.
  mutating func begin() -> Bool {
    guard let touch = relaxation.touch(at: relaxation.nearest(to: best.point)) else { return false }
    relaxation.add(touch)
    let whole = relaxation.grid.box(from: polytope.lower, to: polytope.upper)
    let alone = BoundMultipliers(cuts: [1], rows: .zeros(polytope.rows.count))
    let first = relaxation.grid.roundedBound(alone, over: whole, of: polytope)
    slack = first?.slack ?? 0
    let promised = (first?.value ?? 0) - best.value
    if promised.isFinite { allowance = max(promised, 0) }
    return true
  }

  /// Nil where the loosest box is to be worked on.
  private func reason(toStopAt bound: Double) -> BranchAndBound.End? {
    if tolerance < 0 { return .exceeded }
    if bound - best.value <= tolerance { return .closed }
    // Smaller boxes have smaller sizes, and not by much.
    if slack > Worth.slack * tolerance { return .rounding }
    if isTimeOver { return .timeLimit }
    return boxes >= solver.boxLimit ? .boxLimit : nil
  }

  mutating func run() -> BranchAndBound.Outcome? {
    var root = Box(lower: polytope.lower, upper: polytope.upper, node: 0)
    tree = [.leaf(cuts: [1], rows: .zeros(polytope.rows.count))]
    tighten(&root)
    var open = [root]
    var end = BranchAndBound.End.closed
    // The greatest bound of a box that cannot be split.
    var stuck = -Double.infinity
    while let place = open.indices.max(by: { open[$0].bound < open[$1].bound }) {
      if let stop = reason(toStopAt: open[place].bound) {
        end = stop
        break
      }
      let box = open.remove(at: place)
      let parts = split(box)
      // What cannot be split stays what it is, a leaf, and counts.
      if parts.isEmpty { stuck = max(stuck, box.bound) }
      for var part in parts where !polytope.isEmpty(from: part.lower, to: part.upper) {
        tighten(&part)
        if part.bound - best.value > tolerance { open.append(part) }
      }
    }
    if end == .closed && stuck - best.value > tolerance { end = .stalled }
    let grid = relaxation.grid
    let proof = GridProof(points: grid.axes.map(\.points), cuts: relaxation.mixtures, tree: tree)
    // Bounds of all leaves, closed ones included, on the grid as it is now.
    return proof.bound(on: grid, over: polytope).map { bound in
      BranchAndBound.Outcome(
        end: end, solution: best, upperBound: bound, proof: proof.trimmed(), boxes: boxes, cuts: grid.cuts.count,
        points: grid.axes.reduce(0) { $0 + $1.points.count }, tableTime: grid.time)
    }
  }

  /// Lowers a box's bound by cuts, and by points where the bound rests on chords that may be far off.
  ///
  /// The outer function is cut where it is greatest between the linear program's mixture and the best mixture so far: cuts at the
  /// program's own answers, which leap from end to end, come down far more slowly (Ben-Ameur and Neto, Networks 49, 2007). What
  /// the best mixture comes to no cut can take away: a box that lacks mostly that is left to be split.
  private mutating func tighten(_ box: inout Box) {
    boxes += 1
    var centre = box.centre?.moved(into: box.lower, box.upper, of: polytope).flatMap { relaxation.touch(at: $0) }
    defer { box.centre = centre?.mixture }
    for _ in 0..<solver.roundLimit {
      let begun = ContinuousClock.now
      defer { longestRound = max(longestRound, ContinuousClock.now - begun) }
      let place = relaxation.grid.box(from: box.lower, to: box.upper)
      guard let found = relaxation.tightening(of: place, otherwise: box.answer?.multipliers) else { return }
      if found.bound < box.bound {
        box.bound = found.bound
        tree[box.node] = .leaf(cuts: found.multipliers.cuts, rows: found.multipliers.rows)
      }
      guard let mixture = found.mixture else { return }
      box.answer = (found.multipliers, mixture)
      if box.bound - best.value <= tolerance || isTimeOver { return }
      climb(towards: mixture, missing: box.bound - best.value)
      let missing = box.bound - best.value
      if missing <= tolerance || tolerance < 0 { return }

      guard let end = relaxation.touch(at: mixture) else { return }
      let crest = centre.map { relaxation.crest(from: $0, to: end) } ?? end
      centre = crest
      let (constant, parts) = relaxation.combination(found.multipliers)
      let promised = constant + relaxation.gains(parts, at: mixture).reduce(0, +)
      let taken = promised - (crest.cut.intercept + dot(crest.cut.weights, end.inner))
      // The program breaks a cut that it has by less than its tolerance, and the same would be made again.
      let isNew = crest.mixture != relaxation.mixtures.last
      let isCut = isNew && taken > Worth.cut * missing && box.bound - crest.value > Worth.cuttable * missing
      if isCut { relaxation.add(crest) }
      let beyond = Worth.refinement * missing / Double(polytope.dimension)
      let isRefined = relaxation.refine(parts, at: mixture, in: place, beyond: beyond)
      if !isCut && !isRefined { return }
    }
  }

  /// Climbs from where the mixture points to, where that promises something and no climb has begun before.
  private mutating func climb(towards mixture: Mixture, missing: Double) {
    // Where the best value is next to nothing, what is missing tells how far below it is far.
    let size = max(abs(best.value), missing)
    for suggestion in [mixture.mean, mixture.mode] where feet.count < solver.climbLimit {
      guard let point = polytope.projection(of: suggestion), polytope.tells(point, from: feet, by: Worth.distance)
      else {
        continue
      }
      feet.append(point)
      // Far below the best, a climb from here ends where others did.
      let value = scouted.value(at: point)
      guard value > best.value - Worth.climb * size else { continue }
      guard let near = maximum(of: scouted, from: point), near.value > best.value - Worth.scouting * size,
        let found = maximum(of: relaxation.objective, from: near.point)
      else { continue }
      let evaluations = best.evaluations + near.evaluations + found.evaluations
      if found.value > best.value { best = found }
      best.evaluations = evaluations
    }
  }

  private func maximum(of objective: any Objective, from point: [Double]) -> Solution? {
    var search = solver.climb
    search.timeLimit = deadline.map { max(.zero, $0 - SearchClock.now) } ?? search.timeLimit
    let start = LocalSearch.Start(name: "bound", point: point)
    return search.maximum(of: objective, over: polytope, from: [start])?.solution
  }

  /// Two boxes that share a face through the mixture's mean, in the variable where the mixture promises most above a single
  /// point; none where no variable has a point to split at.
  private mutating func split(_ box: Box) -> [Box] {
    let place = place(toSplit: box)
    let widest = box.lower.indices.max { box.upper[$0] - box.lower[$0] < box.upper[$1] - box.lower[$1] }
    guard let variable = place?.variable ?? widest, box.upper[variable] > box.lower[variable] else { return [] }
    let (lower, upper) = (box.lower[variable], box.upper[variable])
    let threshold = polytope.thresholds[variable]
    if lower < threshold, place.map({ $0.x <= threshold }) ?? true { return parts(of: box, variable, at: threshold) }
    // Not so near an end that a part is as large as the whole.
    let margin = Worth.part * (upper - lower)
    let x = min(max(place?.x ?? 0.5 * (lower + upper), lower + margin), upper - margin)
    let index = relaxation.index(of: x, on: variable)
    let point = relaxation.grid.axes[variable].points[index]
    guard point > lower, point < upper else { return [] }
    return parts(of: box, variable, at: point)
  }

  private mutating func parts(of box: Box, _ variable: Int, at point: Double) -> [Box] {
    var (left, right) = (box, box)
    left.upper[variable] = polytope.endBelow(point, of: variable)
    right.lower[variable] = point
    (left.node, right.node) = (tree.count, tree.count + 1)
    // The whole's multipliers bound its parts too.
    tree += [tree[box.node], tree[box.node]]
    tree[box.node] = .split(variable: variable, at: point, below: left.node, above: right.node)
    return [left, right]
  }

  private func place(toSplit box: Box) -> (variable: Int, x: Double)? {
    guard let (multipliers, mixture) = box.answer else { return nil }
    let parts = relaxation.combination(multipliers).parts
    let gains = relaxation.gains(parts, at: mixture)
    var best: (variable: Int, x: Double, promise: Double)?
    for (variable, x) in mixture.mean.enumerated() where box.upper[variable] > box.lower[variable] {
      let points = relaxation.grid.axes[variable].points
      let above = relaxation.grid.place(of: x, on: variable)
      guard above > 0, points[above] > points[above - 1] else { continue }
      let part = (x - points[above - 1]) / (points[above] - points[above - 1])
      let values = parts[variable].values
      if box.lower[variable] < polytope.thresholds[variable], x < polytope.thresholds[variable] {
        // Between nothing and the threshold no point is as good as the mixture: what the smaller share of it is about.
        let stake = min(part, 1 - part) * abs(values[above] - values[above - 1])
        if part > 1e-9, part < 1 - 1e-9, stake >= best?.promise ?? 0 { best = (variable, x, stake) }
        continue
      }
      let promise = gains[variable] - ((1 - part) * values[above - 1] + part * values[above])
      if promise > (best?.promise ?? 0) { best = (variable, x, promise) }
    }
    return best.map { ($0.variable, $0.x) }
  }
}
