import NumericKernel

/// An objective that is not concave and knows what is above it: a branch and bound on boxes.
public protocol OverestimableObjective: CertifiableObjective {
  /// An objective that is concave and nowhere below this one where each variable is between two numbers; nil where none is known.
  func overestimator(from lower: [Double], to upper: [Double]) -> (any CertifiableObjective)?
  /// By variable: how much of what an overestimator is above this objective at a point narrower ends of that variable would take away, in any unit.
  func looseness(of overestimator: any CertifiableObjective, at x: [Double]) -> [Double]
}

/// Maximises an objective that curves upward here and there over a sparse polytope, and proves how good the answer is: boxes, each
/// bounded by an interior point on the objective's overestimator there, and split where that is loosest (Horst and Tuy, Global
/// Optimization, 1996).
///
/// Boxes are first narrowed by the rows: what a ramp leaves of one period is felt in all. A box is dropped only where rows prove it
/// empty, or its bound is below what was found; the bound given is the greatest of all others, and holds at any end of the search.
public struct EnvelopeSearch: Sendable {
  /// The search ends when the bound is this near to the value, relative to it.
  public var gap = 1e-3
  /// Boxes bounded at most; those that are open keep four numbers for each variable.
  public var boxLimit = 200_000
  /// What bounds boxes, and climbs the objective itself.
  public var interior = InteriorPoint()

  /// The defaults above.
  public init() {}

  /// What was found, and what was proved of it.
  public struct Outcome: Sendable, Equatable {
    /// One number per variable, within the polytope.
    public var point: [Double]
    /// The function itself at the point.
    public var value: Double
    /// No point of the polytope is above it; nil where nothing is proved.
    public var upperBound: Double?
    /// Why the search ended: converged, at a time limit, at the limit on boxes, or stalled where no bound is known.
    public var termination: Termination
    /// Boxes bounded.
    public var boxes: Int
    /// Systems factored for them, and by climbs.
    public var iterations = 0
  }

  fileprivate struct Box {
    var lower: [Double]
    var upper: [Double]
    /// From the box that it was cut from, until it has its own.
    var bound: Double
    var start: [Double]
    var looseness: [Double] = []
  }

  /// The best point found from `start` and from where boxes lead; nil where the polytope has no point, or none that is found.
  public func maximum(
    of objective: any OverestimableObjective, over polytope: SparsePolytope, from start: [Double],
    until deadline: ContinuousClock.Instant? = nil
  ) -> Outcome? {
    guard let first = interior.maximum(of: objective, over: polytope, from: start, until: deadline) else { return nil }
    var best = (point: first.point, value: first.value)
    guard !objective.hasConcaveInner else {
      return Outcome(
        point: first.point, value: first.value, upperBound: first.upperBound, termination: first.termination, boxes: 0,
        iterations: first.iterations)
    }
    var iterations = first.iterations
    var open = BoxQueue()
    var closed = -Double.infinity
    var boxes = 0
    let effort = Effort(until: deadline)

    /// Bounds a box and keeps it, unless it is empty or can hold nothing better.
    func bound(_ candidate: Box) {
      var box = candidate
      guard let narrowed = polytope.narrowed(from: box.lower, to: box.upper) else { return }
      (box.lower, box.upper) = narrowed
      boxes += 1
      let own = SparsePolytope(lower: box.lower, upper: box.upper, rows: polytope.rows)
      box.start = box.start.indices.map { min(max(box.start[$0], box.lower[$0]), box.upper[$0]) }
      box.looseness = [Double](repeating: 1, count: box.lower.count)
      guard let above = objective.overestimator(from: box.lower, to: box.upper) else {
        closed = .infinity
        return
      }
      switch interior.search(for: above, over: own, from: box.start, until: deadline) {
      case .empty: return
      case .unknown: break
      case .found(let outcome):
        box.bound = min(box.bound, outcome.upperBound ?? .infinity)
        box.start = outcome.point
        iterations += outcome.iterations
        box.looseness = objective.looseness(of: above, at: outcome.point)
        consider(outcome.point)
        // Climbs from where the bound is attained: at every box at first, then ever less often.
        if boxes & (boxes - 1) == 0, box.bound > best.value,
          let climbed = interior.maximum(of: objective, over: polytope, from: outcome.point, until: deadline)
        {
          iterations += climbed.iterations
          consider(climbed.point)
        }
      }
      if box.bound > best.value + gap * abs(best.value) { open.insert(box) } else { closed = max(closed, box.bound) }
    }
    func consider(_ point: [Double]) {
      let value = objective.value(at: point)
      if value > best.value, polytope.violation(at: point) <= 1e-9 * polytope.width { best = (point, value) }
    }

    bound(Box(lower: polytope.lower, upper: polytope.upper, bound: .infinity, start: first.point))
    var termination = Termination.converged
    while let next = open.first {
      if next.bound <= best.value + gap * abs(best.value) { break }
      if effort.isOver {
        termination = .timeLimit
        break
      }
      if boxes >= boxLimit {
        termination = .iterationLimit
        break
      }
      guard let box = open.removeFirst() else { break }
      guard let (variable, cut) = split(box, of: polytope) else {
        closed = max(closed, box.bound)
        continue
      }
      var (below, above) = (box, box)
      below.upper[variable] = cut
      above.lower[variable] = cut
      bound(below)
      bound(above)
    }
    let greatest = max(closed, best.value, open.first?.bound ?? -.infinity)
    if !(greatest <= best.value + gap * abs(best.value)), termination == .converged { termination = .stalled }
    return Outcome(
      point: best.point, value: best.value, upperBound: greatest < .infinity ? greatest : nil, termination: termination,
      boxes: boxes, iterations: iterations)
  }

