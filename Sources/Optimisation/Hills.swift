import Foundation
import NumericKernel

/// The climbs of one search, and what they come to together.
struct Hills {
  let search: LocalSearch
  let objective: any Objective
  let polytope: Polytope
  let deadline: ContinuousClock.Instant?
  /// Where climbs ended, before the polish.
  private var reached: [[Double]] = []
  private(set) var evaluations = 0
  private(set) var isCutShort = false

  /// Exchanges are tried so many at a time: enough for a few threads, few enough to be tried in vain beside the first that
  /// rises. Were it the number of threads, `evaluations` would depend on it.
  static let exchangesAtOnce = 8

  init(
    search: LocalSearch, objective: any Objective, polytope: Polytope, deadline: ContinuousClock.Instant?
  ) {
    self.search = search
    self.objective = objective
    self.polytope = polytope
    self.deadline = deadline
  }

  /// Whether time is over; a search that asks is then cut short.
  @discardableResult
  mutating func checkTime() -> Bool {
    if Effort(until: deadline).isOver { isCutShort = true }
    return isCutShort
  }

  /// One solution per point: the climb from it, polished unless an earlier climb has ended at the same place. Once time is over
  /// it is the point itself.
  mutating func climb(from points: [[Double]]) -> [Solution?] {
    // After the deadline, too, each point is looked at: it may be the best.
    var solutions = Parallel.map(points.count) { [self] index -> Solution? in
      search.climb.maximum(of: objective.forOneClimb(), over: polytope, from: points[index], until: deadline)
    }
    for solution in solutions { note(solution) }
    guard !objective.isSmooth else { return solutions }
    var rough: [Int] = []
    for (index, end) in solutions.enumerated() {
      guard let end, end.termination != .timeLimit, polytope.tells(end.point, from: reached) else { continue }
      reached.append(end.point)
      rough.append(index)
    }
    let ends = solutions
    let polished = Parallel.map(rough.count) { [self, rough] place in
      ends[rough[place]].flatMap {
        search.polish.maximum(of: objective.forOneClimb(), over: polytope, from: $0.point, until: deadline)
      }
    }
    for case (let index, let solution?) in zip(rough, polished) {
      note(solution)
      if let end = ends[index], solution.value >= end.value { solutions[index] = solution }
    }
    return solutions
  }

  /// Of many starts those where a short climb leads highest, no two near each other: one in 64, from the one in 16 that are
  /// highest before they climb.
  mutating func promising(_ scouts: [LocalSearch.Start]) -> [LocalSearch.Start] {
    let places = scouts.compactMap { scout in
      polytope.projection(of: scout.point).map { LocalSearch.Start(name: scout.name, point: $0) }
    }
    let values = inBatches(places) { [objective] in objective.value(at: $0.point) }
    evaluations += values.count
    return scouted(highest(places.count / 16, of: Array(zip(places, values))), keeping: places.count / 64)
  }

  /// The highest place that the climb reaches without one of the variables, its amount spread over the others; nil where that is
  /// not above `here`.
  mutating func withoutOne(from here: Solution) -> Solution? {
    let starts = here.point.indices.compactMap { j -> LocalSearch.Start? in
      guard here.point[j] > polytope.lower[j] else { return nil }
      var point = here.point
      point[j] = polytope.lower[j]
      return polytope.projection(of: point).map { LocalSearch.Start(name: "", point: $0) }
    }
    var best: Solution?
    for start in scouted(starts, keeping: 2) where !checkTime() {
      guard let solution = climb(from: [start.point])[0] else { continue }
      if solution.value > (best?.value ?? here.value + rounding(of: here.value)) { best = solution }
    }
    return best
  }

  /// The highest place that the climb reaches with one of the variables on the other side of what the polytope leaves out; nil where
  /// that is not above `here`.
  mutating func acrossOne(from here: Solution) -> Solution? {
    let starts = polytope.gaps.compactMap { j -> LocalSearch.Start? in
      let isOn = polytope.isOn(j, at: here.point)
      return polytope.part(j, isOn: !isOn).projection(of: here.point).map { LocalSearch.Start(name: "", point: $0) }
    }
    guard !starts.isEmpty, !checkTime() else { return nil }
    var best: Solution?
    for case let solution? in climb(from: starts.map(\.point)) {
      if solution.value > (best?.value ?? here.value + rounding(of: here.value)) { best = solution }
    }
    return best
  }