  /// Where the overestimator is loosest for the share of its range that a variable still has: near where it was attained, and well
  /// inside. Nil where no variable has any range left to speak of.
  private func split(_ box: Box, of polytope: SparsePolytope) -> (variable: Int, at: Double)? {
    func range(_ j: Int) -> Double { box.upper[j] - box.lower[j] }
    func weight(_ j: Int) -> Double { max(box.looseness[j], 0) * range(j) }
    let wide = box.lower.indices.filter {
      range($0) > 1e-6 * max(polytope.upper[$0] - polytope.lower[$0], .leastNormalMagnitude)
    }
    guard let variable = wide.max(by: { weight($0) < weight($1) }) else { return nil }
    let margin = 0.2 * range(variable)
    let cut = min(max(box.start[variable], box.lower[variable] + margin), box.upper[variable] - margin)
    return (variable, cut)
  }
}

/// Open boxes, the one of the greatest bound first: a binary heap.
private struct BoxQueue {
  private var boxes: [EnvelopeSearch.Box] = []

  var first: EnvelopeSearch.Box? { boxes.first }

  mutating func insert(_ box: EnvelopeSearch.Box) {
    boxes.append(box)
    var place = boxes.count - 1
    while place > 0, boxes[(place - 1) / 2].bound < boxes[place].bound {
      boxes.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> EnvelopeSearch.Box? {
    guard let first = boxes.first, let last = boxes.popLast() else { return nil }
    guard !boxes.isEmpty else { return first }
    boxes[0] = last
    var place = 0
    while let child = [2 * place + 1, 2 * place + 2].filter({ $0 < boxes.count }).max(by: {
      boxes[$0].bound < boxes[$1].bound
    }), boxes[child].bound > boxes[place].bound {
      boxes.swapAt(place, child)
      place = child
    }
    return first
  }
}

extension SparsePolytope {
  /// The least box that the rows, one by one, leave of another; nil where they leave none, with room for rounding.
  func narrowed(from lower: [Double], to upper: [Double]) -> (lower: [Double], upper: [Double])? {
    var (lower, upper) = (lower, upper)
    for _ in 0..<20 {
      var change = 0.0
      for row in rows {
        var (least, most, size) = (0.0, 0.0, 0.0)
        for (place, coefficient) in zip(row.places, row.coefficients) {
          let (a, b) = (coefficient * lower[place], coefficient * upper[place])
          least += min(a, b)
          most += max(a, b)
          size += max(abs(a), abs(b))
        }
        let slack = provedRounding * size
        if least > row.upper + slack || most < row.lower - slack { return nil }
        for (place, coefficient) in zip(row.places, row.coefficients) where coefficient != 0 {
          let (a, b) = (coefficient * lower[place], coefficient * upper[place])
          // What is left for this variable when the others do their most, or least.
          let high = row.upper - (least - min(a, b)) + slack
          let low = row.lower - (most - max(a, b)) - slack
          let (end, start) =
            coefficient > 0 ? (high / coefficient, low / coefficient) : (low / coefficient, high / coefficient)
          let width = upper[place] - lower[place]
          if end < upper[place] {
            change = max(change, (upper[place] - end) / max(width, .leastNormalMagnitude))
            upper[place] = max(end, lower[place])
          }
          if start > lower[place] {
            change = max(change, (start - lower[place]) / max(width, .leastNormalMagnitude))
            lower[place] = min(start, upper[place])
          }
        }
      }
      if change < 1e-2 { break }
    }
    return (lower, upper)
  }
}