  /// Where a few steps lead from each start: the highest of these places.
  private mutating func scouted(_ starts: [LocalSearch.Start], keeping count: Int) -> [LocalSearch.Start] {
    var climb = search.climb
    climb.smoothings = Array(climb.smoothings.prefix(1))
    climb.evaluationLimit = 12
    let ends = inBatches(starts) { [objective, polytope, deadline, climb] in
      climb.maximum(of: objective.forOneClimb(), over: polytope, from: $0.point, until: deadline)
    }
    var reached: [(LocalSearch.Start, Double)] = []
    for case (let start, let solution?) in zip(starts, ends) {
      note(solution)
      reached.append((LocalSearch.Start(name: start.name, point: solution.point), solution.value))
    }
    return highest(count, of: reached)
  }

  /// Results in order, up to where time was over.
  private mutating func inBatches<T: Sendable, Result: Sendable>(
    _ all: [T], _ body: @Sendable (T) -> Result
  ) -> [Result] {
    let together = objective.isThreaded ? 1 : Hills.exchangesAtOnce
    var results: [Result] = []
    for first in stride(from: 0, to: all.count, by: together) where !checkTime() {
      results += Parallel.map(min(together, all.count - first)) { body(all[first + $0]) }
    }
    return results
  }

  /// Of equals the earlier.
  private func highest(_ count: Int, of starts: [(start: LocalSearch.Start, value: Double)]) -> [LocalSearch.Start] {
    var kept: [LocalSearch.Start] = []
    for place in starts.indices.sorted(by: { (starts[$0].value, $1) > (starts[$1].value, $0) }) where kept.count < count
    {
      let start = starts[place].start
      if polytope.tells(start.point, from: kept.map(\.point), by: LocalSearch.distinction) { kept.append(start) }
    }
    return kept
  }

  /// How many points evolve around the best, and how far from it they begin, in widths of the box: from within its own small
  /// hill to the slopes of the large one.
  private static let crowd = (count: 40, distances: 0.02...0.15)

  /// The highest of the small hills that an evolution finds around the first of some tops and on the others; nil where that is
  /// not above the first.
  mutating func evolved(from tops: [Solution], by evolution: DifferentialEvolution) -> Solution? {
    guard !objective.isSmooth, !checkTime() else { return nil }
    var random = RandomSource(seed: evolution.seed)
    let (nearest, farthest) = (Hills.crowd.distances.lowerBound, Hills.crowd.distances.upperBound)
    let around = (tops.count..<Hills.crowd.count).map { _ in
      let step = tops[0].point.map { _ in random.normal() }
      // As many within each factor of the distance.
      let distance = nearest * pow(farthest / nearest, random.uniform())
      return tops[0].point.plus(step.scaled(by: distance * polytope.width / magnitude(step)))
    }
    var evolution = evolution
    evolution.polish = search.polish
    let (members, evaluations) = evolution.population(
      of: objective, over: polytope, from: tops.map(\.point) + around, until: deadline)
    self.evaluations += evaluations
    checkTime()
    guard members[0].value > tops[0].value + rounding(of: tops[0].value) else { return nil }
    let top = search.polish.maximum(of: objective, over: polytope, from: members[0].point, until: deadline)
    note(top)
    return top ?? climb(from: [members[0].point])[0]
  }

  private mutating func note(_ solution: Solution?) {
    evaluations += solution?.evaluations ?? 0
    if solution?.termination == .timeLimit || solution == nil && Effort(until: deadline).isOver { isCutShort = true }
  }

  /// The first exchange that rises by more than rounding, larger amounts first.
  mutating func exchange(_ amounts: [Double], from here: Solution) -> [Double]? {
    let together = objective.isThreaded ? 1 : Hills.exchangesAtOnce
    for amount in amounts {
      let points = exchanges(of: amount, from: here.point)
      for first in stride(from: 0, to: points.count, by: together) {
        if checkTime() { return nil }
        let batch = points[first..<min(first + together, points.count)]
        let values = Parallel.map(batch.count) { [objective] in objective.value(at: batch[first + $0]) }
        evaluations += batch.count
        if let risen = values.firstIndex(where: { $0 > here.value + rounding(of: here.value) }) {
          return batch[first + risen]
        }
      }
    }
    return nil
  }

  /// The points of the polytope at which an amount, or as much of it as the bounds allow, has gone from one variable to
  /// another.
  private func exchanges(of amount: Double, from here: [Double]) -> [[Double]] {
    here.indices.flatMap { source in
      here.indices.compactMap { target in
        let moved = min(
          amount * polytope.width, here[source] - polytope.lower[source], polytope.upper[target] - here[target])
        guard target != source, moved > 0 else { return nil }
        var point = here
        point[source] -= moved
        point[target] += moved
        return polytope.contains(point) ? point : nil
      }
    }
  }
}

extension Polytope {
  /// Whether a point is none of these, nor so near to one, in widths of the box, that the climb would be the same.
  func tells(_ x: [Double], from points: [[Double]], by distance: Double = LocalSearch.coincidence) -> Bool {
    points.allSatisfy { magnitude(x.minus($0)) > distance * width }
  }
}
